/* Gives a target every file of the folders named, without a fuzzer: the seeds, among them every
 * input that once failed, as ordinary tests, and grown corpora under valgrind. */
#include "fuzz.h"

#include <dirent.h>

enum { MOST_BYTES = 1 << 20 };

static int replay_file(const char *path)
{
    static uint8_t bytes[MOST_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* so that a byte read beyond the end shows */
    if (!exact)
        return -1;
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

static int replay_folder(const char *folder)
{
    DIR *list = opendir(folder);
    int files = 0;
    for (struct dirent *entry; list && (entry = readdir(list)) != NULL;) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (replay_file(path) == 0)
            files++;
    }
    if (list)
        closedir(list);
    return files;
}

int main(int argc, char **argv)
{
    int files = 0;
    for (int i = 1; i < argc; i++)
        files += replay_folder(argv[i]);
    printf("%d inputs\n", files);
    return files == 0; /* a folder that moved must not pass for one without trouble */
}
