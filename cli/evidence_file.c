#include "cli/evidence_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <unistd.h>

#include <glib/gstdio.h>

#include "cli/anonymize.h"
#include "cli/diagnostic.h"
#include "cli/judging.h"

enum { WRITE_BYTES = 1 << 20, READ_FRAMES = 64 };

static char *path;
static gboolean payload;
static gint64 connections_max, packets_max;

static gboolean take_count(const gchar *option, const gchar *value, gint64 least, gint64 most, gint64 *out, GError **error)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, (guint64)least, (guint64)most, &number, NULL)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		            "%s takes a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, option, least, most);
		return FALSE;
	}
	*out = (gint64)number;
	return TRUE;
}

static gboolean take_connections(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	return take_count(option, value, 1, EVIDENCE_CONNECTIONS_MOST, &connections_max, error);
}

static gboolean take_packets(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	return take_count(option, value, EVIDENCE_PACKETS_LEAST, EVIDENCE_PACKETS_MOST, &packets_max, error);
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry entries[] = {
	{"evidence", 0, 0, G_OPTION_ARG_FILENAME, &path,
	 "Write the packets that matter into a pcapng file, with the verdicts and why each packet matters as comments; with "
	 "hangup report, - is standard output", "FILE"},
	{"evidence-connections", 0, CALLBACK, (gpointer)take_connections,
	 "Of at most so many connections, the most certain ones first (default 200)", "N"},
	{"evidence-packets", 0, CALLBACK, (gpointer)take_packets,
	 "All packets of a connection that has at most so many, else its beginning, its end and what is evidence (default 1000)",
	 "N"},
	{"payload", 0, 0, G_OPTION_ARG_NONE, &payload, "Keep those packets whole; else their headers are kept", NULL},
	{0}
};
const struct option_section evidence_section = {"Evidence", entries};

/* --- whether it can be done --------------------------------------------------------------------------- */
static bool reads_standard_input(const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->len; i++) {
		if (g_str_equal(inputs->names[i], "-"))
			return true;
	}
	return false;
}

void evidence_file_default(char *otherwise)
{
	if (path)
		g_free(otherwise);
	else
		path = otherwise;
}

static bool is_stdout(void)
{
	return path && g_str_equal(path, "-");
}

/* Links to the same file are not seen through: what is replaced is the name. */
bool evidence_file_is(const char *name)
{
	g_autofree char *own = path ? g_canonicalize_filename(path, NULL) : NULL, *other = g_canonicalize_filename(name, NULL);

	return own && !is_stdout() && g_str_equal(own, other);
}

static bool is_an_input(const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->len; i++) {
		if (evidence_file_is(inputs->names[i]))
			return true;
	}
	return false;
}

/* FALSE after saying why not. */
static bool can_write(bool stdout_taken)
{
	if (!is_stdout())
		return true;
	if (stdout_taken)
		diagnostic_error("--evidence - would mix packets with the result on standard output; name a file");
	else if (isatty(STDOUT_FILENO))
		diagnostic_error("--evidence - would write packets to the terminal; name a file, or pipe it on");
	else
		return true;
	return false;
}

enum exit_status evidence_file_begin(const struct inputs *inputs, const struct report_options *options, bool stdout_taken,
                                     struct evidence **out)
{
	const struct evidence_options wanted = {
		.report = options,
		.application = "hangup " HANGUP_VERSION,
		.connections_max = (unsigned)connections_max,
		.packets_max = (unsigned)packets_max,
		.payload = payload,
		.anonymizer = anonymize_with(),
	};

