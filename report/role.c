#include "report/role.h"

#include <string.h>

#include <glib.h>

#include "report/who.h"

static bool is_client(const struct hangup_case *c, enum hangup_side *out_side)
{
	(void)c;
	*out_side = HANGUP_CLIENT;
	return true;
}

static const struct {
	const char *name;
	bool (*find)(const struct hangup_case *c, enum hangup_side *out_side);
	bool across; /* it is the other end that find() finds */
} roles[] = {
	{"client", is_client, false},
	{"server", is_client, true},
	{"actor", who_acted, false}, /* who ended it, when that was an end */
	{"other", who_acted, true},
	{"sender", who_waits, false}, /* who waits for an answer */
	{"mute", who_waits, true},    /* who does not answer */
	{"closer", who_closed_first, false},
	{"later-closer", who_closed_first, true},
	{"resetter", who_reset, false}, /* in whose name the RST was */
	{"reset-end", who_reset, true}, /* who it was for */
	{"speaker", who_broke_silence, false}, /* who spoke first after the idle time */
	{"deaf", who_broke_silence, true},     /* who was spoken to */
};

static int index_of(const char *name, size_t name_len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (strlen(roles[i].name) == name_len && memcmp(roles[i].name, name, name_len) == 0)
			return (int)i;
	}
	return -1;
}

bool role_exists(const char *name, size_t name_len)
{
	return index_of(name, name_len) >= 0;
}

bool role_find(const struct hangup_case *c, const char *name, size_t name_len, enum hangup_side *out_side)
{
	const int i = index_of(name, name_len);
	enum hangup_side side;

	if (i < 0 || !roles[i].find(c, &side))
		return false;
	*out_side = roles[i].across ? other_side(side) : side;
	return true;
}
