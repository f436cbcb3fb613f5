/* The measure of all things here: libpcap reads the file, and nothing is done with it. */
#include <stdint.h>
#include <stdio.h>

#include <pcap/pcap.h>

int main(int argc, char **argv)
{
	char problem[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	uint64_t packets = 0;
	int status;

	pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], problem) : NULL;
	if (!pcap) {
		fprintf(stderr, "empty_libpcap: %s\n", argc == 2 ? problem : "one file to read is needed");
		return 2;
	}
	while ((status = pcap_next_ex(pcap, &header, &bytes)) == 1)
		packets++;
	if (status == PCAP_ERROR)
		fprintf(stderr, "empty_libpcap: %s\n", pcap_geterr(pcap));
	pcap_close(pcap);
	printf("%llu\n", (unsigned long long)packets);
	return status == PCAP_ERROR_BREAK ? 0 : 1;
}
