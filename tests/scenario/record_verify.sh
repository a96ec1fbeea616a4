#!/bin/sh
# record_verify.sh STRESSECG READER: raw frames from standard input become a record that another
# reader can read at any moment, that verifies and reads back to the bit, survives a kill, can go on,
# be closed and annotated; a changed byte is found and its block named.
stressecg=$1 reader=$2
leads=I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "$*"; exit 1; }
record() { "$stressecg" record --rate 500 --leads $leads --gain 400 "$@"; }
# refused CODE TEXT COMMAND...: ends with that exit code and one line that holds TEXT.
refused() {
    want=$1 text=$2
    shift 2
    "$@" > log 2>&1
    code=$?
    [ $code = "$want" ] && grep -q -- "$text" log && [ "$(grep -c . log)" = 1 ] ||
        fail "$*: exit $code, not $want with \"$text\": $(cat log)"
}

"$stressecg" simulate --protocol steady --duration 20 -o sim > /dev/null || fail "no simulation"

# From beginning to end, and what was pushed is what is read, by two readers.
record --format i16 -o rec < sim.dat > log 2>&1 || fail "record: $(cat log)"
"$stressecg" verify rec > log 2>&1 || fail "verify: $(cat log)"
"$stressecg" info --check rec > log 2>&1 || fail "info: $(cat log)"
"$stressecg" dump --adc sim > sim.csv && "$stressecg" dump --adc rec > rec.csv || fail "dump"
cmp sim.csv rec.csv || fail "the record is not what was pushed"
python3 "$reader" rec sim.dat --whole || fail "another reader"
[ "$(stat -c %a rec.dat)" = 600 ] || fail "rec.dat is not 0600"
refused 1 'the record exists' record -o rec
refused 1 'is closed' record --resume -o rec
refused 1 'is closed' "$stressecg" record --finish -o rec
refused 1 'nosuch' "$stressecg" verify nosuch
refused 1 'No such file' record -o no/such/folder/rec
refused 1 'Not a directory' record -o rec.dat/rec

# Annotations of the closed record are covered, those of another place are not.
"$stressecg" analyze rec --no-report -o . > log 2>&1 || fail "analyze: $(cat log)"
"$stressecg" verify rec | grep -q '1 annotation files agree' || fail "rec.sec is not covered"
[ "$(python3 "$reader" rec.sec | tr ' ' '\n' | sed -n 's/^1://p')" -ge 18 ] || fail "beats of rec.sec"
"$stressecg" detect rec -a qrs -o . > log 2>&1 || fail "detect: $(cat log)"
"$stressecg" verify rec | grep -q '2 annotation files agree' || fail "rec.qrs is not covered"
"$stressecg" analyze rec --no-report -o elsewhere > log 2>&1 || fail "analyze: $(cat log)"
cmp rec.sec elsewhere/rec.sec || fail "annotations differ by place"
mkdir other && record -o other/rec < sim.dat || fail "another record"
refused 1 'another record of this name' "$stressecg" detect rec -o other
digest=$("$stressecg" verify rec | sed -n 's/^digest //p')
"$stressecg" verify --digest "$digest" rec > log || fail "its own digest: $(cat log)"
refused 1 'digest' "$stressecg" verify --digest "$(echo "$digest" | tr 0-9a-f 1-9a-f0)" rec
refused 2 'digest' "$stressecg" verify --digest 123 rec
printf '\001' | dd of=rec.sec bs=1 seek=2 conv=notrunc 2> /dev/null
refused 1 'rec.sec: was altered' "$stressecg" verify rec
cp elsewhere/rec.sec rec.sec
printf '\377' | dd of=rec.dat bs=1 seek=60000 conv=notrunc 2> /dev/null
refused 1 'block 10' "$stressecg" verify rec # 250 frames of 24 bytes a block

# A disk that fills, as a limit of 50 kB a file has it; then there is room again.
(ulimit -f 100 && record -o full < sim.dat > log 2>&1)
[ $? = 1 ] && grep -q 'full.dat: cannot be written: File too large' log || fail "a full disk: $(cat log)"
[ "$(grep -c . log)" = 1 ] || fail "more than one line: $(cat log)"
"$stressecg" verify full | grep -q ' 2000 frames agree; 0 gaps' || fail "after a full disk"
record --resume -o full < sim.dat && "$stressecg" verify full | grep -q '; 1 gaps of' || fail "no room"

# Read by another program while it grows, killed, and gone on with.
mkfifo frames
"$stressecg" record --rate 500 --leads $leads --gain 400 -o live < frames & recorder=$!
exec 3> frames
for second in 0 1 2 3 4 5 6 7 8 9; do
    dd if=sim.dat bs=12000 skip=$second count=1 2> /dev/null >&3
    sleep 0.1
    "$stressecg" verify live > log 2>&1 || fail "verify of a growing record: $(cat log)"
    python3 "$reader" live sim.dat > log 2>&1 || fail "another reader, meanwhile: $(cat log)"
done
for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ "$(python3 "$reader" live sim.dat)" = "5000 frames" ] && break
    sleep 0.1
done
refused 1 'is being recorded' record --resume -o live
kill -KILL $recorder
wait $recorder 2> /dev/null
exec 3>&-
"$stressecg" verify live > log 2>&1 || fail "verify after a kill: $(cat log)"
grep -q '5000 frames agree' log && grep -q 'not closed' log || fail "after a kill: $(cat log)"
cp live.dat before.dat
refused 1 'was begun at 500 Hz, not 250' "$stressecg" record --rate 250 --leads $leads --gain 400 --resume -o live
refused 1 'was begun with 12 channels, not 2' "$stressecg" record --rate 500 --leads I,II --gain 400 --resume -o live
refused 1 'other leads or gains' "$stressecg" record --rate 500 --leads $leads --gain 200 --resume -o live
cmp before.dat live.dat || fail "a refusal altered the record"
for part in dat hea chain manifest; do cp live.$part ended.$part; done
sed 's/^live/ended/' live.hea > ended.hea
refused 1 'ended.hea: was altered' "$stressecg" record --finish -o ended
record --resume -o live < sim.dat || fail "it did not go on"
"$stressecg" verify live | grep -q '; 1 gaps of' || fail "the gap is missing"
grep -q '"cause":"interrupted"' live.manifest || fail "no cause: $(cat live.manifest)"

# Interrupted at Ctrl-C it closes; killed and not gone on with, it can be closed.
"$stressecg" record --rate 500 --leads $leads --gain 400 -o held < frames & recorder=$!
exec 3> frames
dd if=sim.dat bs=12000 count=2 2> /dev/null >&3
for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ "$("$stressecg" verify held 2> /dev/null | sed -n 's/.* \([0-9]*\) frames agree.*/\1/p')" = 1000 ] && break
    sleep 0.1
done
kill -KILL $recorder
wait $recorder 2> /dev/null
exec 3>&-
"$stressecg" detect held -o . > log 2>&1 || fail "annotations of an open record: $(cat log)"
grep -q 'held: is not closed; verify does not cover' log || fail "not said: $(cat log)"
"$stressecg" record --finish -o held || fail "not closed"
"$stressecg" verify held | grep -q ' 1000 frames agree; 0 gaps' || fail "closed with a gap"
head -c 24000 sim.dat > two.dat
python3 "$reader" held two.dat --whole || fail "another reader of the closed record"
