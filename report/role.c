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

static const struct role {
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

const struct role *role_named(const char *name, size_t name_len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (strlen(roles[i].name) == name_len && memcmp(roles[i].name, name, name_len) == 0)
			return &roles[i];
	}
	return NULL;
}

bool role_find(const struct role *role, const struct hangup_case *c, enum hangup_side *out_side)
{
	enum hangup_side side;

	if (!role->find(c, &side))
		return false;
	*out_side = role->across ? other_side(side) : side;
	return true;
}
