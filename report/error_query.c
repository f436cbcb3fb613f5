/* Everything that errors are called (names and messages of codes, names of error_name.def) is looked for in the text; of
 * two that overlap the longer one counts, so that "SocketException: Connection reset" is Java's and not whatever else
 * has "Connection reset" in it. Numbers are special: 104 is an error beside the word "errno" and a length elsewhere. */
#include "report/error_query.h"

#include <string.h>

#include "report/near.h"

enum {
	PART_MIN = 3,       /* letters of a name that are enough to find it */
	TEXT_MAX = 16384,   /* bytes of what is pasted that are looked at */
	WINSOCK_MIN = 10000, WINSOCK_MAX = 11999, /* numbers that are errors wherever they stand: winsock2.h */
};

/* A place in the text where something is recognised. */
struct place {
	size_t at, len;
	struct error_match match;
};

/* What one thing can be. */
struct meaning {
	bool codes[APP_CODE_COUNT];
	bool timer;
	unsigned calls;
	unsigned sides;
};

/* --- what a match means --------------------------------------------------------------------------------- */
static bool name_covers(const struct error_name *name, const struct app_code *code)
{
	return name->kinds >> code->kind & 1 && name->systems >> code->os & 1;
}

/* A Winsock name is Windows'; the others are used by many programs on any system. A message is of its kind of system. */
static bool code_covers(const struct error_match *match, const struct app_code *code)
{
	const bool windows = match->code->os == HANGUP_OS_WINDOWS;

	if (!match->text)
		return code->number == match->code->number;
	if (code->kind != match->code->kind)
		return false;
	if (g_str_equal(code->message, match->text))
		return true;
	if (match->text == match->code->name)
		return !windows || code->os == HANGUP_OS_WINDOWS;
	return windows == (code->os == HANGUP_OS_WINDOWS);
}

static void meaning_of(const struct error_match *match, struct meaning *out)
{
	*out = (struct meaning){.calls = APP_CALL_ANY, .sides = ERROR_SIDES_EITHER};
	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		out->codes[i] = match->name ? name_covers(match->name, &app_codes[i]) : code_covers(match, &app_codes[i]);
	if (match->name) {
		out->timer = match->name->kinds >> ERROR_KIND_TIMER & 1;
		out->calls = match->name->calls;
		out->sides = match->name->sides;
	}
}

static bool meaning_is_empty(const struct meaning *m)
{
	bool any = m->timer;

	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		any |= m->codes[i];
	return !any;
}

/* What both can be, or what either can. */
static struct meaning combined(const struct meaning *a, const struct meaning *b, bool both)
{
	struct meaning m = {
		.timer = both ? a->timer && b->timer : a->timer || b->timer,
		.calls = both ? a->calls & b->calls : a->calls | b->calls,
		.sides = both ? a->sides & b->sides : a->sides | b->sides,
	};

	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		m.codes[i] = both ? a->codes[i] && b->codes[i] : a->codes[i] || b->codes[i];
	return m;
}

static struct meaning joined(const struct meaning *a, const struct meaning *b, bool agree)
{
	struct meaning m = combined(a, b, agree);

	if (agree && meaning_is_empty(&m))
		m = combined(a, b, false);
	if (!m.calls)
		m.calls = a->calls | b->calls;
	if (!m.sides)
		m.sides = ERROR_SIDES_EITHER;
	return m;
}

static void query_set(struct error_query *q, const struct meaning *m)
{
	memcpy(q->codes, m->codes, sizeof(q->codes));
	q->timer = m->timer;
	q->calls = m->calls;
	q->sides = (enum error_sides)m->sides;
	q->kinds = m->timer ? UINT64_C(1) << ERROR_KIND_TIMER : 0;
	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		q->kinds |= (uint64_t)m->codes[i] << app_codes[i].kind;
	for (size_t i = 0; i < q->matches_len; i++) {
		/* kinds without any code: another part of the program closed it */
		if (!q->kinds && q->matches[i].name)
			q->kinds = q->matches[i].name->kinds;
	}
}

/* --- numbers --------------------------------------------------------------------------------------------- */
static bool is_error_word(const char *word, size_t len)
{
	static const char *const words[] = {"errno", "error", "winerror", "code", "status", "err", "errorcode", "socketerror"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strlen(words[i]) == len && g_ascii_strncasecmp(words[i], word, len) == 0)
			return true;
	}
	return false;
}

