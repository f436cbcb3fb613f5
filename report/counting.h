/* Numbers of things in words. */
#ifndef REPORT_COUNTING_H
#define REPORT_COUNTING_H

#include <stdint.h>

#include <glib.h>

/* 1234567 as 1,234,567. */
void counting_append_number(GString *out, uint64_t count);
/* "1 packet", "2,000 packets". */
void counting_append(GString *out, uint64_t count, const char *one, const char *many);

#endif
