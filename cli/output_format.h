/* In which form a capture is told, and the options about that: -o, --all, --header. */
#ifndef CLI_OUTPUT_FORMAT_H
#define CLI_OUTPUT_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/command.h"
#include "report/report.h"

extern const struct option_section output_section;

/* What -o fields=help asks for. */
bool output_format_list(GString *out);

/* The form writes while it reads. */
bool output_format_streams(void);
/* Text is to tell of every connection. */
bool output_format_lists_all(void);

/* The sink of the form that was asked for; fills in what these options say. */
struct report_sink *output_format_sink(FILE *out, struct report_options *options);

#endif