	*out = NULL;
	if (!path)
		return EXIT_DONE;
	if (!can_write(stdout_taken))
		return EXIT_USAGE;
	if (reads_standard_input(inputs)) {
		diagnostic_error("--evidence reads the capture again, which standard input cannot be; save it to a file first");
		return EXIT_USAGE;
	}
	if (is_an_input(inputs)) {
		diagnostic_error("--evidence %s would overwrite an input", path);
		return EXIT_USAGE;
	}
	if (payload && wanted.anonymizer) {
		diagnostic_error("--payload and --anonymize cannot go together: nobody can say what a payload gives away");
		return EXIT_USAGE;
	}
	*out = evidence_new(&wanted);
	return EXIT_DONE;
}

/* --- the second reading ------------------------------------------------------------------------------- */
static void on_segment(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	(void)sender;
	evidence_segment(user, segment, id);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	(void)c;
	(void)lane;
	(void)user;
}

struct judging evidence_file_reading(struct evidence *evidence)
{
	return (struct judging){.verdict = on_verdict, .segment = on_segment, .user = evidence};
}

/* --- the third one ------------------------------------------------------------------------------------ */
static bool write_out(FILE *file, GByteArray *bytes)
{
	const bool whole = fwrite(bytes->data, 1, bytes->len, file) == bytes->len;

	g_byte_array_set_size(bytes, 0);
	return whole;
}

static bool copy_packets(struct evidence *evidence, struct source *source, FILE *file)
{
	struct frame frames[READ_FRAMES];
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	bool good = true;
	size_t n;

	evidence_begin(evidence, bytes);
	while (good && (n = source_next_batch(source, frames, READ_FRAMES, NULL)) > 0) {
		for (size_t i = 0; i < n; i++)
			evidence_frame(evidence, source, &frames[i], bytes);
		if (bytes->len >= WRITE_BYTES)
			good = write_out(file, bytes);
	}
	evidence_end(evidence, source, bytes);
	return good && write_out(file, bytes);
}

static const char *told_path(void)
{
	return is_stdout() ? "standard output" : path;
}

static enum exit_status write_failed(void)
{
	diagnostic_error("%s: cannot be written: %s", told_path(), g_strerror(errno));
	return EXIT_INPUT;
}

/* A reader that has seen enough closes its pipe, and that is no failure. */
static enum exit_status write_to_stdout(struct evidence *evidence, struct source *source)
{
	if (copy_packets(evidence, source, stdout) && fflush(stdout) == 0)
		return EXIT_DONE;
	return errno == EPIPE ? EXIT_DONE : write_failed();
}

/* Beside the file, under a name that begins with a dot, so that it is there whole or not at all; a pipe or a device is
 * written as it is. */
static char *name_until_whole(void)
{
	g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
	g_autofree char *hidden = g_strconcat(".", name, NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return g_strdup(path);
	return g_build_filename(folder, hidden, NULL);
}

static enum exit_status write_file(struct evidence *evidence, struct source *source)
{
	g_autofree char *name = name_until_whole();
	FILE *file = g_fopen(name, "wb");
	bool good;

	if (!file)
		return write_failed();
	good = copy_packets(evidence, source, file);
	good = fclose(file) == 0 && good;
	if (good && (g_str_equal(name, path) || g_rename(name, path) == 0))
		return EXIT_DONE;
	const enum exit_status status = write_failed();
	if (!g_str_equal(name, path))
		g_unlink(name);
	return status;
}

enum exit_status evidence_file_finish(struct evidence *evidence, const struct inputs *inputs)
{
	enum exit_status status = EXIT_DONE;
	struct source *source;

	if (!evidence)
		return EXIT_DONE;
	if (evidence_shortened(evidence) > 0)
		diagnostic_warning("%s: %u %s than --evidence-packets; their middle is left out, which looks like loss of the "
		                   "capture when they are judged again", told_path(), evidence_shortened(evidence),
		                   evidence_shortened(evidence) == 1 ? "connection has more packets" : "connections have more packets");
	source = judging_open(inputs);
	if (!source)
		status = EXIT_INPUT;
	else
		status = is_stdout() ? write_to_stdout(evidence, source) : write_file(evidence, source);
	source_free(source);
	evidence_free(evidence);
	return status;
}
