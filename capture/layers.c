#include "capture/layers.h"

void layers_failed(struct layers *l)
{
	if (l->at.status == CURSOR_INVALID && !l->quoted && !l->guessed && !l->in_fragment)
		l->out->kind = SEGMENT_INVALID;
}

const struct layer_row *layer_find(const struct layer_row *rows, size_t len, uint16_t number)
{
	for (size_t i = 0; i < len; i++) {
		if (rows[i].number == number)
			return &rows[i];
	}
	return NULL;
}

void layers_go_on(struct layers *l, const struct layer_row *rows, size_t len, uint16_t number)
{
	const struct layer_row *row = cursor_ok(&l->at) ? layer_find(rows, len, number) : NULL;
	if (!cursor_ok(&l->at))
		layers_failed(l);
	else if (row)
		row->decode(l);
}

bool layers_nest(struct layers *l)
{
	if (l->quoted || !cursor_ok(&l->at))
		return false;
	l->out->anomalies = 0; /* those were of what is around it */
	if (++l->depth <= LAYERS_MAX)
		return true;
	cursor_fail(&l->at, CURSOR_INVALID);
	l->guessed = false; /* nobody nests so deeply: this was made to be looked into */
	layers_failed(l);
	return false;
}

void layers_scope(struct layers *l, enum layers_scope what, uint32_t id)
{
	static const uint32_t spread = 0x9e3779b1; /* odd, so that no scope is lost */
	l->out->scope = l->out->scope * spread + ((uint32_t)what << 24 ^ id);
}
