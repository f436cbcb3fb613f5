/* To be preloaded: as if the network card had lost as many packets since the capture began as LOSE_AT_CARD says. */
#include <dlfcn.h>
#include <stdlib.h>

#include <pcap/pcap.h>

__attribute__((visibility("default"))) int pcap_stats(pcap_t *p, struct pcap_stat *out)
{
	static int (*real)(pcap_t *, struct pcap_stat *);
	const char *lost = getenv("LOSE_AT_CARD");
	int result;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pcap_stats");
	result = real(p, out);
	if (result == 0 && lost)
		out->ps_ifdrop += (unsigned)strtoul(lost, NULL, 10);
	return result;
}
