/* ICMP errors in words. */
#ifndef REPORT_ICMP_NAME_H
#define REPORT_ICMP_NAME_H

#include "analyzers/facts.h"

enum icmp_sense { ICMP_SENSE_OTHER, ICMP_SENSE_FILTER, ICMP_SENSE_NO_WAY, ICMP_SENSE_PORT };

/* The name of an error by its type and code, NULL when it has none. */
const char *icmp_name(unsigned ip_version, uint8_t type, uint8_t code);

/* Of the error about this side's packets: its name, NULL when it has none or there was no error. */
const char *icmp_name_of(const struct facts *f, enum hangup_side side);
enum icmp_sense icmp_sense_of(const struct facts *f, enum hangup_side side);

#endif
