/* Bytes that end where memory ends: reading one byte more is a crash, not a wrong result. */
#ifndef TESTS_UNIT_GUARD_PAGE_H
#define TESTS_UNIT_GUARD_PAGE_H

#include <stddef.h>
#include <stdint.h>

struct guard_page;

/* Room for max_len bytes in front of an inaccessible page. */
struct guard_page *guard_page_new(size_t max_len);
void guard_page_free(struct guard_page *g);

/* Copies len bytes flush against the page. Valid until the next call. */
const uint8_t *guard_page_place(struct guard_page *g, const void *bytes, size_t len);

#endif
