/* The set of rules, in the order in which they are run: a rule may look at those above it.  The
 * letters are those of domain.md 7: D documentation, N denial reasons, F further statements. */
#include "document/claim_case.h"

#define VERSION "93017-1"

const char *secg_claim_rules_version(void)
{
    return VERSION;
}

const secg_rule secg_rules[] = {
    {"D01", SECG_BLOCK, "Indication, in words and coded",
     "Enter the ordering reason and at least one ICD-10 code.", secg_rule_d01},
    {"D02", SECG_BLOCK, "Resting ECG before exercise",
     "Record 12 leads for 10 s at rest, state the placement and the resting ECG finding line.",
     secg_rule_d02},
    {"D03", SECG_BLOCK, "Stress method named",
     "Name the protocol, or enter the agent with each dose.", secg_rule_d03},
    {"D04", SECG_BLOCK, "Blood pressure in each completed stage",
     "Enter the reading, or a note \"BP not obtained: ...\" in that stage.", secg_rule_d04},
    {"D05", SECG_BLOCK, "Blood pressure at rest, peak, recovery",
     "Enter the readings that were taken.", secg_rule_d05},
    {"D06", SECG_BLOCK, "Heart rate at rest, stages, peak, recovery",
     "Look at the tracing where the rate is missing; declare noise or re-analyse.", secg_rule_d06},
    {"D07", SECG_BLOCK, "Symptoms at rest, exercise, recovery",
     "Enter the symptoms of each phase; \"none\" where there was none.", secg_rule_d07},
    {"D08", SECG_BLOCK, "ST levels with point and lead",
     "State the gain of the recording, or re-analyse the tracing.", secg_rule_d08},
    {"D09", SECG_BLOCK, "Rhythm with counts", "Analyse the tracing.", secg_rule_d09},
    {"D10", SECG_BLOCK, "Stage times", "Correct the stage entries of the timeline.", secg_rule_d10},
    {"D11", SECG_BLOCK, "Workload with its method",
     "Enter the load of each stage (and the weight, for an ergometer), or the doses.",
     secg_rule_d11},
    {"D12", SECG_BLOCK, "Recovery of three minutes, with posture",
     "State the posture in recovery; if it was shorter, note why recovery was ended.",
     secg_rule_d12},
    {"D13", SECG_BLOCK, "Adverse events, or their absence",
     "Enter each adverse event, or state that there were none.", secg_rule_d13},
    {"D14", SECG_BLOCK, "Reason for the end", "Enter the reason; with \"other\", a few words.",
     secg_rule_d14},
    {"D15", SECG_BLOCK, "Signature of who performed the test",
     "Each performing person signs after the test, with name and credential.", secg_rule_d15},
    {"D16", SECG_WARN, "Equipment and software", "Enter device names or serial numbers.",
     secg_rule_d16},
    {"D17", SECG_BLOCK, "Patient figures that formulas used", "Enter them.", secg_rule_d17},
    {"D18", SECG_WARN, "History, explanation, consent", "State what was done.", secg_rule_d18},
    {"N01", SECG_BLOCK, "Prior authorization",
     "Ask the payer; enter whether it is required, and its number.", secg_rule_n01},
    {"N02", SECG_WARN, "Payer", "Enter the payer type, and whether authorization is required.",
     secg_rule_n02},
    {"N04", SECG_BLOCK, "Stress portion documented", "See the rules named.", secg_rule_n04},
    {"N05", SECG_BLOCK, "ICD-10 codes well formed", "Correct the codes with the ordering provider.",
     secg_rule_n05},
    {"N07", SECG_BLOCK, "Electrode placement and hook-up",
     "Enter placement, time of hook-up and the person who did it.", secg_rule_n07},
    {"N08", SECG_BLOCK, "Baseline ECG comparable",
     "Record the baseline before exercise with the electrodes of the test.", secg_rule_n08},
    {"N09", SECG_BLOCK, "Continuous tracing", "Note the cause of each gap within a minute of it.",
     secg_rule_n09},
    {"N10", SECG_WARN, "Leads usable", "Check skin preparation and cables; state what was done.",
     secg_rule_n10},
    {"N12", SECG_BLOCK, "Billing code and who did what",
     "93017 for the tracing, 93016 to who supervised, 93018 to who interprets.", secg_rule_n12},
    {"N13", SECG_BLOCK, "Words that judge",
     "The author describes what was seen or measured instead; the checker changes nothing.",
     secg_rule_n13},
    {"F02", SECG_BLOCK, "Not signed by the reader alone",
     "The person who performed the test signs.", secg_rule_f02},
    {"F05", SECG_INFORM, "Preparation and explanation", "Enter time and statement.", secg_rule_f05},
    {"F06", SECG_WARN, "Dates agree", "Check dates, time zone and signatures.", secg_rule_f06},
};

const size_t secg_rule_count = sizeof secg_rules / sizeof *secg_rules;
