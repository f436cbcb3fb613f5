#include "report/error_name.h"

#include <glib.h>

G_STATIC_ASSERT((int)ERROR_KIND_COUNT <= 64);
G_STATIC_ASSERT((int)HANGUP_CLIENT == 0 && (int)HANGUP_SERVER == 1);

enum {
	SYSTEMS_WINDOWS = 1u << HANGUP_OS_WINDOWS,
	SYSTEMS_POSIX = 1u << HANGUP_OS_LINUX | 1u << HANGUP_OS_MACOS | 1u << HANGUP_OS_BSD,
	SYSTEMS_ALL = SYSTEMS_WINDOWS | SYSTEMS_POSIX,
};
#define APP_CALL_WRITES (APP_CALL_WRITE | APP_CALL_NEXT_WRITE)

const struct error_name error_names[] = {
#define ERROR_NAME(who, what, where, fails, end, known, words) \
	{.runtime = ERROR_RUNTIME_##who, .kinds = what, .systems = SYSTEMS_##where, .calls = APP_CALL_##fails, \
	 .sides = ERROR_SIDES_##end, .basis = APP_BASIS_##known, .text = words},
#include "report/error_name.def"
#undef ERROR_NAME
};
const size_t error_names_len = G_N_ELEMENTS(error_names);

static const struct {
	const char *name;
	bool exact;
} runtimes[] = {
#define ERROR_RUNTIME(id, differs, words) {.name = words, .exact = differs},
#include "report/error_runtime.def"
#undef ERROR_RUNTIME
};

const char *error_runtime_name(enum error_runtime runtime)
{
	return runtimes[runtime].name;
}

bool error_runtime_exact(enum error_runtime runtime)
{
	return runtimes[runtime].exact;
}
