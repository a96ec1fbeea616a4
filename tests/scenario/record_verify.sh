#!/bin/sh
# record_verify.sh STRESSECG: raw frames from standard input become a record that verifies and reads
# back to the bit; a changed byte is found and its block named.
stressecg=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "$*"; exit 1; }

"$stressecg" simulate --protocol steady --duration 12 -o sim > /dev/null || fail "no simulation"
"$stressecg" record --rate 500 --leads I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6 --gain 400 --format i16 \
    -o rec < sim.dat > log 2>&1 || fail "record: $(cat log)"
"$stressecg" verify rec > log 2>&1 || fail "verify: $(cat log)"
"$stressecg" info --check rec > log 2>&1 || fail "info: $(cat log)"
"$stressecg" dump --adc sim > sim.csv && "$stressecg" dump --adc rec > rec.csv || fail "dump"
cmp sim.csv rec.csv || fail "the record is not what was pushed"
[ "$(stat -c %a rec.dat)" = 600 ] || fail "rec.dat is not 0600"

printf '\377' | dd of=rec.dat bs=1 seek=60000 conv=notrunc 2> /dev/null
"$stressecg" verify rec > log 2>&1
[ $? = 1 ] || fail "a changed byte passed: $(cat log)"
grep -q 'block' log || fail "no block is named: $(cat log)"
[ "$(grep -c . log)" = 1 ] || fail "more than one line: $(cat log)"
"$stressecg" verify nosuch > log 2>&1
[ $? = 1 ] && grep -q nosuch log || fail "a missing record: $(cat log)"
