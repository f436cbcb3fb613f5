#include "report/error_page.h"

#include <string.h>

#include "report/error_endings.h"
#include "report/error_text.h"
#include "report/paragraph.h"

enum { INDENT = 2, DEEPER = 4 };

/* What a page is written from; caveats are explained at its end when they were made. */
struct page {
	GString *out;
	unsigned width;
	const struct error_query *query;
	bool unverified, inferred;
};

static void append_indented(struct page *p, const char *text, size_t indent, size_t further)
{
	g_string_append_printf(p->out, "%*s", (int)indent, "");
	paragraph_append(p->out, text, indent, indent + further, p->width);
}

static void append_heading(struct page *p, const char *text)
{
	g_string_append_printf(p->out, "\n%s\n", text);
}

/* --- what was recognised ------------------------------------------------------------------------------------ */
static const char *said_by(enum error_sides sides)
{
	switch (sides) {
	case ERROR_SIDES_CLIENT:
		return ", at the client's end of the connection";
	case ERROR_SIDES_SERVER:
		return ", at the server's end of the connection";
	default:
		return "";
	}
}

static const char *caveat(struct page *p, enum app_basis basis)
{
	p->unverified |= basis == APP_BASIS_UNVERIFIED;
	p->inferred |= basis == APP_BASIS_INFERRED;
	return error_text_caveat(basis);
}

static void append_match(struct page *p, const struct error_match *match)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (match->name)
		g_string_append_printf(line, "%s: %s%s%s", match->text, error_runtime_name(match->name->runtime),
		                       said_by(match->name->sides), caveat(p, match->name->basis));
	else if (match->text)
		g_string_append(line, match->text);
	else
		g_string_append_printf(line, "%d", match->code->number);
	append_indented(p, line->str, 0, INDENT);
}

/* --- kinds ---------------------------------------------------------------------------------------------------- */
static void append_code(GString *line, const struct app_code *code)
{
	g_string_append(line, code->name);
	if (code->number)
		g_string_append_printf(line, " (%d)", code->number);
}

static bool same_code(const struct app_code *a, const struct app_code *b)
{
	return a->kind == b->kind && a->number == b->number && g_str_equal(a->name, b->name)
	       && g_str_equal(a->message, b->message);
}

/* Whether it stands in the line of an earlier code, which is the same on another system. */
static bool was_told(const bool *wanted, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (wanted[i] && same_code(&app_codes[i], &app_codes[index]))
			return true;
	}
	return false;
}

/* "macOS, BSD: ECONNRESET (54) Connection reset by peer". */
static void append_code_line(struct page *p, const bool *wanted, size_t index)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (size_t i = index; i < APP_CODE_COUNT; i++) {
		if (wanted[i] && same_code(&app_codes[i], &app_codes[index]))
			g_string_append_printf(line, "%s%s", line->len ? ", " : "", error_text_system(app_codes[i].os));
	}
	g_string_append(line, ": ");
	append_code(line, &app_codes[index]);
	g_string_append_printf(line, " %s", app_codes[index].message);
	append_indented(p, line->str, INDENT, INDENT);
}

static void append_codes(struct page *p, const bool *wanted)
{
	for (size_t i = 0; i < APP_CODE_COUNT; i++) {
		if (wanted[i] && !was_told(wanted, i))
			append_code_line(p, wanted, i);
	}
}

/* Codes of a kind that are asked for, or those that are not. */
static bool pick_codes(const struct error_query *q, enum error_kind kind, bool asked, bool *out_wanted)
{
	bool any = false;

	for (size_t i = 0; i < APP_CODE_COUNT; i++) {
		out_wanted[i] = app_codes[i].kind == kind && q->codes[i] == asked;
		any |= out_wanted[i];
	}
	return any;
}

static void append_kind(struct page *p, enum error_kind kind)
{
	g_autofree char *title = g_strdup(error_kind_title(kind));
	bool wanted[APP_CODE_COUNT];

	title[0] = g_ascii_toupper(title[0]);
	append_heading(p, title);
	if (pick_codes(p->query, kind, true, wanted))
		append_codes(p, wanted);
	append_indented(p, error_kind_meaning(kind), INDENT, 0);
	if (pick_codes(p->query, kind, false, wanted)) {
		append_indented(p, "The same elsewhere:", INDENT, 0);
		append_codes(p, wanted);
	}
}

