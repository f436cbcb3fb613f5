/* What was told of connections whose verdict is not final yet, so that a correction is known as one. It holds those that
 * looked as if they had ended badly, and no more of them than are followed. */
#ifndef CLI_TOLD_BOOK_H
#define CLI_TOLD_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"

struct told_book;

/* Endings by label as they stand now; and as they were first told, which only grows. */
struct told_counts {
	uint64_t now[HANGUP_LABEL_COUNT];
	uint64_t first[HANGUP_LABEL_COUNT];
	uint64_t corrections;
	uint64_t final; /* connections whose verdict is */
};

struct told_book *told_book_new(void);
void told_book_free(struct told_book *b);

/* A look at a connection that has fallen silent: whether there is something to tell, and as what. An abnormal ending is,
 * and whatever becomes of one that was told. */
bool told_book_look(struct told_book *b, const struct hangup_case *c, struct report_told *out);
/* Its verdict: always to be told. *out_news: it is the first word, or a correction of the last one. */
void told_book_close(struct told_book *b, const struct hangup_case *c, struct report_told *out, bool *out_news);

const struct told_counts *told_book_counts(const struct told_book *b);

#endif
