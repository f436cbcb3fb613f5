/* One array a list, filled by including its .def file: a new row needs no change here. */
#include "rules/host/vocabulary.h"

#include <string.h>

#include <glib.h>

struct word {
	const char *name;
	const char *meaning;
	uint32_t labels;               /* causes only: where it may stand */
	enum hangup_severity severity; /* causes only: usually */
};

#define WORD(id, word_name, word_meaning) {.name = word_name, .meaning = word_meaning},
#define HANGUP_LABEL WORD
#define HANGUP_ACTOR WORD
#define HANGUP_SEVERITY WORD
#define HANGUP_LEVEL WORD
#define HANGUP_VANTAGE WORD
#define HANGUP_VANTAGE_BY WORD
#define HANGUP_TCP_STATE WORD
#define HANGUP_OS WORD
#define HANGUP_FACT(id, scope, unit, word_name, word_meaning) WORD(id, word_name, word_meaning)
#define HANGUP_CAUSE(id, under, word_name, usual, word_meaning) \
	{.name = word_name, .meaning = word_meaning, .labels = under, .severity = HANGUP_SEVERITY_##usual},

static const struct word labels[] = {
#include <hangup/label.def>
};
static const struct word causes[] = {
#include <hangup/cause.def>
};
static const struct word actors[] = {
#include <hangup/actor.def>
};
static const struct word severities[] = {
#include <hangup/severity.def>
};
static const struct word levels[] = {
#include <hangup/level.def>
};
static const struct word vantages[] = {
#include <hangup/vantage.def>
};
static const struct word vantages_by[] = {
#include <hangup/vantage_by.def>
};
static const struct word facts[] = {
#include <hangup/fact.def>
};
static const struct word tcp_states[] = {
#include <hangup/tcp_state.def>
};
static const struct word oses[] = {
#include <hangup/os.def>
};

/* A number outside its list is our bug, never the packets': everything that enters is checked where it does. */
static const struct word *word_at(const struct word *words, size_t words_len, size_t index)
{
	g_assert(index < words_len);
	return &words[index];
}
#define ROW(list, index) word_at(list, G_N_ELEMENTS(list), (size_t)(index))

const char *label_name(enum hangup_label label)
{
	return ROW(labels, label)->name;
}

const char *label_meaning(enum hangup_label label)
{
	return ROW(labels, label)->meaning;
}

const char *cause_name(enum hangup_cause cause)
{
	return ROW(causes, cause)->name;
}

const char *cause_meaning(enum hangup_cause cause)
{
	return ROW(causes, cause)->meaning;
}

uint32_t cause_labels(enum hangup_cause cause)
{
	return ROW(causes, cause)->labels;
}

enum hangup_severity cause_severity(enum hangup_cause cause)
{
	return ROW(causes, cause)->severity;
}

const char *actor_name(enum hangup_actor actor)
{
	return ROW(actors, actor)->name;
}

const char *severity_name(enum hangup_severity severity)
{
	return ROW(severities, severity)->name;
}

const char *level_name(enum hangup_level level)
{
	return ROW(levels, level)->name;
}

const char *vantage_name(enum hangup_vantage vantage)
{
	return ROW(vantages, vantage)->name;
}

const char *vantage_meaning(enum hangup_vantage vantage)
{
	return ROW(vantages, vantage)->meaning;
}

const char *vantage_by_name(enum hangup_vantage_by by)
{
	return ROW(vantages_by, by)->name;
}

const char *vantage_by_meaning(enum hangup_vantage_by by)
{
	return ROW(vantages_by, by)->meaning;
}

const char *fact_name(enum hangup_fact fact)
{
	return ROW(facts, fact)->name;
}

const char *fact_meaning(enum hangup_fact fact)
{
	return ROW(facts, fact)->meaning;
}

const char *tcp_state_name(enum hangup_tcp_state state)
{
	return ROW(tcp_states, state)->name;
}

const char *os_name(enum hangup_os os)
{
	return ROW(oses, os)->name;
}

static bool word_find(const struct word *words, size_t words_len, const char *name, size_t *out_index)
{
	for (size_t i = 0; i < words_len; i++) {
		if (strcmp(words[i].name, name) == 0) {
			*out_index = i;
			return true;
		}
	}
	return false;
}

bool label_from_name(const char *name, enum hangup_label *out_label)
{
	size_t index;

	if (!word_find(labels, G_N_ELEMENTS(labels), name, &index))
		return false;
	*out_label = (enum hangup_label)index;
	return true;
}

bool severity_from_name(const char *name, enum hangup_severity *out_severity)
{
	size_t index;

	if (!word_find(severities, G_N_ELEMENTS(severities), name, &index))
		return false;
	*out_severity = (enum hangup_severity)index;
	return true;
}
