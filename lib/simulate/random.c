/* xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021):
 * period 2^256 - 1, four words of state that must not all be 0.  The state is filled by SplitMix64
 * (Steele, Lea and Flood 2014), whose outputs for different counters never coincide, so that
 * neighbouring seeds and streams start far apart.
 *
 * Gaussian values by the polar method (Marsaglia and Bray 1964): for (u, v) uniform in the unit
 * disc with s = u^2 + v^2, both u f and v f with f = sqrt(-2 ln s / s) are normal and independent. */
#include "simulate/random.h"

#include <math.h>

static uint64_t splitmix(uint64_t *counter)
{
    uint64_t z = (*counter += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void secg_random_init(secg_random *random, uint64_t seed, uint64_t stream)
{
    uint64_t start = seed, counter = splitmix(&start) ^ stream;
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix(&counter);
    random->spare = 0;
    random->has_spare = 0;
}

static uint64_t rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static uint64_t next(uint64_t *s)
{
    uint64_t result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

double secg_random_uniform(secg_random *random)
{
    return (double)(next(random->state) >> 11) * 0x1p-53;
}

double secg_random_between(secg_random *random, double low, double high)
{
    return low + (high - low) * secg_random_uniform(random);
}

double secg_random_gaussian(secg_random *random)
{
    if (random->has_spare) {
        random->has_spare = 0;
        return random->spare;
    }
    double u, v, s;
    do {
        u = secg_random_between(random, -1, 1);
        v = secg_random_between(random, -1, 1);
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    double factor = sqrt(-2 * log(s) / s);
    random->spare = v * factor;
    random->has_spare = 1;
    return u * factor;
}
