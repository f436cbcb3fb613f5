#include "capture/layers.h"

void layers_failed(struct layers *l)
{
	if (l->at.status == CURSOR_INVALID && !l->quoted)
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