/* --- endings -------------------------------------------------------------------------------------------------- */
static bool same_telling(const struct app_error *a, const struct app_error *b)
{
	return g_str_equal(a->code, b->code) && a->usual == b->usual && a->call == b->call && a->basis == b->basis;
}

/* "macOS, BSD: usually ECONNRESET, at the next read or write"; errors that say the same follow each other or not. */
static void append_telling(struct page *p, const struct app_errors *errors, size_t at)
{
	const struct app_error *error = &errors->error[at];
	g_autoptr(GString) line = g_string_new(NULL);

	for (size_t i = 0; i < at; i++) {
		if (same_telling(&errors->error[i], error) && error_query_covers(p->query, &errors->error[i]))
			return;
	}
	for (size_t i = at; i < errors->len; i++) {
		if (same_telling(&errors->error[i], error) && error_query_covers(p->query, &errors->error[i]))
			g_string_append_printf(line, "%s%s", line->len ? ", " : "", error_text_system(errors->error[i].os));
	}
	g_string_append_printf(line, ": %s %s, %s%s", error->usual ? "usually" : "possibly", error->code,
	                       error_text_call(error->call), caveat(p, error->basis));
	append_indented(p, line->str, DEEPER, INDENT);
}

static void append_tellings(struct page *p, enum experience e)
{
	const struct app_errors errors = app_errors_for(e, HANGUP_OS_UNKNOWN);

	for (size_t i = 0; i < errors.len; i++) {
		if (error_query_covers(p->query, &errors.error[i]))
			append_telling(p, &errors, i);
	}
	if (p->query->timer && app_errors_timer_may_end(e))
		append_indented(p, "a time limit of the program itself may end it before its stack gives up", DEEPER, INDENT);
}

/* Whether an earlier cause has the same side. */
static bool side_was_told(enum hangup_cause before, const char *side, unsigned e, uint32_t except)
{
	for (enum hangup_cause cause = 0; cause < before; cause++) {
		const char *told = error_endings_side(cause, 1u << e, except);

		if (told && strcmp(told, side) == 0)
			return true;
	}
	return false;
}

/* "who waits for an answer: retransmit-timeout/data, ..." */
static void append_sides(struct page *p, unsigned e, uint32_t except)
{
	bool any = false;

	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		const char *side = error_endings_side(cause, 1u << e, except);
		g_autoptr(GString) line = g_string_new(NULL);

		if (!side || side_was_told(cause, side, e, except))
			continue;
		error_endings_append(line, side, 1u << e, except);
		g_string_prepend(line, ": ");
		g_string_prepend(line, side);
		append_indented(p, line->str, DEEPER, INDENT);
		any = true;
	}
	if (!any)
		append_indented(p, "in endings that are listed above", DEEPER, INDENT);
}

static void append_sentence(struct page *p, unsigned e)
{
	g_autofree char *sentence = g_strdup_printf("The program %s.", experience_words((enum experience)e));

	append_indented(p, sentence, INDENT, INDENT);
	append_tellings(p, (enum experience)e);
}

/* All that happen to the same sides in the same endings, together. */
static uint32_t append_group(struct page *p, unsigned e, uint32_t experiences, uint32_t except)
{
	uint32_t told = 0;

	for (unsigned i = e; i < EXPERIENCE_COUNT; i++) {
		if (!(experiences >> i & 1) || !error_endings_same(e, i, except))
			continue;
		append_sentence(p, i);
		told |= 1u << i;
	}
	append_sides(p, e, except);
	return told;
}

static void append_experiences(struct page *p, const char *heading, uint32_t experiences, uint32_t except)
{
	if (experiences)
		append_heading(p, heading);
	for (unsigned i = 0; i < EXPERIENCE_COUNT; i++) {
		if (experiences >> i & 1)
			experiences &= ~append_group(p, i, experiences, except);
	}
}