/* "errno=32", "[Errno 104]", "\"code\": 10053", "(104: ", or after the request in a web server's log. */
static bool stands_for_an_error(const char *text, size_t at, size_t end)
{
	size_t word_end = at;

	if (at > 0 && text[at - 1] == '(' && text[end] == ':')
		return true;
	while (word_end > 0 && strchr(" \t:=#[(\"'", text[word_end - 1]))
		word_end--;
	if (at >= 2 && text[at - 1] == ' ' && text[at - 2] == '"')
		return true;
	size_t word = word_end;
	while (word > 0 && g_ascii_isalpha(text[word - 1]))
		word--;
	return is_error_word(text + word, word_end - word);
}

/* Digits that are all of the text, or that say so. */
static bool number_counts(const char *text, size_t at, size_t end)
{
	const gint64 number = g_ascii_strtoll(text + at, NULL, 10);
	const bool after_colon = at > 0 && text[at - 1] == ':'; /* a port */

	if (at == 0 && text[end] == '\0')
		return true;
	if (number >= WINSOCK_MIN && number <= WINSOCK_MAX && !after_colon)
		return true;
	return stands_for_an_error(text, at, end);
}

/* --- looking --------------------------------------------------------------------------------------------- */
static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* Whether nothing of a word goes on before or behind. */
static bool stands_alone(const char *text, const char *name, size_t at, size_t len)
{
	return !(at > 0 && is_word(name[0]) && is_word(text[at - 1])) && !(is_word(name[len - 1]) && is_word(text[at + len]));
}

static bool same(const char *a, const char *b, size_t len, bool exact)
{
	return exact ? strncmp(a, b, len) == 0 : g_ascii_strncasecmp(a, b, len) == 0;
}

static bool is_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

/* Length without a full stop at the end, which a log may leave out. */
static size_t length_of(const char *name)
{
	const size_t len = strlen(name);

	return len > 1 && name[len - 1] == '.' ? len - 1 : len;
}

static void look_for(const char *text, const char *name, bool exact, const struct error_match *match, GArray *places)
{
	const size_t len = length_of(name), text_len = strlen(text);
	const bool number = is_digits(name);

	for (size_t at = 0; at + len <= text_len; at++) {
		if (!same(text + at, name, len, exact) || !stands_alone(text, name, at, len))
			continue;
		if (number && !number_counts(text, at, at + len))
			continue;
		struct place place = {.at = at, .len = len, .match = *match};
		g_array_append_val(places, place);
		return;
	}
}

/* Each name, number and message once; the code is the first that has it. */
static bool is_first_with(size_t index, bool number, bool message)
{
	for (size_t i = 0; i < index; i++) {
		if (number ? app_codes[i].number == app_codes[index].number
		           : g_str_equal(message ? app_codes[i].message : app_codes[i].name,
		                         message ? app_codes[index].message : app_codes[index].name))
			return false;
	}
	return true;
}

static void look_for_code(const char *text, size_t index, GArray *places)
{
	const struct app_code *code = &app_codes[index];
	char digits[16];

	if (is_first_with(index, false, false))
		look_for(text, code->name, false, &(struct error_match){.code = code, .text = code->name}, places);
	if (is_first_with(index, false, true))
		look_for(text, code->message, false, &(struct error_match){.code = code, .text = code->message}, places);
	if (code->number && is_first_with(index, true, false)) {
		g_snprintf(digits, sizeof(digits), "%d", code->number);
		look_for(text, digits, false, &(struct error_match){.code = code}, places);
	}
}

static GArray *places_in(const char *text)
{
	GArray *places = g_array_new(FALSE, FALSE, sizeof(struct place));

	for (size_t i = 0; i < error_names_len; i++)
		look_for(text, error_names[i].text, error_runtime_exact(error_names[i].runtime),
		         &(struct error_match){.name = &error_names[i], .text = error_names[i].text}, places);
	for (size_t i = 0; i < APP_CODE_COUNT; i++)
		look_for_code(text, i, places);
	return places;
}

/* Within one that is longer. */
static bool is_covered(const GArray *places, guint index)
{
	const struct place *each = (const struct place *)(const void *)places->data, *p = &each[index];

	for (guint i = 0; i < places->len; i++) {
		if (each[i].len > p->len && each[i].at <= p->at && p->at + p->len <= each[i].at + each[i].len)
			return true;
	}
	return false;
}

