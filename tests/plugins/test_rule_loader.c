/* Loading from real files: the good plugin is accepted, and each bad one, bad file and bad folder is refused with a
 * sentence that names it, while the rest of its folder goes on. */
#include "rules/host/rule_set.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "rules/host/engine.h"
#include "tests/unit/unit.h"

enum { NOBODY = 65534 }; /* a user and group that is neither root nor us */

static struct rule_set *set;
static char *folder; /* a private one, emptied after every test */

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void empty(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *entry = g_build_filename(path, name, NULL);

		if (g_file_test(entry, G_FILE_TEST_IS_DIR) && !g_file_test(entry, G_FILE_TEST_IS_SYMLINK))
			empty(entry);
		g_remove(entry);
	}
}

static void begin(void)
{
	rule_set_free(set);
	set = rule_set_new();
	CU_ASSERT_EQUAL_FATAL(g_chmod(folder, 0755), 0);
	empty(folder);
}

/* Puts a file with these bytes there, writable by its owner only. */
static char *write_file(const char *name, const char *bytes, gsize bytes_len)
{
	char *path = in_folder(name);

	CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, bytes, (gssize)bytes_len, NULL));
	CU_ASSERT_EQUAL_FATAL(g_chmod(path, 0755), 0);
	return path;
}

/* A copy of a plugin that was built; the path is the caller's to free. */
static char *copy(const char *plugin, const char *name)
{
	g_autofree char *built = g_strdup_printf("%s/%s.so", PLUGINS_FOLDER, plugin);
	g_autofree char *bytes = NULL;
	gsize bytes_len;

	CU_ASSERT_TRUE_FATAL(g_file_get_contents(built, &bytes, &bytes_len, NULL));
	return write_file(name, bytes, bytes_len);
}

static void refused(const char *path, enum rule_error code, const char *words)
{
	const size_t before = rule_set_len(set);
	g_autoptr(GError) error = NULL;

	CU_ASSERT_FALSE(rule_set_add_file(set, path, &error));
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	CU_ASSERT_TRUE(g_error_matches(error, RULE_ERROR, (int)code));
	CU_ASSERT_TRUE(g_str_has_prefix(error->message, folder));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, words));
	CU_ASSERT_EQUAL(rule_set_len(set), before);
}

static void accepted(const char *path)
{
	g_autoptr(GError) error = NULL;

	CU_ASSERT_TRUE(rule_set_add_file(set, path, &error));
	CU_ASSERT_PTR_NULL(error);
}

static void a_good_plugin_judges(void)
{
	static struct hangup_case judged;
	struct facts *facts = g_new0(struct facts, 1);
	g_autofree char *good = NULL;

	begin();
	good = copy("good", "good.so");
	accepted(good);
	CU_ASSERT_EQUAL_FATAL(rule_set_len(set), 2);
	CU_ASSERT_STRING_EQUAL(rule_set_entry(set, 1)->rule->name, "good");
	CU_ASSERT_STRING_EQUAL(rule_set_entry(set, 1)->file, good);
	engine_judge(set, facts, &judged);
	CU_ASSERT_EQUAL(case_verdict(&judged)->cause, HANGUP_CAUSE_INJECTED);
	accepted(good); /* again: the same rule, not another */
	CU_ASSERT_EQUAL(rule_set_len(set), 2);
	g_free(facts);
}

static void the_template_is_a_rule(void)
{
	g_autofree char *template = NULL;

	begin();
	template = copy("template", "template.so");
	accepted(template);
	CU_ASSERT_PTR_NOT_NULL(rule_set_find(set, "max-lifetime"));
}

static void bad_plugins(void)
{
	static const struct {
		const char *plugin;
		enum rule_error code;
		const char *words;
	} bad[] = {
		{"bad_major", RULE_ERROR_ABI, "built for rule ABI 2.0, wanted major 1"},
		{"bad_minor", RULE_ERROR_ABI, "built for rule ABI 1.3, wanted at most 1.2"},
		{"bad_short", RULE_ERROR_ABI, "its descriptor says it has"},
		{"bad_symbol", RULE_ERROR_SYMBOL, "exports no symbol hangup_rule"},
		{"bad_name", RULE_ERROR_DESCRIPTOR, "has no name"},
		{"bad_judge", RULE_ERROR_DESCRIPTOR, "rule bad-judge has no judge"},
		{"bad_duplicate", RULE_ERROR_DESCRIPTOR, "rule good is already there, from "},
		{"bad_undefined", RULE_ERROR_LOAD, "hangup_has_no_such_function"},
	};
	g_autofree char *good = NULL;

	begin();
	good = copy("good", "good.so");
	accepted(good);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *path = copy(bad[i].plugin, "bad.so");

		refused(path, bad[i].code, bad[i].words);
	}
}

