/* The engine against hand-made facts and rules that claim what the test plans: who wins, what becomes of the losers,
 * what is forgotten, and what the capture's defects take off. */
#include "rules/host/engine.h"

#include <math.h>
#include <string.h>

#include "rules/host/vocabulary.h"
#include "tests/unit/unit.h"

enum { PLAN_MAX = 40 };

struct planned {
	enum hangup_label label;
	enum hangup_cause cause;
	enum hangup_actor actor;
	double strength;
	void (*more)(const struct hangup_host *host, struct hangup_claim *claim);
};

/* What the two rules will claim. */
static struct planned plan[2][PLAN_MAX];
static size_t plan_len[2];

static void claim_plan(const struct hangup_host *host, struct hangup_case *c, size_t rule)
{
	for (size_t i = 0; i < plan_len[rule]; i++) {
		const struct planned *p = &plan[rule][i];
		struct hangup_claim *claim = host->claim(c, p->label, p->cause, p->actor, p->strength);

		CU_ASSERT_PTR_NOT_NULL_FATAL(claim);
		if (p->more != NULL)
			p->more(host, claim);
	}
}

static void judge_first(const struct hangup_host *host, struct hangup_case *c)
{
	claim_plan(host, c, 0);
}

static void judge_second(const struct hangup_host *host, struct hangup_case *c)
{
	claim_plan(host, c, 1);
}

static const struct hangup_threshold own_thresholds[] = {{"own", "s", 42, "a number"}};
static const struct hangup_rule planned_rules[2] = {
	{HANGUP_RULE_ABI, .name = "first", .help = "claims the first plan", .labels = (1u << HANGUP_LABEL_COUNT) - 1,
	 .thresholds_count = 1, .thresholds = own_thresholds, .judge = judge_first},
	{HANGUP_RULE_ABI, .name = "second", .help = "claims the second plan", .labels = (1u << HANGUP_LABEL_COUNT) - 1,
	 .judge = judge_second},
};

static struct rule_set *set;
static struct facts facts;
static struct hangup_case judged;

static void know(enum hangup_fact fact, int64_t value)
{
	facts.known[fact][HANGUP_CLIENT] = true;
	facts.value[fact][HANGUP_CLIENT] = value;
}

/* A capture with nothing wrong: rules set, client known, taken on the client. */
static void begin(void)
{
	rule_set_free(set);
	set = rule_set_new();
	for (size_t i = 0; i < G_N_ELEMENTS(planned_rules); i++) {
		CU_ASSERT_TRUE_FATAL(rule_set_add(set, &planned_rules[i], NULL, NULL));
		plan_len[i] = 0;
	}
	memset(&facts, 0, sizeof facts);
	know(HANGUP_FACT_CLIENT_KNOWN, 1);
	know(HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_CLIENT);
	memset(&judged, 0xa5, sizeof judged); /* whatever was in it before must not matter */
}

static void plan_claim(size_t rule, enum hangup_label label, enum hangup_cause cause, enum hangup_actor actor,
                       double strength)
{
	plan[rule][plan_len[rule]++] =
		(struct planned){.label = label, .cause = cause, .actor = actor, .strength = strength};
}

static void plan_more(size_t rule, void (*more)(const struct hangup_host *host, struct hangup_claim *claim))
{
	plan[rule][plan_len[rule] - 1].more = more;
}

static void judge(void)
{
	engine_judge(set, &facts, &judged);
}

static bool verdict_is(enum hangup_label label, enum hangup_cause cause)
{
	return case_verdict(&judged)->label == label && case_verdict(&judged)->cause == cause;
}

static const struct hangup_claim *alternative(size_t index)
{
	return &judged.claims[judged.order[index + 1]];
}

static bool close_to(double x, double y)
{
	return fabs(x - y) < 1e-9;
}

