#!/usr/bin/python3
"""Every capture of a staged incident: hangup tells of what was done, of exactly those that it was done to, and of
nothing else; and its write-up begins with that. Captures in which nothing befell anybody together have no incident.

The truth is incidents.jsonl, written by the laboratory (tests/lab/README.md): of the samples, or of a run of one's own.

usage: incidents.py HANGUP PROJECT [FOLDER]
"""
import datetime
import html
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import samples

INCIDENT, CONNECTION = "hangup.incident/1", "hangup.connection/1"
HARMLESS = {"health-checks", "scan"}
SECONDS = 5  # from what was done to the first sign of it
LATE = 0.1  # seconds by which a program is late with what it does at an age
FEW = 3  # fewer that show it are no pattern, and need not be told of

# What the sentence of each kind must name.
NAMED = {
    "link-outage": r"\blink\b|Wi-Fi|network",
    "path-outage": r"between",
    "server-restart": r"restart|reboot",
    "server-death": r"gone",
    "refused-service": r"refused",
    "same-cause": r"ended alike",
    "idle-timer": r"idle|quiet",
    "pmtu-blackhole": r"large|MTU",
    "ports-refused": r"source port",
    "lifetime": r"lifetime|\bage\b",
    "health-checks": r"health check|monitor",
    "scan": r"\bscan",
}


def ends(connection):
    return tuple(value for side in ("client", "server") for value in (connection[side]["ip"], connection[side]["port"]))


def seconds(time):
    whole, fraction = time.rstrip("Z").split(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float(f"0.{fraction}")


def named(connections):
    return ", ".join(f"{client}:{port} > {server}:{service}" for client, port, server, service in sorted(connections))


class Told:
    """What hangup says of a file."""

    def __init__(self, hangup, path):
        run = subprocess.run([hangup, "read", "-o", "ndjson", path], capture_output=True, text=True, check=False)
        objects, self.complaint, self.status = samples.parse(run.stdout), run.stderr, run.returncode
        self.connections = {each["id"]: each for each in objects if each["schema"] == CONNECTION}
        self.incidents = [each for each in objects if each["schema"] == INCIDENT]

    def members(self, incident):
        return {ends(self.connections[number]) for number in incident["connections"]}


def wrong_members(truth, found):
    """Lines about who is missing, and who does not belong."""
    wanted = {tuple(each) for each in truth["connections"]}
    welcome = wanted | {tuple(each) for each in truth.get("also", ())}
    lines = [f"misses {named(wanted - found)}"] if wanted - found else []
    return lines + ([f"has what does not belong: {named(found - welcome)}"] if found - welcome else [])


def wrong_number(truth, incident):
    """Lines about what lies between two numbers: a timer, an age."""
    wanted = truth.get("timer_s") or truth.get("age_s")
    if not wanted:
        return []
    low, high = incident["above"], incident["at_most"]
    return [] if low is not None and high is not None and low < wanted <= high + LATE else \
        [f"says between {low} and {high} s, and it was {wanted} s"]


def wrong_words(truth, incident):
    lines = []
    if not re.search(NAMED[incident["kind"]], incident["sentence"], re.IGNORECASE):
        lines.append(f"the sentence does not name it: {incident['sentence']}")
    if (incident["severity"] == "harmless") != (truth["kind"] in HARMLESS):
        lines.append(f"is called {incident['severity']}")
    late = seconds(incident["from"]) - truth["at"]
    if not -LATE <= late <= SECONDS:
        lines.append(f"begins {late:.3f} s after what was done")
    return lines


def wrong_marks(told, incident):
    """Each member names its incident."""
    return [f"connection {number} names incident {told.connections[number]['incident']}"
            for number in incident["connections"] if told.connections[number]["incident"] != incident["id"]]


def complaints_of(told, truths):
    if told.status:
        return [f"exit status {told.status}: {told.complaint.strip()}"]
    left, lines = list(told.incidents), []
    for truth in truths:
        alike = [each for each in left if each["kind"] == truth["kind"]]
        if not alike:
            lines += [f"{truth['kind']}: is not told"] if len(truth["connections"]) >= FEW else []
            continue
        best = max(alike, key=lambda each: len(told.members(each) & {tuple(one) for one in truth["connections"]}))
        left.remove(best)
        lines += [f"{truth['kind']}: {line}" for line in wrong_members(truth, told.members(best)) +
                  wrong_number(truth, best) + wrong_words(truth, best) + wrong_marks(told, best)]
    lines += [f"tells of what was not: {each['sentence']} ({len(each['connections'])} connections)" for each in left]
    return lines


def first_sentence(hangup, path):
    """What the write-up of a capture says before anything else."""
    with tempfile.TemporaryDirectory(prefix="hangup-incidents-") as folder:
        page = os.path.join(folder, "page.html")
        subprocess.run([hangup, "report", path, "-o", page], check=True, capture_output=True)
        with open(page, encoding="utf-8") as file:
            found = re.search(r"<h1[^>]*>(.*?)</h1>", file.read(), re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", found[1])).replace("\N{NO-BREAK SPACE}", " ") if found else ""


def wrong_headline(told, hangup, path):
    """The write-up of one incident that hurt somebody begins with its sentence."""
    abnormal = [each["sentence"] for each in told.incidents if each["severity"] == "abnormal"]
    first = first_sentence(hangup, path) if len(abnormal) == 1 else ""
    return [f"the report begins otherwise: {first}"] if len(abnormal) == 1 and not first.startswith(abnormal[0].rstrip(".")) else []


def truths(folder):
    with open(os.path.join(folder, "incidents.jsonl"), encoding="ascii") as file:
        return [json.loads(line) for line in file]


def main():
    hangup, folder = sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else os.path.join(sys.argv[2], "pcaps")
    wrong, known = 0, truths(folder)
    for line in known:
        path = os.path.join(folder, line["file"])
        told = Told(hangup, path)
        complaints = complaints_of(told, line["incidents"]) + wrong_headline(told, hangup, path)
        if complaints:
            wrong += 1
            print(line["file"], *(f"  {each}" for each in complaints), sep="\n")
    print(f"{len(known)} captures of incidents and controls, {wrong} told otherwise than they were")
    sys.exit(bool(wrong) or not known)


if __name__ == "__main__":
    main()
