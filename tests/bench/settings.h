/* What a generated capture is like. */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

enum {
#define COURSE(name, script, a, b, c) + 1
	COURSES = 0
#include "tests/bench/course.def"
#undef COURSE
};

struct course {
	const char *name;
	const char *script;
	const char *talk;  /* the script's '*', or NULL */
	uint32_t packets;  /* besides those of the talk */
	bool tcp;
	bool closes;       /* a tool can see that it is over */
};

extern struct course courses[COURSES]; /* in the order of course.def; complete after settings_init */

struct settings {
	uint32_t connections;
	uint64_t packets;      /* the capture stops there */
	uint32_t concurrency;  /* connections alive at once, on average, besides those that never end */
	uint32_t snaplen;      /* bytes */
	uint64_t seed;
	int64_t start_s;       /* Unix time of the first packet */
	uint32_t clients, servers;
	uint32_t one_net;      /* of a thousand clients, those in 10.0.0.0/8 */
	uint32_t ipv6;         /* of a thousand connections */
	uint32_t windows;      /* of a thousand clients; the others are Linux */
	uint32_t full;         /* of a thousand responses, those of several full-size segments */
	uint32_t loss;         /* of a thousand flights, those that lose a segment */
	uint32_t ack_every;    /* segments; 2 by RFC 9293 §3.8.6.3, more where the receiver aggregates them */
	uint32_t talk_min, talk_max;   /* packets; between them, a bounded Pareto distribution */
	double life_min_s, life_max_s; /* of a talk; evenly distributed in the logarithm */
	uint32_t share[COURSES];       /* of a million connections */
};

void settings_init(void);

/* One of the standard captures by its letter. */
gboolean settings_standard(struct settings *s, const char *name, GError **error);

/* More or fewer connections of the same kind, alive at once as many as before: the connections that never end
 * stay as many, too, when there are more of the others. */
void settings_scale(struct settings *s, double factor);

/* "name=share,name=share..." */
gboolean settings_take_shares(struct settings *s, const char *text, GError **error);

#endif
