"""What hangup says of every capture, and which verdict belongs to which line of truth."""
import concurrent.futures
import json
import os
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field

from .recording import SIDES, Truth, Unusable

CONNECTION = "hangup.connection/1"   # a line of NDJSON may be about an incident instead
TESTED_ON = "linux"                  # the stack that every program of the laboratory runs on


@dataclass
class Verdict:
    """What a tool says of one connection; None is what it has no word for."""
    file: str
    ends: frozenset
    label: str
    cause: str = None
    actor: str = None
    severity: str = None
    confidence: float = None
    vantage: str = None
    expected: dict = None            # by side: names of the errors its application gets, likeliest first
    number: int = None               # within its file, as the tool counts
    summary: str = ""

    @property
    def key(self):
        return self.file, self.ends


@dataclass
class Case:
    """A line of truth and the verdict on it; None if there is none."""
    truth: Truth
    verdict: Verdict


@dataclass
class Matched:
    cases: list
    surplus: list = field(default_factory=list)      # verdicts on connections that there are not


def _codes(errors):
    return [error["code"] for error in errors if error["os"] == TESTED_ON]


def _verdict(file, said):
    return Verdict(file, frozenset((said[side]["ip"], said[side]["port"]) for side in SIDES), said["label"],
                   said["cause"], said["actor"], said["severity"], said["confidence"], said["vantage"]["side"],
                   {side: _codes(said["app_errors"][side]) for side in SIDES}, said["id"], said["summary"])


def _judge(hangup, folder, file):
    run = subprocess.run([hangup, "read", "-o", "ndjson", os.path.join(folder, file)], capture_output=True,
                         text=True, check=False)
    if run.returncode:
        raise Unusable(f"{file}: hangup ended with {run.returncode}: {run.stderr.strip()}")
    said = [json.loads(line) for line in run.stdout.splitlines()]
    return [_verdict(file, each) for each in said if each["schema"] == CONNECTION]


def of_all_files(ask, truths):
    """The verdicts of `ask(file)` on every file that a truth is about."""
    files = sorted({truth.file for truth in truths})
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [verdict for found in pool.map(ask, files) for verdict in found]


def judge(hangup, folder, truths):
    return match(truths, of_all_files(lambda file: _judge(hangup, folder, file), truths))


def match(truths, verdicts):
    """By file and tuple; where a tuple was used again, in order. Of a connection that a tool tells in pieces,
    the last piece counts, because it has the ending; the others are surplus."""
    waiting = defaultdict(list)
    for verdict in verdicts:
        waiting[verdict.key].append(verdict)
    by_key = defaultdict(list)
    for truth in truths:
        by_key[truth.key].append(truth)
    result = Matched([])
    for key, known in by_key.items():
        found = waiting.pop(key, [])
        extra = max(0, len(found) - len(known))
        result.surplus += found[:extra]
        found = found[extra:] + [None] * (len(known) - len(found))
        result.cases += [Case(truth, verdict) for truth, verdict in zip(known, found)]
    result.surplus += [verdict for left in waiting.values() for verdict in left]
    return result
