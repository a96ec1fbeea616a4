#!/bin/sh
# check_sign.sh STRESSECG ARCHIVE: the record of a test from analysis to seal: what is missing decides
# the exit code, signing closes, a change is found, nothing leaks into the messages.
stressecg=$1
archive=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "$*"; exit 1; }
# expect CODE COMMAND...: output in log.
expect() {
    want=$1
    shift
    "$@" > log 2>&1
    got=$?
    cat log >> all.log
    [ $got = "$want" ] || fail "$*: exit code $got, not $want: $(cat log)"
}

"$stressecg" simulate --stages 2 --seed 7 -o demo > log || fail "no simulation"
expect 0 "$stressecg" analyze demo --test demo.test.json --no-report -o out
for file in out/*; do
    [ "$(stat -c %a "$file")" = 600 ] || fail "$file is not 0600"
done

# What analyze left is whole: the test file with every fact gives the same summary again.
expect 0 "$stressecg" analyze demo --test out/test.json --no-report -o again
cmp out/summary.json again/summary.json || fail "test.json does not give the same summary"

# Not closed: blocked, and only that.
expect 3 "$stressecg" check out
grep -q '^F07 *block' log || fail "F07 is not named: $(cat log)"
[ "$(grep -c ' block ' log)" = 1 ] || fail "something else blocks: $(cat log)"
expect 3 "$stressecg" check --json out
command -v python3 > /dev/null && { python3 -c 'import json; d = json.load(open("log")); assert len(d["findings"]) == 40 and d["worst"] == "block"' ||
    fail "no JSON: $(cat log)"; }
expect 0 "$stressecg" check --rules
[ "$(grep -cE '^[DNF][0-9]{2} ' log)" = 40 ] || fail "not forty rules"

# An element that is gone.
sed 's/"R07.9"/"R07"/' out/test.json > other.json
expect 3 "$stressecg" check --test other.json out
grep -q '^N05 *block' log && grep -q 'R07 is divided into' log || fail "no heading: $(cat log)"
printf '{"format": "stressecg-site-1", "recovery_s": 7200}' > site.json
expect 3 "$stressecg" check --site site.json out
grep -q '^D12 *block' log || fail "the site's value is not used: $(cat log)"
printf '{"format": "stressecg-site-1", "recovery": 1}' > site.json
expect 1 "$stressecg" check --site site.json out
grep -q 'site.json:1:.*recovery' log || fail "a misspelt limit passes: $(cat log)"
expect 1 "$stressecg" check nosuch
expect 2 "$stressecg" check
expect 2 "$stressecg" check --add out

# Nothing of the patient or of the order's numbers in what any of them says.
finish() {
    if grep -E 'SIM-0001|Simulated, Patient|SIM-ORDER|1968|chest pain' all.log; then
        fail "a message names the patient"
    fi
    exit 0
}
[ "$archive" = 1 ] || finish
expect 3 "$stressecg" check --index seen.db --add out
expect 1 "$stressecg" sign --by "Somebody Else" --credential CCT out demo
expect 0 "$stressecg" sign --by "Simulated Technologist" --credential CCT out demo
expect 0 "$stressecg" check --index seen.db --record demo out
expect 0 "$stressecg" verify out demo
grep -q "$(tail -1 out/seal.jsonl | sed 's/.*"hash":"//; s/"}//')" log || fail "no digest: $(cat log)"
digest=$(sed -n 's/^digest //p' log)
expect 1 "$stressecg" sign --by "Simulated Technologist" --credential CCT out demo
expect 0 "$stressecg" analyze demo --test demo.test.json --no-report -o out
expect 0 "$stressecg" verify out demo
sed 's/"systolic_mmhg": 1/"systolic_mmhg": 2/' demo.test.json > later.json
expect 1 "$stressecg" analyze demo --test later.json --no-report -o out
expect 0 "$stressecg" verify out demo
expect 1 "$stressecg" sign --by X --credential RN --addendum 'negative for ischemia' out
expect 0 "$stressecg" sign --by X --credential RN --addendum 'weight was 71 kg' out
expect 0 "$stressecg" verify out demo
expect 0 "$stressecg" verify --digest "$digest" out demo
expect 1 "$stressecg" verify --digest "$(echo "$digest" | tr 0-9a-f 1-9a-f0)" out demo

# A test file without signatures: the seal brings that of who closed the record.  The simulated test was
# long ago, so the dates do not agree (F06), and that is all.
grep -v '"signed_at"' demo.test.json | sed 's/"performed": true,/"performed": true/' > unsigned.json
expect 0 "$stressecg" analyze demo --test unsigned.json --no-report -o late
expect 3 "$stressecg" check --index seen.db late
grep -q '^D15 *block' log || fail "D15 is met without a signature: $(cat log)"
expect 0 "$stressecg" sign --by "Simulated Technologist" --credential CCT late demo
expect 4 "$stressecg" check --index seen.db --record demo late
grep -q '^F06 *warn' log && [ "$(grep -cE '^[DNF][0-9]{2} ' log)" = 1 ] || fail "not only F06: $(cat log)"

# The same patient and day under another encounter; then a tracing that changed.
sed 's/SIM-ENC-1/SIM-ENC-2/' out/test.json > second.json
mkdir open && cp out/summary.json open
expect 3 "$stressecg" check --index seen.db --test second.json open
grep -q '^N11 *warn' log || fail "the second encounter is not found: $(cat log)"
printf x >> demo.dat
expect 1 "$stressecg" verify out demo
grep -q 'demo.dat: differs' log || fail "the tracing is not named: $(cat log)"
expect 3 "$stressecg" check --record demo --index seen.db out
grep -q '^F07 *block' log || fail "F07 is met: $(cat log)"
finish
