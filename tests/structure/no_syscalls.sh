#!/bin/sh
# no_syscalls.sh NM ARCHIVE: what the real-time archive asks of the outside may only be maths,
# mem*/str* functions of the C library that touch nothing but their arguments, and secg_ itself.
# A compiler's own helpers (stack protector, sanitizers, soft atomics) begin with __.
allowed='^(secg_[a-z0-9_]*|mem(cpy|move|set|cmp|chr)|str(len|cmp|ncmp|ncpy|chr)|(a?(sin|cos|tan)h?|atan2|sincos|exp|exp2|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|hypot|ceil|floor|round|trunc|rint|nearbyint|lround|llround|lrint|llrint|fmod|fmin|fmax|fabs|fdim|copysign|ldexp|frexp|scalbn|modf|erf|erfc|nextafter|nan)[fl]?|__[a-z0-9_]*|_GLOBAL_OFFSET_TABLE_)$'
"$1" -u "$2" | awk '$1 == "U" { print $2 }' | sort -u > "${TMPDIR:-/tmp}/secg_undefined.$$"
trap 'rm -f "${TMPDIR:-/tmp}/secg_undefined.$$"' EXIT
[ -s "${TMPDIR:-/tmp}/secg_undefined.$$" ] || { echo "nothing was read from $2"; exit 1; }
if grep -Ev "$allowed" "${TMPDIR:-/tmp}/secg_undefined.$$"; then
    echo "the real-time archive uses the symbols above"
    exit 1
fi
