/* Zeek's machine, fed with the history letters (upper case: the client's), so that the two fields never
 * disagree. Zeek believes every RST; so does this, whatever our own verdict made of it. What Zeek's timers
 * would have split or cut short is not imitated: a connection is one record here. */
#include "report/conn_state.h"

#include <ctype.h>
#include <string.h>

/* What Zeek knows of one end. */
enum zeek_end { INACTIVE, PARTIAL, SYN_SENT, SYN_ACK_SENT, ESTABLISHED, CLOSED, RESET };

struct zeek {
	enum zeek_end now[2]; /* by enum hangup_side */
	enum zeek_end before[2];
};

static void enter(struct zeek *z, enum hangup_side side, enum zeek_end state)
{
	z->before[side] = z->now[side];
	z->now[side] = state;
}

static void see_syn(struct zeek *z, enum hangup_side side, char letter)
{
	if (z->now[side] != INACTIVE)
		return;
	if (side == HANGUP_CLIENT) {
		enter(z, side, letter == 'H' ? SYN_ACK_SENT : SYN_SENT);
		return;
	}
	if (z->now[HANGUP_CLIENT] == SYN_SENT)
		enter(z, HANGUP_CLIENT, ESTABLISHED);
	enter(z, side, ESTABLISHED);
}

static void see_fin(struct zeek *z, enum hangup_side side)
{
	const enum hangup_side peer = !side;

	if (z->now[side] == CLOSED || z->now[side] == RESET)
		return;
	/* FIN, RST, then the other end's FIN: a normal end after all */
	if (z->now[side] >= ESTABLISHED || z->now[side] == PARTIAL) {
		if (z->now[peer] == RESET && z->before[peer] == CLOSED)
			enter(z, peer, CLOSED);
	}
	enter(z, side, CLOSED);
}

static void see_rst(struct zeek *z, enum hangup_side side)
{
	const bool both_closed = z->now[side] == CLOSED && z->now[!side] == CLOSED;

	if (z->now[side] != RESET && !both_closed)
		enter(z, side, RESET);
}

static void see_other(struct zeek *z, enum hangup_side side, char letter)
{
	if (z->now[side] != INACTIVE)
		return;
	/* some stacks acknowledge the SYN before they answer it */
	if (letter == 'A' && side == HANGUP_SERVER && z->now[HANGUP_CLIENT] == SYN_SENT)
		return;
	enter(z, side, z->now[!side] == ESTABLISHED ? ESTABLISHED : PARTIAL);
}

static void see(struct zeek *z, enum hangup_side side, char letter)
{
	switch (letter) {
	case 'S':
	case 'H':
		see_syn(z, side, letter);
		break;
	case 'F':
		see_fin(z, side);
		break;
	case 'R':
		see_rst(z, side);
		break;
	case 'I': /* FIN and RST in one packet */
		see_fin(z, side);
		see_rst(z, side);
		break;
	default:
		see_other(z, side, letter);
	}
}

static void see_history(struct zeek *z, const char *history)
{
	for (; *history; history++) {
		if (isalpha((unsigned char)*history))
			see(z, islower((unsigned char)*history) ? HANGUP_SERVER : HANGUP_CLIENT,
			    (char)toupper((unsigned char)*history));
	}
}

/* A history that ran out of room may lack the end. */
static void see_what_was_cut(struct zeek *z, const struct facts *f)
{
	if (strlen(f->history) < FACTS_HISTORY_MAX)
		return;
	for (enum hangup_side side = HANGUP_CLIENT; side <= HANGUP_SERVER; side++) {
		if (facts_value(f, HANGUP_FACT_FINS, side) > 0)
			see_fin(z, side);
		if (facts_value(f, HANGUP_FACT_RST_ENDED, side))
			see_rst(z, side);
	}
}

static bool is_inactive(enum zeek_end end)
{
	return end == INACTIVE || end == PARTIAL;
}

/* A SYN, then the client's own RST, with nothing telling in between. */
static bool is_syn_then_rst(const char *history)
{
	history += *history == '^';
	if (*history++ != 'S')
		return false;
	return history[strcspn(history, "HAFGIQR")] == 'R';
}

static bool without_data(const struct facts *f)
{
	return facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_CLIENT) == 0
	       && facts_value(f, HANGUP_FACT_PAYLOAD, HANGUP_SERVER) == 0;
}

static const char *after_server_reset(const struct facts *f, enum zeek_end client)
{
	if (client == SYN_SENT || client == SYN_ACK_SENT || (client == RESET && without_data(f)))
		return "REJ";
	return is_inactive(client) ? "RSTRH" : "RSTR";
}

static const char *after_client_reset(const struct facts *f, enum zeek_end server)
{
	if (!is_inactive(server))
		return "RSTO";
	return is_syn_then_rst(f->history) ? "RSTOS0" : "OTH";
}

const char *conn_state(const struct facts *f)
{
	struct zeek z = {.now = {INACTIVE, INACTIVE}};

	see_history(&z, f->history);
	see_what_was_cut(&z, f);
	const enum zeek_end client = z.now[HANGUP_CLIENT], server = z.now[HANGUP_SERVER];

	if (server == RESET)
		return after_server_reset(f, client);
	if (client == RESET)
		return after_client_reset(f, server);
	if (client == CLOSED && server == CLOSED)
		return "SF";
	if (client == CLOSED)
		return is_inactive(server) ? "SH" : "S2";
	if (server == CLOSED)
		return is_inactive(client) ? "SHR" : "S3";
	if (client == SYN_SENT && server == INACTIVE)
		return "S0";
	return client == ESTABLISHED && server == ESTABLISHED ? "S1" : "OTH";
}
