#!/usr/bin/env bash
# growth_read.sh BUILD: peak memory of reading and of exporting, a minute and a day of 12 leads at
# 500 Hz.  Fails when a day takes more than a tenth more.
set -euo pipefail
command=$1/bindings/cli/stressecg
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Signals of zeros in a file without blocks: what is read matters here, not what it says.
for setting in "minute 30000" "day 43200000"; do
    read -r name frames <<<"$setting"
    { echo "$name 12 500 $frames"
      for lead in I II III aVR aVL aVF V1 V2 V3 V4 V5 V6; do
          echo "$name.dat 16 1000 16 0 0 0 0 $lead"
      done; } >"$folder/$name.hea"
    truncate -s $((frames * 24)) "$folder/$name.dat"
done

peak_kib() { command time -f %M -o "$folder/kib" "$command" "$@" >/dev/null && cat "$folder/kib"; }

status=0
compare() {
    local what=$1 minute=$2 day=$3
    printf '%-22s %6d KiB a minute, %6d KiB a day: %+.1f %%\n' "$what" "$minute" "$day" \
        "$(awk "BEGIN { print 100 * ($day / $minute - 1) }")"
    [ $((day * 10)) -le $((minute * 11)) ] || status=1
}
compare "read and verify" "$(peak_kib info --check "$folder/minute")" \
    "$(peak_kib info --check "$folder/day")"
for kind in wav w64 caf; do
    compare "export to $kind" "$(peak_kib export -o "$folder/minute.$kind" "$folder/minute")" \
        "$(peak_kib export -o "$folder/day.$kind" "$folder/day")"
    compare "read $kind" "$(peak_kib info --check "$folder/minute.$kind")" \
        "$(peak_kib info --check "$folder/day.$kind")"
    rm -f "$folder"/*."$kind"
done
exit "$status"
