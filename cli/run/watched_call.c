#include "cli/run/watched_call.h"

#include <sys/syscall.h>

#include <glib.h>

static const struct watched_call calls[] = {
#define CALL(name, from, look) {#name, SYS_##name, CALL_##from, CALL_##look},
#include "cli/run/watched_calls.def"
#undef CALL
};

const struct watched_call *watched_call_get(size_t index)
{
	g_return_val_if_fail(index < G_N_ELEMENTS(calls), NULL);
	return &calls[index];
}

size_t watched_call_count(void)
{
	return G_N_ELEMENTS(calls);
}
