#include "cli/inputs.h"

#include <glob.h>
#include <string.h>

#include <glib.h>

#include <hangup/packet_number.h>

#include "capture/source.h"
#include "cli/diagnostic.h"

static bool is_standard_input(const char *argument)
{
	return g_str_equal(argument, "-");
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* --- folders ------------------------------------------------------------------------------------------- */

/* The regular files directly in a folder, in order of name; what begins with a dot is hidden. */
static GPtrArray *list_folder(const char *folder, GError **error)
{
	GDir *dir = g_dir_open(folder, 0, error);
	GPtrArray *files;
	const char *name;

	if (!dir)
		return NULL;
	files = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (name[0] != '.' && g_file_test(path, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add(files, g_steal_pointer(&path));
	}
	g_dir_close(dir);
	g_ptr_array_sort(files, by_name);
	return files;
}

static enum exit_status add_folder(GPtrArray *names, const char *folder)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) files = list_folder(folder, &error);
	const char *other = NULL;
	guint before = names->len, others = 0;

	if (!files) {
		diagnostic_error("%s: cannot be opened: %s", folder, error->message);
		return EXIT_INPUT;
	}
	for (guint i = 0; i < files->len; i++) {
		const char *path = files->pdata[i];

		if (source_is_capture(path)) {
			g_ptr_array_add(names, g_strdup(path));
		} else {
			other = other ? other : path;
			others++;
		}
	}
	if (names->len == before) {
		diagnostic_error("%s: is a directory without a capture in it", folder);
		return EXIT_INPUT;
	}
	if (others)
		diagnostic_warning("%s: %u %s in it left out: no %s (%s%s)", folder, others, others == 1 ? "file" : "files",
		                   others == 1 ? "capture" : "captures", other, others == 1 ? "" : ", ...");
	return EXIT_DONE;
}

/* --- patterns ------------------------------------------------------------------------------------------ */

static enum exit_status add_pattern(GPtrArray *names, const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0) {
		diagnostic_error("%s: cannot be opened: no file of that name, and none that it matches", pattern);
		return EXIT_INPUT;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		g_ptr_array_add(names, g_strdup(found.gl_pathv[i]));
	globfree(&found);
	return EXIT_DONE;
}

static enum exit_status add_argument(GPtrArray *names, const char *argument)
{
	if (!is_standard_input(argument) && g_file_test(argument, G_FILE_TEST_IS_DIR))
		return add_folder(names, argument);
	if (strpbrk(argument, "*?[") && !g_file_test(argument, G_FILE_TEST_EXISTS))
		return add_pattern(names, argument);
	g_ptr_array_add(names, g_strdup(argument)); /* missing or not: whoever opens it says so */
	return EXIT_DONE;
}

/* --- all of them --------------------------------------------------------------------------------------- */

/* Bytes up to and with the last slash that all names have in common. */
static size_t common_folder(char *const *names)
{
	size_t len = strlen(names[0]);

	for (size_t i = 1; names[i]; i++) {
		size_t same = 0;

		while (same < len && names[i][same] == names[0][same])
			same++;
		len = same;
	}
	while (len > 0 && names[0][len - 1] != '/')
		len--;
	return len;
}

static bool reads_standard_input_twice(char *const *arguments, size_t len)
{
	size_t times = 0;

	for (size_t i = 0; i < len; i++)
		times += is_standard_input(arguments[i]);
	return times > 1;
}

/* NULL when standard input is among them, which is gone then. */
static char *quote_again(char *const *arguments, size_t len)
{
	g_autoptr(GString) again = g_string_new(NULL);

	for (size_t i = 0; i < len; i++) {
		const char *name = arguments[i];
		const bool plain = strspn(name, G_CSET_a_2_z G_CSET_A_2_Z "0123456789._-/+,:@%") == strlen(name);
		g_autofree char *quoted = plain ? g_strdup(name) : g_shell_quote(name);

		if (is_standard_input(name))
			return NULL;
		g_string_append_printf(again, "%s%s", i ? " " : "", quoted);
	}
	return g_string_free(g_steal_pointer(&again), FALSE);
}

enum exit_status inputs_init(struct inputs *out, char *const *arguments, size_t arguments_len)
{
	GPtrArray *names = g_ptr_array_new();
	enum exit_status status = EXIT_DONE;

	for (size_t i = 0; i < arguments_len; i++)
		status = exit_graver(status, add_argument(names, arguments[i]));
	out->len = names->len;
	g_ptr_array_add(names, NULL);
	out->names = (char **)g_ptr_array_free(names, FALSE);
	out->told = NULL;
	out->common = out->len > 1 ? common_folder(out->names) : 0;
	out->title = out->len == 1 ? g_strdup(out->names[0]) : g_strdup_printf("%zu files", out->len);
	out->again = quote_again(arguments, arguments_len);
	if (reads_standard_input_twice(arguments, arguments_len)) {
		diagnostic_error("standard input (-) can be read only once");
		status = EXIT_USAGE;
	} else if (out->len > HANGUP_INPUTS_MAX) {
		diagnostic_error("%zu files are more than %d; merge some of them first: mergecap -w merged.pcapng FILE...",
		                 out->len, HANGUP_INPUTS_MAX);
		status = EXIT_USAGE;
	}
	return status;
}

void inputs_clear(struct inputs *in)
{
	g_strfreev(in->names);
	g_strfreev(in->told);
	g_free(in->title);
	g_free(in->again);
}

void inputs_anonymize(struct inputs *in)
{
	in->told = g_new0(char *, in->len + 1);
	for (size_t i = 0; i < in->len; i++)
		in->told[i] = g_strdup_printf("input-%zu", i + 1);
	in->common = 0;
	g_clear_pointer(&in->again, g_free);
	if (in->len == 1) {
		g_free(in->title);
		in->title = g_strdup(in->told[0]);
	}
}

void inputs_describe(const struct inputs *in, struct report_options *out_options)
{
	out_options->input_name = in->title;
	out_options->input_again = in->again;
	if (in->len > 1) {
		out_options->inputs = (const char *const *)(in->told ? in->told : in->names);
		out_options->inputs_common = in->common;
	}
}
