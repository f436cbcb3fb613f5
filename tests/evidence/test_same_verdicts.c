/* Of every sample: the evidence, read again, is judged as the sample was; so it is with invented addresses, which by
 * themselves change no verdict either. */
#include "tests/evidence/handing_on.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "rules/host/vocabulary.h"
#include "tests/unit/every_capture.h"
#include "tests/unit/unit.h"

struct comparison {
	struct anonymizer *anonymizer; /* or NULL */
	size_t compared, differ;
};

static bool is_same_verdict(const struct judged *a, const struct judged *b)
{
	return a->label == b->label && a->cause == b->cause && a->actor == b->actor && a->severity == b->severity;
}

/* The same connection: its number is another one among fewer. */
static const struct judged *find(const GArray *all, const struct judged *wanted)
{
	for (guint i = 0; i < all->len; i++) {
		const struct judged *j = &g_array_index(all, struct judged, i);

		if (j->start_ns == wanted->start_ns && memcmp(j->port, wanted->port, sizeof(j->port)) == 0)
			return j;
	}
	return NULL;
}

static void complain(struct comparison *c, const char *path, const struct judged *was, const struct judged *is)
{
	c->differ++;
	printf("\n%s, connection %u: was %s/%s by %s, is %s/%s by %s", path, (unsigned)was->id, label_name(was->label),
	       cause_name(was->cause), actor_name(was->actor), is ? label_name(is->label) : "not",
	       is ? cause_name(is->cause) : "there", is ? actor_name(is->actor) : "nobody");
}

static void compare_evidence(const char *path, void *user)
{
	struct comparison *c = user;
	g_autoptr(GByteArray) evidence = handing_on_evidence(path, c->anonymizer, 0);
	g_autofree char *saved = handing_on_save(evidence);
	g_autoptr(GArray) before = handing_on_judge(path, NULL), after = handing_on_judge(saved, NULL);

	g_unlink(saved);
	for (guint i = 0; i < before->len; i++) {
		const struct judged *was = &g_array_index(before, struct judged, i);
		const struct judged *is = find(after, was);

		if (was->severity != HANGUP_SEVERITY_ABNORMAL)
			continue;
		c->compared++;
		if (!is || !is_same_verdict(was, is))
			complain(c, path, was, is);
	}
}

static void compare_anonymous(const char *path, void *user)
{
	struct comparison *c = user;
	g_autoptr(GArray) before = handing_on_judge(path, NULL), after = handing_on_judge(path, c->anonymizer);

	CU_ASSERT_EQUAL(before->len, after->len);
	for (guint i = 0; i < MIN(before->len, after->len); i++) {
		const struct judged *was = &g_array_index(before, struct judged, i);

		c->compared++;
		if (!is_same_verdict(was, &g_array_index(after, struct judged, i)))
			complain(c, path, was, &g_array_index(after, struct judged, i));
	}
}

static void over_all(every_capture_fn compare, const char *key)
{
	struct comparison c = {0};

	if (key)
		c.anonymizer = anonymizer_new((const uint8_t *)key, strlen(key));
	every_capture(compare, &c);
	printf("(%u connections) ", (unsigned)c.compared);
	CU_ASSERT_TRUE(c.compared > 100);
	CU_ASSERT_EQUAL(c.differ, 0);
	anonymizer_free(c.anonymizer);
}

static void test_evidence(void)
{
	over_all(compare_evidence, NULL);
}

static void test_anonymous_evidence(void)
{
	over_all(compare_evidence, "a key that tests may know");
}

static void test_anonymous(void)
{
	over_all(compare_anonymous, "a key that tests may know");
	over_all(compare_anonymous, "another key that they may");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"evidence", test_evidence},
		{"evidence with invented addresses", test_anonymous_evidence},
		{"invented addresses", test_anonymous},
		CU_TEST_INFO_NULL,
	};

	g_unsetenv("HANGUP_FOREIGN_CAPTURES"); /* what is in those, nobody promises */
	return unit_main("evidence: same verdicts", tests);
}