static struct meaning take_match(struct error_query *q, const struct meaning *before, const struct error_match *match,
                                 bool agree)
{
	struct meaning meaning;

	meaning_of(match, &meaning);
	if (q->matches_len > 0)
		meaning = joined(before, &meaning, agree);
	q->matches[q->matches_len++] = *match;
	return meaning;
}

/* Those at one place are different readings of it; those at different places must agree. */
static void take_places(struct error_query *q, const GArray *places)
{
	struct meaning all = {0};

	for (guint i = 0; i < places->len; i++) {
		const struct place *p = &g_array_index(places, struct place, i);
		struct error_query here = {0};
		struct meaning meaning = {0};
		bool seen = is_covered(places, i);

		for (guint k = 0; k < i && !seen; k++)
			seen = g_array_index(places, struct place, k).at == p->at && g_array_index(places, struct place, k).len == p->len;
		for (guint k = i; k < places->len && !seen; k++) {
			const struct place *other = &g_array_index(places, struct place, k);

			if (other->at == p->at && other->len == p->len && here.matches_len < ERROR_MATCHES_MAX - q->matches_len)
				meaning = take_match(&here, &meaning, &other->match, false);
		}
		if (here.matches_len == 0)
			continue;
		all = q->matches_len > 0 ? joined(&all, &meaning, true) : meaning;
		memcpy(q->matches + q->matches_len, here.matches, here.matches_len * sizeof(*here.matches));
		q->matches_len += here.matches_len;
	}
	query_set(q, &all);
}

/* --- what the text is a part of ---------------------------------------------------------------------------- */
static bool contains(const char *name, const char *part, bool exact)
{
	const size_t len = strlen(part);

	for (; *name; name++) {
		if (same(name, part, len, exact))
			return true;
	}
	return false;
}

static void take_part(struct error_query *q, struct meaning *all, const char *part, bool exact,
                      const struct error_match *match)
{
	if (q->matches_len < ERROR_MATCHES_MAX && contains(match->text, part, exact))
		*all = take_match(q, all, match, false);
}

static void take_parts(struct error_query *q, const char *part)
{
	struct meaning all = {0};

	for (size_t i = 0; i < error_names_len; i++) {
		const struct error_match match = {.name = &error_names[i], .text = error_names[i].text};
		const bool exact = error_runtime_exact(error_names[i].runtime);

		if (strlen(part) >= PART_MIN || (exact && strlen(part) == PART_MIN - 1))
			take_part(q, &all, part, exact, &match);
	}
	for (size_t i = 0; i < APP_CODE_COUNT && strlen(part) >= PART_MIN; i++) {
		if (is_first_with(i, false, false))
			take_part(q, &all, part, false, &(struct error_match){.code = &app_codes[i], .text = app_codes[i].name});
		if (is_first_with(i, false, true))
			take_part(q, &all, part, false, &(struct error_match){.code = &app_codes[i], .text = app_codes[i].message});
	}
	query_set(q, &all);
}

/* --- nothing ----------------------------------------------------------------------------------------------- */
static void append_near(GString *out, const char *text)
{
	g_autofree char *word = g_ascii_strup(text, -1);
	unsigned told = 0;

	for (size_t i = 0; i < APP_CODE_COUNT && told < NEAR_MAX; i++) {
		if (is_first_with(i, false, false) && near_to(word, app_codes[i].name))
			g_string_append_printf(out, "%s%s", told++ ? ", " : "; near it: ", app_codes[i].name);
	}
	for (size_t i = 0; i < error_names_len && told < NEAR_MAX; i++) {
		g_autofree char *name = g_ascii_strup(error_names[i].text, -1);

		if (near_to(word, name))
			g_string_append_printf(out, "%s%s", told++ ? ", " : "; near it: ", error_names[i].text);
	}
}

static gboolean unknown(const char *text, GError **error)
{
	g_autoptr(GString) near = g_string_new(NULL);

	append_near(near, text);
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
	            "no error is known by \"%s\"%s; \"hangup errors\" lists those that are", text, near->str);
	return FALSE;
}

gboolean error_query_parse(const char *text, struct error_query *out, GError **error)
{
	g_autofree char *stripped = g_strstrip(g_strndup(text, TEXT_MAX));
	g_autoptr(GArray) places = places_in(stripped);

	*out = (struct error_query){0};
	if (places->len > 0)
		take_places(out, places);
	else if (!is_digits(stripped))
		take_parts(out, stripped);
	return out->matches_len > 0 || unknown(text, error);
}
