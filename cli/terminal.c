#include "cli/terminal.h"

#include <string.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/diagnostic.h"

enum { WIDTH_DEFAULT = 80, WIDTH_MIN = 40 };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

static enum when colour_when = WHEN_AUTO;
static bool quiet;

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
	{"quiet", 'q', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer)parse_quiet,
	 "No progress and no warnings on standard error; errors only", NULL},
	G_OPTION_ENTRY_NULL
};
const struct option_section terminal_section = {"Terminal", entries};

bool terminal_colour(void)
{
	const char *no_colour = g_getenv("NO_COLOR"), *kind = g_getenv("TERM");

	if (colour_when != WHEN_AUTO)
		return colour_when == WHEN_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && kind && !g_str_equal(kind, "dumb");
}

unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return WIDTH_DEFAULT;
	return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col;
}

bool terminal_wants_progress(void)
{
	return !quiet && isatty(STDERR_FILENO);
}
