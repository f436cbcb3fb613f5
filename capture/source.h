/* Where frames come from. A source is opened on a file or standard input, on several of them, or on network interfaces
 * (capture/live.h), and hands out batches of borrowed frames: those of one file in its order, those of several merged by
 * time. Everything above sees frames only.
 *
 * Saved files are read by our own readers (docs/decisions/0002-own-file-reader.md): one large buffer,
 * large reads, no copy per packet, so that a pipe, a growing file and a mapped one look the same and
 * memory does not depend on the file's length. */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/frame.h"

struct anonymizer;

#define SOURCE_ERROR source_error_quark()
GQuark source_error_quark(void);

enum source_error {
	SOURCE_ERROR_OPEN,      /* missing, unreadable, a directory */
	SOURCE_ERROR_EMPTY,     /* no bytes at all */
	SOURCE_ERROR_FORMAT,    /* not a capture, or one we name and say how to convert */
	SOURCE_ERROR_READ,      /* the system failed to read */
	SOURCE_ERROR_TRUNCATED, /* ended in the middle of a record: what came before is good */
	SOURCE_ERROR_CORRUPT,   /* a length or block that cannot be: what came before is good */
	SOURCE_ERROR_FILTER,    /* the BPF expression does not compile for this link type */
};

/* An interface's own address, from pcapng if_IPv4addr or if_IPv6addr: tells who captured. */
struct interface_address {
	uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
};

/* What the file says of one interface. Strings are borrowed from the source, NULL when absent, raw:
 * escape them before they reach a terminal. Counters are UINT64_MAX when the file does not tell. */
struct interface {
	uint16_t linktype;
	uint32_t snaplen; /* 0 = no limit */
	const char *name;
	const char *description;
	const char *filter;
	const char *os;
	const struct interface_address *addresses;
	size_t addresses_len;
	uint64_t received; /* isb_ifrecv */
	uint64_t dropped;  /* isb_ifdrop + isb_osdrop, or the sum of epb_dropcount, whichever is more */
	uint64_t dropped_by_card; /* live: of those, what the interface lost before the kernel had it */
};

struct source;

/* Opens a capture file, or standard input for "-". NULL and error when it cannot be read as a capture. */
struct source *source_open(const char *path, GError **error);
/* The same of several (at least one, at most HANGUP_INPUTS_MAX), "-" at most once among them. A frame's number tells its
 * file too (hangup/packet_number.h). With more than one it does not fail: what is wrong with one of them is a problem,
 * and the others go on. */
struct source *source_open_many(const char *const *paths, size_t paths_len, GError **error);
struct live_options; /* capture/live.h */
/* Network interfaces, as it happens. There is no end: a batch without frames means that none came for a while. */
struct source *source_open_live(const struct live_options *options, GError **error);
void source_free(struct source *s);

/* Whether a file begins like a capture, compressed or not. False for what cannot be opened. */
bool source_is_capture(const char *path);
/* What went wrong with single files of several so far, GError as for a file on its own. Borrowed; NULL of one file. */
const GPtrArray *source_problems(const struct source *s);
/* How many of several files begin before one that was given ahead of them. */
uint64_t source_out_of_order(const struct source *s);

/* Keeps only frames that match a BPF expression (libpcap's language); numbers still count every frame.
 * Compiled for each link type when its first frame comes. FALSE and error when it cannot compile at all. */
gboolean source_set_filter(struct source *s, const char *expression, GError **error);

/* Fills out_frames with up to max frames. Returns how many; 0 at the end. At the end *error is set when
 * the input stopped in a way worth telling (truncated, corrupt, read failure); frames handed out before
 * it are good, and are always handed out first. */
size_t source_next_batch(struct source *s, struct frame *out_frames, size_t max, GError **error);

/* After a batch without frames: whether no more will come. */
bool source_ended(const struct source *s);
/* Of a live source: asks the kernel for its counters and looks for interfaces that went away, about once a second. */
void source_refresh(struct source *s);
/* The packets that a live source captured last; NULL of files. */
struct packet_ring *source_ring(const struct source *s);

/* The file as given, "-" for standard input; "N files"; "eth0, eth1" of interfaces. */
const char *source_name(const struct source *s);
/* For who knows it by another one; what opening it had to say is said by then. */
void source_rename(struct source *s, const char *name);
/* "pcap", "pcapng" or "snoop", for people; NULL of several files and of interfaces. */
const char *source_format(const struct source *s);
size_t source_interfaces(const struct source *s);
/* Valid until the next source_next_batch(). */
const struct interface *source_interface(const struct source *s, size_t index);
/* The one that a frame came through: as its own interface says, or of all together ("any") as its header says. As well. */
const struct interface *source_interface_of(const struct source *s, const struct frame *f);
/* Frames read so far, filtered out ones included. */
uint64_t source_frames(const struct source *s);
/* Frames the file says the capture lost: the sum over interfaces of what is known. */
uint64_t source_dropped(const struct source *s);
/* Live: how many of them the interfaces lost, before the kernel had them; UINT64_MAX of files, where nobody told that apart. */
uint64_t source_dropped_by_cards(const struct source *s);
/* Frames whose fraction of a second was a whole second or more: not 0 means that the file says microseconds
 * and holds nanoseconds (or is damaged), so that times and durations are not to be trusted. */
uint64_t source_odd_times(const struct source *s);
/* Until when a file that hangup wrote says that it was captured, which may be long after its last packet; INT64_MIN of
 * any other, for what their statistics are stamped with is not always that. Known at the end. */
int64_t source_until(const struct source *s);
/* Bytes read and, where known, of how many (0 when not): for progress. */
void source_progress(const struct source *s, uint64_t *out_done, uint64_t *out_total);
/* Whether the next batch may have to wait until somebody writes more: of anything but regular files. */
bool source_may_wait(const struct source *s);
typedef void (*source_comment_fn)(uint64_t frame_number, const char *text, size_t text_len, void *user);
/* Asks for comments (pcapng opt_comment) on packets, and with number 0 on the file, to be handed out as they are read,
 * before the batch with their frame and whether a filter keeps it or not; text is raw UTF-8, borrowed for the call. */
void source_on_comment(struct source *s, source_comment_fn visit, void *user);
/* How many comments were read so far, on packets and on files. */
uint64_t source_comments(const struct source *s);
typedef void (*source_name_fn)(const uint8_t address[16], const char *text, size_t text_len, void *user);
/* Asks for the names that the file has for addresses (pcapng name resolution blocks); text is raw, borrowed. */
void source_on_name(struct source *s, source_name_fn visit, void *user);

/* From now on tells no comments and no names, and interfaces without what was written about them and with their addresses
 * mapped. Frames stay as they are: see anonymizer.h. Borrowed for good. */
void source_anonymize(struct source *s, struct anonymizer *anonymizer);

#endif
