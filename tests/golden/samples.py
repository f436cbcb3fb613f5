"""The sample captures, what is expected of them, and what hangup says of them."""
import json
import os
import subprocess
import sys

FIELDS = ("label", "cause", "actor", "severity", "vantage")
CONNECTION, INCIDENT = "hangup.connection/1", "hangup.incident/1"
CAPTURE_SUFFIXES = (".pcap", ".pcapng", ".snoop", ".pcap.gz", ".pcap.zst", ".pcap.lz4")


def arguments():
    """(path of hangup, folder of the samples, root of the project) from the command line."""
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} HANGUP PROJECT")
    return sys.argv[1], os.path.join(sys.argv[2], "pcaps"), sys.argv[2]


def captures(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(CAPTURE_SUFFIXES))


def cases(folder):
    """{file: {id: {field: expected}}} from CASES; a field that is "-" there is left out."""
    expected = {}
    with open(os.path.join(folder, "CASES"), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            if len(words) != 2 + len(FIELDS):
                sys.exit(f"CASES:{number}: wants {2 + len(FIELDS)} words: file id {' '.join(FIELDS)}")
            values = {field: word for field, word in zip(FIELDS, words[2:]) if word != "-"}
            expected.setdefault(words[0], {})[int(words[1])] = values
    return expected


def parse(ndjson):
    """Connections, and behind them incidents."""
    return [json.loads(line) for line in ndjson.splitlines()]


def read_all(hangup, path):
    """(connections and incidents as hangup tells of them, what it said on standard error, exit status)."""
    run = subprocess.run([hangup, "read", "-o", "ndjson", path], capture_output=True, text=True, check=False)
    return parse(run.stdout), run.stderr, run.returncode


def read(hangup, path):
    """The same, of connections only."""
    told, said, status = read_all(hangup, path)
    return [each for each in told if each["schema"] == CONNECTION], said, status
