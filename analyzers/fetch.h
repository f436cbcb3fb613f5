/* Hints that memory will soon be needed.
 *
 * A function that only fetches is FETCHING: in line, always. GCC takes one that it does not put in line for a function
 * without effect, and leaves out the call, as it does with any other whose result nobody wants. */
#ifndef ANALYZERS_FETCH_H
#define ANALYZERS_FETCH_H

#include <stddef.h>

#define FETCHING static inline __attribute__((always_inline))

enum { CACHE_LINE = 64 };

/* To be written soon. */
FETCHING void fetch(const void *at)
{
	__builtin_prefetch(at, 1);
}

FETCHING void fetch_bytes(const void *at, size_t bytes)
{
	for (size_t line = 0; line < bytes; line += CACHE_LINE)
		__builtin_prefetch((const char *)at + line, 1);
}

#endif
