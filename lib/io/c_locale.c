#include "io/c_locale.h"

void secg_c_locale_enter(secg_c_locale *l)
{
    l->numbers = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    l->before = l->numbers ? uselocale(l->numbers) : (locale_t)0;
}

void secg_c_locale_leave(secg_c_locale *l)
{
    if (!l->numbers)
        return;
    uselocale(l->before);
    freelocale(l->numbers);
}
