#ifndef STRESSECG_EXPORT_H
#define STRESSECG_EXPORT_H
#include "order.h"
#endif
