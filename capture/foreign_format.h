/* Files that people bring which are not pcap or pcapng: named by their first bytes, with what converts them. */
#ifndef CAPTURE_FOREIGN_FORMAT_H
#define CAPTURE_FOREIGN_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/* One sentence: what the file is and, where something can be done, the command that does it. `name` is the
 * file as given. Owned by the caller. */
char *foreign_format_describe(const char *name, const uint8_t *start, size_t len);

/* Bytes from the start of a file that are enough to tell. */
enum { FOREIGN_FORMAT_BYTES = 512 };

#endif
