/* Key files and single settings change thresholds, the later one wins, and what is wrong is said. */
#include "rules/host/rule_set.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	(void)host;
	(void)c;
}

static const struct hangup_threshold thresholds[] = {
	{"idle", "s", 60, "how long"},
	{"loss_max", "ratio", 0.5, "how much"},
};
static const struct hangup_rule example = {
	HANGUP_RULE_ABI, .name = "example", .help = "An example.", .labels = 1u << HANGUP_LABEL_RST,
	.thresholds_count = G_N_ELEMENTS(thresholds), .thresholds = thresholds, .judge = judge,
};
static const struct hangup_rule bare = {
	HANGUP_RULE_ABI, .name = "bare", .help = "Without thresholds.", .labels = 1u << HANGUP_LABEL_RST, .judge = judge,
};

static struct rule_set *set;
static char *key_file;

static void begin(void)
{
	rule_set_free(set);
	set = rule_set_new();
	CU_ASSERT_TRUE_FATAL(rule_set_add(set, &example, NULL, NULL));
	CU_ASSERT_TRUE_FATAL(rule_set_add(set, &bare, NULL, NULL));
}

static double value(size_t index)
{
	return rule_set_find(set, "example")->thresholds[index];
}

static void defaults(void)
{
	begin();
	CU_ASSERT_TRUE(value(0) == 60);
	CU_ASSERT_TRUE(value(1) == 0.5);
}

static void single_settings(void)
{
	begin();
	CU_ASSERT_TRUE(rule_set_override(set, "example.idle=350", NULL));
	CU_ASSERT_TRUE(value(0) == 350);
	CU_ASSERT_TRUE(rule_set_override(set, "example.idle=1.5e2", NULL));
	CU_ASSERT_TRUE(value(0) == 150);
	CU_ASSERT_TRUE(rule_set_override(set, "example.loss_max=1", NULL));
	CU_ASSERT_TRUE(value(1) == 1);
	CU_ASSERT_TRUE(thresholds[0].value == 60);
}

static void wrong_single_settings(void)
{
	static const struct {
		const char *setting;
		const char *words;
	} wrong[] = {
		{"", "not of the form RULE.KEY=VALUE"},
		{"example", "not of the form RULE.KEY=VALUE"},
		{"example.idle", "not of the form RULE.KEY=VALUE"},
		{"example=3", "not of the form RULE.KEY=VALUE"},
		{"a=b.c", "not of the form RULE.KEY=VALUE"},
		{"exampel.idle=3", "no rule is named \"exampel\"; there are engine, example, bare"},
		{".idle=3", "no rule is named \"\""},
		{"example.idel=3", "has no threshold \"idel\"; it has idle, loss_max"},
		{"example.=3", "has no threshold \"\""},
		{"bare.idle=3", "it has none"},
		{"example.idle=", "\"\" is not a number"},
		{"example.idle=5s", "\"5s\" is not a number"},
		{"example.idle=1,5", "\"1,5\" is not a number"},
		{"example.idle=five", "\"five\" is not a number"},
		{"example.idle=nan", "finite"},
		{"example.idle=inf", "finite"},
		{"example.idle=1e999", "finite"},
		{"example.idle=-1", "negative"},
		{"example.loss_max=1.01", "a ratio lies between 0 and 1"},
	};

	begin();
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;

		CU_ASSERT_FALSE(rule_set_override(set, wrong[i].setting, &error));
		CU_ASSERT_PTR_NOT_NULL_FATAL(error);
		CU_ASSERT_TRUE(g_error_matches(error, RULE_ERROR, RULE_ERROR_THRESHOLD));
		CU_ASSERT_PTR_NOT_NULL(strstr(error->message, wrong[i].words));
		CU_ASSERT_PTR_NOT_NULL(strstr(error->message, wrong[i].setting));
	}
	CU_ASSERT_TRUE(value(0) == 60);
	CU_ASSERT_TRUE(value(1) == 0.5);
}

static gboolean load(const char *content, GError **error)
{
	CU_ASSERT_TRUE_FATAL(g_file_set_contents(key_file, content, -1, NULL));
	return rule_set_load_key_file(set, key_file, error);
}

static void key_files(void)
{
	begin();
	CU_ASSERT_TRUE(load("", NULL));
	CU_ASSERT_TRUE(load("# nothing\n[example]\n[bare]\n", NULL));
	CU_ASSERT_TRUE(load("[example]\n# a comment\nidle = 350 \nloss_max=0.25\n\n[engine]\none-way = 0.5\n", NULL));
	CU_ASSERT_TRUE(value(0) == 350);
	CU_ASSERT_TRUE(value(1) == 0.25);
	CU_ASSERT_TRUE(rule_set_override(set, "example.idle=20", NULL));
	CU_ASSERT_TRUE(value(0) == 20);
}

static void wrong_key_files(void)
{
	static const struct {
		const char *content;
		const char *words;
	} wrong[] = {
		{"idle = 3\n", "group"},
		{"[example\nidle = 3\n", "["},
		{"[exampel]\nidle = 3\n", "[exampel] no rule is named"},
		{"[example]\nidel = 3\n", "[example] idel: rule example has no threshold"},
		{"[example]\nidle = soon\n", "[example] idle: \"soon\" is not a number"},
		{"[example]\nidle = nan\n", "finite"},
		{"[example]\nloss_max = 2\n", "[example] loss_max: 2 is out of range: a ratio lies between 0 and 1"},
	};

	begin();
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;

		CU_ASSERT_FALSE(load(wrong[i].content, &error));
		CU_ASSERT_PTR_NOT_NULL_FATAL(error);
		CU_ASSERT_TRUE(g_error_matches(error, RULE_ERROR, RULE_ERROR_THRESHOLD));
		CU_ASSERT_TRUE(g_str_has_prefix(error->message, key_file));
		CU_ASSERT_PTR_NOT_NULL(strstr(error->message, wrong[i].words));
	}
	CU_ASSERT_TRUE(value(0) == 60);
}

static void no_such_key_file(void)
{
	g_autoptr(GError) error = NULL;

	begin();
	CU_ASSERT_FALSE(rule_set_load_key_file(set, "/nonexistent/thresholds", &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "/nonexistent/thresholds: "));
	g_clear_error(&error);
	CU_ASSERT_FALSE(rule_set_load_key_file(set, "/", &error));
	CU_ASSERT_PTR_NOT_NULL(error);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"defaults", defaults},
		{"single settings", single_settings},
		{"wrong single settings", wrong_single_settings},
		{"key files", key_files},
		{"wrong key files", wrong_key_files},
		{"no such key file", no_such_key_file},
		CU_TEST_INFO_NULL,
	};
	g_autofree char *folder = g_dir_make_tmp("hangup-XXXXXX", NULL);
	int status;

	key_file = g_build_filename(folder, "thresholds", NULL);
	status = unit_main("rule threshold", tests);
	rule_set_free(set);
	g_remove(key_file);
	g_rmdir(folder);
	g_free(key_file);
	return status;
}
