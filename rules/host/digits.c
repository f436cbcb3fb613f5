#include "rules/host/digits.h"

#include <string.h>

static const char pairs[] =
	"0001020304050607080910111213141516171819"
	"2021222324252627282930313233343536373839"
	"4041424344454647484950515253545556575859"
	"6061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

unsigned digits_count(uint64_t value)
{
	unsigned count = 1;

	for (; value >= 10000; value /= 10000)
		count += 4;
	return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

void digits_fixed(char *out, uint64_t value, unsigned count)
{
	for (; count >= 2; value /= 100) {
		count -= 2;
		memcpy(out + count, &pairs[value % 100 * 2], 2);
	}
	if (count > 0)
		*out = (char)('0' + value % 10);
}
