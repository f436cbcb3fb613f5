/* An ICMP error that quotes a segment: kept with the side whose packet it is about. In a synchronised state it ends
 * nothing (RFC 5927 §4), but it explains. */
#include <string.h>

#include "analyzers/step.h"

void icmp_take(struct step *k)
{
	struct oddity *odd = step_oddity(k);

	odd->icmp[k->side] = step_packet(k);
	odd->icmp_type[k->side] = k->s->icmp_type;
	odd->icmp_code[k->side] = k->s->icmp_code;
	odd->icmp_mtu[k->side] = k->s->icmp_mtu;
	memcpy(odd->icmp_source[k->side], k->s->icmp_source, sizeof odd->icmp_source[k->side]);
}
