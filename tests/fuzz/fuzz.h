/* What a fuzz target is made of. A target is one file with one function, as libFuzzer and AFL++ know it; replay.c runs
 * it on files where there is neither. A promise that is broken is a failed g_assert(), which ends the process. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Once, before anything else: warnings of GLib are findings, and memory is taken in small pages. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The bytes as a file that anything can open, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* The bytes in a block of their own, never NULL: reading past its end is noticed. Free with free(). */
uint8_t *fuzz_copy(const uint8_t *data, size_t size);

/* libFuzzer's own, for targets that know the structure of their input: see mutate.c. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

#endif