static void nobody_claims(void)
{
	begin();
	judge();
	CU_ASSERT_TRUE(verdict_is(HANGUP_LABEL_UNDETERMINED, HANGUP_CAUSE_UNKNOWN_TOO_LITTLE));
	CU_ASSERT_EQUAL(judged.order_len, 1);
	CU_ASSERT_EQUAL(case_verdict(&judged)->actor, HANGUP_ACTOR_UNKNOWN);
	CU_ASSERT_EQUAL(case_verdict(&judged)->evidence_len, 1);
	CU_ASSERT_STRING_EQUAL(case_verdict(&judged)->rule->name, "engine");
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.5));
}

static void the_stronger_wins(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT, 0.3);
	plan_claim(1, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED, HANGUP_ACTOR_UNKNOWN, 0.9);
	judge();
	CU_ASSERT_TRUE(verdict_is(HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED));
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.9));
	CU_ASSERT_EQUAL(judged.order_len, 2);
	CU_ASSERT_EQUAL(alternative(0)->cause, HANGUP_CAUSE_CLOSE_FIN);
}

static void alternatives_share_what_the_verdict_leaves(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED, HANGUP_ACTOR_UNKNOWN, 0.9);
	plan_claim(0, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT, 0.6);
	plan_claim(0, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE, 0.05);
	judge();
	CU_ASSERT_TRUE(close_to(alternative(0)->confidence, 0.1 * 0.6 / 0.65));
	CU_ASSERT_TRUE(close_to(alternative(1)->confidence, 0.1 * 0.05 / 0.65));
}

static void ties_go_to_the_earlier_label_then_cause(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_SERVER, 0.8);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.8);
	plan_claim(1, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_CLIENT, 0.8);
	judge();
	CU_ASSERT_TRUE(verdict_is(HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN));
	CU_ASSERT_EQUAL(alternative(0)->cause, HANGUP_CAUSE_APP_ABORT);
	CU_ASSERT_EQUAL(alternative(1)->cause, HANGUP_CAUSE_UNREAD_DATA);
}

static void a_rival_label_casts_doubt(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED, HANGUP_ACTOR_UNKNOWN, 0.8);
	plan_claim(1, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE, 0.8);
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.8 * 0.75));
	CU_ASSERT_TRUE(close_to(alternative(0)->confidence, 0.4));

	plan[1][0].strength = 0.8 - 0.075; /* half the margin, half the doubt */
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.8 * 0.875));

	plan[1][0].strength = 0.64; /* beyond the margin */
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.8));
}

static void another_cause_of_the_same_label_casts_none(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_UNREAD_DATA, HANGUP_ACTOR_SERVER, 0.8);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.79);
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.8));
	CU_ASSERT_TRUE(close_to(alternative(0)->confidence, 0.2));
}

static void strength_is_clamped(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, INFINITY);
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->strength, 1));
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 1));
}

static void add_evidence_and_severity(const struct hangup_host *host, struct hangup_claim *claim)
{
	host->evidence(claim, HANGUP_PACKET_FIRST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_STATE, "x", 0, 0);
	host->against(claim, "y", 0, 0);
	host->severity(claim, HANGUP_SEVERITY_HARMLESS);
}

static void what_makes_no_sense_is_forgotten(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, 1);
	plan_more(0, add_evidence_and_severity);
	plan_claim(0, HANGUP_LABEL_COUNT, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, 1);
	plan_claim(0, (enum hangup_label)1000, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, 1);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_COUNT, HANGUP_ACTOR_CLIENT, 1);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_COUNT, 1);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, NAN);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, 0);
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, -1);
	plan_more(0, add_evidence_and_severity);
	judge();
	CU_ASSERT_TRUE(verdict_is(HANGUP_LABEL_UNDETERMINED, HANGUP_CAUSE_UNKNOWN_TOO_LITTLE));
	CU_ASSERT_EQUAL(judged.claims_dropped, 8);
	CU_ASSERT_EQUAL(judged.claims_len, 1);
}

static void a_label_the_descriptor_does_not_name_is_forgotten(void)
{
	struct hangup_rule only_rst = planned_rules[0];

	only_rst.name = "only-rst";
	only_rst.labels = 1u << HANGUP_LABEL_RST;
	begin();
	CU_ASSERT_TRUE(rule_set_add(set, &only_rst, NULL, NULL));
	plan_claim(0, HANGUP_LABEL_LOCAL_ABORT, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_CLIENT, 0.9);
	judge();
	CU_ASSERT_EQUAL(judged.claims_len, 1); /* the one of "first", which may */
	CU_ASSERT_EQUAL(judged.claims_dropped, 1);
	rule_set_free(set);
	set = NULL;
}

