/* The same plain story in every kind of tunnel, and in fragments, and what tunnels and tags do to a connection's
 * identity. */
#include "pcaps/forge_stories.h"

#define WITHIN(id, tell, ...) \
	void tell_tunnel_##id(struct story *s) \
	{ \
		static wrap_fn *const wraps[] = { __VA_ARGS__ }; \
		for (size_t i = 0; i < G_N_ELEMENTS(wraps); i++) \
			s->format.interfaces[0].link.wraps[i] = wraps[i]; \
		tell(s, &in_middle); \
	}

WITHIN(mpls, story_plain, wrap_mpls)
WITHIN(pseudowire, story_plain, wrap_pseudowire)
WITHIN(pppoe, story_plain, wrap_pppoe)
WITHIN(pbb, story_plain, wrap_pbb)
WITHIN(hsr, story_plain, wrap_hsr)
WITHIN(vn_tag, story_plain_v6, wrap_vn_tag)
WITHIN(cisco_metadata, story_plain, wrap_cisco_metadata)
WITHIN(macsec, story_plain, wrap_macsec)
WITHIN(nsh, story_plain, wrap_nsh)
WITHIN(ip_in_ip, story_plain, wrap_ip)
WITHIN(six_in_four, story_plain_v6, wrap_ip)
WITHIN(four_in_six, story_plain, wrap_ip6)
WITHIN(ah, story_plain_v6, wrap_ah)
WITHIN(gre, story_plain, wrap_gre)
WITHIN(gre_key, story_plain_v6, wrap_gre_key)
WITHIN(gre_frame, story_plain, wrap_ethernet, wrap_gre)
WITHIN(pptp, story_plain, wrap_pptp)
WITHIN(erspan1, story_plain, wrap_erspan1)
WITHIN(erspan2, story_plain, wrap_erspan2)
WITHIN(erspan3, story_plain_v6, wrap_erspan3)
WITHIN(etherip, story_plain, wrap_etherip)
WITHIN(l2tpv3, story_plain, wrap_l2tpv3)
WITHIN(vxlan, story_plain, wrap_vxlan)
WITHIN(vxlan_gpe, story_plain_v6, wrap_vxlan_gpe)
WITHIN(vxlan_asymmetric, story_plain, wrap_vxlan_asymmetric)
WITHIN(geneve, story_plain, wrap_geneve)
WITHIN(gtp, story_plain, wrap_gtp)
WITHIN(l2tp, story_plain, wrap_l2tp)
WITHIN(teredo, story_plain_v6, wrap_teredo)
WITHIN(tzsp, story_plain, wrap_tzsp)
WITHIN(nested, story_plain, wrap_gre, wrap_ip, wrap_vxlan, wrap_mpls)

/* --- identity ---------------------------------------------------------------------------------------------- */
/* Interfaces are what a packet is captured under: with another tag, network, or none. */
static struct link *interface_link(struct story *s, size_t index)
{
	s->format.interfaces_len = MAX(s->format.interfaces_len, index + 1);
	s->format.interfaces[index].link.type = LINK_ETHERNET;
	return &s->format.interfaces[index].link;
}

static void set_interface(struct story *s, guint from, uint8_t interface)
{
	for (guint i = from; i < s->packets->len; i++)
		((struct packet *)s->packets->pdata[i])->interface = interface;
}

/* The same addresses and ports in two networks at the same time: two connections, one of which is reset. */
void tell_scope_two_networks(struct story *s)
{
	struct host *client = story_host(s, &stack_linux, "10.0.0.1"), *server = story_host(s, &stack_linux, "10.0.0.2");
	struct conn *both[] = { conn_new(s, &in_middle, client, server, 80), conn_new(s, &in_middle, client, server, 80) };
	int64_t start = s->now_ns;
	interface_link(s, 0)->wraps[0] = wrap_vxlan;
	interface_link(s, 1)->wraps[0] = wrap_vxlan_other;
	for (uint8_t i = 0; i < 2; i++) {
		guint before = s->packets->len;
		s->now_ns = start + i * MS(3); /* so that the two interleave */
		both[i]->end[CLIENT].port = 1234;
		talk_open(both[i]);
		talk_exchange(both[i], 180, 900);
		if (i == 0)
			talk_close(both[i], CLIENT);
		else
			conn_abort(both[i], SERVER);
		set_interface(s, before, i);
	}
}

/* Captured on both sides of a switch: with a tag and without. */
void tell_scope_tagged_twice(struct story *s)
{
	interface_link(s, 0)->tags[0] = (struct vlan_tag){ 0x8100, 42 };
	interface_link(s, 1);
	story_plain(s, &in_middle);
	story_see_twice(s, US(40), 0, 1);
}

/* Asymmetric routing: each direction is in a VLAN of its own. */
void tell_scope_tag_each_way(struct story *s)
{
	interface_link(s, 0)->tags[0] = (struct vlan_tag){ 0x8100, 10 };
	interface_link(s, 1)->tags[0] = (struct vlan_tag){ 0x8100, 20 };
	story_plain(s, &in_middle);
	for (guint i = 0; i < s->packets->len; i++) {
		struct packet *p = s->packets->pdata[i];
		p->interface = p->from_port < p->to_port;
	}
}

/* On a host of the overlay, on any interface: first the packet in VXLAN, then what was in it. */
void tell_scope_overlay_and_inside(struct story *s)
{
	interface_link(s, 0)->wraps[0] = wrap_vxlan;
	interface_link(s, 1);
	story_plain(s, &in_middle);
	story_see_twice(s, US(15), 0, 1);
}

/* --- fragments --------------------------------------------------------------------------------------------- */
/* A router with a smaller MTU behind it cuts what it may. */
void tell_fragments(struct story *s)
{
	story_plain(s, &in_middle);
	story_fragment(s, 552, false);
}

void tell_fragments_v6(struct story *s)
{
	story_plain_v6(s, &in_middle);
	story_fragment(s, 552, false);
}

/* Made to get past a filter: the first fragment has eight bytes of TCP, and the last one comes first. */
void tell_fragments_tiny(struct story *s)
{
	story_plain(s, &in_middle);
	story_fragment(s, 8, true);
}

/* Captured on two interfaces, so every fragment is there twice. */
void tell_fragments_twice(struct story *s)
{
	interface_link(s, 1);
	story_plain(s, &in_middle);
	story_fragment(s, 552, false);
	story_see_twice(s, US(1), 0, 1);
}

/* A filter for the port lets first fragments pass only. */
void tell_fragments_firsts(struct story *s)
{
	struct conn *c = story_pair(s, &in_middle, &stack_windows, &stack_linux);
	talk_open(c);
	for (int i = 0; i < 4; i++)
		talk_exchange(c, 180, 900);
	talk_close(c, CLIENT);
	story_fragment(s, 552, false);
	for (guint i = 0; i < s->packets->len; i++) {
		struct packet *p = s->packets->pdata[i];
		p->unseen |= p->piece_at > 0;
	}
}
