#!/usr/bin/env bash
# growth_analyze.sh BUILD: peak memory and time of `stressecg analyze` for 10 minutes, 1 hour and
# 24 hours of 12 leads at 500 Hz.  Bars: a day's peak memory is at most 1.10 of that of 10 minutes,
# with and without report; a day takes at most 1.03 of the time of 24 separate hours, half of which
# run before it and half after it, so that both see the same machine.  Exits with 1 where a bar is
# missed.  Needs 1.2 GB in $TMPDIR.
set -euo pipefail
program=$(realpath "$1")/bindings/cli/stressecg
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" simulate --protocol steady --duration 600 --ectopy 0.02 -o ./one >/dev/null 2>&1

# repeat NAME COUNT: the ten minutes so many times, as one record of so many more frames; first
# values and checksums do not hold for it.
repeat() {
    for ((i = 0; i < $2; i++)); do cat one.dat; done >"$1.dat"
    awk -v name="$1" -v count="$2" 'NR == 1 { $1 = name; $4 *= count; print }
        /^one\.dat/ { print name ".dat", $2, $3, $4, $5, 0, 0, 0, $9 }' one.hea >"$1.hea"
}
repeat ten 1
repeat hour 6
repeat day 144

# run NAME OPTION...: "peak kilobytes, user plus system seconds" as a line of times.txt.
run() {
    /usr/bin/time -a -f "$1 %M %U %S" -o times.txt "$program" analyze "${@:2}" -o out "$1" >/dev/null
}
run ten --no-report
for _ in {1..12}; do run hour --no-report; done
run day --no-report
for _ in {1..12}; do run hour --no-report; done
mv times.txt without.txt
run ten
run hour
run day

# most NAME: the highest peak; seconds NAME: of all its runs.
most() { awk -v name="$1" '$1 == name && $2 > kb { kb = $2 } END { print kb }' "$2"; }
seconds() { awk -v name="$1" '$1 == name { s += $3 + $4 } END { print s }' "$2"; }
row() {
    awk -v what="$1" -v ten="$(most ten "$2")" -v hour="$(most hour "$2")" -v day="$(most day "$2")" '
        BEGIN { printf "| peak kB, %s | %d | %d | %d | %.3f |\n", what, ten, hour, day, day / ten
                exit day / ten > 1.10 }'
}
missed=0
echo "|  | 10 min | 1 h | 24 h | ratio |"
echo "|---|---|---|---|---|"
row "without report" without.txt || missed=1
row "with report" times.txt || missed=1
awk -v ten="$(seconds ten without.txt)" -v hours="$(seconds hour without.txt)" \
    -v day="$(seconds day without.txt)" 'BEGIN {
        printf "| CPU s, without report | %.2f | %.2f | %.1f | %.3f |\n", ten, hours / 24, day, day / hours
        exit day / hours > 1.03 }' || missed=1
exit $missed
