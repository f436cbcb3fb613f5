#!/usr/bin/python3
"""Judges every sample capture and compares each connection with its line in pcaps/CASES.

usage: cases.py HANGUP PROJECT
"""
import os
import sys

sys.dont_write_bytecode = True

import samples


def value(connection, field):
    return connection["vantage"]["side"] if field == "vantage" else connection[field]


def ends(connection):
    return " -> ".join(f"{connection[side]['ip']} port {connection[side]['port']}" for side in ("client", "server"))


def differences(connection, expected):
    return [f"    {field:9} expected {wanted}, got {value(connection, field)}"
            for field, wanted in expected.items() if value(connection, field) != wanted]


def complain_of(connection, expected):
    """Lines about one connection; none when it is as expected."""
    if expected is None:
        return [f"  connection {connection['id']}: {ends(connection)}",
                "    has no line in CASES; it was judged " +
                " ".join(value(connection, field) or "null" for field in samples.FIELDS)]
    found = differences(connection, expected)
    if not found:
        return []
    return [f"  connection {connection['id']}: {ends(connection)}", *found,
            f"    it said  \"{connection['summary']}\" (confidence {connection['confidence']})"]


def complain_of_file(hangup, path, expected):
    connections, complaint, status = samples.read(hangup, path)
    lines = []
    if status:
        lines.append(f"  exit status {status}: {complaint.strip()}")
    for connection in connections:
        lines += complain_of(connection, expected.get(connection["id"]))
    told = {connection["id"] for connection in connections}
    lines += [f"  connection {number}: in CASES, but not told of" for number in expected if number not in told]
    return lines


def main():
    hangup, folder, _ = samples.arguments()
    wrong = 0
    expected = samples.cases(folder)
    for name, connections in expected.items():
        lines = complain_of_file(hangup, os.path.join(folder, name), connections)
        if lines:
            wrong += 1
            print(name, *lines, sep="\n")
    print(f"{len(expected) - wrong} of {len(expected)} captures as expected")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
