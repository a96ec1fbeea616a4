#include "document/wording_terms.h"

#include <stressecg/claim.h>

#define VERSION "en-2"

const char *secg_wording_version(void)
{
    return VERSION;
}

enum { ASK = 0, HARD = 1 };

static const char disease[] = "names a disease";
static const char result[] = "states a result";
static const char heading[] = "heads an interpretation";
static const char score[] = "scores or grades risk";
static const char advice[] = "advises";
static const char capacity[] = "judges capacity or adequacy";
static const char coded[] = "a verdict as a code";
static const char unmeasured[] = "change without a number";
static const char vague[] = "judges, or may be a fact";
static const char guess[] = "supposes, or compares";
static const char resting[] = "resting finding in exercise notes";

const char secg_wording_links[] =
    "is|was|are|were|be|being|been|remains|remained|looks|looked|appears|appeared|seems|seemed|"
    "read|interpreted|reported|considered|called|as|clearly|completely|entirely|strongly|"
    "markedly|mildly|weakly|electrically|clinically|very|again|still|therefore|thus|overall|"
    "result|results";

const char secg_wording_abbreviations[] = "pos|neg|abn|abnl|equiv|signif|dx|interp";

#define TEST    "test|tests|portion|study|studies|gxt|ett|tmt"
#define TRACE   "stress|treadmill|exercise|ecg|ekg|electrocardiogram"
#define OUTCOME "positive|negative|normal|abnormal|abnl|pos|neg|equivocal|unremarkable"
/* Words before a test that is none of the heart, or no result at all. */
#define OTHERS                                                                                     \
    "<covid|covid19|antigen|rapid|flu|pregnancy|hcg|ppd|tb|strep|allergy|latex|urine|blood|drug|"  \
    "lab|labs|function|lung|pulmonary|calibration|self|lead|contact|impedance|battery|whether|if"
#define NOT_A_RESULT                                                                               \
    "!pressure|airway|voltage|signal|pulse|strip|speed|grade|slope|deflection|t|sinus|saline|"     \
    "range|limits|pace|gait|wear"
#define NOT_OF_THE_HEART "!covid|covid19|fever|flu|pregnancy|latex|allergy|allergies|mrsa|tb|drugs"
#define VESSEL           "cad|coronary|lad|rca|lcx|stenosis|stenoses|disease|obstruct*"

