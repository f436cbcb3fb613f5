#include "cli/terminal.h"

#include <string.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/diagnostic.h"

enum { WIDTH_DEFAULT = 80, WIDTH_MIN = 40 };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

static enum when colour_when = WHEN_AUTO;
static gboolean ascii_asked;
static bool quiet;
static int result_fd = STDOUT_FILENO;

static gboolean parse_colour(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	static const char *const names[] = {"auto", "always", "never", NULL};

	(void)data;
	for (size_t i = 0; names[i]; i++) {
		if (g_str_equal(value, names[i])) {
			colour_when = (enum when)i;
			return TRUE;
		}
	}
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is auto, always or never", option);
	return FALSE;
}

static gboolean parse_quiet(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)value;
	(void)data;
	(void)error;
	quiet = true;
	diagnostic_be_quiet();
	return TRUE;
}

static const GOptionEntry entries[] = {
	{"color", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)parse_colour,
	 "auto (on a terminal, unless NO_COLOR is set), always or never", "WHEN"},
	{"ascii", 0, 0, G_OPTION_ARG_NONE, &ascii_asked,
	 "Nothing but ASCII in text (by itself on a terminal whose locale is not UTF-8)", NULL},
	{"quiet", 'q', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer)parse_quiet,
	 "No progress and no warnings on standard error; errors only", NULL},
	{0}
};
const struct option_section terminal_section = {"Terminal", entries};

static bool is_dumb(void)
{
	const char *kind = g_getenv("TERM");

	return !kind || g_str_equal(kind, "dumb");
}

void terminal_result_is(int fd)
{
	result_fd = fd;
}

bool terminal_colour(void)
{
	const char *no_colour = g_getenv("NO_COLOR");

	if (colour_when != WHEN_AUTO)
		return colour_when == WHEN_ALWAYS;
	return isatty(result_fd) && !(no_colour && *no_colour) && !is_dumb();
}

/* What setlocale() would look at, in its order. */
static bool locale_is_utf8(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *locale = g_getenv(variables[i]);
		g_autofree char *lower = g_ascii_strdown(locale ? locale : "", -1);

		if (*lower)
			return strstr(lower, "utf-8") || strstr(lower, "utf8");
	}
	return false;
}

bool terminal_ascii(void)
{
	return ascii_asked || (isatty(result_fd) && !locale_is_utf8());
}

static unsigned width_of(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) || !size.ws_col)
		return WIDTH_DEFAULT;
	return size.ws_col;
}

unsigned terminal_width(void)
{
	return MAX(width_of(result_fd), (unsigned)WIDTH_MIN);
}

bool terminal_wants_progress(bool shared)
{
	return !quiet && isatty(STDERR_FILENO) && !is_dumb() && !(shared && isatty(result_fd));
}

unsigned terminal_progress_width(void)
{
	return width_of(STDERR_FILENO);
}
