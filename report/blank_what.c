#include "report/blank.h"

#include "report/filter.h"
#include "report/icmp_name.h"
#include "report/who.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

static bool put_number(GString *out, int64_t number, const char *one, const char *many)
{
	append_integer(out, number);
	append_char(out, ' ');
	append_text(out, number == 1 ? one : many);
	return true;
}

bool blank_client_port(GString *out, const struct hangup_case *c)
{
	append_unsigned(out, c->facts->end[HANGUP_CLIENT].port);
	return true;
}

bool blank_server_port(GString *out, const struct hangup_case *c)
{
	append_unsigned(out, c->facts->end[HANGUP_SERVER].port);
	return true;
}

bool blank_filter(GString *out, const struct hangup_case *c)
{
	filter_append(out, c->facts);
	return true;
}

/* --- what was repeated ------------------------------------------------------------------------------ */
struct retries {
	enum hangup_side side; /* who waits */
	int64_t count;
	bool probes;           /* each of them is an attempt of its own; else they repeat what had been sent before */
};

static bool get_retries(const struct hangup_case *c, struct retries *out)
{
	if (!who_waits(c, &out->side) || !facts_get(c->facts, HANGUP_FACT_RETRIES, out->side, &out->count))
		return false;
	const int64_t kind = facts_value(c->facts, HANGUP_FACT_RETRY_KIND, out->side);
	out->probes = kind == HANGUP_RETRY_KEEPALIVE || kind == HANGUP_RETRY_ZERO_WINDOW;
	return true;
}

bool blank_repeats(GString *out, const struct hangup_case *c)
{
	struct retries r;

	return get_retries(c, &r) && put_number(out, r.count, "time", "times");
}

bool blank_tries(GString *out, const struct hangup_case *c)
{
	struct retries r;

	return get_retries(c, &r) && put_number(out, r.count + !r.probes, "time", "times");
}

bool blank_in_vain(GString *out, const struct hangup_case *c)
{
	struct retries r;

	if (!get_retries(c, &r) || r.count == 0)
		return false;
	if (r.probes)
		return put_number(out, r.count, "unanswered probe", "unanswered probes");
	return put_number(out, r.count, "unanswered repeat", "unanswered repeats");
}

static bool put_bytes(GString *out, int64_t bytes)
{
	return bytes > 0 && put_number(out, bytes, "byte", "bytes");
}

bool blank_retry_bytes(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_waits(c, &side) && put_bytes(out, facts_value(c->facts, HANGUP_FACT_RETRY_SIZE, side));
}

bool blank_unread(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	if (!who_acted(c, &side) || facts_value(c->facts, HANGUP_FACT_UNREPLIED, side) <= 0)
		return false;
	text_append_bytes(out, facts_value(c->facts, HANGUP_FACT_UNREPLIED, side));
	return true;
}

bool blank_ahead(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;

	return who_reset(c, &side) && put_bytes(out, facts_value(c->facts, HANGUP_FACT_RST_AHEAD, side));
}

/* --- ICMP ------------------------------------------------------------------------------------------- */
bool blank_mtu(GString *out, const struct hangup_case *c)
{
	const int64_t client = facts_value(c->facts, HANGUP_FACT_ICMP_MTU, HANGUP_CLIENT);

	return put_bytes(out, client > 0 ? client : facts_value(c->facts, HANGUP_FACT_ICMP_MTU, HANGUP_SERVER));
}

bool blank_icmp_name(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;
	const char *name = who_was_told_by_icmp(c, &side) ? icmp_name_of(c->facts, side) : NULL;

	append_text(out, name ? name : "");
	return name != NULL;
}

bool blank_icmp_code(GString *out, const struct hangup_case *c)
{
	enum { CODES = 256 }; /* the fact is type * 256 + code */
	enum hangup_side side;
	int64_t error;

	if (!who_was_told_by_icmp(c, &side) || !facts_get(c->facts, HANGUP_FACT_ICMP_ERROR, side, &error))
		return false;
	append_text(out, c->facts->ip_version == 6 ? "ICMPv6 " : "ICMP ");
	append_integer(out, error / CODES);
	append_char(out, '/');
	append_integer(out, error % CODES);
	return true;
}