/* domain.md 7.4, with the forms in which staff write the same. */
const secg_wording_term secg_wording_terms[] = {
    {"*ischemi*|*ischaemi*|ishemi*|ischimi*|iscemi*|ishcemi*|ischeam*", HARD, 0, disease},
    {"*infarct*", HARD, 0, disease},
    {"significant|signif ~ st|stsegment|ischemi*|ischaemi*|" VESSEL, HARD, 0, disease},
    {"indicative of", HARD, 0, disease},
    {"indicat*|suggest*|compatible|concerning|suspicious|worrisome ?with|for|of|that ~ " VESSEL
     "|angina|disease",
     HARD, 0, disease},
    {"likely|probable|possible|suspected cad", HARD, 0, disease},
    {"evidence|sign|signs of cad|coronary", HARD, 0, disease},
    {OTHERS " positive|negative|pos|neg for " NOT_OF_THE_HEART, HARD, 0, result},
    {OTHERS " positive|negative|pos|neg|equivocal|borderline ?" TRACE " ?" TRACE " " TEST
            " " NOT_A_RESULT,
     HARD, 0, result},
    {OTHERS " positive|negative|pos|neg " TRACE " " NOT_A_RESULT, HARD, 0, result},
    {OTHERS " normal|abnormal|abnl ?" TRACE " ?" TRACE " " TEST " " NOT_A_RESULT, HARD, 0, result},
    {OTHERS " normal|abnormal|abnl stress|treadmill|ecg|ekg " NOT_A_RESULT, HARD, 0, result},
    {OTHERS
     " positive|negative|normal|abnormal ?st|stress|ecg|ekg|exercise st|ecg|ekg|stress|exercise "
     "response",
     HARD, 0, result},
    {OTHERS " positive|negative|normal|abnormal st|ecg|ekg|stress|exercise response", HARD, 0,
     result},
    {OTHERS " " TEST "|stress|ecg|ekg|electrocardiogram|exercise % " OUTCOME " " NOT_A_RESULT, HARD,
     0, result},
    {"treadmill % positive|negative|pos|neg|equivocal", HARD, 0, result},
    {"electrically|electrocardiographically|clinically|strongly|markedly|weakly|mildly|borderline|"
     "false|falsely|true|truly|frankly positive|negative",
     HARD, 0, result},
    {"read|interpreted|reported|called as " OUTCOME, HARD, 0, result},
    {"consistent|consistant|cw with|w", HARD, 0, result},
    {"c w cad|angina|isch*|coronary", HARD, 0, result},
    {"suggestive of|for", HARD, 0, result},
    {"diagnostic of|for", HARD, 0, result},
    {"non|not diagnostic|dx", HARD, 0, result},
    {"nondiagnostic|nondx", HARD, 0, result},
    {"equivocal*|inconclusive*|indeterminate", HARD, 0, result},
    {"cannot|cant|can't|couldn't|not ?be rule|r out|o", HARD, 0, result},
    {"unable to rule|r out|o", HARD, 0, result},
    {"cannot|cant|can't|couldn't|not ?be exclude|excluded", HARD, 0, result},
    {"ruled out|in", HARD, 0, result},
    {"impression|impressions :", HARD, 0, heading},
    {"conclusion|conclusions :", HARD, 0, heading},
    {"interpretation|interpretations :", HARD, 0, heading},
    {"diagnosis|diagnoses|dx :", HARD, 0, heading},
    {"duke ?treadmill|angina score|index|risk", HARD, 0, score},
    {"dts @", HARD, 0, score},
    {"low|intermediate|moderate|high|lower|higher ?to ?low|intermediate|moderate|high risk "
     "!band|bracelet",
     HARD, 0, score},
    {"lowrisk|highrisk", HARD, 0, score},
    {"prognos*", HARD, 0, score},
    {"recommend*|advis* ~ cath|caths|catheteri*|*angiogra*", HARD, 0, advice},
    {"cath|catheteri*|*angiogra* ?is|was|would|strongly ?be "
     "recommended|advised|indicated|warranted",
     HARD, 0, advice},
    {"chronotropic* incompeten*", HARD, 0, capacity},
    {"good|poor|excellent|fair|average|normal|reduced|impaired|limited|preserved|low|high|superior|"
     "adequate functional capacity",
     HARD, 0, capacity},
    {"functional capacity % good|poor|excellent|fair|average|normal|reduced|impaired|limited|"
     "preserved|low|high|adequate",
     HARD, 0, capacity},
    {"adequate|inadequate stress|diagnostic", HARD, 0, capacity},
    {"diagnostically adequate|inadequate", HARD, 0, capacity},
    {"stress|workload % adequate|inadequate", HARD, 0, capacity},
    {"165084003|165082004|370367002|304915008|122753|122755|122756", HARD, 0, coded},

    {"significant|significantly", ASK, 0, vague},
    {"abnormal*|abnl", ASK, 0, vague},
    {"normal sinus rhythm", ASK, 1, vague},
    {"nsr", ASK, 1, vague},
    {"normal ?bp|hr|blood|heart ?pressure|rate response", ASK, 0, vague},
    {"good|poor|excellent|fair|average|reduced|limited exercise tolerance|capacity", ASK, 0, vague},
    {"likely|unlikely|probably|possibly|presumably|suspected|suspicious|suspicion", ASK, 0, guess},
    {"worse|better than", ASK, 0, guess},
    {"unchanged|compared from|to|with prior|previous|last", ASK, 0, guess},
    {"typical|atypical ?for|chest angina|pain|anginal", ASK, 0, guess},
    {"non cardiac|anginal", ASK, 0, guess},
    {"noncardiac|nonanginal", ASK, 0, guess},
    {"lbbb", ASK, 1, resting},
    {"rbbb", ASK, 1, resting},
    {"lvh", ASK, 1, resting},
    {"st|stsegment ?segment ?wave change*|depress*|elevat*|shift*|deviat* #", ASK, 0, unmeasured},
    {"t|twave ?wave|waves change*|invert*|invers*|flatten* #", ASK, 0, unmeasured},
};

const size_t secg_wording_term_count = sizeof secg_wording_terms / sizeof *secg_wording_terms;
