/* What the libraries share beside the public file.h. */
#ifndef SECG_BASE_ATOMIC_FILE_H
#define SECG_BASE_ATOMIC_FILE_H

#include <stressecg/file.h>

/* The end of a path, short enough to leave room for the rest of an error's text.  Exported, but in
 * no public header: the sibling library io shares it. */
SECG_API const char *secg_path_tail(const char *path);

#endif
