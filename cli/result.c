#include "cli/result.h"

#include <stdio.h>

#include "cli/diagnostic.h"
#include "report/output.h"

enum exit_status result_write(const GString *text)
{
	struct output output;
	g_autoptr(GError) error = NULL;

	output_init(&output, stdout);
	output_string(&output, text);
	return output_finish(&output, &error) ? EXIT_DONE : result_failed(error);
}

enum exit_status result_failed(const GError *error)
{
	if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
		return EXIT_DONE;
	diagnostic_error("%s", error->message);
	return EXIT_INPUT;
}
