#!/bin/sh
# paged_memory.sh STRESSECG: what analyze leaves behind does not depend on where its memory lies: in
# a file, or, with a note, in memory where no folder or no room for that file is to be had.
stressecg=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
bad=0

"$stressecg" simulate --stages 1 -o good >/dev/null 2>&1 || exit 1
mkdir tmp

# analysed FOLDER: runs, and compares with what the first run left.
analysed() {
    if ! "$stressecg" analyze --no-report --test good.test.json -o "$1" good >"$1.txt" 2>"$1.err"; then
        echo "$1: failed:"
        cat "$1.err"
        bad=1
    elif ! diff -r file "$1"; then
        echo "$1: not the same files"
        bad=1
    fi
}

# noted FOLDER WORD: one note, which says WORD.
noted() {
    if [ "$(grep -c 'working file' "$1.err")" != 1 ] || ! grep 'working file' "$1.err" | grep -q "$2"; then
        echo "$1: no single note of \"$2\":"
        cat "$1.err"
        bad=1
    fi
}

mkdir file
"$stressecg" analyze --no-report --test good.test.json -o file good >file.txt 2>file.err || exit 1
[ -s file/summary.json ] && [ -s file/good.sec ] || { echo "nothing to compare with"; exit 1; }

TMPDIR=$dir/tmp analysed named
[ ! -s named.err ] || { echo "TMPDIR: $(cat named.err)"; bad=1; }
[ -z "$(ls -A tmp)" ] || { echo "left behind: $(ls -A tmp)"; bad=1; }
TMPDIR=$dir/nowhere analysed nowhere
noted nowhere 'No such file'

# A small disk that is full: only where a file system may be mounted.
full='mount -t tmpfs -o size=200k none tmp && head -c 150k /dev/zero >tmp/fill && TMPDIR=$PWD/tmp exec "$@"'
if unshare -rm sh -c 'mount -t tmpfs none tmp' 2>/dev/null; then
    plain=$stressecg
    cat >on_full_disk <<EOF
#!/bin/sh
exec unshare -rm sh -c '$full' sh "$plain" "\$@"
EOF
    chmod +x on_full_disk
    stressecg=./on_full_disk
    analysed full
    noted full 'No space left'
fi
exit $bad
