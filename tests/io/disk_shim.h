/* A disk that fails, stalls, counts and dies on demand: the link replaces the system calls that the
 * library writes with (-Wl,--wrap), for the whole test program. */
#ifndef TESTS_IO_DISK_SHIM_H
#define TESTS_IO_DISK_SHIM_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct disk_shim {
    atomic_int calls;      /* pwrite, fdatasync, fsync, ftruncate, rename so far        */
    atomic_int syncs;      /* fdatasync that succeeded                                  */
    atomic_int fail_at;    /* this call, counted from 0, fails; -1: none                */
    atomic_int fail_calls; /* and so many in all                                       */
    atomic_int error;      /* with this errno                                           */
    atomic_int refused;    /* calls that failed so                                      */
    atomic_int die_at;  /* before this call, in the middle of it for pwrite, the process dies: -1:
                             never                                                     */
    atomic_int stalled; /* 1: fdatasync does not return until it is 0                */
    _Atomic int64_t monotonic_ms;   /* what CLOCK_MONOTONIC says; -1: the truth        */
    _Atomic int64_t wall_offset_ms; /* added to CLOCK_REALTIME                         */
    atomic_int keep_durable;        /* 1: what a power cut would leave is kept in FILE.durable */
    void (*meanwhile)(void);        /* runs once, after the look numbered look_at             */
    int look_at, looks;             /* fopen and fstat so far                                 */
} disk_shim;

extern disk_shim shim;

void shim_reset(void);

#endif
