/* Numbers in files are written with a point, whatever locale the program has chosen. */
#ifndef SECG_IO_C_LOCALE_H
#define SECG_IO_C_LOCALE_H

#include <locale.h>

typedef struct secg_c_locale {
    locale_t numbers, before;
} secg_c_locale;

/* For the calling thread, until secg_c_locale_leave. */
void secg_c_locale_enter(secg_c_locale *locale);
void secg_c_locale_leave(secg_c_locale *locale);

#endif
