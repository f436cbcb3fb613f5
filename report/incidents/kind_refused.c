/* One service that refuses again and again. */
#include "report/incidents/scope.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static bool is_refused(const struct ending *e)
{
	return e->cause == HANGUP_CAUSE_REFUSED || e->cause == HANGUP_CAUSE_REJECTED;
}

static bool is_attempt_refused(const struct ending *e)
{
	return is_refused(e) && (e->flags & ENDING_ATTEMPT);
}

struct served {
	int64_t from_ns, to_ns;
	GArray *meanwhile; /* ids */
};

static void see(const struct witness *w, void *user)
{
	struct served *s = user;

	if ((w->flags & WITNESS_OPENED) && w->who.began_ns >= s->from_ns && w->who.began_ns <= s->to_ns)
		g_array_append_val(s->meanwhile, w->who.id);
}

static guint count_rejected(const GPtrArray *members)
{
	guint count = 0;

	for (guint i = 0; i < members->len; i++)
		count += ending_at(members, i)->cause == HANGUP_CAUSE_REJECTED;
	return count;
}

static const char *why(const GPtrArray *members, const struct served *s)
{
	if (count_rejected(members) * 2 > members->len)
		return ": a firewall rejects them.";
	return s->meanwhile->len == 0 ? ": nothing listens there." : ": at times nothing listens there.";
}

static void say(struct incident *i, const GPtrArray *members, const struct served *s)
{
	GString *text = g_string_new(NULL);

	words_servers(text, members);
	append_literal(text, " refused ");
	words_count(text, members->len, "connection", "connections");
	append_literal(text, " from ");
	words_clients(text, members);
	if (s->meanwhile->len == 0)
		append_literal(text, " and served none meanwhile");
	else
		g_string_append_printf(text, " and served %u meanwhile", s->meanwhile->len);
	append_text(text, why(members, s));
	incident_say(i, text);
}

static void judge(struct inquiry *q, const GPtrArray *members)
{
	const struct scope scope = scope_of(SCOPE_SERVICE, ending_at(members, 0));
	struct incident *i = inquiry_begin(q, INCIDENT_REFUSED, members);
	struct served s = {.from_ns = i->from_ns, .to_ns = i->to_ns, .meanwhile = g_array_new(FALSE, FALSE, sizeof(uint64_t))};
	const guint rejected = count_rejected(members);
	GString *text = g_string_new(NULL);

	scope_ask(q, &scope, see, &s);
	say(i, members, &s);
	g_string_append_printf(text, "%u of %u attempts were refused by the host itself, %u rejected by a box or by ICMP",
	                       members->len - rejected, members->len, rejected);
	incident_show(i, HANGUP_LEVEL_OBSERVED, &i->first, ending_at(members, 0), text);
	incident_doubt(i, "A firewall that refuses in the server's name", g_string_new("it looks the same from here; a capture at the server would tell"));
	incident_leave_out(i, s.meanwhile, "were accepted by the same service meanwhile");
	g_array_free(s.meanwhile, TRUE);
}

void find_refused(struct inquiry *q)
{
	g_autoptr(GPtrArray) refused = inquiry_collect(q, is_attempt_refused);
	g_autoptr(GPtrArray) services = endings_split(refused, ending_by_service);

	for (guint i = 0; i < services->len; i++)
		if (((GPtrArray *)services->pdata[i])->len >= inquiry_threshold(q, INCIDENT_THRESHOLD_LEAST))
			judge(q, services->pdata[i]);
}
