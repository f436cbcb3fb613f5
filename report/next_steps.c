#include "report/next_steps.h"

#include <string.h>

#include "report/fill.h"

static const struct fill_row rows[] = {
#define NEXT_STEP(cause_id, template) {.cause = HANGUP_CAUSE_##cause_id, .text = template},
#include "report/next_steps.def"
#undef NEXT_STEP
};

static const struct fill_list *steps(void)
{
	static struct fill_list *list;

	if (g_once_init_enter(&list))
		g_once_init_leave(&list, fill_list_new(rows, G_N_ELEMENTS(rows)));
	return list;
}

/* Two templates with the same beginning are the same step with and without a detail: the first that fits is told. */
static bool told_already(struct next_steps *at, const char *step, size_t len)
{
	char beginning[NEXT_STEP_BEGINNING] = {0};

	memcpy(beginning, step, MIN(len, sizeof(beginning)));
	for (size_t i = 0; i < at->told; i++) {
		if (memcmp(at->beginnings[i], beginning, sizeof(beginning)) == 0)
			return true;
	}
	memcpy(at->beginnings[at->told++], beginning, sizeof(beginning));
	return false;
}

bool next_steps_next(struct next_steps *at, const struct hangup_case *c, GString *out)
{
	struct fill **fills = steps()->fills[case_verdict(c)->cause];
	const gsize start = out->len;

	while (at->told < NEXT_STEPS_MAX && fills[at->row]) {
		if (!fill_append(out, fills[at->row++], c))
			continue;
		out->str[start] = g_ascii_toupper(out->str[start]);
		if (!told_already(at, out->str + start, out->len - start))
			return true;
		g_string_truncate(out, start);
	}
	return false;
}

GPtrArray *next_steps_of(const struct hangup_case *c)
{
	GPtrArray *told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) step = g_string_new(NULL);
	struct next_steps at = {0};

	for (; next_steps_next(&at, c, step); g_string_truncate(step, 0))
		g_ptr_array_add(told, g_strdup(step->str));
	return told;
}
