/* hangup's own rules against facts drawn at random, each from what it can be: whatever a hostile capture makes the
 * analyzers say, there is a verdict, no claim is forgotten for breaking the vocabulary, every text can be written,
 * and nothing overflows (the sanitizers look on). The draw is the same in every run. */
#include <string.h>

#include "rules/host/engine.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"
#include "tests/unit/unit.h"

enum { CASES = 100000 };

/* Codes have their own ranges. */
static const struct {
	enum hangup_fact fact;
	int64_t min, max;
} codes[] = {
	{HANGUP_FACT_HANDSHAKE, 0, 7},
	{HANGUP_FACT_VANTAGE, 0, HANGUP_VANTAGE_COUNT - 1},
	{HANGUP_FACT_VANTAGE_BY, 0, HANGUP_VANTAGE_BY_COUNT - 1},
	{HANGUP_FACT_STATE, 0, HANGUP_TCP_STATE_COUNT - 1},
	{HANGUP_FACT_STATE_BEFORE_RST, 0, HANGUP_TCP_STATE_COUNT - 1},
	{HANGUP_FACT_TTL, 0, 255},
	{HANGUP_FACT_OS, 0, HANGUP_OS_COUNT - 1},
	{HANGUP_FACT_TLS_ALERT, 0, 256},
	{HANGUP_FACT_RETRY_KIND, 0, HANGUP_RETRY_COUNT - 1},
	{HANGUP_FACT_RST_KIND, 0, HANGUP_RESET_COUNT - 1},
	{HANGUP_FACT_RST_TTL_DELTA, -255, 255},
	{HANGUP_FACT_RST_IPID_DELTA, 0, 65535},
	{HANGUP_FACT_RST_WINDOW, 0, 65535},
	{HANGUP_FACT_RST_ALIEN, 0, 100},
	{HANGUP_FACT_IDLE_SPEAKER, HANGUP_CLIENT, HANGUP_SERVER},
	{HANGUP_FACT_ICMP_ERROR, 0, 65535},
	{HANGUP_FACT_THROWN_OUT, 0, 65537},
};

enum unit { COUNT, BYTES, NS, BOOL, CODE };
static const int64_t unit_max[] = {[COUNT] = 1000000, [BYTES] = INT64_C(1) << 40, [NS] = INT64_MAX, [BOOL] = 1};
static const enum unit units[] = {
#define HANGUP_FACT(id, scope, unit, name, meaning) unit,
#include <hangup/fact.def>
#undef HANGUP_FACT
};

static struct rule_set *set;
static GRand *dice;

/* Small numbers, large ones and the edges alike. */
static int64_t draw(int64_t min, int64_t max)
{
	const uint64_t bits = (uint64_t)g_rand_int(dice) << 32 | g_rand_int(dice);
	const int64_t value = (int64_t)(bits >> 1 >> g_rand_int_range(dice, 0, 63));

	switch (g_rand_int_range(dice, 0, 8)) {
	case 0:
		return min;
	case 1:
		return max;
	default:
		return max - min == INT64_MAX ? value : min + value % (max - min + 1);
	}
}

static int64_t draw_code(enum hangup_fact fact)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (codes[i].fact == fact)
			return draw(codes[i].min, codes[i].max);
	}
	CU_FAIL_FATAL("a code without a range");
	return 0;
}

static int64_t draw_fact(enum hangup_fact fact)
{
	return units[fact] == CODE ? draw_code(fact) : draw(0, unit_max[units[fact]]);
}

static void draw_facts(struct facts *facts)
{
	memset(facts, 0, sizeof *facts);
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		for (unsigned fact = 0; fact < HANGUP_FACT_COUNT; fact++) {
			facts->known[fact][side] = g_rand_boolean(dice);
			if (facts->known[fact][side])
				facts->value[fact][side] = draw_fact((enum hangup_fact)fact);
		}
		for (unsigned role = 0; role < HANGUP_PACKET_NONE; role++) {
			if (g_rand_boolean(dice))
				facts->packet[role][side] = (struct hangup_packet){(uint64_t)draw(1, 1000), draw(0, INT64_MAX)};
		}
	}
}

static void check_text(const struct case_text *text, const struct facts *facts)
{
	g_autoptr(GString) out = g_string_new(NULL);

	text_expand(out, text, facts);
	if (out->len == 0 || strpbrk(out->str, "{}") != NULL) {
		fprintf(stderr, "cannot be written: %s\n", text->template);
		CU_FAIL("a text with a placeholder that means nothing");
	}
}

static void check_claim(const struct hangup_claim *claim, const struct facts *facts)
{
	CU_ASSERT_TRUE(claim->confidence >= 0 && claim->confidence <= 1);
	CU_ASSERT_TRUE(claim->evidence_len > 0);
	for (size_t i = 0; i < claim->evidence_len; i++)
		check_text(&claim->evidence[i].text, facts);
	for (size_t i = 0; i < claim->against_len; i++)
		check_text(&claim->against[i], facts);
}

static void any_facts(void)
{
	static struct facts facts;
	static struct hangup_case judged;
	unsigned verdicts[HANGUP_LABEL_COUNT] = {0};

	for (unsigned i = 0; i < CASES; i++) {
		draw_facts(&facts);
		engine_judge(set, &facts, &judged);
		CU_ASSERT_EQUAL(judged.claims_dropped, 0);
		CU_ASSERT_TRUE_FATAL(judged.order_len > 0);
		verdicts[case_verdict(&judged)->label]++;
		for (size_t at = 0; at < judged.order_len; at++) {
			check_claim(&judged.claims[judged.order[at]], &facts);
			CU_ASSERT_TRUE(judged.claims[judged.order[at]].confidence <= case_verdict(&judged)->confidence);
		}
	}
	for (unsigned label = 0; label < HANGUP_LABEL_COUNT; label++)
		CU_ASSERT_TRUE(verdicts[label] > 0);
}

int main(void)
{
	static CU_TestInfo tests[] = {{"any facts", any_facts}, CU_TEST_INFO_NULL};
	g_autoptr(GError) error = NULL;
	int status;

	set = rule_set_new();
	dice = g_rand_new_with_seed(1);
	if (!
#ifdef RULES_FOLDER
	    rule_set_add_folder(set, RULES_FOLDER, NULL, NULL, &error)
#else
	    rule_set_add_default(set, NULL, NULL, &error)
#endif
	) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	status = unit_main("rules", tests);
	g_rand_free(dice);
	rule_set_free(set);
	return status;
}
