#!/bin/sh
# bad_input.sh STRESSECG: each kind of trouble is a one-line message that names it, a non-zero exit
# code, and no report.
stressecg=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
bad=0

# refuse CODE WORD COMMAND...: must exit with CODE and say WORD in one line.
refuse() {
    code=$1 word=$2
    shift 2
    "$stressecg" "$@" >out.txt 2>err.txt
    got=$?
    lines=$(grep -vc '^$' err.txt)
    if [ "$got" != "$code" ] || [ "$lines" != 1 ] || ! grep -qi -- "$word" err.txt; then
        echo "stressecg $*: exit $got (want $code), $lines lines, wanted \"$word\":"
        cat err.txt
        bad=1
    fi
    if [ -e out/report.pdf ] || [ -e out/summary.json ]; then
        echo "stressecg $*: left a report behind"
        bad=1
        rm -rf out
    fi
}

# A good record to spoil.
"$stressecg" simulate --protocol steady --duration 30 -o good >/dev/null 2>&1 || exit 1

cp good.hea short.hea && sed -i 's/^good /short /; s/^good\.dat/short.dat/' short.hea
head -c 100000 good.dat > short.dat
refuse 1 'short.dat' analyze short -o out
refuse 1 'short.dat' detect short -o out

sed 's/^good /missing /; s/^good\.dat/nothere.dat/' good.hea > missing.hea
refuse 1 'nothere.dat' analyze missing -o out
refuse 1 'nosuch' analyze nosuch -o out

{ echo "many 10000 500 100"; i=0; while [ $i -lt 10000 ]; do echo "many.dat 16 200 16 0 0 0 0 x"; i=$((i + 1)); done; } > many.hea
refuse 1 'many.hea' analyze many -o out
echo "zero 1 0 100" > zero.hea; echo "good.dat 16 200 16 0 0 0 0 I" >> zero.hea
refuse 1 'zero.hea' analyze zero -o out
echo "nan 1 nan 100" > nan.hea; echo "good.dat 16 200 16 0 0 0 0 I" >> nan.hea
refuse 1 'nan.hea' analyze nan -o out
: > empty.hea
refuse 1 'empty.hea' analyze empty -o out
: > empty.wav
refuse 1 'empty.wav' analyze empty.wav -o out
echo "none 1 500 0" > none.hea; echo "none.dat 16 200 16 0 0 0 0 I" >> none.hea; : > none.dat
refuse 1 'none' analyze none -o out
echo "up 1 500 100" > up.hea; echo "../../../etc/passwd 16 200 16 0 0 0 0 I" >> up.hea
refuse 1 'up.hea' analyze up -o out

# A WAV file without any gain: 30 s of 16-bit mono at 250 Hz.
{
    printf 'RIFF\244\072\000\000WAVEfmt \020\000\000\000\001\000\001\000\372\000\000\000\364\001\000\000\002\000\020\000data\200\072\000\000'
    head -c 14976 /dev/zero
} > plain.wav
refuse 1 'gain' analyze plain.wav -o out

echo '{ "format": "stressecg-test-1", "patient": { "weight_kg": -3 } }' > bad.json
refuse 1 'bad.json:1:[0-9]*.*weight_kg' analyze good --test bad.json -o out
echo '{ "format": "stressecg-test-1",' > cut.json
refuse 1 'cut.json:' analyze good --test cut.json -o out
refuse 1 'nofile.json' analyze good --test nofile.json -o out
echo junk > signal.edf
refuse 1 'signal.edf: neither a WFDB header nor an audio file' analyze signal.edf -o out
refuse 1 'good.atr: neither a WFDB header' analyze good.atr -o out
mkdir -p a_folder
refuse 1 'a_folder: a folder; name a record in it' analyze a_folder -o out
refuse 1 'no_such.hea: No such file' analyze no_such -o out
refuse 2 '--leads' detect good --leads 44 -o out
refuse 2 'frob' frob
refuse 2 '--frob' analyze good --frob -o out
refuse 2 '--output' analyze good
refuse 1 'nosuch' score nosuch.atr good.atr
refuse 1 'protocol' protocols nosuch
echo '{"format": "stressecg-protocols-1", "protocols": [{"id": "A"}]}' > "$dir/mine.json"
refuse 1 'mine.json:1:51: protocols\[0\]: version is missing' protocols --protocols "$dir/mine.json"
refuse 1 'No such file' protocols --protocols "$dir/nosuch.json"
refuse 2 'set' edit --by me -o "$dir/new.json" "$dir/mine.json"
refuse 2 'by' edit --set st_point=J -o "$dir/new.json" "$dir/mine.json"
refuse 2 'NAME=VALUE' edit --set st_point --by me -o "$dir/new.json" "$dir/mine.json"
refuse 1 'format' edit --set st_point=J --by me -o "$dir/new.json" "$dir/mine.json"
refuse 1 'protocol' simulate --protocol nosuch -o x
: > cut.atr
refuse 1 'cut.atr' score good.atr cut.atr

touch file
refuse 1 'file: the folder' analyze good -o file/below
[ -f file ] || { echo "a file was replaced by a folder"; bad=1; }

# Every verb has help, on standard output, with exit code 0.
for verb in analyze detect simulate score protocols edit info dump record verify; do
    "$stressecg" $verb --help > help.txt 2>err.txt || { echo "$verb --help failed"; bad=1; }
    grep -q "usage: stressecg $verb" help.txt || { echo "$verb --help says nothing"; bad=1; }
done
exit $bad
