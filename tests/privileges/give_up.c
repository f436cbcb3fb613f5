/* Gives up its privileges as a live capture does, then shows what it still is, and tries what it must not be able to.
 * usage: give_up [--user NAME] [--folder DIR] [TRY]   TRY: packet, internet, file, thread, run, unknown */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/privileges.h"

static int complain(const GError *error)
{
	printf("error %s\n", error->message);
	return 1;
}

static void show_status(void)
{
	g_autofree char *status = NULL;

	if (g_file_get_contents("/proc/self/status", &status, NULL, NULL))
		fputs(status, stdout);
	fflush(stdout);
}

static void tell(const char *what, long result)
{
	printf("tried %s %s\n", what, result < 0 ? g_strerror(errno) : "done");
}

static void *nothing(void *unused)
{
	return unused;
}

static void try_it(const char *what)
{
	pthread_t thread;

	if (g_str_equal(what, "packet"))
		tell(what, socket(AF_PACKET, SOCK_RAW, 0));
	else if (g_str_equal(what, "internet"))
		tell(what, socket(AF_INET, SOCK_STREAM, 0));
	else if (g_str_equal(what, "file"))
		tell(what, open("written", O_WRONLY | O_CREAT | O_EXCL, 0644));
	else if (g_str_equal(what, "thread"))
		tell(what, pthread_create(&thread, NULL, nothing, NULL) == 0 ? pthread_join(thread, NULL) : -1);
	else if (g_str_equal(what, "run"))
		tell(what, execl("/bin/true", "true", (char *)NULL));
	else if (g_str_equal(what, "unknown"))
		tell(what, syscall(SYS_getsid + 100000, 0));
}

int main(int argc, char **argv)
{
	static char *folder;
	static const GOptionEntry own[] = {{"folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "", ""}, {0}};
	GOptionContext *context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, own, NULL);
	g_option_context_add_main_entries(context, privileges_section.entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || !privileges_choose(&error) ||
	    (folder && !privileges_own_folder(folder, &error)) || !privileges_drop(&error))
		return complain(error);
	g_option_context_free(context);
	show_status();
	if (folder && chdir(folder) != 0)
		tell("folder", -1);
	for (int i = 1; i < argc; i++)
		try_it(argv[i]);
	return 0;
}
