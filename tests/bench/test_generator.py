#!/usr/bin/python3
"""The generator writes the same bytes every time, and hangup finds in them what was put there."""
import filecmp
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

# Courses after which nothing else can be said, and what is said then. Left out are those whose ending depends on how
# long the capture goes on, and those that are a matter of opinion.
EXPECTED = {"fin-client": "orderly-close", "fin-server": "orderly-close", "fin-four": "orderly-close",
            "refused": "rst", "abort-client": "rst"}


def generate(program, path, *options):
    told = subprocess.run([program, *options, path], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(told)


def labels(hangup, path):
    lines = subprocess.run([hangup, "read", "-o", "ndjson", path], check=True, stdout=subprocess.PIPE).stdout
    told = [json.loads(line) for line in lines.splitlines()]
    return [each for each in told if each["schema"] == "hangup.connection/1"]


def same_bytes(program, folder):
    options = ["--scale", "0.002"]
    paths = [os.path.join(folder, name) for name in ("first.pcap", "again.pcap", "other.pcap")]
    for path in paths[:2]:
        generate(program, path, *options)
    generate(program, paths[2], *options, "--seed", "2")
    assert filecmp.cmp(*paths[:2], shallow=False), "the same options wrote different bytes"
    assert not filecmp.cmp(paths[0], paths[2], shallow=False), "another seed wrote the same bytes"


def every_standard(program, hangup, folder):
    for standard in "ABC":
        path = os.path.join(folder, f"{standard}.pcap")
        told = generate(program, path, "--standard", standard, "--scale", "0.002")
        found = labels(hangup, path)
        packets = sum(sum(c["packets"].values()) for c in found)
        udp = 2 * told["courses"]["udp"]
        assert told["bytes"] == os.path.getsize(path), standard
        assert len(found) == told["connections"], f"{standard}: {len(found)} connections, not {told['connections']}"
        assert told["packets"] - udp <= packets <= told["packets"], f"{standard}: {packets} of {told['packets']}"


def one_course(program, hangup, folder):
    none = ",".join(f"{name}=0" for name in generate(program, os.path.join(folder, "x.pcap"),
                                                     "--scale", "0.0001")["courses"])
    for course, label in EXPECTED.items():
        path = os.path.join(folder, f"{course}.pcap")
        generate(program, path, "--connections", "50", "--packets", "100000", "--concurrency", "10", "--talk-max", "60",
                 "--share", f"{none},{course}=1000000")
        found = Counter(c["label"] for c in labels(hangup, path))
        assert found == {label: 50}, f"{course}: {found}, not {label}"


def main(program, hangup):
    with tempfile.TemporaryDirectory() as folder:
        same_bytes(program, folder)
        every_standard(program, hangup, folder)
        one_course(program, hangup, folder)


if __name__ == "__main__":
    main(*sys.argv[1:3])
