#include "report/input_name.h"

#include <string.h>

#include <hangup/packet_number.h>

#include "report/escape.h"
#include "rules/host/append.h"

const char *input_name_of(const struct report_options *options, uint64_t number)
{
	return options->inputs ? options->inputs[hangup_packet_input(number)] : options->input_name;
}

void input_name_append(GString *out, const struct report_options *options, uint64_t number)
{
	const char *name = input_name_of(options, number) + options->inputs_common;

	escape_append(out, name, strlen(name), options->ascii);
}

void input_name_append_packet(GString *out, const struct report_options *options, uint64_t number, uint64_t before)
{
	if (options->inputs && (!before || hangup_packet_input(before) != hangup_packet_input(number))) {
		input_name_append(out, options, number);
		g_string_append_c(out, ':');
	}
	append_unsigned(out, hangup_packet_in_file(number));
}
