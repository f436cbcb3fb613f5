#include "cli/random_key.h"

#ifdef _WIN32
#include <windows.h>

#include <bcrypt.h>

bool random_key_make(uint8_t *out, size_t len)
{
	return BCryptGenRandom(NULL, out, (ULONG)len, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0;
}
#else
#include <unistd.h>

bool random_key_make(uint8_t *out, size_t len)
{
	return getentropy(out, len) == 0;
}
#endif
