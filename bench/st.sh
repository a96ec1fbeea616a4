#!/usr/bin/env bash
# st.sh BUILD [--power] [--seed N] [ROW ...]: ST levels against known truth (all rows, or some of
# clean noise real pulse ectopy fusion), and wave marks against annotators.  Noise is counted as
# `nst` counts it; without arguments the rows with noise follow once more with noise counted by its
# power.  SECG_SHARED names the folder that holds data/nstdb, data/ludb and data/qtdb (../shared by
# default).
set -euo pipefail
build=$1; shift
data=${SECG_SHARED:-../shared}/data
echo "== ST level (p95: 95 % of the errors of values shown are smaller)"
if [ $# -gt 0 ]; then
    options=()
    while [ $# -gt 0 ]; do
        case $1 in
            --power) options+=("$1"); shift ;;
            --seed) options+=("$1" "$2"); shift 2 ;;
            *) break ;;
        esac
    done
    exec "$build/bench/bench_st" "${options[@]}" "$data" "$@"
fi
"$build/bench/bench_st" "$data"
echo "== the same, noise counted by its power"
"$build/bench/bench_st" --power "$data" noise real
marks() { # SET SUFFIX
    local records
    [ -d "$data/$1" ] || { echo "no recordings in $data/$1 (see data/fetch); skipped"; return; }
    records=$(ls "$data/$1"/*."$2" | sort -V | sed "s/\.$2\$//")
    echo "== wave marks, $1, all records";                "$build/bench/bench_marks" "$1" $records
    echo "== wave marks, $1, the half not fitted to";     "$build/bench/bench_marks" --half held "$1" $records
}
marks ludb hea
marks qtdb q1c
