/* Which file a packet is in, where there are several. */
#ifndef REPORT_INPUT_NAME_H
#define REPORT_INPUT_NAME_H

#include <glib.h>

#include "report/report.h"

/* The name of a packet's input, as the user gave it. */
const char *input_name_of(const struct report_options *options, uint64_t number);
/* The same as text shows it: without the folder that all inputs are in, inert. */
void input_name_append(GString *out, const struct report_options *options, uint64_t number);
/* "12", or with several inputs "b.pcap:12"; the file is left out when `before` (0: no packet) is of the same. */
void input_name_append_packet(GString *out, const struct report_options *options, uint64_t number, uint64_t before);

#endif
