/* Memory that lies in a file, for what grows with the length of a recording: a day of twelve leads
 * then needs no more of the machine's memory than ten minutes do.
 *
 * The file is made in $TMPDIR, else /var/tmp, readable by its owner only, and has no name from the
 * start, so that it is gone with the process however that ends.  Its blocks are all allocated before
 * it is mapped: a full disk shows then, and never as a fault later.  Where such a file cannot be had
 * a note says why, and the C library's memory serves: same result, more memory. */
#ifndef STRESSECG_CLI_PAGED_MEMORY_H
#define STRESSECG_CLI_PAGED_MEMORY_H

#include <stressecg/base.h>

/* The test and its summary: two pieces at a time. */
enum { CLI_PAGED_PIECES = 4 };

typedef struct cli_paged_piece {
    void *at;
    size_t bytes;
    int mapped;
} cli_paged_piece;

typedef struct cli_paged_memory {
    cli_paged_piece piece[CLI_PAGED_PIECES];
    int noted;
} cli_paged_memory;

/* Memory for secg_test_config, to be used until all of it is given back. */
secg_memory cli_paged(cli_paged_memory *memory);

#endif
