/* Each way in which a descriptor can be wrong is refused with a sentence that says so. */
#include "rules/host/rule_set.h"

#include <math.h>
#include <string.h>

#include "tests/unit/unit.h"

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	(void)host;
	(void)c;
}

static const struct hangup_threshold good_thresholds[] = {
	{"idle", "s", 60, "how long"},
	{"loss_max", "ratio", 0.5, "how much"},
};

static const struct hangup_rule good = {
	HANGUP_RULE_ABI,
	.name = "example-2",
	.help = "An example.",
	.labels = 1u << HANGUP_LABEL_RST,
	.thresholds_count = G_N_ELEMENTS(good_thresholds),
	.thresholds = good_thresholds,
	.judge = judge,
};

static void accepted(const struct hangup_rule *rule)
{
	struct rule_set *set = rule_set_new();
	g_autoptr(GError) error = NULL;

	CU_ASSERT_TRUE(rule_set_add(set, rule, "some/file.so", &error));
	CU_ASSERT_PTR_NULL(error);
	CU_ASSERT_EQUAL(rule_set_len(set), 2);
	rule_set_free(set);
}

static void refused(const struct hangup_rule *rule, enum rule_error code, const char *words)
{
	struct rule_set *set = rule_set_new();
	g_autoptr(GError) error = NULL;

	CU_ASSERT_FALSE(rule_set_add(set, rule, "some/file.so", &error));
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	CU_ASSERT_TRUE(g_error_matches(error, RULE_ERROR, (int)code));
	CU_ASSERT_TRUE(g_str_has_prefix(error->message, "some/file.so: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, words));
	CU_ASSERT_EQUAL(rule_set_len(set), 1);
	rule_set_free(set);
}

static void a_good_one(void)
{
	struct hangup_rule rule = good;

	accepted(&rule);
	rule.thresholds_count = 0;
	rule.thresholds = NULL;
	accepted(&rule);
}

static void versions(void)
{
	struct hangup_rule rule = good;

	rule.major = HANGUP_RULE_ABI_MAJOR + 1;
	refused(&rule, RULE_ERROR_ABI, "built for rule ABI 2.2, wanted major 1");
	rule = good;
	rule.major = 0;
	refused(&rule, RULE_ERROR_ABI, "wanted major 1");
	rule = good;
	rule.minor = HANGUP_RULE_ABI_MINOR + 1;
	refused(&rule, RULE_ERROR_ABI, "built for rule ABI 1.3, wanted at most 1.2");
	rule = good;
	rule.size = sizeof rule + 64; /* a later minor may have grown and this plugin kept to the older */
	accepted(&rule);
}

static void sizes(void)
{
	struct hangup_rule rule = good;

	rule.size = sizeof rule - 1;
	refused(&rule, RULE_ERROR_ABI, "at least");
	rule.size = 0;
	refused(&rule, RULE_ERROR_ABI, "says it has 0 bytes");
	rule.size = 4;
	rule.major = 77; /* not to be believed when it is not there */
	refused(&rule, RULE_ERROR_ABI, "says it has 4 bytes");
}

static void names(void)
{
	static const char *const bad[] = {NULL,  "",    "Upper", "1st", "-x",  "a b",
	                                  "a.b", "a=b", "a_b",   "a\n", "[a]", "\xc3\xa4"};
	struct hangup_rule rule = good;
	char longest[66];

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		rule.name = bad[i];
		refused(&rule, RULE_ERROR_DESCRIPTOR, "no name");
	}
	memset(longest, 'a', sizeof longest);
	longest[65] = '\0';
	rule.name = longest;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "no name");
	rule.name = longest + 1;
	accepted(&rule);
}

static void help_and_judge(void)
{
	struct hangup_rule rule = good;

	rule.help = NULL;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "no help");
	rule.help = "";
	refused(&rule, RULE_ERROR_DESCRIPTOR, "no help");
	rule = good;
	rule.judge = NULL;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "no judge");
}

