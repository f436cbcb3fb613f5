/* Sizes as people write them, and what is none. */
#include "cli/size_argument.h"

#include "tests/unit/unit.h"

static void is_size(const char *text, uint64_t bytes)
{
	uint64_t size = 0;

	CU_ASSERT_TRUE(size_argument_parse(text, &size, NULL));
	CU_ASSERT_EQUAL(size, bytes);
}

static void is_none(const char *text)
{
	g_autoptr(GError) error = NULL;
	uint64_t size = 7;

	CU_ASSERT_FALSE(size_argument_parse(text, &size, &error));
	CU_ASSERT_TRUE(g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE));
	CU_ASSERT_EQUAL(size, 7);
}

static void sizes(void)
{
	is_size("1", 1);
	is_size("4096", 4096);
	is_size("64k", 65536);
	is_size("512M", UINT64_C(512) << 20);
	is_size("2G", UINT64_C(2) << 30);
	is_size("4194304T", UINT64_C(1) << 62);
}

static void no_sizes(void)
{
	static const char *const texts[] = {"", "0", "0G", "G", "-1", "+1", " 1", "1 G", "1GB", "1.5G", "0x10", "4194305T",
	                                    "99999999999999999999", "ten"};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		is_none(texts[i]);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"sizes", sizes},
		{"no sizes", no_sizes},
		CU_TEST_INFO_NULL,
	};

	return unit_main("sizes on the command line", tests);
}