static void claims_beyond_the_limit_are_forgotten(void)
{
	begin();
	for (size_t i = 0; i < CASE_CLAIMS_MAX + 5; i++)
		plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.5);
	plan_claim(1, HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_SERVER, 0.9);
	plan_more(1, add_evidence_and_severity);
	judge();
	CU_ASSERT_EQUAL(judged.claims_len, CASE_CLAIMS_MAX);
	CU_ASSERT_EQUAL(judged.claims_dropped, 6);
	CU_ASSERT_EQUAL(judged.order_len, 1);
	CU_ASSERT_TRUE(verdict_is(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT));
}

static void severity_is_the_causes_unless_overridden(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.9);
	judge();
	CU_ASSERT_EQUAL(case_verdict(&judged)->severity, HANGUP_SEVERITY_ABNORMAL);
	plan_more(0, add_evidence_and_severity);
	judge();
	CU_ASSERT_EQUAL(case_verdict(&judged)->severity, HANGUP_SEVERITY_HARMLESS);
}

static void odd_severity_and_evidence(const struct hangup_host *host, struct hangup_claim *claim)
{
	host->severity(claim, HANGUP_SEVERITY_COUNT);
	host->evidence(claim, HANGUP_PACKET_COUNT, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_STATE, "x", 0, 0);
	host->evidence(claim, HANGUP_PACKET_FIRST, HANGUP_CLIENT, HANGUP_LEVEL_COUNT, HANGUP_FACT_STATE, "x", 0, 0);
	host->evidence(claim, HANGUP_PACKET_FIRST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_COUNT, "x", 0, 0);
	host->evidence(claim, HANGUP_PACKET_FIRST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_STATE, NULL, 0, 0);
	host->against(claim, NULL, 0, 0);
	CU_ASSERT_TRUE(host->threshold(claim->owner, 0) == 42);
	CU_ASSERT_TRUE(host->threshold(claim->owner, 1) == 0);
}

static void evidence_outside_the_vocabulary_is_forgotten(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.9);
	plan_more(0, odd_severity_and_evidence);
	judge();
	CU_ASSERT_EQUAL(case_verdict(&judged)->severity, HANGUP_SEVERITY_ABNORMAL);
	CU_ASSERT_EQUAL(case_verdict(&judged)->evidence_len, 0);
	CU_ASSERT_EQUAL(case_verdict(&judged)->against_len, 0);
}

static void say(const struct hangup_host *host, struct hangup_claim *claim, enum hangup_packet_role role,
                const char *text, int64_t a)
{
	host->evidence(claim, role, HANGUP_SERVER, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_FINS, text, a, 0);
}

static void jumbled_evidence(const struct hangup_host *host, struct hangup_claim *claim)
{
	say(host, claim, HANGUP_PACKET_ICMP, "no packet", 0);
	say(host, claim, HANGUP_PACKET_RST, "rst", 0);
	say(host, claim, HANGUP_PACKET_FIN, "fin", 0);
	say(host, claim, HANGUP_PACKET_FIN, "fin again", 0);
	say(host, claim, HANGUP_PACKET_RST, "rst", 0);       /* the same */
	say(host, claim, HANGUP_PACKET_LAST_SENT, "rst", 0); /* the same packet in another role */
	say(host, claim, HANGUP_PACKET_RST, "rst", 1);       /* another number */
	say(host, claim, HANGUP_PACKET_FIRST, "first", 0);
	say(host, claim, HANGUP_PACKET_ICMP, "no packet", 0);
}

