/* Whatever libpcap can read, we read to the same frames: number, time, lengths and bytes, in every capture
 * at hand. Where libpcap stops with an error, or refuses the file, we may know more, but never less. */
#include "capture/source.h"

#include <stdio.h>
#include <string.h>

#include <pcap/pcap.h>

#include "tests/unit/every_capture.h"
#include "tests/unit/unit.h"

enum { MAX_FRAMES = 64 };

/* Two readers of one file, side by side. */
struct pair {
	const char *path;
	struct source *ours;
	pcap_t *theirs;
	struct frame frames[MAX_FRAMES];
	size_t next, len;
	GError *error;
	uint64_t index; /* least number that the frame compared may have */
};

static const struct frame *next_of_ours(struct pair *p)
{
	if (p->next == p->len) {
		p->len = source_next_batch(p->ours, p->frames, MAX_FRAMES, &p->error);
		p->next = 0;
	}
	return p->next < p->len ? &p->frames[p->next++] : NULL;
}

/* libpcap rewrites fields inside packets of these types when the file has the other byte order, and the
 * length of some USB packets always; we hand out what is in the file. */
static bool rewrites(int dlt)
{
	return dlt == DLT_NFLOG || dlt == DLT_USB_LINUX || dlt == DLT_USB_LINUX_MMAPPED || dlt == DLT_PKTAP ||
	       dlt == DLT_LINUX_SLL;
}

/* libpcap reads the seconds of a classic file as signed in one byte order and unsigned in the other, gives
 * packets without a time 1970, and a fraction with the top bit set as negative. */
static bool same_time(const struct pair *p, const struct frame *f, const struct pcap_pkthdr *h)
{
	bool pcapng = strcmp(source_format(p->ours), "pcapng") == 0;
	if (h->ts.tv_usec < 0 || (pcapng && h->ts.tv_sec == 0))
		return true;
	int64_t seconds = pcapng ? h->ts.tv_sec : (int64_t)(uint32_t)h->ts.tv_sec;
	return f->time_ns == seconds * 1000000000 + h->ts.tv_usec;
}

static bool same_frame(const struct pair *p, const struct frame *f, const struct pcap_pkthdr *h,
                       const uint8_t *bytes)
{
	bool rewritten = pcap_is_swapped(p->theirs) && rewrites(pcap_datalink(p->theirs));
	bool usb = pcap_datalink(p->theirs) == DLT_USB_LINUX_MMAPPED;
	return f->number >= p->index && same_time(p, f, h) && f->bytes_len == h->caplen &&
	       (usb || f->wire_len == MAX(h->len, h->caplen)) &&
	       (rewritten || memcmp(f->bytes, bytes, h->caplen) == 0);
}

static void complain(const struct pair *p, const char *what)
{
	printf("\n%s, frame %u: %s\n", p->path, (unsigned)p->index, what);
	CU_FAIL("differs from libpcap");
}

static void compare(struct pair *p)
{
	struct pcap_pkthdr *h;
	const u_char *bytes;
	int status;
	while ((status = pcap_next_ex(p->theirs, &h, &bytes)) == 1) {
		p->index++;
		const struct frame *f = next_of_ours(p);
		if (!f || !same_frame(p, f, h, bytes)) {
			complain(p, f ? "is different" : p->error ? p->error->message : "is missing");
			return;
		}
		p->index = f->number; /* some blocks that are no packets have numbers, which libpcap does not give */
	}
	if (status == PCAP_ERROR_BREAK && (next_of_ours(p) || p->error))
		complain(p, "libpcap sees a clean end here");
}

static void compare_file(const char *path, void *user)
{
	char message[PCAP_ERRBUF_SIZE];
	struct pair p = { .path = path };
	size_t *compared = user;
	p.theirs = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, message);
	p.ours = source_open(path, &p.error);
	if (p.theirs && p.ours) {
		compare(&p);
		++*compared;
	} else if (p.theirs) {
		complain(&p, p.error->message);
	}
	source_free(p.ours);
	g_clear_pointer(&p.theirs, pcap_close);
	g_clear_error(&p.error);
}

static void test_every_capture(void)
{
	size_t compared = 0, files = every_capture(compare_file, &compared);
	printf("(%u of %u files can be read by libpcap) ", (unsigned)compared, (unsigned)files);
	CU_ASSERT_TRUE(compared > 0);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "every capture", test_every_capture },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: as libpcap", tests);
}
