/* The rows. Sources, in the comments: [source] read in Linux 6.12, FreeBSD 13.0 or XNU 11417 (macOS 15);
 * [measured] on Linux 6.18; [vendor] Microsoft's "Troubleshoot TCP/IP connectivity", so-keepalive and
 * TCP/IP registry pages; [field] timings published by users of nmap, SSH.NET and speasy; [p0f] p0f.fp
 * fingerprints; [common] generally reported, not confirmed by any of these. */
#include "pcaps/forge_stack.h"

const struct stack stack_linux = {
	.name = "Linux",
	.ttl = 64,                  /* [measured] */
	.ip_id = IP_ID_PER_SOCKET,  /* [measured] even with don't-fragment; stateless answers carry 0 */
	.options = "MSTNW",         /* [measured] */
	.options_without_timestamps = "MNNSNW", /* [source] tcp_options_write */
	.timestamps = true,
	.syn_window = 64240,        /* [measured] 44 segments of 1460 */
	.window_scale = 7,
	.window = 64256,
	.rst_has_timestamp = true,  /* [measured] tcp_send_active_reset */
	.rst_has_window = true,
	/* [source] and [measured], Linux 6.5 and later: four linear retries, then doubling, 131 s in all. */
	.syn_waits_ms = { 1030, 1024, 1024, 1024, 1024, 2048, 4096, 8192, 16384, 32768, 65536 },
	/* [measured] the tail loss probe makes the first two waits equal; [source] cap 120 s, tcp_retries2 = 15
	 * turned into 924.6 s, then nothing is sent. */
	.data_waits_ms = { 204, 204, 408, 816, 1664, 3328, 6656, 13312, 26624, 53248, 106496, 120000, 120000,
	                   120000, 120000, 120000, 120000 },
	.data_give_up = GIVE_UP_SILENT,
	.keepalive_wait_ms = 75000, /* [source] tcp_keepalive_intvl, tcp_keepalive_probes */
	.keepalive_probes = 9,
};

const struct stack stack_windows = {
	.name = "Windows 10",
	.ttl = 128,
	.ip_id = IP_ID_PER_HOST,    /* [common] */
	.options = "MNWNNS",        /* [p0f] order of Windows 7 and 8, kept since */
	.options_without_timestamps = "MNWNNS",
	.syn_window = 64240,        /* [common] */
	.window_scale = 8,
	.window = 131328,
	/* [field] InitialRto 1 s, MaxSynRetransmissions 4, but given up at 21 s where the series would need 31 s. */
	.syn_waits_ms = { 1003, 2012, 4014, 8015, 6000 },
	/* [vendor] TcpMaxDataRetransmissions 5, then RST with ACK; [common] minimum RTO 300 ms. */
	.data_waits_ms = { 301, 609, 1203, 2406, 4812, 9624 },
	.data_give_up = GIVE_UP_RST,
	.refused_retry_ms = 505,    /* [field] connect fails after 2 s with 4 retries; [common] every 500 ms */
	.refused_retries = 4,
	.keepalive_wait_ms = 1000,  /* [vendor] so-keepalive: 1 s, 10 probes */
	.keepalive_probes = 10,
	.keepalive_bytes = 1,       /* [common] */
};

const struct stack stack_windows_old = {
	.name = "Windows 7",
	.ttl = 128,
	.ip_id = IP_ID_PER_HOST,
	.options = "MNWNNS",        /* [p0f] */
	.options_without_timestamps = "MNWNNS",
	.syn_window = 8192,         /* [p0f] */
	.window_scale = 8,
	.window = 65536,
	.syn_waits_ms = { 3002, 6006, 12000 }, /* [vendor] InitialRto 3 s, three SYNs; [field] 21 s */
	.data_waits_ms = { 301, 609, 1203, 2406, 4812, 9624 },
	.data_give_up = GIVE_UP_RST,
	.refused_retry_ms = 505,
	.refused_retries = 2,
	.keepalive_wait_ms = 1000,
	.keepalive_probes = 10,
	.keepalive_bytes = 1,
};

const struct stack stack_macos = {
	.name = "macOS",
	.ttl = 64,
	.ip_id = IP_ID_RANDOM,      /* [common] */
	.options = "MNWNNTSEE",     /* [p0f] */
	.options_without_timestamps = "MNWSEE",
	.timestamps = true,
	.syn_window = 65535,        /* [p0f] */
	.window_scale = 6,
	.window = 131712,
	.rst_has_window = true,     /* [source] tcp_output leaves timestamps out of a RST, not the window */
	/* [source] tcp_syn_backoff; keepinit gives up at 75 s. */
	.syn_waits_ms = { 1001, 1001, 1001, 1001, 1001, 2002, 4003, 8005, 16010, 32020, 8000 },
	/* [source] 12 retransmissions, multiplier up to 64, cap 64 s, then tcp_drop; here RTO 0.23 s: 117 s. */
	.data_waits_ms = { 230, 460, 920, 1840, 3680, 7360, 14720, 14720, 14720, 14720, 14720, 14720, 14720 },
	.data_give_up = GIVE_UP_RST,
	.keepalive_wait_ms = 75000, /* [source] */
	.keepalive_probes = 8,
};

const struct stack stack_freebsd = {
	.name = "FreeBSD",
	.ttl = 64,
	.ip_id = IP_ID_ZERO,        /* [common] rfc6864 */
	.options = "MNWST",         /* [p0f] */
	.options_without_timestamps = "MNWSEE",
	.timestamps = true,
	.syn_window = 65535,        /* [p0f] */
	.window_scale = 6,
	.window = 65792,
	.rst_has_timestamp = true,  /* [source] tcp_drop through tcp_output; window 0 */
	.syn_waits_ms = { 1000, 2000, 4000, 8000, 16000, 32000, 12000 }, /* [source] 75 s */
	/* [source] 12 retransmissions, multiplier up to 512, cap 64 s, then tcp_drop; here RTO 0.23 s: 373 s. */
	.data_waits_ms = { 230, 460, 920, 1840, 3680, 7360, 14720, 29440, 58880, 64000, 64000, 64000, 64000 },
	.data_give_up = GIVE_UP_RST,
	.keepalive_wait_ms = 75000, /* [source] */
	.keepalive_probes = 8,
};

const struct stack stack_scanner = {
	.name = "ZMap",
	.ttl = 255,                 /* [common], as the rest; IP-ID 54321 in every SYN */
	.ip_id = IP_ID_ZERO,
	.options = "M",
	.options_without_timestamps = "M",
	.syn_window = 65535,
};
