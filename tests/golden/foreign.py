#!/usr/bin/python3
"""Other people's captures, which are not part of this project: none makes hangup fail, and where tshark sees TCP
connections, hangup sees the same ones with as many packets.

Their folder is named by the environment variable HANGUP_FOREIGN_CAPTURES; without it nothing is done, and said so. The
test captures of tcpdump and libpcap are what DIFFERENCES is about: each difference, and who is right, is also a row of
docs/input.md.

usage: foreign.py HANGUP PROJECT
"""
import concurrent.futures
import os
import re
import subprocess
import sys
from collections import Counter

sys.dont_write_bytecode = True

import samples
import tshark_agrees

SECONDS = 60
FAILED = re.compile(r"ERROR: \w+Sanitizer|runtime error:|LeakSanitizer")
UNREADABLE = 3  # exit status
DIFFERENCES = {}


def captures(folder):
    for place, _folders, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith((".pcap", ".pcapng", ".cap", ".dmp", ".pcap.gz")):
                yield os.path.relpath(os.path.join(place, name), folder)


def ours(hangup, path):
    """(connections by their ends with their packets, complaints)"""
    run = subprocess.run([hangup, "read", "-o", "ndjson", path], capture_output=True, text=True, check=False, timeout=SECONDS)
    complaints = [] if run.returncode in (0, UNREADABLE) else [f"exit status {run.returncode}"]
    complaints += FAILED.findall(run.stderr)
    packets = Counter()
    for connection in samples.parse(run.stdout):
        ends = tshark_agrees.ends(connection)
        for side, (source, target) in (("client", ends), ("server", ends[::-1])):
            packets[source, target] += connection["packets"][side]
    return +packets, complaints


def theirs(path):
    return Counter((p.source, p.target) for p in tshark_agrees.tshark(path) if not p.quoted)


def told(count):
    return [f"{source[0]}:{source[1]} > {target[0]}:{target[1]} {n}" for (source, target), n in sorted(count.items())]


def complaints(hangup, folder, name):
    path = os.path.join(folder, name)
    found, failures = ours(hangup, path)
    expected = theirs(path)
    lines = [f"only hangup: {line}" for line in told(found - expected)]
    lines += [f"only tshark: {line}" for line in told(expected - found)]
    known = DIFFERENCES.get(os.path.basename(name), ())
    if known:
        lines = [] if lines == list(known[1:]) else lines or [f"no longer differs: {known[0]}"]
    return failures + lines


def main():
    hangup, _, _ = samples.arguments()
    folder = os.environ.get("HANGUP_FOREIGN_CAPTURES")
    if not folder:
        print("skipped: HANGUP_FOREIGN_CAPTURES does not name a folder")
        sys.exit(77)
    names = list(captures(folder))
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, lines in zip(names, pool.map(lambda name: complaints(hangup, folder, name), names)):
            wrong += bool(lines)
            for line in lines:
                print(f"{name}: {line}")
    print(f"{len(names) - wrong} of {len(names)} captures as tshark sees them, or as expected")
    sys.exit(wrong > 0 or not names)


if __name__ == "__main__":
    main()
