#include "report/field.h"

#include "rules/host/append.h"

static const struct field table[] = {
#define FIELD(field_path, field_kind, function, words) \
	{.path = field_path, .kind = FIELD_##field_kind, .put = function, .meaning = words},
#include "report/field.def"
#undef FIELD
};

const struct field *field_all(size_t *out_len)
{
	*out_len = G_N_ELEMENTS(table);
	return table;
}

void subject_init(struct subject *s, const char *const *inputs, bool several)
{
	*s = (struct subject){.inputs = inputs, .several = several, .sha1 = g_checksum_new(G_CHECKSUM_SHA1)};
}

bool field_append_file(GString *out, const struct subject *s, const struct hangup_packet *packet)
{
	if (!packet->number)
		return false;
	append_text(out, s->inputs[hangup_packet_input(packet->number)]);
	return true;
}

void subject_clear(struct subject *s)
{
	g_checksum_free(s->sha1);
}

void subject_set(struct subject *s, const struct hangup_case *c)
{
	s->c = c;
	s->facts = c->facts;
	s->verdict = case_verdict(c);
}

void field_append_packet_time(GString *out, const struct hangup_packet *packet, struct timestamp_day *day)
{
	timestamp_write_in(append_room(out, TIMESTAMP_LEN), packet->time_ns, day);
	append_done(out, TIMESTAMP_LEN);
}

void field_append_confidence(GString *out, double confidence)
{
	enum { DECIMALS = 3 };

	append_decimal(out, (int64_t)(confidence * 1000 + 0.5), DECIMALS);
}

size_t field_rule_names(const struct hangup_case *c, const char **out_names)
{
	size_t len = 0;

	for (size_t i = 0; i < c->order_len; i++) {
		const struct hangup_rule *rule = c->claims[c->order[i]].rule;
		bool told = !rule;

		for (size_t k = 0; k < i && !told; k++)
			told = c->claims[c->order[k]].rule == rule;
		if (!told)
			out_names[len++] = rule->name;
	}
	return len;
}
