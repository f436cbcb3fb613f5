#!/bin/sh
# Somebody without our sources writes a rule: installs the build into an empty prefix, compiles against it with nothing
# but pkg-config, and finds the rule's claim in the output. A bad plugin beside it is refused and changes nothing. The
# template and the documented example compile the same way.
#
# usage: out_of_tree.sh BUILD TESTS_PLUGINS CAPTURE COMPILER
set -eu
build=$1 plugins=$2 capture=$3 compiler=$4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
umask 022

fail() {
	echo "FAILED: $1"
	for log in "$work"/*.out "$work"/*.err; do
		echo "--- ${log##*/}"
		cat "$log"
	done
	exit 1
}

cmake --install "$build" --prefix "$work/prefix" >"$work/install.out"
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name hangup.pc)")
export PKG_CONFIG_PATH

# Away from the sources: whatever is not installed is not found.
mkdir "$work/rules" "$work/empty"
cp "$plugins/good.c" "$plugins/bad_major.c" "$work"
cp "$(find "$work/prefix" -name template.c)" "$work"
cd "$work"
awk '/^```/ { code = /^```c$/; next } code' "$plugins/../../docs/rule-abi.md" >documented.c
for rule in good bad_major template documented; do
	# shellcheck disable=SC2046 # several flags are several words
	"$compiler" -std=c17 -Wall -Wextra -Werror -shared -fPIC $(pkg-config --cflags hangup) -o "rules/$rule.so" "$rule.c"
done

hangup=$work/prefix/bin/hangup
"$hangup" read --rules "$work/rules" -o ndjson "$capture" >claimed.out 2>claimed.err || fail "exit status $?"
grep -q '"the good plugin was here, number 42"' claimed.out || fail "the claim's evidence is not in the output"
grep -q '"injected"' claimed.out || fail "the claim's cause is not in the output"
grep -q 'bad_major.so: built for rule ABI' claimed.err || fail "the bad plugin is not refused with a sentence"

"$hangup" read -o ndjson "$capture" >without.out 2>without.err || fail "exit status $? without the plugins"
grep -q 'the good plugin' without.out && fail "the claim is there without the plugin"

"$hangup" rules --rules "$work/rules" >rules.out 2>rules.err || fail "exit status $? of rules"
for rule in good max-lifetime icmp-reject; do
	grep -q "$rule" rules.out || fail "$rule is not listed by hangup rules"
done

# A threshold of the plugin, set from outside: at strength 0 it claims nothing.
"$hangup" read --rules "$work/rules" --set good.strength=0 -o ndjson "$capture" >silent.out 2>silent.err ||
	fail "exit status $? with --set"
cmp -s silent.out without.out || fail "a plugin that claims nothing changes the output"

# Folders that others may write to are refused; the run goes on without.
chmod 777 rules
"$hangup" read --rules "$work/rules" -o ndjson "$capture" >open.out 2>open.err ||
	fail "exit status $? with an open folder"
grep -q 'everybody may write to this folder' open.err || fail "an open folder is not refused"
cmp -s open.out without.out || fail "a refused folder changes the output"
echo "the claim of a rule built with pkg-config alone appears; the bad ones are refused"