/* --- looks of a RST --------------------------------------------------------------------------------- */
bool blank_ttl_delta(GString *out, const struct hangup_case *c)
{
	enum hangup_side side;
	const int64_t delta = who_reset(c, &side) ? facts_value(c->facts, HANGUP_FACT_RST_TTL_DELTA, side) : 0;

	if (delta != 0)
		append_integer(out, ABS(delta));
	return delta != 0;
}

/* --- commands --------------------------------------------------------------------------------------- */
bool blank_ping_size(GString *out, const struct hangup_case *c)
{
	enum { ETHERNET_MTU = 1500, IPV4_HEADER = 20, IPV6_HEADER = 40, ICMP_HEADER = 8 };
	const int ip_header = c->facts->ip_version == 6 ? IPV6_HEADER : IPV4_HEADER;

	append_integer(out, ETHERNET_MTU - ip_header - ICMP_HEADER);
	return true;
}

/* What to write commands for: Linux where nothing tells. */
static enum hangup_os system_of(const struct hangup_case *c, enum hangup_side side)
{
	const int64_t os = facts_value(c->facts, HANGUP_FACT_OS, side);

	return os == HANGUP_OS_UNKNOWN ? HANGUP_OS_LINUX : (enum hangup_os)os;
}

/* "any" is Linux's; macOS takes all interfaces when none is named, the BSDs take the first. */
static void put_tcpdump(GString *out, const struct hangup_case *c, enum hangup_os os, const char *file)
{
	append_text(out, os == HANGUP_OS_BSD ? "(add -i and the interface) " : "");
	append_text(out, os == HANGUP_OS_LINUX ? "`tcpdump -i any -s 128 -w " : "`tcpdump -s 128 -w ");
	append_text(out, file);
	append_literal(out, ".pcap 'host ");
	text_append_address(out, c->facts->end[HANGUP_CLIENT].address);
	append_literal(out, " and host ");
	text_append_address(out, c->facts->end[HANGUP_SERVER].address);
	append_literal(out, " and (tcp port ");
	append_unsigned(out, c->facts->end[HANGUP_SERVER].port);
	append_literal(out, " or icmp or icmp6)'`");
}

/* Every Windows since 2019 has it; it writes the pcapng that hangup reads. */
static void put_pktmon(GString *out, const struct hangup_case *c, const char *file)
{
	append_literal(out, "`pktmon filter add -i ");
	text_append_address(out, c->facts->end[HANGUP_CLIENT].address);
	append_char(out, ' ');
	text_append_address(out, c->facts->end[HANGUP_SERVER].address);
	append_literal(out, "` `pktmon start --capture --pkt-size 128` and afterwards `pktmon stop` "
	                    "`pktmon etl2pcap PktMon.etl --out ");
	append_text(out, file);
	append_literal(out, ".pcapng`");
}

static bool put_capture(GString *out, const struct hangup_case *c, enum hangup_side side, const char *file)
{
	if (system_of(c, side) == HANGUP_OS_WINDOWS)
		put_pktmon(out, c, file);
	else
		put_tcpdump(out, c, system_of(c, side), file);
	return true;
}

bool blank_capture_at_client(GString *out, const struct hangup_case *c)
{
	return put_capture(out, c, HANGUP_CLIENT, "client");
}

bool blank_capture_at_server(GString *out, const struct hangup_case *c)
{
	return put_capture(out, c, HANGUP_SERVER, "server");
}

/* One command when one does for both. */
bool blank_capture_at_both(GString *out, const struct hangup_case *c)
{
	if (system_of(c, HANGUP_CLIENT) == system_of(c, HANGUP_SERVER))
		return put_capture(out, c, HANGUP_CLIENT, "here");
	append_literal(out, "on the client ");
	put_capture(out, c, HANGUP_CLIENT, "client");
	append_literal(out, " and on the server ");
	return put_capture(out, c, HANGUP_SERVER, "server");
}
