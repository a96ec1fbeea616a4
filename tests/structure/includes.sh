#!/bin/sh
# includes.sh SOURCE: an include only points down.  Prints each that does not.
cd "$1/lib" || exit 1
bad=0
# check FOLDER ALLOWED...: private includes of FOLDER may name these folders only.
check() {
    folder=$1
    shift
    allowed=$(echo "$folder $*" | tr ' ' '|')
    found=$(grep -nE '^#include "' "$folder"/*.c "$folder"/*.h 2>/dev/null | grep -vE "\"($allowed)/")
    [ -z "$found" ] || { echo "$found"; bad=1; }
}
check base
check dsp base
check ecg dsp base
check analyzer ecg dsp base
check stress analyzer ecg dsp base
check document stress analyzer ecg dsp base
check io base
check simulate base
check report
check archive base
# FFTW, libsndfile and cairo each stay behind their own files.
[ -z "$(grep -rlE '<fftw3' . | grep -v '^./dsp/spectrum.c$')" ] || { echo "fftw3.h outside dsp/spectrum.c"; bad=1; }
[ -z "$(grep -rlE '<sndfile' . | grep -vE '^./io/audio')" ] || { echo "sndfile.h outside io/audio*"; bad=1; }
[ -z "$(grep -rlE '<(cairo|pango)' . | grep -v '^./report/')" ] || { echo "cairo outside report/"; bad=1; }
[ -z "$(grep -rlE '<jansson' . | grep -vE '^./(document|io|archive)/')" ] || { echo "jansson outside document/, io/, archive/"; bad=1; }
[ -z "$(grep -rlE '<sqlite3' . | grep -v '^./archive/encounters.c$')" ] || { echo "sqlite3.h outside archive/encounters.c"; bad=1; }
[ -z "$(grep -rlE '<libxml' . | grep -vE '^./document/aecg')" ] || { echo "libxml outside document/aecg*"; bad=1; }
# Bindings and benchmarks stand on the public headers only.
found=$(grep -rnE '#include "(base|dsp|ecg|analyzer|stress|document|io|simulate|report|archive)/' ../bindings ../bench)
[ -z "$found" ] || { echo "$found"; bad=1; }
exit $bad
