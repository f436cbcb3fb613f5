/* Magic numbers of file(1), Wireshark's wiretap library and the formats' own descriptions. */
#include "capture/foreign_format.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* What to do about a file. %s is the file's name, quoted for a shell. */
static const char UNPACK_GZIP[] = "unpack it first: gzip -dc %s | hangup read -";
static const char UNPACK_BZIP2[] = "unpack it first: bzip2 -dc %s | hangup read -";
static const char UNPACK_XZ[] = "unpack it first: xz -dc %s | hangup read -";
static const char UNPACK_ZSTD[] = "unpack it first: zstd -dc %s | hangup read -";
static const char UNPACK_LZ4[] = "unpack it first: lz4 -dc %s | hangup read -";
static const char UNPACK_COMPRESS[] = "unpack it first: uncompress -c %s | hangup read -";
static const char UNPACK_ZIP[] = "unpack it first: unzip -p %s | hangup read -";
static const char UNPACK_TAR[] = "unpack it first: tar -xf %s";
static const char CONVERT[] = "convert it first: editcap -F pcapng %s converted.pcapng";
static const char CONVERT_ETL[] = "convert it first: etl2pcapng %s converted.pcapng "
                                  "(or, when pktmon wrote it, on Windows: pktmon etl2pcap)";
static const char CONVERT_TEXT[] = "write the capture with tcpdump -w, or convert a hex dump: "
                                   "text2pcap %s converted.pcapng";
static const char NOTHING[] = "there is nothing in it to judge; name a capture written by tcpdump -w, dumpcap "
                              "or Wireshark";

/* In the order they are tried. */
static const struct {
	const char *what;
	size_t offset;
	size_t len;
	const char *magic;
	const char *advice;
} formats[] = {
	/* These three get here in a build without the library only; see codec.h. */
	{ "is compressed with gzip, and this hangup was built without zlib", 0, 3, "\x1f\x8b\x08", UNPACK_GZIP },
	{ "is compressed with zstd, and this hangup was built without libzstd", 0, 4, "\x28\xb5\x2f\xfd", UNPACK_ZSTD },
	{ "is compressed with lz4, and this hangup was built without liblz4", 0, 4, "\x04\x22\x4d\x18", UNPACK_LZ4 },
	{ "is compressed with lz4 in its legacy format", 0, 4, "\x02\x21\x4c\x18", UNPACK_LZ4 },
	{ "is compressed with xz", 0, 6, "\xfd" "7zXZ\0", UNPACK_XZ },
	{ "is compressed with bzip2", 0, 3, "BZh", UNPACK_BZIP2 },
	{ "is compressed with compress", 0, 2, "\x1f\x9d", UNPACK_COMPRESS },
	{ "is a zip archive", 0, 4, "PK\3\4", UNPACK_ZIP },
	{ "is a tar archive", 257, 5, "ustar", UNPACK_TAR },
	{ "is a Microsoft Network Monitor 2 capture", 0, 4, "GMBU", CONVERT },
	{ "is a Microsoft Network Monitor 1 capture", 0, 4, "RTSS", CONVERT },
	{ "is a NetXray or Sniffer capture", 0, 4, "XCP\0", CONVERT },
	{ "is a DOS Sniffer capture", 0, 16, "TRSNIFF data    ", CONVERT },
	{ "is an AIX iptrace capture", 0, 8, "iptrace ", CONVERT },
	{ "is an HP-UX nettl capture", 0, 5, "\x54\x52\x00\x64\x00", CONVERT },
	{ "is an Observer capture", 0, 16, "ObserverPktBuffe", CONVERT },
	{ "is a Visual Networks capture", 0, 4, "\x05VNF", CONVERT },
	{ "is an Ixia capture", 0, 4, "\xac\x01\x00\x1c", CONVERT },
	{ "is an Ixia capture", 0, 4, "\xab\x01\x00\x1c", CONVERT },
	{ "is a Bluetooth capture (btsnoop), without TCP", 0, 8, "btsnoop\0", NOTHING },
	{ "is a compiled packet filter, not a capture", 0, 4, "\xcb\xc3\xb2\xa1", NOTHING },
	{ "is a compiled packet filter, not a capture", 0, 4, "\xa1\xb2\xc3\xcb", NOTHING },
	{ "is a pcap file in an undocumented dialect", 0, 4, "\xcd\x34\xb2\xa1", CONVERT },
	{ "is a pcap file in an undocumented dialect", 0, 4, "\xa1\xb2\x34\xcd", CONVERT },
};

static bool is_text(const uint8_t *start, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (start[i] < ' ' && !strchr("\t\n\r\f\33", start[i]))
			return false;
		if (start[i] == '\0' || start[i] == 0x7f)
			return false;
	}
	return len > 0;
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name), suffix_len = strlen(suffix);
	return len >= suffix_len && g_ascii_strcasecmp(name + len - suffix_len, suffix) == 0;
}

static char *sentence(const char *name, const char *what, const char *advice)
{
	g_autofree char *file = strcmp(name, "-") == 0 ? g_strdup("FILE") : g_shell_quote(name);
	GString *text = g_string_new(NULL);
	g_string_printf(text, "%s: %s; ", name, what);
	for (const char *at = advice; *at; at++) {
		if (at[0] == '%' && at[1] == 's') {
			g_string_append(text, file);
			at++;
		} else {
			g_string_append_c(text, *at);
		}
	}
	return g_string_free(text, FALSE);
}

char *foreign_format_describe(const char *name, const uint8_t *start, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (len >= formats[i].offset + formats[i].len &&
		    memcmp(start + formats[i].offset, formats[i].magic, formats[i].len) == 0)
			return sentence(name, formats[i].what, formats[i].advice);
	}
	if (has_suffix(name, ".etl"))
		return sentence(name, "is a Windows event trace", CONVERT_ETL);
	if (is_text(start, MIN(len, FOREIGN_FORMAT_BYTES)))
		return sentence(name, "is text, not a capture", CONVERT_TEXT);
	return sentence(name, "is not a pcap or pcapng capture",
	                "if Wireshark can open it, convert it: editcap -F pcapng %s converted.pcapng");
}
