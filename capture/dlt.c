#include "capture/dlt.h"

#include <glib.h>
#include <pcap/pcap.h>

static const struct {
	uint16_t linktype;
	int dlt;
} other_numbers[] = {
	{ 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW },    { 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },   { 104, DLT_C_HDLC }, { 106, DLT_ATM_CLIP },
	{ 107, DLT_FRELAY },      { 108, DLT_LOOP },   { 109, DLT_ENC },
};

int dlt_of_linktype(uint16_t linktype)
{
	for (size_t i = 0; i < G_N_ELEMENTS(other_numbers); i++) {
		if (other_numbers[i].linktype == linktype)
			return other_numbers[i].dlt;
	}
	return linktype;
}

uint16_t dlt_to_linktype(int dlt)
{
	for (size_t i = 0; i < G_N_ELEMENTS(other_numbers); i++) {
		if (other_numbers[i].dlt == dlt)
			return other_numbers[i].linktype;
	}
	return (uint16_t)dlt;
}
