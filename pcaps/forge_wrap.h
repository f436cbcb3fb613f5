/* Packets within packets: each wrap puts one header (or a stack of them) around what is there, from the inside out. */
#ifndef PCAPS_FORGE_WRAP_H
#define PCAPS_FORGE_WRAP_H

#include <stdint.h>

#include <glib.h>

#include "pcaps/forge_packet.h"

/* A packet in the making, and the EtherType by which whoever carries it announces it. */
struct wrapped {
	GByteArray *bytes;
	uint16_t ethertype;
};

/* p says which way the packet goes; tunnels have ends of their own. */
typedef void wrap_fn(const struct packet *p, struct wrapped *w);

/* frames and what stands in front of packets in them */
wrap_fn wrap_ethernet, wrap_mpls, wrap_pseudowire, wrap_pppoe, wrap_pbb, wrap_hsr, wrap_vn_tag, wrap_cisco_metadata,
	wrap_macsec, wrap_nsh;
/* in IPv4 between 203.0.113.1 and 203.0.113.2, or in IPv6 */
wrap_fn wrap_ip, wrap_ip6, wrap_ah, wrap_gre, wrap_gre_key, wrap_pptp, wrap_erspan1, wrap_erspan2, wrap_erspan3,
	wrap_etherip, wrap_l2tpv3;
/* in UDP in the same */
wrap_fn wrap_vxlan, wrap_vxlan_other, wrap_vxlan_gpe, wrap_vxlan_asymmetric, wrap_geneve, wrap_gtp, wrap_l2tp, wrap_teredo,
	wrap_tzsp;

#endif