static void what_is_no_shared_object(void)
{
	g_autofree char *text = NULL, *nothing = NULL, *cut = NULL, *subfolder = NULL, *pipe_path = NULL, *absent = NULL;

	begin();
	text = write_file("text.so", "not an object\n", 14);
	refused(text, RULE_ERROR_LOAD, "wanted a shared object");
	nothing = write_file("nothing.so", "", 0);
	refused(nothing, RULE_ERROR_LOAD, "wanted a shared object");
	cut = copy("good", "cut.so");
	CU_ASSERT_EQUAL(truncate(cut, 100), 0);
	refused(cut, RULE_ERROR_LOAD, "wanted a shared object");
	subfolder = in_folder("folder.so");
	CU_ASSERT_EQUAL(g_mkdir(subfolder, 0755), 0);
	refused(subfolder, RULE_ERROR_FILE, "is a folder, wanted a regular file");
	pipe_path = in_folder("pipe.so");
	CU_ASSERT_EQUAL(mkfifo(pipe_path, 0644), 0);
	refused(pipe_path, RULE_ERROR_FILE, "is a pipe or device, wanted a regular file");
	absent = in_folder("absent.so");
	refused(absent, RULE_ERROR_FILE, "No such file");
}

static void files_that_others_may_write_to(void)
{
	g_autofree char *good = NULL;

	begin();
	good = copy("good", "good.so");
	CU_ASSERT_EQUAL(g_chmod(good, 0777), 0);
	refused(good, RULE_ERROR_FILE, "everybody may write to this file (mode 0777)");
	CU_ASSERT_EQUAL(g_chmod(good, 0702), 0);
	refused(good, RULE_ERROR_FILE, "everybody may write to this file (mode 0702)");
}

static void folders_that_others_may_write_to(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *good = NULL;

	begin();
	good = copy("good", "good.so");
	CU_ASSERT_EQUAL(g_chmod(folder, 0777), 0);
	refused(good, RULE_ERROR_FOLDER, "everybody may write to this folder (mode 0777)");
	CU_ASSERT_EQUAL(g_chmod(folder, 01777), 0); /* sticky: others may still add files */
	CU_ASSERT_FALSE(rule_set_add_folder(set, folder, NULL, NULL, &error));
	CU_ASSERT_TRUE(g_error_matches(error, RULE_ERROR, RULE_ERROR_FOLDER));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "everybody may write to this folder (mode 1777)"));
	CU_ASSERT_EQUAL(rule_set_len(set), 1);
}

/* Only root can give files away, so only root can test this. */
static void files_of_others(void)
{
	g_autofree char *good = NULL;

	begin();
	if (geteuid() != 0)
		return;
	good = copy("good", "good.so");
	CU_ASSERT_EQUAL(chown(good, NOBODY, 0), 0);
	refused(good, RULE_ERROR_FILE, "file belongs to user 65534, wanted root or you (user 0)");
	CU_ASSERT_EQUAL(chown(good, 0, NOBODY), 0);
	CU_ASSERT_EQUAL(g_chmod(good, 0775), 0);
	refused(good, RULE_ERROR_FILE, "group 65534 may write to this file (mode 0775)");
	CU_ASSERT_EQUAL(chown(good, 0, 0), 0);
	CU_ASSERT_EQUAL(chown(folder, NOBODY, 0), 0);
	refused(good, RULE_ERROR_FOLDER, "folder belongs to user 65534");
	CU_ASSERT_EQUAL(chown(folder, 0, 0), 0);
	CU_ASSERT_EQUAL(g_chmod(good, 0775), 0); /* root's group may */
	accepted(good);
}

