/* A file in memory, under a path that anything can open: thousands of inputs a second, and no disk. */
#ifndef TESTS_HOSTILE_MEMORY_FILE_H
#define TESTS_HOSTILE_MEMORY_FILE_H

#include <stddef.h>

struct memory_file;

struct memory_file *memory_file_new(void);
void memory_file_free(struct memory_file *f);

/* Makes these bytes all that is in it. Whoever has it open sees the change. */
void memory_file_set(struct memory_file *f, const void *bytes, size_t len);
/* Each open begins at the first byte. */
const char *memory_file_path(const struct memory_file *f);

#endif
