/* The bounded reader: what it reads, what it refuses, and that it stays refused. */
#include "capture/cursor.h"

#include "tests/unit/unit.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09 };

static void test_numbers(void)
{
	struct cursor c = cursor_new(bytes, sizeof(bytes), sizeof(bytes));
	CU_ASSERT_EQUAL(cursor_u8(&c), 0x01);
	CU_ASSERT_EQUAL(cursor_u16be(&c), 0x0203);
	CU_ASSERT_EQUAL(cursor_u32be(&c), 0x04050607);
	CU_ASSERT_EQUAL(cursor_u16(&c, ORDER_LITTLE), 0x0908);
	CU_ASSERT_TRUE(cursor_ok(&c));
	CU_ASSERT_EQUAL(c.left, 0);
	c = cursor_new(bytes, sizeof(bytes), 0);
	CU_ASSERT_EQUAL(cursor_u64(&c, ORDER_BIG), 0x0102030405060708);
	c = cursor_new(bytes, sizeof(bytes), 0);
	CU_ASSERT_EQUAL(cursor_u64(&c, ORDER_LITTLE), 0x0807060504030201);
	c = cursor_new(bytes, sizeof(bytes), 0);
	CU_ASSERT_EQUAL(cursor_u32(&c, ORDER_LITTLE), 0x04030201);
}

static void test_truncated_is_not_invalid(void)
{
	struct cursor c = cursor_new(bytes, 3, 9); /* three of nine bytes were captured */
	CU_ASSERT_EQUAL(cursor_u32be(&c), 0);
	CU_ASSERT_EQUAL(c.status, CURSOR_TRUNCATED);
	c = cursor_new(bytes, 3, 3);
	CU_ASSERT_EQUAL(cursor_u32be(&c), 0);
	CU_ASSERT_EQUAL(c.status, CURSOR_INVALID);
	c = cursor_new(bytes, 3, 9);
	CU_ASSERT_PTR_NULL(cursor_take(&c, 10));
	CU_ASSERT_EQUAL(c.status, CURSOR_INVALID);
}

static void test_failure_sticks(void)
{
	struct cursor c = cursor_new(bytes, 4, 9);
	cursor_skip(&c, 5);
	CU_ASSERT_EQUAL(c.status, CURSOR_TRUNCATED);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	cursor_skip(&c, 100);
	cursor_fail(&c, CURSOR_INVALID);
	CU_ASSERT_EQUAL(c.status, CURSOR_TRUNCATED);
	uint8_t copy[2] = { 0xaa, 0xaa };
	cursor_copy(&c, copy, 2);
	CU_ASSERT_EQUAL(copy[0] | copy[1], 0);
	CU_ASSERT_EQUAL(cursor_child(&c, 0).status, CURSOR_TRUNCATED);
}

static void test_huge_lengths(void)
{
	struct cursor c = cursor_new(bytes, sizeof(bytes), sizeof(bytes));
	CU_ASSERT_PTR_NULL(cursor_peek(&c, SIZE_MAX));
	CU_ASSERT_TRUE(cursor_ok(&c));
	CU_ASSERT_PTR_NULL(cursor_take(&c, SIZE_MAX));
	CU_ASSERT_EQUAL(c.status, CURSOR_INVALID);
}

static void test_nothing_to_read(void)
{
	struct cursor c = cursor_new(bytes, 0, 0);
	CU_ASSERT_PTR_NULL(cursor_peek(&c, 1));
	cursor_skip(&c, 0);
	CU_ASSERT_TRUE(cursor_ok(&c));
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	CU_ASSERT_EQUAL(c.status, CURSOR_INVALID);
}

static void test_child_sees_its_part_only(void)
{
	struct cursor c = cursor_new(bytes, sizeof(bytes), sizeof(bytes));
	struct cursor child = cursor_child_u8(&c); /* 01, then one byte: 02 */
	CU_ASSERT_EQUAL(cursor_u8(&child), 0x02);
	CU_ASSERT_EQUAL(cursor_u8(&child), 0);
	CU_ASSERT_EQUAL(child.status, CURSOR_INVALID);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0x03); /* the parent goes on behind it */
	child = cursor_child_u16(&c, ORDER_BIG); /* 0405 bytes are not there */
	CU_ASSERT_EQUAL(child.status, CURSOR_INVALID);
	CU_ASSERT_EQUAL(c.status, CURSOR_INVALID);
}

static void test_child_cut_by_the_snap_length(void)
{
	struct cursor c = cursor_new(bytes, 4, 9);
	struct cursor child = cursor_child(&c, 6);
	CU_ASSERT_EQUAL(child.left, 4);
	CU_ASSERT_EQUAL(child.wire, 6);
	cursor_skip(&child, 5);
	CU_ASSERT_EQUAL(child.status, CURSOR_TRUNCATED);
	CU_ASSERT_TRUE(cursor_ok(&c));
	CU_ASSERT_EQUAL(c.wire, 3);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	CU_ASSERT_EQUAL(c.status, CURSOR_TRUNCATED);
}

static void test_trim(void)
{
	struct cursor c = cursor_new(bytes, 6, 9);
	cursor_trim(&c, 20); /* nothing to drop */
	CU_ASSERT_EQUAL(c.wire, 9);
	cursor_trim(&c, 7);
	CU_ASSERT_EQUAL(c.left, 6);
	CU_ASSERT_EQUAL(c.wire, 7);
	cursor_trim(&c, 2);
	CU_ASSERT_EQUAL(cursor_u16be(&c), 0x0102);
	CU_ASSERT_EQUAL(cursor_u8(&c), 0);
	CU_ASSERT_EQUAL(c.status, CURSOR_INVALID);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "numbers in both byte orders", test_numbers },
		{ "truncated is not invalid", test_truncated_is_not_invalid },
		{ "the first failure sticks", test_failure_sticks },
		{ "huge lengths", test_huge_lengths },
		{ "nothing to read", test_nothing_to_read },
		{ "a child sees its part only", test_child_sees_its_part_only },
		{ "a child cut by the snap length", test_child_cut_by_the_snap_length },
		{ "trim drops the end", test_trim },
		CU_TEST_INFO_NULL,
	};
	return unit_main("cursor", tests);
}
