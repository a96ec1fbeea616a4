#!/usr/bin/env bash
# st.sh BUILD [ROW ...]: ST levels against known truth (all rows, or some of clean noise real pulse
# ectopy fusion), and wave marks against annotators.  SECG_SHARED names the folder that holds
# data/nstdb, data/ludb and data/qtdb (../shared by default).
set -euo pipefail
build=$1; shift
data=${SECG_SHARED:-../shared}/data
echo "== ST level (p95: 95 % of the errors of values shown are smaller)"
"$build/bench/bench_st" "$data" "$@"
[ $# -eq 0 ] || exit 0
marks() { # SET SUFFIX
    local records
    [ -d "$data/$1" ] || { echo "no recordings in $data/$1 (see data/fetch); skipped"; return; }
    records=$(ls "$data/$1"/*."$2" | sort -V | sed "s/\.$2\$//")
    echo "== wave marks, $1, all records";                "$build/bench/bench_marks" "$1" $records
    echo "== wave marks, $1, the half not fitted to";     "$build/bench/bench_marks" --half held "$1" $records
}
marks ludb hea
marks qtdb q1c
