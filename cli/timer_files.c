#include "cli/timer_files.h"

#include "cli/diagnostic.h"
#include "report/idle_timers.h"

static char **files;

static const GOptionEntry entries[] = {
	{"idle-timers", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files,
	 "Also compare idle times with the timers in this key file (repeatable)", "FILE"},
	{0}
};
const struct option_section timers_section = {"Idle timers", entries};

static bool add(const char *path)
{
	g_autoptr(GError) error = NULL;

	if (!idle_timers_add_file(path, &error))
		diagnostic_error("%s", error->message);
	return !error;
}

/* The one in the configuration folder need not be there. */
static bool add_standing(void)
{
	g_autofree char *path = g_build_filename(g_get_user_config_dir(), "hangup", "idle-timers.conf", NULL);

	return !g_file_test(path, G_FILE_TEST_EXISTS) || add(path);
}

bool timer_files_add(void)
{
	if (!add_standing())
		return false;
	for (char **file = files; file && *file; file++) {
		if (!add(*file))
			return false;
	}
	return true;
}
