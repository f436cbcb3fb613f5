/* All capture files a test can lay hands on: the samples of this project, and the files under the folder
 * that the environment variable HANGUP_FOREIGN_CAPTURES names, such as the test captures of tcpdump and
 * libpcap, which are hostile on purpose. Without the variable that part is left out, and said so. */
#ifndef TESTS_UNIT_EVERY_CAPTURE_H
#define TESTS_UNIT_EVERY_CAPTURE_H

#include <stddef.h>

typedef void (*every_capture_fn)(const char *path, void *user);

/* Calls visit for each file, in order of name; returns how many there were. */
size_t every_capture(every_capture_fn visit, void *user);

#endif
