#!/usr/bin/env bash
# accuracy.sh BUILD: beat detection and classes on the MIT-BIH sets.  SECG_SHARED names the folder
# that holds data/mitdb and data/nstdb (../shared by default).
set -euo pipefail
program=$1/bench/bench_beats
data=${SECG_SHARED:-../shared}/data
[ -d "$data/mitdb" ] || { echo "no recordings in $data (see data/fetch); skipped"; exit 0; }
records=$(ls "$data"/mitdb/*.hea | sed 's/\.hea$//')
noisy=$(ls "$data"/nstdb/118e*.hea | sed 's/\.hea$//')
echo "== MIT-BIH, lead 0 alone, first five minutes left out";  "$program" --lead 0 $records
echo "== MIT-BIH, lead 0 alone, from the first second";        "$program" --lead 0 --from 0 $records | tail -2
echo "== MIT-BIH, both leads, first five minutes left out";    "$program" $records | tail -2
echo "== MIT-BIH noise stress test, both leads";               "$program" $noisy
