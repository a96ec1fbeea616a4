#!/usr/bin/env bash
# st.sh BUILD: ST levels against known truth, and marks against annotators.  SECG_SHARED names the
# folder that holds data/nstdb, data/ludb and data/qtdb (../shared by default).
set -euo pipefail
data=${SECG_SHARED:-../shared}/data
echo "== ST level";  "$1/bench/bench_st" "$data"
