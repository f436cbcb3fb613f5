#include "cli/metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

enum { MODE_FILE = 0644 }; /* the exporter is another user */

static void append_family(GString *out, const char *name, const char *type, const char *help)
{
	g_string_append_printf(out, "# TYPE hangup_%s %s\n# HELP hangup_%s %s\n", name, type, name, help);
}

static void append_count(GString *out, const char *name, const char *type, const char *help, uint64_t value)
{
	append_family(out, name, type, help);
	g_string_append_printf(out, "hangup_%s%s %" PRIu64 "\n", name, g_str_equal(type, "counter") ? "_total" : "", value);
}

static void append_endings(GString *out, const struct told_counts *told)
{
	append_family(out, "endings", "counter", "Connections by how they ended, as was told first.");
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++)
		g_string_append_printf(out, "hangup_endings_total{label=\"%s\"} %" PRIu64 "\n", label_name(label),
		                       told->first[label]);
	append_count(out, "corrections", "counter", "Endings that were told anew, otherwise.", told->corrections);
}

/* Quotes, backslashes and line ends are escaped; what is not UTF-8 is made so. */
static void append_label_value(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	for (const char *p = valid; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(out, '\\');
		if (*p == '\n')
			g_string_append(out, "\\n");
		else
			g_string_append_c(out, *p);
	}
}

static uint64_t known(uint64_t count)
{
	return count == UINT64_MAX ? 0 : count;
}

static void append_lost_by(GString *out, const struct interface *interface, size_t number, const char *by, uint64_t count)
{
	g_string_append(out, "hangup_packets_lost_total{interface=\"");
	append_label_value(out, interface->name ? interface->name : "");
	g_string_append_printf(out, "\",number=\"%zu\",by=\"%s\"} %" PRIu64 "\n", number, by, count);
}

static void append_lost(GString *out, const struct source *source)
{
	append_family(out, "packets_lost", "counter", "Packets that were lost, by interface: by the kernel, which had no room, "
	              "or by the interface itself.");
	for (size_t i = 0; i < source_interfaces(source); i++) {
		const struct interface *interface = source_interface(source, i);
		const uint64_t all = known(interface->dropped), by_card = known(interface->dropped_by_card);

		append_lost_by(out, interface, i, "kernel", all - MIN(by_card, all));
		append_lost_by(out, interface, i, "interface", by_card);
	}
}

static void append_recordings(GString *out, const struct save_counts *counts)
{
	append_count(out, "recordings_saved", "counter", "Captures of endings that were saved.", counts->saved);
	append_count(out, "recordings_failed", "counter", "Captures of endings that could not be saved.", counts->failed);
	append_count(out, "recordings_removed", "counter", "Older captures of endings that made room.", counts->removed);
}

void metrics_append(GString *out, const struct metrics *m)
{
	append_endings(out, m->told);
	append_count(out, "connections_open", "gauge", "Connections that are open.", m->summary->open);
	append_count(out, "connections_settling", "gauge", "Connections that are over and whose verdict is not final.",
	             m->summary->settling);
	append_count(out, "packets", "counter", "Packets captured.", m->summary->frames);
	append_lost(out, m->source);
	append_count(out, "connections_evicted", "counter", "Connections that were judged early because memory was short.",
	             m->summary->evicted);
	if (m->recordings)
		append_recordings(out, m->recordings);
	append_family(out, "start_time_seconds", "gauge", "When it began, since 1970.");
	g_string_append(out, "hangup_start_time_seconds ");
	append_decimal(out, m->start_ns / 1000000, 3);
	g_string_append(out, "\n# EOF\n");
}

/* 0, or errno. */
static int write_new(const char *path, const GString *text)
{
	int fd = g_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE_FILE);
	int why = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text->str, text->len) != (ssize_t)text->len)
		why = errno ? errno : ENOSPC;
	if (close(fd) != 0 && why == 0)
		why = errno;
	return why;
}

/* Where another process reads it every few seconds nothing has to survive a power cut: it is not forced to disk. */
gboolean metrics_file_write(const char *path, const struct metrics *m, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
	g_autofree char *temporary = g_strdup_printf("%s/.%s.%d.tmp", folder, name, (int)getpid());
	int why;

	metrics_append(text, m);
	errno = 0;
	why = write_new(temporary, text);
	if (why == 0 && g_rename(temporary, path) != 0)
		why = errno;
	if (why == 0)
		return TRUE;
	g_unlink(temporary);
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: cannot be written: %s", path, g_strerror(why));
	return FALSE;
}
