/* Random bytes that nobody can guess, from the operating system. */
#ifndef CLI_RANDOM_KEY_H
#define CLI_RANDOM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At most 256. False when the system has none to give. */
bool random_key_make(uint8_t *out, size_t len);

#endif
