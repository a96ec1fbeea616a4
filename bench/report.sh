#!/usr/bin/env bash
# report.sh BUILD: time and size of a report: a 20-minute test of twelve channels, full disclosure
# of three leads (as it comes) and of all twelve.  Wanted: under 3 s and under 20 MB.
set -euo pipefail
build=${1:?usage: report.sh BUILD}
"$build/bench/bench_report"