static void labels(void)
{
	struct hangup_rule rule = good;

	rule.labels = 0;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "label set 0x0");
	rule.labels = 1u << HANGUP_LABEL_COUNT;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "label set");
	rule.labels = (1u << HANGUP_LABEL_COUNT) - 1;
	accepted(&rule);
}

static void thresholds(void)
{
	static const struct {
		struct hangup_threshold threshold;
		const char *words;
	} bad[] = {
		{{NULL, "s", 1, "help"}, "no name of its own"},
		{{"Idle", "s", 1, "help"}, "no name of its own"},
		{{"a.b", "s", 1, "help"}, "no name of its own"},
		{{"idle", "s", 1, "help"}, "no name of its own"}, /* taken by the one before it */
		{{"other", NULL, 1, "help"}, "no unit or no help"},
		{{"other", "", 1, "help"}, "no unit or no help"},
		{{"other", "s", 1, NULL}, "no unit or no help"},
		{{"other", "s", 1, ""}, "no unit or no help"},
		{{"other", "s", NAN, "help"}, "finite"},
		{{"other", "s", INFINITY, "help"}, "finite"},
		{{"other", "s", -1, "help"}, "negative"},
		{{"other", "ratio", 1.5, "help"}, "between 0 and 1"},
	};
	struct hangup_threshold two[2] = {good_thresholds[0]};
	struct hangup_rule rule = good;

	rule.thresholds = two;
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		two[1] = bad[i].threshold;
		refused(&rule, RULE_ERROR_DESCRIPTOR, bad[i].words);
	}
	rule.thresholds = NULL;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "says it has 2 thresholds");
	rule = good;
	rule.thresholds_count = UINT32_MAX;
	refused(&rule, RULE_ERROR_DESCRIPTOR, "thresholds");
}

static void names_are_taken_once(void)
{
	struct rule_set *set = rule_set_new();
	struct hangup_rule engine = good;
	g_autoptr(GError) error = NULL;

	CU_ASSERT_TRUE(rule_set_add(set, &good, "a.so", NULL));
	CU_ASSERT_TRUE(rule_set_add(set, &good, "a.so", NULL)); /* the same file again */
	CU_ASSERT_EQUAL(rule_set_len(set), 2);
	CU_ASSERT_FALSE(rule_set_add(set, &good, "b.so", &error));
	CU_ASSERT_STRING_EQUAL(error->message, "b.so: rule example-2 is already there, from a.so; rename one");
	g_clear_error(&error);
	CU_ASSERT_FALSE(rule_set_add(set, &good, NULL, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "built in: rule example-2"));
	g_clear_error(&error);
	engine.name = "engine";
	CU_ASSERT_FALSE(rule_set_add(set, &engine, "c.so", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "hangup itself"));
	CU_ASSERT_EQUAL(rule_set_len(set), 2);
	rule_set_free(set);
}

static void the_set_lists_its_rules(void)
{
	struct rule_set *set = rule_set_new();

	CU_ASSERT_TRUE(rule_set_add(set, &good, "a.so", NULL));
	CU_ASSERT_STRING_EQUAL(rule_set_entry(set, 0)->rule->name, "engine");
	CU_ASSERT_PTR_EQUAL(rule_set_entry(set, 1)->rule, &good);
	CU_ASSERT_STRING_EQUAL(rule_set_entry(set, 1)->file, "a.so");
	CU_ASSERT_PTR_EQUAL(rule_set_find(set, "example-2"), rule_set_entry(set, 1));
	CU_ASSERT_PTR_NULL(rule_set_find(set, "example"));
	rule_set_free(set);
	rule_set_free(NULL);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"a good one", a_good_one},
		{"versions", versions},
		{"sizes", sizes},
		{"names", names},
		{"help and judge", help_and_judge},
		{"labels", labels},
		{"thresholds", thresholds},
		{"names are taken once", names_are_taken_once},
		{"the set lists its rules", the_set_lists_its_rules},
		CU_TEST_INFO_NULL,
	};

	return unit_main("rule descriptor", tests);
}
