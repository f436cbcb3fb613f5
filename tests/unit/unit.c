/* CU_basic_run_tests() says 0 even when assertions failed: the number of failures is what counts. */
#include "tests/unit/unit.h"

#include <CUnit/Basic.h>

int unit_main(const char *suite, CU_TestInfo *tests)
{
	CU_SuiteInfo suites[] = {{.pName = suite, .pTests = tests}, CU_SUITE_INFO_NULL};
	unsigned run, failures;

	if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
		return 2;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	run = CU_get_number_of_tests_run();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures > 0 || run == 0;
}
