/* Sends the packets of a capture over and over on an interface, at a steady rate, past the queues: a wire to measure live
 * capture with.
 *
 *     blast FILE INTERFACE PACKETS_PER_SECOND SECONDS
 *
 * Frames are filled up with zeros to FILL bytes, as long as their headers say or longer. Prints how many were sent, and how
 * fast. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <sys/socket.h>

enum { FRAMES_MOST = 2000000, FILL = 256, BATCH = 32 };

struct frames {
	uint8_t (*bytes)[FILL];
	size_t len;
};

static struct frames load(const char *path)
{
	char reason[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline(path, reason);
	struct frames f = {.bytes = calloc(FRAMES_MOST, FILL)};
	struct pcap_pkthdr *header;
	const uint8_t *bytes;

	if (!p || !f.bytes) {
		fprintf(stderr, "%s: %s\n", path, p ? "no memory" : reason);
		exit(1);
	}
	while (f.len < FRAMES_MOST && pcap_next_ex(p, &header, &bytes) == 1)
		memcpy(f.bytes[f.len++], bytes, header->caplen < FILL ? header->caplen : FILL);
	pcap_close(p);
	return f;
}

static int open_wire(const char *interface)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
	                              .sll_ifindex = (int)if_nametoindex(interface)};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		perror(interface);
		exit(1);
	}
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
	return fd;
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What is due by now and was not sent yet, in one call. */
static int send_some(int fd, const struct frames *f, uint64_t at)
{
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];

	memset(messages, 0, sizeof messages);
	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){f->bytes[(at + (uint64_t)i) % f->len], FILL};
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	return sendmmsg(fd, messages, BATCH, 0);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	const struct frames f = load(argv[1]);
	const int fd = open_wire(argv[2]);
	const double rate = atof(argv[3]), seconds = atof(argv[4]), began = now_s();
	uint64_t sent = 0;
	double passed;

	while ((passed = now_s() - began) < seconds) {
		if ((double)sent >= passed * rate)
			continue;
		int some = send_some(fd, &f, sent);

		if (some < 0 && errno != ENOBUFS && errno != EAGAIN) {
			perror("send");
			return 1;
		}
		sent += some > 0 ? (uint64_t)some : 0;
	}
	printf("%" PRIu64 " %.0f\n", sent, (double)sent / passed);
	return 0;
}
