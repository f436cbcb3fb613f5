#!/bin/sh
# Rules that are linked in (HANGUP_BUILTIN_RULES) judge like those that are loaded: same bytes out.
#
# usage: builtin.sh SOURCES SCRATCH HANGUP CAPTURE...
set -eu
sources=$1 scratch=$2 hangup=$3
shift 3

build() {
	cmake -S "$sources" -B "$scratch" -DHANGUP_BUILTIN_RULES=ON -DHANGUP_TESTS=OFF -DCMAKE_BUILD_TYPE=Debug &&
		cmake --build "$scratch" --target hangup --parallel "$(nproc)"
}
if ! build >"$scratch.log" 2>&1; then
	tail -n 40 "$scratch.log"
	exit 1
fi

for capture in "$@"; do
	"$hangup" read -o ndjson "$capture" >"$scratch.loaded"
	"$scratch/bin/hangup" read -o ndjson "$capture" >"$scratch.linked"
	cmp "$scratch.loaded" "$scratch.linked"
done
[ ! -e "$scratch/lib/hangup/rules" ]
echo "$# captures judged the same"