static void links_are_judged_by_where_they_lead(void)
{
	g_autofree char *good = NULL, *link = NULL, *open_folder = NULL, *open_good = NULL, *open_link = NULL, *loop = NULL;

	begin();
	good = copy("good", "good.so.1");
	link = in_folder("good.so");
	CU_ASSERT_EQUAL(symlink("good.so.1", link), 0);
	CU_ASSERT_EQUAL(g_chmod(good, 0777), 0);
	refused(link, RULE_ERROR_FILE, "good.so.1: everybody may write to this file");
	CU_ASSERT_EQUAL(g_chmod(good, 0755), 0);
	accepted(link);
	CU_ASSERT_STRING_EQUAL(rule_set_entry(set, 1)->file, good);

	open_folder = in_folder("open");
	CU_ASSERT_EQUAL(g_mkdir(open_folder, 0755), 0);
	open_good = copy("template", "open/template.so");
	CU_ASSERT_EQUAL(g_chmod(open_folder, 0777), 0);
	open_link = in_folder("template.so");
	CU_ASSERT_EQUAL(symlink("open/template.so", open_link), 0);
	refused(open_link, RULE_ERROR_FOLDER, "everybody may write to this folder");

	loop = in_folder("loop.so");
	CU_ASSERT_EQUAL(symlink("loop.so", loop), 0);
	refused(loop, RULE_ERROR_FILE, "loop.so: cannot open");
}

static void collect(const GError *why, void *user)
{
	g_ptr_array_add(user, g_strdup(why->message));
}

static void a_folder_goes_on_without_the_refused(void)
{
	g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *good = NULL, *major = NULL, *text = NULL, *notes = NULL, *hidden = NULL, *open_file = NULL;

	begin();
	good = copy("good", "m.so");
	major = copy("bad_major", "a.so");
	text = write_file("z.so", "not an object\n", 14);
	notes = write_file("README", "not called like a plugin\n", 25);
	hidden = write_file(".hidden.so", "left alone\n", 11);
	open_file = copy("template", "o.so");
	CU_ASSERT_EQUAL(g_chmod(open_file, 0666), 0);
	CU_ASSERT_TRUE(rule_set_add_folder(set, folder, collect, sentences, NULL));
	CU_ASSERT_EQUAL(rule_set_len(set), 2);
	CU_ASSERT_PTR_NOT_NULL(rule_set_find(set, "good"));
	CU_ASSERT_EQUAL_FATAL(sentences->len, 3);
	CU_ASSERT_TRUE(g_str_has_prefix(sentences->pdata[0], major));
	CU_ASSERT_TRUE(g_str_has_prefix(sentences->pdata[1], open_file));
	CU_ASSERT_TRUE(g_str_has_prefix(sentences->pdata[2], text));

	CU_ASSERT_TRUE(rule_set_add_folder(set, folder, NULL, NULL, NULL)); /* nobody need listen */
	CU_ASSERT_EQUAL(rule_set_len(set), 2);
}

static void folders_that_are_none(void)
{
	g_autofree char *file = NULL, *absent = NULL;
	g_autoptr(GError) error = NULL;

	begin();
	file = write_file("file", "", 0);
	CU_ASSERT_FALSE(rule_set_add_folder(set, file, NULL, NULL, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "Not a directory"));
	g_clear_error(&error);
	absent = in_folder("absent");
	CU_ASSERT_FALSE(rule_set_add_folder(set, absent, NULL, NULL, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, "No such file"));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"a good plugin judges", a_good_plugin_judges},
		{"the template is a rule", the_template_is_a_rule},
		{"bad plugins", bad_plugins},
		{"what is no shared object", what_is_no_shared_object},
		{"files that others may write to", files_that_others_may_write_to},
		{"folders that others may write to", folders_that_others_may_write_to},
		{"files of others", files_of_others},
		{"links are judged by where they lead", links_are_judged_by_where_they_lead},
		{"a folder goes on without the refused", a_folder_goes_on_without_the_refused},
		{"folders that are none", folders_that_are_none},
		CU_TEST_INFO_NULL,
	};
	g_autofree char *made = g_dir_make_tmp("hangup-XXXXXX", NULL);
	int status;

	folder = realpath(made, NULL);
	status = unit_main("rule loader", tests);
	rule_set_free(set);
	empty(folder);
	g_rmdir(folder);
	free(folder);
	return status;
}
