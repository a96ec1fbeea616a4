#!/usr/bin/env bash
# growth.sh BUILD: peak memory for 24 h of 12 leads at 500 Hz beside that for 10 minutes.  Needs 1 GB
# in TMPDIR (/tmp) for as long as it runs.  Ends with 1 when any grows by more than a tenth.
set -euo pipefail
stressecg=$1/bindings/cli/stressecg
leads=I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
grown=0

"$stressecg" simulate --protocol steady --duration 60 -o "$dir/minute" >/dev/null
# The first minutes again and again, as raw frames.
minutes() { for ((i = 0; i < $1; i++)); do cat "$dir/minute.dat"; done; }
# peak COMMAND...: kilobytes; standard input is the command's.
peak() { command time -f %M -o "$dir/kb" "$@" >/dev/null && cat "$dir/kb"; }
compare() {
    printf '%-8s 10 min %6d kB, 24 h %6d kB, %+.1f %%\n' "$1" "$2" "$3" \
        "$(awk "BEGIN { print 100 * ($3 / $2 - 1) }")"
    [ $(($3 * 10)) -le $(($2 * 11)) ] || grown=1
}
record() {
    minutes "$2" | peak "$stressecg" record --rate 500 --leads $leads --gain 400 -o "$dir/$1"
}

short=$(record short 10)
long=$(record long 1440)
compare record "$short" "$long"
compare verify "$(peak "$stressecg" verify "$dir/short")" "$(peak "$stressecg" verify "$dir/long")"
exit $grown
