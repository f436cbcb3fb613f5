#include "report/idle_timers.h"

#include "rules/host/append.h"

static const int64_t NS_PER_S = 1000000000;

enum { VENDOR = 1, RECALLED = 0, NAMED_MAX = 2 };

static const struct idle_timer shipped[] = {
#define IDLE_TIMER(name, s, at_expiry, checked, where) \
	{.device = name, .seconds = s, .expiry = IDLE_EXPIRY_##at_expiry, .verified = checked, .source = where},
#include "report/idle_timers.def"
#undef IDLE_TIMER
};

static GArray *merged; /* of struct idle_timer, those of files included; NULL without such */
static GStringChunk *words; /* what they point to */

const struct idle_timer *idle_timers_all(size_t *out_len)
{
	*out_len = merged ? merged->len : G_N_ELEMENTS(shipped);
	return merged ? (const struct idle_timer *)(const void *)merged->data : shipped;
}

void idle_timers_reset(void)
{
	g_clear_pointer(&merged, g_array_unref);
	g_clear_pointer(&words, g_string_chunk_free);
}

/* --- the user's own ----------------------------------------------------------------------------------- */
static const char *const expiry_names[] = {
	[IDLE_EXPIRY_SILENT] = "silent",
	[IDLE_EXPIRY_RST_LATE] = "rst-late",
	[IDLE_EXPIRY_RST_BOTH] = "rst-both",
	[IDLE_EXPIRY_CLOSE] = "close",
};

static gboolean read_seconds(GKeyFile *file, const char *device, int64_t *out_seconds, GError **error)
{
	g_autofree char *text = g_key_file_get_value(file, device, "seconds", error);

	if (!text)
		return FALSE;
	if (g_ascii_string_to_signed(text, 10, 1, G_MAXINT32, out_seconds, NULL))
		return TRUE;
	g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "seconds of [%s] is no number of seconds: \"%s\"",
	            device, text);
	return FALSE;
}

static gboolean read_expiry(GKeyFile *file, const char *device, enum idle_expiry *out_expiry, GError **error)
{
	g_autofree char *text = g_key_file_get_value(file, device, "at-expiry", error);

	if (!text)
		return FALSE;
	for (size_t i = 0; i < G_N_ELEMENTS(expiry_names); i++) {
		if (g_str_equal(text, expiry_names[i])) {
			*out_expiry = (enum idle_expiry)i;
			return TRUE;
		}
	}
	g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
	            "at-expiry of [%s] is none of silent, rst-late, rst-both, close: \"%s\"", device, text);
	return FALSE;
}

/* A mistyped key would otherwise be a timer that is not there. */
static gboolean has_no_other_key(GKeyFile *file, const char *device, GError **error)
{
	static const char *const known[] = {"seconds", "at-expiry", "source", NULL};
	g_auto(GStrv) keys = g_key_file_get_keys(file, device, NULL, error);

	for (char **key = keys; key && *key; key++) {
		if (!g_strv_contains(known, *key)) {
			g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "[%s] has an unknown key \"%s\"",
			            device, *key);
			return FALSE;
		}
	}
	return keys != NULL;
}

static gboolean read_timer(GKeyFile *file, const char *device, struct idle_timer *out, GError **error)
{
	g_autofree char *source = g_key_file_get_string(file, device, "source", NULL);

	*out = (struct idle_timer){.verified = true};
	if (!has_no_other_key(file, device, error) || !read_seconds(file, device, &out->seconds, error)
	    || !read_expiry(file, device, &out->expiry, error))
		return FALSE;
	out->device = g_string_chunk_insert(words, device);
	out->source = g_string_chunk_insert(words, source ? source : "");
	return TRUE;
}

static void insert_in_order(const struct idle_timer *timer)
{
	guint at = 0;

	while (at < merged->len && g_array_index(merged, struct idle_timer, at).seconds < timer->seconds)
		at++;
	g_array_insert_val(merged, at, *timer);
}

static void begin_merging(void)
{
	if (merged)
		return;
	words = g_string_chunk_new(1024);
	merged = g_array_new(FALSE, FALSE, sizeof(struct idle_timer));
	g_array_append_vals(merged, shipped, G_N_ELEMENTS(shipped));
}

static gboolean add_all(GKeyFile *file, GError **error)
{
	g_auto(GStrv) devices = g_key_file_get_groups(file, NULL);
	g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(struct idle_timer));

	begin_merging();
	for (char **device = devices; *device; device++) {
		struct idle_timer timer;

		if (!read_timer(file, *device, &timer, error))
			return FALSE;
		g_array_append_val(added, timer);
	}
	for (guint i = added->len; i > 0; i--)
		insert_in_order(&g_array_index(added, struct idle_timer, i - 1));
	return TRUE;
}

gboolean idle_timers_add_file(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error) && add_all(file, error))
		return TRUE;
	g_prefix_error(error, "%s: ", path);
	return FALSE;
}

/* --- matching ------------------------------------------------------------------------------------------- */

static bool is_close(int64_t timer_ns, int64_t idle_ns)
{
	return idle_ns <= timer_ns + timer_ns / 100 * IDLE_TIMER_CLOSE_PERCENT;
}

static bool fits(const struct idle_timer *t, int64_t idle_ns, enum idle_expiry expiry)
{
	int64_t timer_ns = t->seconds * NS_PER_S;
	bool acts_at_expiry = expiry == IDLE_EXPIRY_RST_BOTH || expiry == IDLE_EXPIRY_CLOSE;

	if (t->expiry != expiry || idle_ns < timer_ns)
		return false;
	return acts_at_expiry ? is_close(timer_ns, idle_ns) : timer_ns >= idle_ns / 2;
}

static void add_those_of(struct idle_timer_fit *fit, int64_t seconds, enum idle_expiry expiry, bool verified)
{
	size_t len;
	const struct idle_timer *timers = idle_timers_all(&len);

	for (size_t i = 0; i < len && fit->len < IDLE_TIMER_FITS_MAX; i++) {
		const struct idle_timer *t = &timers[i];

		if (t->seconds == seconds && t->expiry == expiry && t->verified == verified)
			fit->timer[fit->len++] = t;
	}
}

struct idle_timer_fit idle_timers_fit(int64_t idle_ns, enum idle_expiry expiry)
{
	struct idle_timer_fit fit = {.len = 0};
	int64_t seconds = 0;
	size_t len;
	const struct idle_timer *timers = idle_timers_all(&len);

	for (size_t i = 0; i < len; i++) {
		if (fits(&timers[i], idle_ns, expiry))
			seconds = timers[i].seconds; /* in order: the last is the closest */
	}
	add_those_of(&fit, seconds, expiry, true);
	add_those_of(&fit, seconds, expiry, false);
	fit.close = fit.len > 0 && is_close(seconds * NS_PER_S, idle_ns);
	return fit;
}

void idle_timers_append_devices(GString *out, const struct idle_timer_fit *fit)
{
	for (size_t i = 0; i < MIN(fit->len, NAMED_MAX); i++) {
		append_text(out, i ? ", " : "");
		append_text(out, fit->timer[i]->device);
	}
	if (fit->len > NAMED_MAX)
		append_literal(out, " and others");
}
