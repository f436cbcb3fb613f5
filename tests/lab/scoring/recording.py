"""A run of the laboratory, live or recorded: captures, their truth, and the split into two halves."""
import contextlib
import errno
import hashlib
import json
import os
import tarfile
import tempfile
from dataclasses import dataclass

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CORPUS = os.path.join(HERE, "corpus", "corpus.tar.xz")
SPLIT = os.path.join(HERE, "split")
HALVES = ("development", "scoring")
SIDES = ("client", "server")
CLAIMS = ("label", "cause", "actor", "severity")


class Unusable(Exception):
    """The recording, or the split, is not what it must be."""


@dataclass(frozen=True)
class Truth:
    """A line of truth.jsonl: one connection in one file."""
    instance: str                    # scenario.variant
    file: str
    place: str
    vantage: str                     # client, middle, server; "hidden" where the file cannot show it
    ends: tuple                      # ((address, port) of the client, of the server)
    label: str
    cause: str
    actor: str
    severity: str
    told: dict                       # by side: what its program was told, in order: errno names and EOF

    @property
    def key(self):
        return self.file, frozenset(self.ends)


def told(calls):
    """What a program heard from its socket. That it was killed, or what its TLS thinks, is nothing it heard."""
    words = [call.get("errno") or call["event"] for call in calls]
    return [word for word in words if word == "EOF" or word in errno.errorcode.values()]


def _truth(row):
    return Truth(f"{row['scenario']}.{row['variant']}", row["file"], row["place"], row["vantage"] or "hidden",
                 tuple((row[side]["ip"], row[side]["port"]) for side in SIDES),
                 *(row[claim] for claim in CLAIMS), {side: told(row["errors"][side]) for side in SIDES})


@contextlib.contextmanager
def folder_of(path):
    """The folder of a recording: itself, or where its archive was unpacked for the time being."""
    if os.path.isdir(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="hangup-score-") as folder:
        try:
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") \
                    else archive.extractall(folder)
        except (OSError, tarfile.TarError) as error:
            raise Unusable(f"{path}: {error}") from error
        yield folder


def truths(folder, half="all"):
    """Lines of truth in the order of their files, and in each file of their connections."""
    try:
        with open(os.path.join(folder, "truth.jsonl"), encoding="ascii") as lines:
            rows = [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise Unusable(f"{folder}: {error}") from error
    rows.sort(key=lambda row: (row["file"], row["id"]))
    found = [_truth(row) for row in rows]
    if half == "all":
        return found
    halves = split()
    unknown = {truth.instance for truth in found} - halves.keys()
    if unknown:
        raise Unusable("not in tests/lab/split; its lines there would be:\n" +
                       "\n".join(f"{name:40}{half_by_rule(name)}" for name in sorted(unknown)))
    return [truth for truth in found if halves[truth.instance] == half]


def half_by_rule(name):
    """Nobody chooses: the first hexadecimal digit of the SHA-256 of "scenario.variant" decides."""
    return HALVES[int(hashlib.sha256(name.encode()).hexdigest()[0], 16) >= 8]


def split():
    """{scenario.variant: half}, as written down; a line that does not keep to the rule is refused."""
    with open(SPLIT, encoding="ascii") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    halves = dict(lines)
    bent = [name for name, half in halves.items() if half != half_by_rule(name)]
    if bent or len(halves) < len(lines):
        raise Unusable(f"tests/lab/split was changed by hand: {', '.join(bent) or 'a name is there twice'}")
    return halves