static void append_endings(struct page *p, const struct error_experiences *e)
{
	g_autoptr(GString) without = g_string_new(NULL);

	if (!e->any) {
		append_heading(p, "No ending of a connection produces it");
		append_indented(p, "It comes from this host or the program itself; look there, not into a capture.", INDENT, 0);
		return;
	}
	append_experiences(p, "Where it is the usual error", e->usual, 0);
	append_experiences(p, "Where it is possible", e->any & ~e->usual, e->usual);
	error_endings_append_without(without, e->any);
	if (without->len > 0) {
		append_heading(p, "Endings that cannot produce it");
		append_indented(p, without->str, INDENT, 0);
	}
}

/* --- words ------------------------------------------------------------------------------------------------------ */
static void append_words_known(struct page *p, GString *line, enum error_runtime runtime, uint64_t kinds, bool verified)
{
	const char *separator = verified ? "" : line->len ? "; unverified: " : "unverified: ";

	for (size_t i = 0; i < error_names_len; i++) {
		const struct error_name *name = &error_names[i];

		if (name->runtime != runtime || !(name->kinds & kinds) || verified != (name->basis != APP_BASIS_UNVERIFIED))
			continue;
		g_string_append_printf(line, "%s%s", separator, name->text);
		separator = "; ";
		caveat(p, name->basis);
	}
}

/* "Go: wsarecv: ...; unverified: io.EOF" */
static void append_words_of(struct page *p, enum error_runtime runtime, uint64_t kinds)
{
	g_autoptr(GString) line = g_string_new(NULL);

	append_words_known(p, line, runtime, kinds, true);
	append_words_known(p, line, runtime, kinds, false);
	if (line->len == 0)
		return;
	g_string_prepend(line, ": ");
	g_string_prepend(line, error_runtime_name(runtime));
	append_indented(p, line->str, INDENT, INDENT);
}

static void append_words(struct page *p, uint64_t kinds)
{
	append_heading(p, "How logs word it");
	for (unsigned runtime = 0; runtime < ERROR_RUNTIME_COUNT; runtime++)
		append_words_of(p, (enum error_runtime)runtime, kinds);
	append_indented(p, "Messages are translated on localised systems: look for the numbers.", INDENT, 0);
}

static void append_caveats(struct page *p)
{
	if (p->unverified || p->inferred)
		g_string_append_c(p->out, '\n');
	if (p->unverified)
		append_indented(p, "unverified: so it is said, and was not checked on a real system.", 0, 0);
	if (p->inferred)
		append_indented(p, "inferred: follows from what is known, and was not seen.", 0, 0);
}

void error_page_append(GString *out, const struct error_query *query, unsigned width)
{
	struct page page = {.out = out, .width = width, .query = query};
	const struct error_experiences experiences = error_experiences_of(query);

	for (size_t i = 0; i < query->matches_len; i++)
		append_match(&page, &query->matches[i]);
	for (unsigned kind = 0; kind < ERROR_KIND_COUNT; kind++) {
		if (query->kinds >> kind & 1)
			append_kind(&page, (enum error_kind)kind);
	}
	append_endings(&page, &experiences);
	append_words(&page, query->kinds);
	append_caveats(&page);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */
static void append_listed_kind(struct page *p, enum error_kind kind)
{
	g_autofree char *title = g_strdup(error_kind_title(kind));
	bool wanted[APP_CODE_COUNT];

	title[0] = g_ascii_toupper(title[0]);
	append_indented(p, title, 0, 0);
	if (pick_codes(p->query, kind, true, wanted))
		append_codes(p, wanted);
	for (unsigned runtime = 0; runtime < ERROR_RUNTIME_COUNT; runtime++)
		append_words_of(p, (enum error_runtime)runtime, UINT64_C(1) << kind);
	g_string_append_c(p->out, '\n');
}

void error_page_append_list(GString *out, unsigned width)
{
	struct error_query all = {0};
	struct page page = {.out = out, .width = width, .query = &all};

	memset(all.codes, true, sizeof(all.codes));
	for (unsigned kind = 0; kind < ERROR_KIND_COUNT; kind++)
		append_listed_kind(&page, (enum error_kind)kind);
	append_indented(&page, "\"hangup errors CODE\" says what one means. unverified: so it is said, and was not checked.", 0,
	                0);
}
