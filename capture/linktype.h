/* Link-layer header types by number, as files name them (LINKTYPE_ values, tcpdump.org/linktypes.html).
 * Their names and decoders are the table in decode.c. */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H

#include <stdint.h>

enum linktype {
	LINKTYPE_NULL = 0,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_IEEE802_5 = 6,
	LINKTYPE_ARCNET_BSD = 7,
	LINKTYPE_SLIP = 8,
	LINKTYPE_PPP = 9,
	LINKTYPE_FDDI = 10,
	LINKTYPE_RAW_BSD = 12,     /* DLT_RAW, as some writers put it into files */
	LINKTYPE_RAW_OPENBSD = 14,
	LINKTYPE_PPP_HDLC = 50,
	LINKTYPE_PPP_ETHER = 51,
	LINKTYPE_ATM_RFC1483 = 100,
	LINKTYPE_RAW = 101,
	LINKTYPE_C_HDLC = 104,
	LINKTYPE_IEEE802_11 = 105,
	LINKTYPE_FRELAY = 107,
	LINKTYPE_LOOP = 108,
	LINKTYPE_ENC = 109,
	LINKTYPE_LINUX_SLL = 113,
	LINKTYPE_PFLOG = 117,
	LINKTYPE_PRISM = 119,
	LINKTYPE_RADIOTAP = 127,
	LINKTYPE_ARCNET_LINUX = 129,
	LINKTYPE_APPLE_IP_OVER_IEEE1394 = 138,
	LINKTYPE_USER2 = 149,      /* anybody's; PKTAP on macOS before it had a number */
	LINKTYPE_AVS = 163,
	LINKTYPE_PPP_PPPD = 166,
	LINKTYPE_JUNIPER_ETHER = 178,
	LINKTYPE_PPI = 192,
	LINKTYPE_PPP_WITH_DIR = 204,
	LINKTYPE_MPLS = 219,
	LINKTYPE_IPNET = 226,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_DBUS = 231,
	LINKTYPE_NFLOG = 239,
	LINKTYPE_NETANALYZER = 240,
	LINKTYPE_NETANALYZER_TRANSPARENT = 241,
	LINKTYPE_IPOIB = 242,
	LINKTYPE_USBPCAP = 249,
	LINKTYPE_PKTAP = 258,
	LINKTYPE_USB_DARWIN = 266,
	LINKTYPE_ETHERNET_MPACKET = 274,
	LINKTYPE_LINUX_SLL2 = 276,
	LINKTYPE_EBHSCR = 279,
	LINKTYPE_DSA_TAG_DSA = 284,
	LINKTYPE_DSA_TAG_EDSA = 285,
};

/* The largest captured length that is believed. Anything above it is a damaged file: packets of a network
 * end at 256 KiB with every offload there is, while messages and bulk transfers of a bus may be 128 MiB.
 * The same limits as libpcap's, so that both read the same files. */
static inline uint32_t linktype_max_len(uint16_t linktype)
{
	switch (linktype) {
	case LINKTYPE_DBUS:
	case LINKTYPE_USBPCAP:
	case LINKTYPE_USB_DARWIN:
		return 128u << 20;
	case LINKTYPE_EBHSCR:
		return 8u << 20;
	default:
		return 256u << 10;
	}
}

/* A file's snap length as it is used: 0 and lengths beyond what libpcap takes mean "no limit". */
static inline uint32_t linktype_snaplen(uint16_t linktype, uint32_t snaplen)
{
	return snaplen == 0 || snaplen > INT32_MAX ? linktype_max_len(linktype) : snaplen;
}

#endif
