/* The main function of a unit test:
 *
 *     int main(void)
 *     {
 *         static CU_TestInfo tests[] = {{"short name", function}, CU_TEST_INFO_NULL};
 *
 *         return unit_main("what is tested", tests);
 *     }
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <CUnit/CUnit.h>

/* Runs all of them and returns the exit status: 0 only when every assertion of at least one test held. */
int unit_main(const char *suite, CU_TestInfo *tests);

#endif
