/* One plain story on every link type that is read. Which end the capture was taken at, and which version of IP, is as
 * such captures usually are. */
#include "pcaps/forge_stories.h"

static struct link *link_of(struct story *s, uint16_t type)
{
	struct link *link = &s->format.interfaces[0].link;
	link->type = type;
	return link;
}

/* --- Ethernet, cooked, loopback ---------------------------------------------------------------------------- */
void tell_link_vlan(struct story *s)
{
	link_of(s, LINK_ETHERNET)->tags[0] = (struct vlan_tag){ 0x8100, 42 };
	story_plain(s, &in_middle);
}

void tell_link_qinq(struct story *s)
{
	struct link *link = link_of(s, LINK_ETHERNET);
	link->tags[0] = (struct vlan_tag){ 0x88a8, 700 };
	link->tags[1] = (struct vlan_tag){ 0x8100, 42 };
	story_plain_v6(s, &in_middle);
}

void tell_link_padding(struct story *s)
{
	link_of(s, LINK_ETHERNET)->padded = true;
	story_plain(s, &at_client);
}

void tell_link_sll(struct story *s)
{
	link_of(s, LINK_SLL);
	story_plain(s, &at_server);
}

void tell_link_sll2(struct story *s)
{
	link_of(s, LINK_SLL2)->ifindex = 2;
	story_plain_v6(s, &at_client);
}

void tell_link_null(struct story *s)
{
	link_of(s, LINK_NULL);
	story_plain_v6(s, &at_client);
}

void tell_link_null_be(struct story *s)
{
	link_of(s, LINK_NULL);
	s->format.order = BYTES_BIG;
	story_plain(s, &at_client);
}

void tell_link_loop(struct story *s)
{
	link_of(s, LINK_LOOP);
	story_plain(s, &at_server);
}

void tell_link_raw(struct story *s)
{
	link_of(s, LINK_RAW);
	story_plain(s, &at_client);
}

/* --- others, whose header is a row of forge_rare_link.c ----------------------------------------------------- */
#define ON_LINK(id, type, tell, path) \
	void tell_link_##id(struct story *s) \
	{ \
		link_of(s, type); \
		tell(s, &path); \
	}

ON_LINK(raw_bsd, LINK_RAW_BSD, story_plain, at_client)
ON_LINK(raw_openbsd, LINK_RAW_OPENBSD, story_plain_v6, at_server)
ON_LINK(ipv4, LINK_IPV4, story_plain, at_client)
ON_LINK(ipv6, LINK_IPV6, story_plain_v6, at_client)
ON_LINK(token_ring, LINK_TOKEN_RING, story_plain, in_middle)
ON_LINK(arcnet, LINK_ARCNET, story_plain, at_client)
ON_LINK(arcnet_linux, LINK_ARCNET_LINUX, story_plain, at_client)
ON_LINK(slip, LINK_SLIP, story_plain, at_client)
ON_LINK(ppp, LINK_PPP, story_plain, at_client)
ON_LINK(ppp_hdlc, LINK_PPP_HDLC, story_plain_v6, at_client)
ON_LINK(ppp_pppd, LINK_PPP_PPPD, story_plain, at_client)
ON_LINK(ppp_with_dir, LINK_PPP_WITH_DIR, story_plain_v6, at_client)
ON_LINK(fddi, LINK_FDDI, story_plain, in_middle)
ON_LINK(atm, LINK_ATM, story_plain, in_middle)
ON_LINK(c_hdlc, LINK_C_HDLC, story_plain, in_middle)
ON_LINK(frame_relay, LINK_FRAME_RELAY, story_plain_v6, in_middle)
ON_LINK(enc, LINK_ENC, story_plain, at_server)
ON_LINK(pflog, LINK_PFLOG, story_plain_v6, at_server)
ON_LINK(80211, LINK_80211, story_plain, in_middle)
ON_LINK(prism, LINK_PRISM, story_plain, in_middle)
ON_LINK(radiotap, LINK_RADIOTAP, story_plain, in_middle)
ON_LINK(avs, LINK_AVS, story_plain, in_middle)
ON_LINK(ppi, LINK_PPI, story_plain_v6, in_middle)
ON_LINK(ieee1394, LINK_IEEE1394, story_plain, at_client)
ON_LINK(pktap, LINK_PKTAP, story_plain, at_client)
ON_LINK(user2, LINK_USER2, story_plain, at_client)
ON_LINK(ipnet, LINK_IPNET, story_plain_v6, at_server)
ON_LINK(nflog, LINK_NFLOG, story_plain, at_server)
ON_LINK(netanalyzer, LINK_NETANALYZER, story_plain, in_middle)
ON_LINK(netanalyzer_preamble, LINK_NETANALYZER_PREAMBLE, story_plain, in_middle)
ON_LINK(ipoib, LINK_IPOIB, story_plain, at_client)
ON_LINK(mpacket, LINK_MPACKET, story_plain, in_middle)
ON_LINK(dsa, LINK_DSA, story_plain, in_middle)
ON_LINK(edsa, LINK_EDSA, story_plain_v6, in_middle)

void tell_link_ppp_ether(struct story *s)
{
	link_of(s, LINK_PPP_ETHER)->wraps[0] = wrap_pppoe;
	story_plain(s, &at_client);
}

void tell_link_mpls(struct story *s)
{
	link_of(s, LINK_MPLS)->wraps[0] = wrap_mpls;
	story_plain(s, &in_middle);
}
