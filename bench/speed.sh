#!/usr/bin/env bash
# speed.sh BUILD: throughput in one run, so that the ratios hold; then instructions per frame.
set -euo pipefail
program=$1/bench/bench_push
for setting in "500 12 none" "500 1 detect" "250 2 detect" "500 8 detect" "500 8 full" "1000 12 full"; do
    read -r rate channels mode <<<"$setting"
    "$program" "$rate" "$channels" 600 "$mode"
done
command -v valgrind >/dev/null || exit 0
# Instructions of 20 s and of 80 s: the difference is 60 s of stream and of simulation; the same
# with mode none is the simulation alone.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
for setting in "500 1 detect" "500 8 full"; do
    read -r rate channels mode <<<"$setting"
    with=$(( $(count "$rate" "$channels" 80 "$mode") - $(count "$rate" "$channels" 20 "$mode") ))
    without=$(( $(count "$rate" "$channels" 80 none) - $(count "$rate" "$channels" 20 none) ))
    echo "$rate Hz, $channels channels, $mode: $(( (with - without) / (60 * rate) )) instructions per frame"
done
