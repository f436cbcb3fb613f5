/* One packet in a ladder: what is kept of it, and how it is drawn. */
#ifndef REPORT_LADDER_ROW_H
#define REPORT_LADDER_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include <hangup/rule.h>

/* What became of a packet, as far as the capture tells. */
enum ladder_fate {
	LADDER_NOTHING_TO_TELL, /* answered, or nothing that would be */
	LADDER_REPEATED,        /* acknowledged only after its sender had sent it again */
	LADDER_UNANSWERED,      /* never acknowledged: it was lost, or what answered it, or nobody answered */
};

struct ladder_row {
	uint64_t number;
	int64_t time_ns;
	uint64_t place;     /* among the connection's packets, from 0 */
	uint32_t seq;       /* relative to the sender's first */
	uint32_t ack;       /* relative to the other end's first */
	uint32_t len;       /* payload bytes */
	uint32_t window;    /* bytes, scaled where the scale is known */
	uint8_t flags;
	uint8_t icmp_type, icmp_code;
	uint8_t icmp_source[16];
	bool icmp;          /* an ICMP error about a packet of `sender`, else a segment */
	bool again;         /* nothing in it that this end had not sent before */
	bool probe;         /* asks whether the other end is there: the byte before the next one */
	bool unheard;       /* again, and until then nothing had acknowledged it */
	uint16_t times;     /* again or probe: the how manieth in a row of the same number, from 1 */
	/* Settled when rows are chosen. */
	int64_t since_ns;   /* again: since it was sent before, as far as that packet was kept; else 0 */
	uint8_t fate;       /* enum ladder_fate */
	enum hangup_side sender;
};

/* The shape of the ladder's lines. */
struct ladder_frame {
	size_t width;   /* columns in all */
	int64_t start_ns; /* what times are counted from */
	bool times;     /* wide enough for them */
	bool ascii, colour;
};

/* The columns' heads. */
void ladder_row_append_head(GString *out, const struct ladder_frame *frame);
/* One packet; evidence is marked at the left. */
void ladder_row_append(GString *out, const struct ladder_frame *frame, const struct ladder_row *row, bool evidence);
/* A line between the columns: "350 s of silence", "812 packets". */
void ladder_row_append_between(GString *out, const struct ladder_frame *frame, const char *text);

#endif
