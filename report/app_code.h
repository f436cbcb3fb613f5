/* Error codes as programs see them, system by system, and what each says. */
#ifndef REPORT_APP_CODE_H
#define REPORT_APP_CODE_H

#include <stddef.h>

#include "rules/host/vocabulary.h"

enum app_code_id {
#define APP_CODE(os, kind, name, number, message) APP_CODE_##os##_##kind,
#include "report/app_codes.def"
#undef APP_CODE
	APP_CODE_COUNT
};

enum error_kind {
#define ERROR_KIND(id, title, meaning) ERROR_KIND_##id,
#include "report/error_kind.def"
#undef ERROR_KIND
	ERROR_KIND_COUNT
};

struct app_code {
	enum hangup_os os;
	enum error_kind kind;
	const char *name;    /* "ECONNRESET", "WSAECONNRESET", "EOF" */
	int number;          /* errno or Winsock code; 0 for EOF */
	const char *message; /* as the system words it in English */
};
extern const struct app_code app_codes[APP_CODE_COUNT];

const char *error_kind_title(enum error_kind kind);   /* a few words */
const char *error_kind_meaning(enum error_kind kind); /* sentences */

#endif
