/* Errors by the words that logs have for them: rows of error_name.def. */
#ifndef REPORT_ERROR_NAME_H
#define REPORT_ERROR_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/app_errors.h"

enum error_runtime {
#define ERROR_RUNTIME(id, exact, name) ERROR_RUNTIME_##id,
#include "report/error_runtime.def"
#undef ERROR_RUNTIME
	ERROR_RUNTIME_COUNT
};

/* Which end of a connection says it: a set of 1u << HANGUP_CLIENT, HANGUP_SERVER. */
enum error_sides { ERROR_SIDES_CLIENT = 1 << 0, ERROR_SIDES_SERVER = 1 << 1, ERROR_SIDES_EITHER = 3 };

struct error_name {
	enum error_runtime runtime;
	uint64_t kinds;    /* set of 1 << ERROR_KIND_... */
	uint32_t systems;  /* set of 1u << HANGUP_OS_... */
	unsigned calls;    /* set of enum app_call */
	enum error_sides sides;
	enum app_basis basis;
	const char *text;
};

extern const struct error_name error_names[];
extern const size_t error_names_len;

const char *error_runtime_name(enum error_runtime runtime);
/* Whether upper and lower case differ in what it says. */
bool error_runtime_exact(enum error_runtime runtime);

#endif
