#include "analyzer/layout.h"

#include "base/fingerprint.h"

static void find_uncalibrated(secg_analyzer *ecg)
{
    const secg_channel *channel = ecg->config.signal.channel;
    for (size_t k = 0; k < ecg->leads; k++) {
        const secg_lead_source *lead = &ecg->lead[k];
        ecg->uncalibrated[k] = lead->channel >= 0 ? channel[lead->channel].gain_per_mv == 0
                                                  : channel[lead->channel_i].gain_per_mv == 0 ||
                                                        channel[lead->channel_ii].gain_per_mv == 0;
    }
}

secg_analyzer *secg_analyzer_lay_out(secg_arena *arena, const secg_analyzer_config *config)
{
    secg_analyzer *ecg = secg_take(arena, 1, sizeof *ecg);
    secg_input input;
    secg_input_init(&input, &config->signal);
    secg_lead_source lead[SECG_MAX_LEADS];
    size_t leads = secg_input_leads(&input, &config->signal, lead);

    secg_beats *beats = secg_beats_lay_out(
        arena, &(secg_beats_config){.rate_hz = config->signal.rate_hz,
                                    .channels = input.channels,
                                    .leads = lead,
                                    .lead_count = leads,
                                    .saturation_low_mv = input.saturation_low_mv,
                                    .saturation_high_mv = input.saturation_high_mv,
                                    .no_search_back = config->no_search_back,
                                    .own_rows = config->no_st,
                                    .no_labels = config->no_labels,
                                    .no_qrs = config->no_qrs});
    secg_measure *measure = NULL;
    if (!config->no_st)
        measure =
            secg_measure_lay_out(arena, &(secg_measure_config){.rate_hz = config->signal.rate_hz,
                                                               .channels = input.channels,
                                                               .leads = lead,
                                                               .lead_count = leads,
                                                               .mains_hz = config->mains_hz,
                                                               .st_point = config->st_point});
    size_t capacity = config->event_capacity ? config->event_capacity : SECG_EVENT_CAPACITY_USUAL;
    secg_queue queue = {0};
    secg_queue_lay_out(&queue, arena, capacity);
    if (!ecg || arena->overflow)
        return NULL;

    ecg->config = *config;
    ecg->input = input;
    ecg->leads = secg_signal_leads(&config->signal, ecg->lead);
    find_uncalibrated(ecg);
    ecg->beats = beats;
    ecg->measure = measure;
    ecg->queue.event = queue.event;
    ecg->queue.mask = queue.mask;
    secg_analyzer_restart(ecg);
    return ecg;
}

void secg_analyzer_restart(secg_analyzer *ecg)
{
    secg_queue_reset(&ecg->queue);
    ecg->frames = 0;
    ecg->paced = 0;
    ecg->flush = SECG_FLUSH_NOT_BEGUN;
    atomic_store(&ecg->drained, 0);
    ecg->digest = SECG_FINGERPRINT_START;
}
