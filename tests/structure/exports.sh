#!/bin/sh
# exports.sh NM LIBRARY...: every exported symbol bears the prefix and a version.
nm=$1
shift
for library in "$@"; do
    list=$("$nm" -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^STRESSECG_0') 
    [ -n "$list" ] || { echo "$library exports nothing"; exit 1; }
    bad=$(echo "$list" | grep -vE '^secg_[a-z0-9_]+@@STRESSECG_[0-9.]+$')
    [ -z "$bad" ] || { echo "$library exports without prefix or version:"; echo "$bad"; exit 1; }
done
