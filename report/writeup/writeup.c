#include "report/writeup/writeup.h"

#include <hangup/packet_number.h>

static void file_free(gpointer data)
{
	struct writeup_file *file = data;

	g_free(file->name);
	g_free(file);
}

static void interface_free(gpointer data)
{
	struct writeup_interface *interface = data;

	g_free(interface->name);
	g_free(interface->description);
	g_free(interface->os);
	g_free(interface->filter);
	g_free(interface);
}

static void limit_free(gpointer data)
{
	struct writeup_limit *limit = data;

	g_free(limit->text);
	g_free(limit);
}

void writeup_ending_free(struct writeup_ending *e)
{
	g_free(e->sentence);
	g_free(e->fits);
	account_free(e->account);
	g_free(e);
}

static void ending_free(gpointer data)
{
	writeup_ending_free(data);
}

struct writeup *writeup_new(void)
{
	struct writeup *w = g_new0(struct writeup, 1);

	w->endings = g_ptr_array_new_with_free_func(ending_free);
	w->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	w->files = g_ptr_array_new_with_free_func(file_free);
	w->interfaces = g_ptr_array_new_with_free_func(interface_free);
	w->limits = g_ptr_array_new_with_free_func(limit_free);
	w->options = g_ptr_array_new_with_free_func(g_free);
	w->thresholds = g_ptr_array_new_with_free_func(g_free);
	return w;
}

void writeup_free(struct writeup *w)
{
	if (!w)
		return;
	g_free(w->title);
	g_free(w->headline);
	g_free(w->standing);
	g_free(w->asked);
	g_free(w->input);
	g_free(w->again);
	g_free(w->version);
	if (w->collected)
		incidents_free(w->collected);
	g_hash_table_unref(w->by_id);
	g_ptr_array_unref(w->endings);
	g_ptr_array_unref(w->files);
	g_ptr_array_unref(w->interfaces);
	g_ptr_array_unref(w->limits);
	g_ptr_array_unref(w->options);
	g_ptr_array_unref(w->thresholds);
	g_free(w);
}

const struct writeup_ending *writeup_find(const struct writeup *w, uint64_t id)
{
	return g_hash_table_lookup(w->by_id, &id);
}

const char **writeup_inputs(const struct writeup *w)
{
	const char **names = w->files->len > 1 ? g_new0(const char *, w->files->len + 1) : NULL;

	for (guint i = 0; names && i < w->files->len; i++)
		names[i] = ((const struct writeup_file *)w->files->pdata[i])->brief;
	return names;
}

void writeup_append_packet(GString *out, const struct writeup *w, uint64_t number)
{
	if (w->files->len > 1) {
		const struct writeup_file *file = w->files->pdata[hangup_packet_input(number)];

		g_string_append(out, file->brief);
		g_string_append_c(out, ':');
	}
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, hangup_packet_in_file(number));
}
