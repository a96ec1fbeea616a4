/* The generator behind everything random in a simulation: same seed, same bits. */
#ifndef SECG_SIMULATE_RANDOM_H
#define SECG_SIMULATE_RANDOM_H

#include <stdint.h>

typedef struct secg_random {
    uint64_t state[4];
    double spare; /* the second of a pair of Gaussian values */
    int has_spare;
} secg_random;

/* Streams of one seed are independent of each other, so that noise never moves a beat. */
void secg_random_init(secg_random *random, uint64_t seed, uint64_t stream);
/* 0 <= value < 1, 53 bits. */
double secg_random_uniform(secg_random *random);
double secg_random_between(secg_random *random, double low, double high);
/* Mean 0, variance 1. */
double secg_random_gaussian(secg_random *random);

#endif
