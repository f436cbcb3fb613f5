/* What outputs of one connection a line have in common: lines in order of id, whatever lane they come by, or the
 * likeliest first when an error is asked for, and a subject a lane. An output says how its line looks. */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include "report/field.h"
#include "report/order.h"
#include "report/sink.h"
#include "report/telling.h"

struct lines_sink;

struct lines_class {
	/* Appends the line of a connection, its line feed included. May run on several lanes at the same time. */
	void (*put)(const struct lines_sink *sink, GString *line, struct subject *s);
	/* Appends lines that stand after those of connections; NULL: none. */
	void (*rest)(const struct lines_sink *sink, GString *lines);
	/* For outputs that have incidents collected (report/sink.h): the line again, with its connection's incident; and the
	 * line of an incident, behind those of connections (NULL: there is none). */
	void (*mark)(const struct lines_sink *sink, GString *out, const char *line, size_t len, const struct incident *i);
	void (*incident)(const struct lines_sink *sink, GString *line, const struct incident *i);
	/* Makes a name of an input, in place, what stands in a line for it; NULL: as it is. */
	void (*escape)(GString *name, gsize start);
	/* Frees what the output added to the sink; NULL: nothing. */
	void (*clear)(struct lines_sink *sink);
};

/* First member of every such sink, which is allocated with g_new0. */
struct lines_sink {
	struct report_sink base;
	const struct lines_class *lines;
	struct order *order;
	GString *line; /* told live */
	bool marks;    /* lines say which incident their connection is part of */
	struct telling *best; /* of what can have produced the error that is asked for; NULL when none is */
	char **inputs; /* names, escaped; NULL-terminated */
	struct lines_lane {
		struct subject subject;
		struct telling *best;
		char apart[64]; /* from the next lane's cache line */
	} lanes[REPORT_LANES_MAX];
};

void lines_init(struct lines_sink *sink, const struct lines_class *lines, FILE *out, const struct report_options *options);

#endif
