#include "cli/result_file.h"

#include "cli/diagnostic.h"

enum exit_status result_file_write(const char *path, const GString *text)
{
	g_autoptr(GError) error = NULL;

	if (g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error))
		return EXIT_DONE;
	diagnostic_error("%s: cannot be written: %s", path, error->message);
	return EXIT_INPUT;
}
