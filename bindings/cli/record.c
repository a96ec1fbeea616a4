/* stressecg record: raw frames from standard input to a record on disk. */
#include "cli.h"

#include <stressecg/recorder.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_FRAME = 4 * SECG_MAX_CHANNELS, READ_FRAMES = 64 };

typedef struct record_options {
    secg_recorder_config config;
    char folder[4096];
    double rate_hz, gain_per_mv;
    const char *leads, *output;
    int wide;   /* 32-bit input */
    int finish; /* close what was interrupted */
} record_options;

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* "I,II,V1": names that are no standard leads are kept as they are. */
static int take_leads(record_options *o)
{
    secg_signal *signal = &o->config.signal;
    const char *at = o->leads;
    for (;;) {
        size_t length = strcspn(at, ",");
        if (signal->channels == SECG_MAX_CHANNELS)
            return cli_fail(-1, "--leads: more than %d", SECG_MAX_CHANNELS);
        secg_channel *c = &signal->channel[signal->channels++];
        if (length == 0 || length >= sizeof c->name)
            return cli_fail(-1, "--leads: \"%.*s\" is not the name of a lead", (int)length, at);
        memcpy(c->name, at, length);
        c->lead = secg_lead_find(c->name);
        c->gain_per_mv = (float)o->gain_per_mv;
        if (!at[length])
            return 0;
        at += length + 1;
    }
}

static int take_output(record_options *o)
{
    const char *slash = strrchr(o->output, '/');
    size_t length = slash ? (size_t)(slash - o->output) : 1;
    if (length >= sizeof o->folder)
        return cli_fail(-1, "-o: path too long");
    memcpy(o->folder, slash ? o->output : ".", length);
    if (slash == o->output)
        strcpy(o->folder, "/");
    o->config.folder = o->folder;
    o->config.name = slash ? slash + 1 : o->output;
    return 0;
}

static int take_format(const cli_arguments *a, record_options *o)
{
    o->wide = strcmp(a->value, "i32") == 0;
    if (!o->wide && strcmp(a->value, "i16") != 0)
        return cli_fail(-1, "--format: \"%s\" is not i16 or i32", a->value);
    return 0;
}

static int take_option(const cli_arguments *a, int key, record_options *o)
{
    switch (key) {
    case 'r':
        return cli_number(a, "--rate", SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ, &o->rate_hz);
    case 'g':
        return cli_number(a, "--gain", 1, 1e6, &o->gain_per_mv);
    case 'f':
        return take_format(a, o);
    case 'l':
        o->leads = a->value;
        return 0;
    case 'o':
        o->output = a->value;
        return 0;
    case 'F':
        o->finish = 1;
        return 0;
    default:
        o->config.resume = 1;
        return 0;
    }
}