static void evidence_is_in_packet_order_and_said_once(void)
{
	static const struct {
		uint64_t packet;
		const char *text;
	} wanted[] = {{1, "first"}, {5, "fin"}, {5, "fin again"}, {9, "rst"}, {9, "rst"}, {0, "no packet"}};
	const struct hangup_claim *verdict = &judged.claims[0];

	begin();
	facts.packet[HANGUP_PACKET_FIRST][HANGUP_CLIENT].number = 1;
	facts.packet[HANGUP_PACKET_FIN][HANGUP_SERVER].number = 5;
	facts.packet[HANGUP_PACKET_RST][HANGUP_SERVER].number = 9;
	facts.packet[HANGUP_PACKET_LAST_SENT][HANGUP_SERVER].number = 9;
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.9);
	plan_more(0, jumbled_evidence);
	judge();
	CU_ASSERT_EQUAL_FATAL(verdict->evidence_len, G_N_ELEMENTS(wanted));
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
		CU_ASSERT_EQUAL(verdict->evidence[i].packet.number, wanted[i].packet);
		CU_ASSERT_STRING_EQUAL(verdict->evidence[i].text.template, wanted[i].text);
	}
}

static void much_evidence(const struct hangup_host *host, struct hangup_claim *claim)
{
	for (int64_t i = 0; i < CLAIM_EVIDENCE_MAX + 5; i++) {
		say(host, claim, HANGUP_PACKET_FIN, "one of many", i);
		host->against(claim, "one of many", i, 0);
	}
}

static void evidence_is_bounded(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.9);
	plan_more(0, much_evidence);
	judge();
	CU_ASSERT_EQUAL(case_verdict(&judged)->evidence_len, CLAIM_EVIDENCE_MAX);
	CU_ASSERT_EQUAL(case_verdict(&judged)->evidence[0].text.a, 0);
	CU_ASSERT_EQUAL(case_verdict(&judged)->against_len, CLAIM_AGAINST_MAX);
}

static void first_words(const struct hangup_host *host, struct hangup_claim *claim)
{
	say(host, claim, HANGUP_PACKET_FIN, "shared", 0);
	say(host, claim, HANGUP_PACKET_FIN, "of the first", 0);
}

static void second_words(const struct hangup_host *host, struct hangup_claim *claim)
{
	say(host, claim, HANGUP_PACKET_FIN, "shared", 0);
	say(host, claim, HANGUP_PACKET_FIN, "of the second", 0);
	host->against(claim, "a doubt", 0, 0);
}

static void two_rules_that_agree_are_one_answer(void)
{
	begin();
	plan_claim(0, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.7);
	plan_more(0, first_words);
	plan_claim(1, HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER, 0.9);
	plan_more(1, second_words);
	judge();
	CU_ASSERT_EQUAL(judged.order_len, 1);
	CU_ASSERT_EQUAL(judged.claims_len, 2);
	CU_ASSERT_STRING_EQUAL(case_verdict(&judged)->rule->name, "second");
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.9));
	CU_ASSERT_EQUAL(case_verdict(&judged)->evidence_len, 3);
	CU_ASSERT_EQUAL(case_verdict(&judged)->against_len, 1);

	plan[0][0].actor = HANGUP_ACTOR_CLIENT; /* says somebody else did it: its evidence is not the verdict's */
	judge();
	CU_ASSERT_EQUAL(judged.order_len, 1);
	CU_ASSERT_EQUAL(case_verdict(&judged)->evidence_len, 2);
}

static double confidence_of(enum hangup_label label, enum hangup_cause cause, enum hangup_actor actor)
{
	plan_len[0] = 0;
	plan_claim(0, label, cause, actor, 0.8);
	judge();
	return case_verdict(&judged)->confidence / 0.8;
}

static void the_captures_defects_are_taken_off(void)
{
	begin();
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER), 1));
	know(HANGUP_FACT_CAPTURE_LOSS, 1);
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER), 0.8));
	know(HANGUP_FACT_ONE_WAY, 1);
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER), 0.48));

	begin();
	know(HANGUP_FACT_CLIENT_KNOWN, 0);
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER), 0.95));
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_ORDERLY_CLOSE, HANGUP_CAUSE_CLOSE_FIN, HANGUP_ACTOR_NONE), 1));
}

