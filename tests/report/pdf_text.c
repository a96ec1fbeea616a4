#include "pdf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *pdf_text(const char *path)
{
    char command[512];
    snprintf(command, sizeof command, "pdftotext -layout '%s' - 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return NULL;
    size_t room = 1 << 22, used;
    char *text = malloc(room);
    used = fread(text, 1, room - 1, pipe);
    text[used] = '\0';
    if (pclose(pipe) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

size_t pdf_words(const char *path, pdf_word *words, size_t room, double *width, double *height)
{
    char command[512], line[1024];
    size_t count = 0;
    int page = 0;
    snprintf(command, sizeof command, "pdftotext -bbox '%s' - 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    while (pipe && fgets(line, sizeof line, pipe)) {
        pdf_word w = {.page = page};
        if (sscanf(line, " <page width=\"%lf\" height=\"%lf\"", width, height) == 2)
            page++;
        else if (count < room &&
                 sscanf(line, " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%63[^<]",
                        &w.left, &w.top, &w.right, &w.bottom, w.text) == 5)
            words[count++] = w;
    }
    if (pipe)
        pclose(pipe);
    return count;
}
