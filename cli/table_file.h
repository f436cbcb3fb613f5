/* connections.csv in a folder with a report: every connection that is told of, written while the input is read. It is there
 * whole or not at all. */
#ifndef CLI_TABLE_FILE_H
#define CLI_TABLE_FILE_H

#include "cli/exit_status.h"
#include "report/report.h"

struct table_file;

/* In a folder that is there. NULL after saying why it cannot be written. */
struct table_file *table_file_begin(const char *folder, const struct report_options *options);
/* As report_verdict() and report_turn(). */
void table_file_verdict(struct table_file *t, unsigned lane, const struct hangup_case *c);
void table_file_turn(struct table_file *t);
/* Says what went wrong; frees it. */
enum exit_status table_file_finish(struct table_file *t, const struct run_summary *summary);

#endif
