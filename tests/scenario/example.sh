#!/bin/sh
# example.sh SOURCE BUILD CC...: the C program of the README compiles against the installed library
# with pkg-config, and says what the README says that it says.
source=$1 build=$2
shift 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
meson install -C "$build" --no-rebuild --destdir "$dir" > "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
pc=$(dirname "$(find "$dir" -name stressecg-io.pc)")
lib=$(dirname "$pc")
prefix=$(grep '^prefix=' "$pc/stressecg.pc" | cut -d= -f2)
awk '/^```c$/ { take = 1; next } /^```$/ { if (take) exit } take' "$source/README.md" > "$dir/example.c"
grep -q secg_ "$dir/example.c" || { echo "README.md has no C program"; exit 1; }
export PKG_CONFIG_PATH="$pc" PKG_CONFIG_SYSROOT_DIR="$dir"
# The sysroot is also put before system include folders of dependencies; only ours matter here.
"$@" -std=c11 -Wall -Wextra -Werror -o "$dir/example" "$dir/example.c" \
    -I"$dir$prefix/include" $(pkg-config --libs-only-L --libs-only-l stressecg stressecg-io) \
    -L"$lib" -Wl,-rpath-link,"$lib" || exit 1
"$build/bindings/cli/stressecg" simulate --protocol steady --duration 40 -o "$dir/record" > /dev/null || exit 1
LD_LIBRARY_PATH="$lib" "$dir/example" "$dir/record" > "$dir/out" || { echo "the example failed"; exit 1; }
cat "$dir/out"
grep -Eq 'V5 .*mV' "$dir/out" || { echo "the example printed no ST"; exit 1; }
