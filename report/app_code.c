#include "report/app_code.h"

const struct app_code app_codes[APP_CODE_COUNT] = {
#define APP_CODE(system, what, code_name, code_number, text) \
	{.os = HANGUP_OS_##system, .kind = ERROR_KIND_##what, .name = code_name, .number = code_number, .message = text},
#include "report/app_codes.def"
#undef APP_CODE
};

static const struct {
	const char *title, *meaning;
} kinds[] = {
#define ERROR_KIND(id, words, sentences) {.title = words, .meaning = sentences},
#include "report/error_kind.def"
#undef ERROR_KIND
};

const char *error_kind_title(enum error_kind kind)
{
	return kinds[kind].title;
}

const char *error_kind_meaning(enum error_kind kind)
{
	return kinds[kind].meaning;
}
