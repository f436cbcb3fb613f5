/* UDP (RFC 768), for what is carried in it. Nothing but a port says what that is, and anybody may use a port for
 * something else: each kind checks what its header fixes before it goes on, and a packet that does not hold what it
 * should is plain UDP, not a damaged tunnel. */
#include "capture/layers.h"

/* By the port that either end has; servers of the first of two that match. */
static const struct layer_row ports[] = {
	{ 4789, "VXLAN", decode_vxlan },          /* RFC 7348 */
	{ 8472, "VXLAN", decode_vxlan },          /* Linux before there was a number, flannel, Cilium */
	{ 4790, "VXLAN-GPE", decode_vxlan_gpe },  /* draft-ietf-nvo3-vxlan-gpe */
	{ 6081, "GENEVE", decode_geneve },        /* RFC 8926 */
	{ 2152, "GTP-U", decode_gtp },            /* 3GPP TS 29.281 */
	{ 1701, "L2TP", decode_l2tp },            /* RFC 2661, RFC 3931 */
	{ 3544, "Teredo", decode_teredo },        /* RFC 4380 */
	{ 6635, "MPLS", decode_mpls_in_ip },      /* RFC 7510 */
	{ 4341, "LISP", decode_lisp },            /* RFC 9300 */
	{ 37008, "TZSP", decode_tzsp },           /* TaZmen, MikroTik */
	{ 4500, "ESP", decode_nat_t },            /* RFC 3948 */
	{ 51820, "WireGuard", decode_wireguard }, /* its documentation */
	{ 67, "DHCP", decode_dhcp },              /* RFC 2131 */
};

/* source port(2) target port(2) length(2) checksum(2). A length of 0 is a packet before segmentation offload. */
void decode_udp(struct layers *l)
{
	enum { HEADER = 8 };
	uint16_t source = cursor_u16be(&l->at), target = cursor_u16be(&l->at), len = cursor_u16be(&l->at);
	cursor_skip(&l->at, 2);
	if (!cursor_ok(&l->at) || l->quoted)
		return;
	if (len >= HEADER && !l->in_fragment)
		cursor_trim(&l->at, len - (size_t)HEADER);
	const struct layer_row *row = layer_find(ports, LAYERS_LEN(ports), target);
	if (!row)
		row = layer_find(ports, LAYERS_LEN(ports), source);
	if (!row)
		return;
	l->guessed = true;
	row->decode(l);
}
