#!/usr/bin/env bash
# speed.sh BUILD [JSON]: how fast, and what the worst frame costs: see bench/speed/speed.py.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/speed/speed.py" "$@"
