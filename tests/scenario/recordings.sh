#!/bin/sh
# recordings.sh STRESSECG SHARED: analyze runs on every recording, and finds beats in it.
stressecg=$1 data=$2/data
[ -d "$data" ] || { echo "no recordings"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0 count=0
for header in "$data"/mitdb/*.hea "$data"/nstdb/118*.hea "$data"/troika/*.hea "$data"/qtdb/*.hea \
              "$data"/ludb/*.hea "$data"/twelve-lead/*.hea "$data"/af/*.hea; do
    [ -e "$header" ] || continue
    # One report for each kind; the pages are the report's own tests' concern.
    case $header in
    */sel301.hea | */run_01.hea | */1.hea | */s0010_re.hea | */data_8_2.hea | */A0001.hea) report= ;;
    *) report=--no-report ;;
    esac
    rm -rf "$dir/out"
    if ! "$stressecg" analyze "$header" $report -o "$dir/out" > "$dir/log" 2>&1; then
        echo "$header:"; cat "$dir/log"; bad=1
    elif [ "$(wc -l < "$dir/out/beats.csv")" -lt 5 ]; then
        echo "$header: only $(wc -l < "$dir/out/beats.csv") lines of beats"; bad=1
    elif [ -z "$report" ] && ! head -c 4 "$dir/out/report.pdf" | grep -q '%PDF'; then
        echo "$header: no report"; bad=1
    fi
    count=$((count + 1))
done
echo "$count recordings"
[ "$count" -gt 0 ] || exit 77
exit $bad
