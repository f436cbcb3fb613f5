/* Keeps the packets of connections that end badly: looks into the ring of the last packets when an ending is told, and has
 * what belongs to it saved (cli/recording.h, cli/save_folder.h). */
#ifndef CLI_FLIGHT_RECORDER_H
#define CLI_FLIGHT_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "capture/source.h"
#include "cli/save_folder.h"
#include "report/report.h"

struct flight_recorder;

/* The source must outlive it. NULL and error when nothing can be saved in the folder. */
struct flight_recorder *flight_recorder_new(struct source *source, const char *folder, uint64_t limit_bytes,
                                            GError **error);

struct segment;
/* Each frame of the source, when it was decoded. */
void flight_recorder_frame(struct flight_recorder *r, const struct frame *frame, const struct segment *segment);
/* What is told of a connection. An abnormal ending is saved at once; again, over the first file, when more is known; and
 * taken away when it turns out to be none. now_ns: until when it was listened. Returns the name of its file, for now; NULL
 * when it has none. To be freed. */
char *flight_recorder_tell(struct flight_recorder *r, const struct hangup_case *c, const struct report_told *told,
                          int64_t now_ns);

struct save_counts flight_recorder_counts(struct flight_recorder *r);
/* As save_folder_take_trouble(). */
char *flight_recorder_take_trouble(struct flight_recorder *r);
/* As save_folder_end(). */
struct save_counts flight_recorder_end(struct flight_recorder *r, int wait_ms, char **out_trouble);

#endif
