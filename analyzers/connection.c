#include "analyzers/connection.h"

#include <string.h>

const struct retry retry_none;
const struct reset reset_none;
const struct oddity oddity_none;

struct facts_end connection_end(const struct connection *c, unsigned side)
{
	struct facts_end end = {.port = key_port(&c->key, side)};

	memcpy(end.address, c->key.address[side], sizeof end.address);
	return end;
}
