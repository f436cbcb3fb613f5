/* libpcap numbers link types by DLT, files by LINKTYPE: the same numbers except where systems once disagreed. */
#ifndef CAPTURE_DLT_H
#define CAPTURE_DLT_H

#include <stdint.h>

int dlt_of_linktype(uint16_t linktype);
uint16_t dlt_to_linktype(int dlt);

#endif
