#!/usr/bin/env bash
# accuracy.sh BUILD [--paste]: beats, rate and their delays against annotators, noise mixed into
# clean records, rate while running, the standards' patterns.  Tables of records first, then one
# table of all; the figures as JSON in $SECG_BENCH_JSON (BUILD/accuracy.json).  --paste puts the
# tables into bench/README.md and README.md.  SECG_SHARED names the folder that holds data/mitdb,
# data/nstdb and data/troika (../shared by default).
set -euo pipefail
build=$1
data=${SECG_SHARED:-../shared}/data
json=${SECG_BENCH_JSON:-$build/accuracy.json}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
skipped=0

# The usual halves of MIT-BIH (de Chazal 2004), without the four records of paced patients.
ds1='101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230'
ds2='100 103 105 111 113 117 121 123 200 202 210 212 213 214 219 221 222 228 231 232 233 234'

run() { local name=$1; shift; "$build/bench/bench_$name" "$@" || failed=1; }

# records FOLDER NAME...: those that are there, without extension.
records() {
    local folder=$1 name
    shift
    for name in "$@"; do if [ -f "$folder/$name.dat" ]; then echo "$folder/$name"; fi; done
}
names() { (cd "$1" 2>/dev/null && ls $2 2>/dev/null | sed 's/\.[a-z]*$//') || true; }
skip() { echo "skipped: $1: not in $data; $2"; skipped=1; }

# A noise record: the first half where that is all there is.
noise_of() { local name; for name in "$1_first_half" "$1"; do records "$data/nstdb" "$name"; done | head -n 1; }

clean=$(records "$data/mitdb" $ds1)
if [ -n "$clean" ]; then
    run beats --json "$work/ds1.json" --set ds1 --peers "$data/mitdb/peers" $clean
else
    skip "MIT-BIH Arrhythmia Database" "data/fetch $data mitdb"
fi
others=$(records "$data/mitdb" $ds2)
[ -z "$others" ] || run beats --json "$work/ds2.json" --set ds2 --peers "$data/mitdb/peers" $others

noisy=$(records "$data/nstdb" $(names "$data/nstdb" '11[89]e*.hea'))
if [ -n "$noisy" ]; then
    run beats --json "$work/nstdb.json" --set nstdb $noisy
else
    skip "MIT-BIH Noise Stress Test Database" "data/fetch $data nstdb"
fi
sweeps=()
for kind in em ma; do
    noise=$(noise_of "$kind")
    [ -n "$noise" ] && [ -n "$clean" ] || { skip "noise $kind, or records to mix it into" "data/fetch $data mitdb nstdb"; continue; }
    "$build/bench/bench_noise" --json "$work/noise_$kind.json" "$noise" $clean >"$work/noise_$kind.txt" &
    sweeps+=($!)
done
for sweep in "${sweeps[@]}"; do wait "$sweep" || failed=1; done
cat "$work"/noise_*.txt 2>/dev/null || true

runs=$(records "$data/troika" $(names "$data/troika" '*.csv' | sed 's/\.bpm//'))
if [ -n "$runs" ]; then
    run treadmill --json "$work/treadmill.json" $runs
else
    skip "TROIKA" "training data of the IEEE Signal Processing Cup 2015 (Zhang, Pi, Liu), as WFDB records (data/README.md, bench/README.md)"
fi
run patterns --json "$work/patterns.json"

echo
run bar --json "$json" "$work"/*.json | tee "$work/long.md"
run bar --short "$work"/*.json >"$work/short.md"
echo
echo "figures: $json"

# paste FILE TABLE: between the comments that stand for it.
paste_into() {
    awk -v table="$2" '/<!-- bench accuracy: end -->/ { inside = 0 }
        !inside { print }
        /<!-- bench accuracy: begin/ { inside = 1; while ((getline line < table) > 0) print line }' \
        "$1" >"$work/pasted" && cat "$work/pasted" >"$1"
    echo "pasted into $1"
}
if [ "${2:-}" = --paste ] && [ "$failed$skipped" != 00 ]; then
    echo "not pasted: not everything was measured"
elif [ "${2:-}" = --paste ]; then
    paste_into bench/README.md "$work/long.md"
    paste_into README.md "$work/short.md"
fi
exit "$failed"