/* -1 after a message: a count that 16 bits cannot hold. */
static int narrow(const unsigned char *bytes, int wide, int16_t *count)
{
    if (!wide) {
        *count = (int16_t)(bytes[0] | bytes[1] << 8);
        return 0;
    }
    int32_t value = (int32_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
                              (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
    if (value != SECG_NO_COUNT && (value <= INT16_MIN || value > INT16_MAX))
        return cli_fail(-1, "standard input: %d does not fit the record's 16 bits", (int)value);
    *count = value == SECG_NO_COUNT ? SECG_NO_COUNT_16 : (int16_t)value;
    return 0;
}

/* A pipe or file can wait, as a device cannot: nothing overflows here. */
static void wait_for_disk(const secg_recorder *recorder, int64_t pushed, double rate_hz)
{
    secg_recorder_progress p;
    for (;;) {
        secg_recorder_get_progress(recorder, &p);
        if (p.status != SECG_OK || (double)(pushed - p.on_disk_frames) < 5 * rate_hz)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static int push_frames(secg_recorder *recorder, const record_options *o, const unsigned char *bytes,
                       size_t frames)
{
    int16_t counts[READ_FRAMES * SECG_MAX_CHANNELS];
    secg_error error = {0};
    size_t values = frames * (size_t)o->config.signal.channels;
    for (size_t i = 0; i < values; i++)
        if (narrow(bytes + i * (o->wide ? 4 : 2), o->wide, &counts[i]) < 0)
            return CLI_FAILED;
    if (secg_recorder_push_i16(recorder, counts, frames, &error) != SECG_OK)
        return cli_error(&error);
    return CLI_OK;
}

static int record_input(secg_recorder *recorder, const record_options *o)
{
    unsigned char bytes[READ_FRAMES * LARGEST_FRAME];
    size_t held = 0, frame = (size_t)(o->wide ? 4 : 2) * (size_t)o->config.signal.channels;
    secg_recorder_progress before;
    secg_recorder_get_progress(recorder, &before);
    int64_t pushed = before.on_disk_frames;
    int code = CLI_OK;
    while (code == CLI_OK && !interrupted) {
        ssize_t got = read(STDIN_FILENO, bytes + held, READ_FRAMES * frame - held);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cli_fail(CLI_FAILED, "standard input: %s", strerror(errno));
        if (got == 0)
            return held ? cli_fail(CLI_FAILED, "standard input: ends within a frame") : CLI_OK;
        held += (size_t)got;
        size_t frames = held / frame;
        code = push_frames(recorder, o, bytes, frames);
        held -= frames * frame;
        memmove(bytes, bytes + frames * frame, held);
        pushed += (int64_t)frames;
        wait_for_disk(recorder, pushed, o->rate_hz);
    }
    return code;
}

static int record(record_options *o)
{
    secg_recorder *recorder;
    secg_error error = {0};
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGXFSZ, SIG_IGN);
    o->config.signal.rate_hz = o->rate_hz;
    secg_status status = secg_recorder_open(&o->config, &recorder, &error);
    if (status != SECG_OK) {
        cli_error(&error);
        return status == SECG_E_ARGUMENT ? CLI_USAGE : CLI_FAILED;
    }
    int code = record_input(recorder, o);
    status = secg_recorder_close(recorder, &error);
    return status != SECG_OK && code == CLI_OK ? cli_error(&error) : code;
}

static int finish(const record_options *o)
{
    secg_error error = {0};
    if (!o->output || o->leads || o->rate_hz > 0)
        return cli_fail(CLI_USAGE, "--finish needs -o, and nothing else");
    return secg_recorder_finish(o->output, &error) == SECG_OK ? CLI_OK : cli_error(&error);
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {
        {"rate", 'r', 1},   {"leads", 'l', 1},  {"gain", 'g', 1},   {"format", 'f', 1},
        {"output", 'o', 1}, {"resume", 'c', 0}, {"finish", 'F', 0}, {0}};
    record_options o = {.gain_per_mv = 1000};
    cli_arguments a = {.verb = &cli_record, .argc = argc, .argv = argv, .option = options};
    int key;
    while ((key = cli_next_option(&a)) > 0)
        if (take_option(&a, key, &o) < 0)
            return CLI_USAGE;
    if (key < 0 || (!a.done && cli_check_operands(&a, 0, 0) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (o.finish)
        return finish(&o);
    if (o.rate_hz <= 0 || !o.leads || !o.output)
        return cli_fail(CLI_USAGE, "--rate, --leads and -o are needed");
    if (take_leads(&o) < 0 || take_output(&o) < 0)
        return CLI_USAGE;
    return record(&o);
}

const cli_verb cli_record = {
    "record", "record raw frames from standard input, safe against power cuts",
    "usage: stressecg record --rate HZ --leads I,II,V1,... [options] -o DIR/NAME < FRAMES\n"
    "       stressecg record --finish -o DIR/NAME\n\n"
    "Little-endian counts, one per lead, interleaved; ends with the input, or at Ctrl-C.\n\n"
    "  -r, --rate HZ       frames per second\n"
    "  -l, --leads LIST    names, in the order of the frame\n"
    "  -g, --gain N        counts per mV (1000)\n"
    "  -f, --format F      i16 (default) or i32; values must fit 16 bits.  The least value of\n"
    "                      the format is \"no value\"\n"
    "  -o, --output PATH   DIR/NAME; DIR must exist\n"
    "  -c, --resume        go on with a record that was interrupted; the time between becomes a "
    "gap\n"
    "  --finish            close a record that was interrupted and does not go on\n",
    run};
