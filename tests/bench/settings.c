#include "tests/bench/settings.h"

#include <string.h>

#define COURSE(n, s, a, b, c) {.name = n, .script = s},
struct course courses[COURSES] = {
#include "tests/bench/course.def"
};
#undef COURSE

static const uint32_t standard_shares[][COURSES] = {
	{
#define COURSE(name, script, a, b, c) a,
#include "tests/bench/course.def"
#undef COURSE
	},
	{
#define COURSE(name, script, a, b, c) b,
#include "tests/bench/course.def"
#undef COURSE
	},
	{
#define COURSE(name, script, a, b, c) c,
#include "tests/bench/course.def"
#undef COURSE
	},
};

enum { MILLION = 1000000 };

/* 2023-11-14, a second of no importance. */
#define COMMON .seed = 1, .start_s = 1700000000, .windows = 250

static const struct settings standards[] = {
	/* A: a busy site's mixed traffic, headers only. */
	{COMMON, .connections = 500000, .packets = 10 * MILLION, .concurrency = 25000, .snaplen = 96,
	 .clients = 200000, .servers = 300, .one_net = 700, .ipv6 = 100, .full = 500, .loss = 15, .ack_every = 2,
	 .talk_min = 2, .talk_max = 50000, .life_min_s = 0.1, .life_max_s = 600},
	/* B: few connections that move much, whole packets; receivers aggregate, as network cards make them. */
	{COMMON, .connections = 2000, .packets = 1450000, .concurrency = 300, .snaplen = 65535,
	 .clients = 500, .servers = 20, .one_net = 700, .ipv6 = 100, .full = 1000, .loss = 15, .ack_every = 12,
	 .talk_min = 30, .talk_max = 50000, .life_min_s = 0.5, .life_max_s = 120},
	/* C: hardly anything but openings and endings. */
	{COMMON, .connections = 3 * MILLION, .packets = 12 * MILLION, .concurrency = 50000, .snaplen = 96,
	 .clients = 1 * MILLION, .servers = 1000, .one_net = 700, .ipv6 = 50, .full = 0, .loss = 0, .ack_every = 2,
	 .talk_min = 2, .talk_max = 10, .life_min_s = 0.05, .life_max_s = 10},
};

static void learn(struct course *c)
{
	bool fin[2] = {false, false}, rst = false;

	c->talk = strchr(c->script, '*');
	c->tcp = !strchr(c->script, 'U');
	for (const char *p = c->script; *p; p++) {
		if (g_ascii_isalpha(*p))
			c->packets++;
		else if (*p == '!')
			c->packets += (uint32_t)g_ascii_digit_value(p[1]);
		rst |= strchr("RrQq", *p) != NULL;
		if (*p == 'F' || *p == 'f')
			fin[*p == 'f'] = true;
	}
	c->closes = rst || (fin[0] && fin[1]);
}

void settings_init(void)
{
	for (size_t i = 0; i < COURSES; i++)
		learn(&courses[i]);
}

gboolean settings_standard(struct settings *s, const char *name, GError **error)
{
	size_t at = (size_t)(name[0] - 'A');

	if (at >= G_N_ELEMENTS(standards) || name[1] != '\0') {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is none of A, B, C", name);
		return FALSE;
	}
	*s = standards[at];
	memcpy(s->share, standard_shares[at], sizeof(s->share));
	return TRUE;
}

void settings_scale(struct settings *s, double factor)
{
	s->connections = (uint32_t)(s->connections * factor);
	s->packets = (uint64_t)((double)s->packets * factor);
	s->concurrency = MAX(1, MIN(s->concurrency, s->connections / 10));
	s->talk_max = (uint32_t)MIN(s->talk_max, MAX(s->talk_min + 1, s->packets / 20));
	for (size_t i = 0; factor > 1 && i < COURSES; i++) {
		if (courses[i].closes || !courses[i].tcp)
			continue;
		uint32_t fewer = (uint32_t)(s->share[i] / factor);
		s->share[0] += s->share[i] - fewer;
		s->share[i] = fewer;
	}
}

static struct course *course_called(const char *name)
{
	for (size_t i = 0; i < COURSES; i++)
		if (g_str_equal(courses[i].name, name))
			return &courses[i];
	return NULL;
}

gboolean settings_take_shares(struct settings *s, const char *text, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	for (char **part = parts; *part; part++) {
		char *value = strchr(*part, '=');
		guint64 share;

		if (value)
			*value++ = '\0';
		struct course *course = course_called(*part);
		if (!value || !course) {
			g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			            "\"%s\": no such course, or no \"=\" and share after it", *part);
			return FALSE;
		}
		if (!g_ascii_string_to_unsigned(value, 10, 0, MILLION, &share, error))
			return FALSE;
		s->share[course - courses] = (uint32_t)share;
	}
	return TRUE;
}
