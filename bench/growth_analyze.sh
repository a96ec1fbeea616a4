#!/usr/bin/env bash
# growth_analyze.sh BUILD: peak memory and time of `stressecg analyze` for 10 minutes, 1 hour and
# 24 hours of 12 leads at 500 Hz: memory must stay (at most 1.10 of that of 10 minutes), time must
# grow as the recording does (at most 1.03 per frame of that of 1 hour).  Needs 1.2 GB in $TMPDIR.
# Exits with 1 where a bar is missed.
set -euo pipefail
program=$(realpath "$1")/bindings/cli/stressecg
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" simulate --protocol steady --duration 600 --ectopy 0.02 -o ./one >/dev/null 2>&1

# repeat NAME COUNT: the ten minutes so many times, as one record; frames in the header as counted.
repeat() {
    for ((i = 0; i < $2; i++)); do cat one.dat; done >"$1.dat"
    awk -v name="$1" -v count="$2" 'NR == 1 { $1 = name; $4 *= count; print; next }
        /^one\.dat/ { sub(/one/, name); $6 = $7 = 0; print }' OFS=' ' one.hea >"$1.hea"
}
repeat ten 1
repeat hour 6
repeat day 144

# measure NAME OPTION...: peak kilobytes and user plus system seconds, the least of three runs.
measure() {
    local name=$1
    shift
    for _ in 1 2 3; do
        /usr/bin/time -f '%M %U %S' -o time.txt "$program" analyze "$@" -o out "$name" >/dev/null 2>&1
        awk '{ print $1, $2 + $3 }' time.txt
    done | awk 'NR == 1 || $1 < kb { kb = $1 } NR == 1 || $2 < s { s = $2 } END { print kb, s }'
}

missed=0
for option in --no-report ""; do
    read -r kb_ten s_ten <<<"$(measure ten $option)"
    read -r kb_hour s_hour <<<"$(measure hour $option)"
    read -r kb_day s_day <<<"$(measure day $option)"
    awk -v option="${option:-with report}" -v a="$kb_ten" -v b="$kb_hour" -v c="$kb_day" \
        -v s="$s_ten" -v t="$s_hour" -v u="$s_day" 'BEGIN {
        printf "%-12s %10s %10s %10s   24 h / 10 min   24 h / 1 h\n", option, "10 min", "1 h", "24 h"
        printf "%-12s %10d %10d %10d   %.3f\n", "peak kB", a, b, c, c / a
        printf "%-12s %10.2f %10.2f %10.2f                   %.3f per frame\n", "seconds", s, t, u, u / t / 24
        exit c / a > 1.10 || (option != "with report" && u / t / 24 > 1.03) }' || missed=1
done
exit $missed
