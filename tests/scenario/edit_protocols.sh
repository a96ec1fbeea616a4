#!/bin/sh
# edit_protocols.sh STRESSECG SOURCE: a saved test is edited and analysed again, with its audit trail;
# tables of a file are listed and followed.
stressecg=$1 source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "$*"; exit 1; }
has() { grep -qF -- "$2" "$dir/$1" || fail "$1 does not hold: $2"; }

"$stressecg" simulate --protocol naughton --stages 1 --rate 250 -o "$dir/r" > /dev/null || exit 1
"$stressecg" edit --set st_point=J+60 --set protocol_label="Naughton, ward 2" --by "A. Reader" \
    --when 2026-01-06T08:00:00+00:00 --why "site rule" -o "$dir/new.json" "$dir/r.test.json" || exit 1
for name in r.test new; do
    "$stressecg" analyze "$dir/r" --test "$dir/$name.json" --no-report -o "$dir/$name" \
        > "$dir/log" || fail "$(cat "$dir/log")"
done
has new.json '"what": "st_point"'
has new.json '"old": "auto"'
has new/summary.json '"by": "A. Reader"'
has new/summary.json '"old": "auto"'
has new/summary.json '"label": "Naughton, ward 2"'
has new/summary.json '"point": "J+60"'
has r.test/summary.json '"audit": []'
grep -qF '"point": "J+80"' "$dir/new/summary.json" && fail "J+80 is still there"
# The same file twice gives the same bytes.
"$stressecg" analyze "$dir/r" --test "$dir/new.json" --no-report -o "$dir/again" > /dev/null || exit 1
cmp "$dir/new/summary.json" "$dir/again/summary.json" || exit 1
# Back again: the trail grows.
"$stressecg" edit --set st_point=auto --by "A. Reader" -o "$dir/new.json" "$dir/new.json" || exit 1
[ "$(grep -c '"what"' "$dir/new.json")" = 3 ] || fail "three edits were made"

# What the summary depends on stands in the file: rows of recovery, and whose load METs are of.
has r.test/summary.json '"label": "Recovery 1:00"'
sed 's/"protocol": "naughton"/&, "recovery_interval_s": 120, "mets_of_actual": true/' "$dir/r.test.json" > "$dir/two.json"
"$stressecg" analyze "$dir/r" --test "$dir/two.json" --no-report -o "$dir/two" > /dev/null || exit 1
has two/summary.json '"label": "Recovery 2:00"'
has two/test.json '"mets_of_actual": true'
grep -qF '"label": "Recovery 1:00"' "$dir/two/summary.json" && fail "recovery is cut each minute"

own=$source/data/example.protocols.json
"$stressecg" protocols --protocols "$own" > "$dir/list" || exit 1
has list example-walk
grep -q '^who-25 *site-2' "$dir/list" || fail "who-25 is not overridden"
"$stressecg" protocols --protocols "$own" example-walk > "$dir/table" || exit 1
has table 'rises to the next'
sed 's/"protocol": "naughton"/"protocol": "example-walk"/' "$dir/r.test.json" > "$dir/own.test.json"
"$stressecg" analyze "$dir/r" --test "$dir/own.test.json" --no-report -o "$dir/x" 2> "$dir/err" > /dev/null &&
    fail "an unknown protocol passes"
"$stressecg" analyze "$dir/r" --test "$dir/own.test.json" --protocols "$own" --no-report -o "$dir/own" \
    > "$dir/log" || fail "$(cat "$dir/log")"
has own/summary.json '"name": "Example walk"'
