#!/usr/bin/python3
"""docs/vocabulary.md: a row for every label and cause, and what Zeek and Wireshark are said to call it is what they do.

usage: tshark_vocabulary.py HANGUP PROJECT [--update]
"""
import concurrent.futures
import os
import re
import subprocess
import sys
from collections import defaultdict

sys.dont_write_bytecode = True

UPDATE = sys.argv[-1] == "--update"
if UPDATE:
    sys.argv.pop()

import samples

COLUMNS = ("zeek", "suricata", "argus", "wireshark", "ipfix", "linux")
GROUPED = {"Zeek": "zeek", "Wireshark": "wireshark", "Argus": "argus", "IPFIX": "ipfix"}
ANY = "any"


def causes(project):
    """Every label/cause, from the lists."""
    def rows(name):
        with open(os.path.join(project, f"include/hangup/{name}.def"), encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
        for row in re.findall(r"^HANGUP_\w+\((.*?)\)$", text, re.DOTALL | re.MULTILINE):
            yield row.split('"', 1)[0], re.findall(r'"([^"]*)"', row)[0]
    labels = {before.strip(" ,"): name for before, name in rows("label")}
    return [f"{labels[label]}/{name}" for before, name in rows("cause") for label in re.findall(r"L\((\w+)\)", before)]


def table(text):
    """{label/cause: {column: cell}}"""
    found = {}
    for row in re.findall(r"^\| `([a-z-]+/[a-z-]+)` \| (.*) \|$", text, re.MULTILINE):
        assert row[0] not in found, f"{row[0]} stands twice"
        found[row[0]] = dict(zip(COLUMNS, row[1].split(" | "), strict=True))
    return found


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


def groups(rows, column):
    """Lines that say which causes have one word, the longest list first."""
    having = defaultdict(list)
    for ending, cells in rows.items():
        for word in words(cells[column]):
            if word != "U":
                having[word].append(ending)
    order = sorted(having, key=lambda word: (-len(having[word]), word))
    return "".join(f"- `{word}` ({len(having[word])}): {', '.join(having[word])}\n" for word in order)


def with_groups(text):
    rows = table(text)
    for title, column in GROUPED.items():
        text = re.sub(rf"^### {title}\n\n.*?(?=^##)", lambda _: f"### {title}\n\n{groups(rows, column)}\n", text,
                      flags=re.DOTALL | re.MULTILINE)
    return text


def began(connection):
    return connection["history"].startswith("S")


def cover(folder):
    """Few captures that have every label and cause of CASES between them."""
    having = {name: {f"{case['label']}/{case['cause']}" for case in found.values() if "label" in case and "cause" in case}
              for name, found in samples.cases(folder).items() if name.endswith((".pcap", ".pcapng"))}
    left = set().union(*having.values())
    while left:
        best = max(sorted(having), key=lambda name: len(having[name] & left))
        left -= having[best]
        yield best


def completeness(path):
    """{packet number: tcp.completeness}"""
    run = subprocess.run(["tshark", "-r", path, "-2", "-Y", "tcp", "-T", "fields", "-e", "frame.number", "-e",
                          "tcp.completeness"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return dict(line.split("\t") for line in run.stdout.splitlines() if "," not in line)


def compare(hangup, path, rows):
    """(complaints, endings that were compared)"""
    complaints, seen = [], set()
    shown = completeness(path)
    for connection in samples.read(hangup, path)[0]:
        ending = f"{connection['label']}/{connection['cause']}"
        told = shown.get(str(connection["first_packet"]))
        if not began(connection) or not told or rows[ending]["wireshark"] == ANY:
            continue
        seen.add(ending)
        if told not in words(rows[ending]["wireshark"]):
            complaints.append(f"{os.path.basename(path)} {connection['id']}: {ending} is {told} in Wireshark")
    return complaints, seen


def wireshark(hangup, folder, rows):
    complaints, seen = [], set()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for found, endings in pool.map(lambda name: compare(hangup, os.path.join(folder, name), rows), cover(folder)):
            complaints += found
            seen |= endings
    if len(seen) < 35:
        complaints.append(f"only {len(seen)} endings were compared with Wireshark")
    return complaints


def zeek(hangup, folder, rows):
    complaints, seen = [], 0
    with concurrent.futures.ThreadPoolExecutor() as pool:
        read = pool.map(lambda name: samples.read(hangup, os.path.join(folder, name))[0], samples.captures(folder))
        connections = [connection for found in read for connection in found]
    for connection in connections:
        ending = f"{connection['label']}/{connection['cause']}"
        if not began(connection) or rows[ending]["zeek"] == ANY:
            continue
        seen += 1
        if connection["conn_state"] not in words(rows[ending]["zeek"]):
            complaints.append(f"{connection['input']}: {ending} is {connection['conn_state']} in Zeek")
    return complaints + ([] if seen > 400 else [f"only {seen} connections were compared with Zeek's words"])


def main():
    hangup, folder, project = samples.arguments()
    path = os.path.join(project, "docs/vocabulary.md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if UPDATE:
        with open(path, "w", encoding="utf-8") as file:
            file.write(with_groups(text))
        return
    rows, known = table(text), causes(project)
    complaints = [f"{ending} has no row" for ending in known if ending not in rows]
    complaints += [f"{ending} is no ending" for ending in rows if ending not in known]
    complaints += [] if with_groups(text) == text else ["\"One word for many\" is not what the table says: --update"]
    complaints += zeek(hangup, folder, rows) + wireshark(hangup, folder, rows)
    print(*complaints, f"{len(complaints)} complaints", sep="\n")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
