/* An ICMP error that quotes a segment: kept with the side whose packet it is about. In a synchronised state it ends
 * nothing (RFC 5927 §4), but it explains. */
#include <string.h>

#include "analyzers/step.h"

void icmp_take(struct step *k)
{
	struct teardown *td = step_teardown(k);

	td->icmp[k->side] = step_packet(k);
	td->icmp_type[k->side] = k->s->icmp_type;
	td->icmp_code[k->side] = k->s->icmp_code;
	td->icmp_mtu[k->side] = k->s->icmp_mtu;
	memcpy(td->icmp_source[k->side], k->s->icmp_source, sizeof td->icmp_source[k->side]);
}