static void the_vantage_matters_where_the_label_depends_on_it(void)
{
	begin();
	know(HANGUP_FACT_VANTAGE, HANGUP_VANTAGE_UNKNOWN);
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER), 0.85));
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_REFUSED, HANGUP_ACTOR_SERVER), 1));
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RETRANSMIT_TIMEOUT, HANGUP_CAUSE_TIMEOUT_DATA,
	                                      HANGUP_ACTOR_PATH), 1));
}

static void a_bad_capture_is_no_doubt_about_doubt(void)
{
	begin();
	know(HANGUP_FACT_ONE_WAY, 1);
	plan_claim(0, HANGUP_LABEL_UNDETERMINED, HANGUP_CAUSE_UNKNOWN_ONE_WAY, HANGUP_ACTOR_UNKNOWN, 0.6);
	plan_claim(1, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_HALF_CLOSED, HANGUP_ACTOR_SERVER, 0.7);
	judge();
	CU_ASSERT_TRUE(verdict_is(HANGUP_LABEL_UNDETERMINED, HANGUP_CAUSE_UNKNOWN_ONE_WAY));
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.6));
}

static void the_engines_thresholds_can_be_set(void)
{
	begin();
	CU_ASSERT_TRUE(rule_set_override(set, "engine.one-way=0.5", NULL));
	CU_ASSERT_TRUE(rule_set_override(set, "engine.no-claim=0.2", NULL));
	know(HANGUP_FACT_ONE_WAY, 1);
	CU_ASSERT_TRUE(close_to(confidence_of(HANGUP_LABEL_RST, HANGUP_CAUSE_APP_ABORT, HANGUP_ACTOR_SERVER), 0.5));
	plan_len[0] = 0;
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.2));
}

static void no_margin_no_doubt(void)
{
	begin();
	CU_ASSERT_TRUE(rule_set_override(set, "engine.rival-margin=0", NULL));
	plan_claim(0, HANGUP_LABEL_MISSING_FIN, HANGUP_CAUSE_VANISHED, HANGUP_ACTOR_UNKNOWN, 0.8);
	plan_claim(1, HANGUP_LABEL_STILL_OPEN, HANGUP_CAUSE_OPEN_IDLE, HANGUP_ACTOR_NONE, 0.8);
	judge();
	CU_ASSERT_TRUE(close_to(case_verdict(&judged)->confidence, 0.8));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nobody claims", nobody_claims},
		{"the stronger wins", the_stronger_wins},
		{"alternatives share what the verdict leaves", alternatives_share_what_the_verdict_leaves},
		{"ties go to the earlier label, then cause", ties_go_to_the_earlier_label_then_cause},
		{"a rival label casts doubt", a_rival_label_casts_doubt},
		{"another cause of the same label casts none", another_cause_of_the_same_label_casts_none},
		{"strength is clamped", strength_is_clamped},
		{"what makes no sense is forgotten", what_makes_no_sense_is_forgotten},
		{"a label the descriptor does not name is forgotten", a_label_the_descriptor_does_not_name_is_forgotten},
		{"claims beyond the limit are forgotten", claims_beyond_the_limit_are_forgotten},
		{"severity is the cause's unless overridden", severity_is_the_causes_unless_overridden},
		{"evidence outside the vocabulary is forgotten", evidence_outside_the_vocabulary_is_forgotten},
		{"evidence is in packet order and said once", evidence_is_in_packet_order_and_said_once},
		{"evidence is bounded", evidence_is_bounded},
		{"two rules that agree are one answer", two_rules_that_agree_are_one_answer},
		{"the capture's defects are taken off", the_captures_defects_are_taken_off},
		{"the vantage matters where the label depends on it", the_vantage_matters_where_the_label_depends_on_it},
		{"a bad capture is no doubt about doubt", a_bad_capture_is_no_doubt_about_doubt},
		{"the engine's thresholds can be set", the_engines_thresholds_can_be_set},
		{"no margin, no doubt", no_margin_no_doubt},
		CU_TEST_INFO_NULL,
	};
	const int status = unit_main("engine", tests);

	rule_set_free(set);
	return status;
}
