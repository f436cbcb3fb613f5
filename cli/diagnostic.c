#include "cli/diagnostic.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "report/escape.h"

static bool quiet;

static void say(const char *format, va_list arguments) G_GNUC_PRINTF(1, 0);
static void say(const char *format, va_list arguments)
{
	g_autofree char *sentence = g_strdup_vprintf(format, arguments);
	g_autoptr(GString) line = g_string_new("hangup: ");

	escape_append(line, sentence, strlen(sentence), false);
	g_string_append_c(line, '\n');
	fflush(stdout); /* what was found so far comes first where both go to one place */
	fputs(line->str, stderr);
}

void diagnostic_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void diagnostic_warning(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void diagnostic_be_quiet(void)
{
	quiet = true;
}
