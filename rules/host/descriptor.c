/* Refusing with a sentence: every way in which a descriptor can be wrong, as a table of checks in the order in which
 * they make the next one safe (version before size, size before content). */
#include "rules/host/descriptor.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "rules/host/rule_set.h"

enum {
	/* size, major, minor: readable in every version */
	HEAD_SIZE = offsetof(struct hangup_rule, name),
	/* what version 1.0 had; a rule built for it may be this short for as long as the major stays */
	SIZE_1_0 = offsetof(struct hangup_rule, judge) + sizeof(void (*)(void)),
	NAME_MAX_LEN = 64,
	THRESHOLDS_MAX = 64,
};

G_STATIC_ASSERT(HANGUP_LABEL_COUNT <= 32); /* struct hangup_rule.labels is a set in 32 bits */

static gboolean refuse(GError **error, enum rule_error code, const char *from, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

static gboolean refuse(GError **error, enum rule_error code, const char *from, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, RULE_ERROR, (int)code, "%s: %s", from, why);
	return FALSE;
}

static gboolean check_version(const struct hangup_rule *rule, const char *from, GError **error)
{
	if (rule->size < HEAD_SIZE)
		return refuse(error, RULE_ERROR_ABI, from, "its descriptor says it has %u bytes, at least %d wanted; "
		              "fill it with HANGUP_RULE_ABI", rule->size, SIZE_1_0);
	if (rule->major != HANGUP_RULE_ABI_MAJOR)
		return refuse(error, RULE_ERROR_ABI, from, "built for rule ABI %u.%u, wanted major %d; "
		              "compile it with this hangup's headers", rule->major, rule->minor, HANGUP_RULE_ABI_MAJOR);
	if (rule->minor > HANGUP_RULE_ABI_MINOR)
		return refuse(error, RULE_ERROR_ABI, from, "built for rule ABI %u.%u, wanted at most %d.%d; "
		              "it needs a newer hangup", rule->major, rule->minor, HANGUP_RULE_ABI_MAJOR,
		              HANGUP_RULE_ABI_MINOR);
	return TRUE;
}

static gboolean check_size(const struct hangup_rule *rule, const char *from, GError **error)
{
	if (rule->size < SIZE_1_0)
		return refuse(error, RULE_ERROR_ABI, from, "its descriptor says it has %u bytes, at least %d wanted; "
		              "fill it with HANGUP_RULE_ABI", rule->size, SIZE_1_0);
	return TRUE;
}

/* Lower case letters, digits and dashes (thresholds: underscores too): safe in key files and on command lines. */
static bool is_name(const char *name, const char *also)
{
	if (name == NULL || !g_ascii_islower(name[0]) || strlen(name) > NAME_MAX_LEN)
		return false;
	for (const char *at = name; *at != '\0'; at++) {
		if (!g_ascii_islower(*at) && !g_ascii_isdigit(*at) && strchr(also, *at) == NULL)
			return false;
	}
	return true;
}

static gboolean check_name(const struct hangup_rule *rule, const char *from, GError **error)
{
	if (!is_name(rule->name, "-"))
		return refuse(error, RULE_ERROR_DESCRIPTOR, from,
		              "its descriptor has no name of lower case letters, digits and dashes");
	return TRUE;
}

static gboolean check_help(const struct hangup_rule *rule, const char *from, GError **error)
{
	if (rule->help == NULL || rule->help[0] == '\0')
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "rule %s has no help text", rule->name);
	return TRUE;
}

static gboolean check_judge(const struct hangup_rule *rule, const char *from, GError **error)
{
	if (rule->judge == NULL)
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "rule %s has no judge function", rule->name);
	return TRUE;
}

static gboolean check_labels(const struct hangup_rule *rule, const char *from, GError **error)
{
	const uint32_t known = (uint32_t)(UINT64_C(1) << HANGUP_LABEL_COUNT) - 1;

	if (rule->labels == 0 || (rule->labels & ~known) != 0)
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "rule %s names the label set 0x%x, wanted one or more "
		              "of 0x%x", rule->name, rule->labels, known);
	return TRUE;
}

const char *threshold_complaint(const struct hangup_threshold *threshold, double value)
{
	if (!isfinite(value))
		return "it must be a finite number";
	if (value < 0)
		return "it must not be negative";
	if (strcmp(threshold->unit, "ratio") == 0 && value > 1)
		return "a ratio lies between 0 and 1";
	return NULL;
}

static bool has_threshold_before(const struct hangup_rule *rule, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++) {
		if (strcmp(rule->thresholds[i].name, rule->thresholds[index].name) == 0)
			return true;
	}
	return false;
}

static gboolean check_threshold(const struct hangup_rule *rule, uint32_t index, const char *from, GError **error)
{
	const struct hangup_threshold *threshold = &rule->thresholds[index];

	if (!is_name(threshold->name, "-_") || has_threshold_before(rule, index))
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "threshold %u of rule %s has no name of its own", index,
		              rule->name);
	if (threshold->unit == NULL || threshold->unit[0] == '\0' || threshold->help == NULL ||
	    threshold->help[0] == '\0')
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "threshold %s of rule %s has no unit or no help text",
		              threshold->name, rule->name);
	const char *complaint = threshold_complaint(threshold, threshold->value);
	if (complaint != NULL)
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "threshold %s of rule %s is %g by default: %s",
		              threshold->name, rule->name, threshold->value, complaint);
	return TRUE;
}

static gboolean check_thresholds(const struct hangup_rule *rule, const char *from, GError **error)
{
	if (rule->thresholds_count > THRESHOLDS_MAX || (rule->thresholds_count > 0 && rule->thresholds == NULL))
		return refuse(error, RULE_ERROR_DESCRIPTOR, from, "rule %s says it has %u thresholds, wanted a list of at "
		              "most %d", rule->name, rule->thresholds_count, THRESHOLDS_MAX);
	for (uint32_t i = 0; i < rule->thresholds_count; i++) {
		if (!check_threshold(rule, i, from, error))
			return FALSE;
	}
	return TRUE;
}

gboolean descriptor_check(const struct hangup_rule *rule, const char *from, GError **error)
{
	static gboolean (*const checks[])(const struct hangup_rule *rule, const char *from, GError **error) = {
		check_version, check_size, check_name, check_help, check_judge, check_labels, check_thresholds,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (!checks[i](rule, from, error))
			return FALSE;
	}
	return TRUE;
}
