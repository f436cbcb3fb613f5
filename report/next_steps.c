#include "report/next_steps.h"

#include <string.h>

#include "report/fill.h"

static const struct {
	enum hangup_cause cause;
	const char *template;
} steps[] = {
#define NEXT_STEP(cause_id, text) {.cause = HANGUP_CAUSE_##cause_id, .template = text},
#include "report/next_steps.def"
#undef NEXT_STEP
};

/* Two templates with the same beginning are the same step with and without a detail: the first that fits is told. */
static bool told_already(const GPtrArray *told, const char *step)
{
	enum { SAME_BEGINNING = 40 }; /* bytes */

	for (guint i = 0; i < told->len; i++) {
		if (strncmp(told->pdata[i], step, SAME_BEGINNING) == 0)
			return true;
	}
	return false;
}

GPtrArray *next_steps_of(const struct hangup_case *c)
{
	GPtrArray *told = g_ptr_array_new_with_free_func(g_free);
	const struct hangup_claim *verdict = case_verdict(c);

	for (size_t i = 0; i < G_N_ELEMENTS(steps) && told->len < NEXT_STEPS_MAX; i++) {
		g_autoptr(GString) step = g_string_new(NULL);

		if (steps[i].cause != verdict->cause || !fill_template(step, steps[i].template, c))
			continue;
		step->str[0] = g_ascii_toupper(step->str[0]);
		if (told_already(told, step->str))
			continue;
		g_ptr_array_add(told, g_string_free(g_steal_pointer(&step), FALSE));
	}
	return told;
}
