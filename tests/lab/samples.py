"""Puts a choice of staged captures into the folder of samples, with their golden lines and their table."""
import json
import os
import platform
import shutil
import sys
from collections import Counter, defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE_NAME = {"router-client": "middle", "router-server": "middle"}
COUNTED_FROM = 12
CASES_MARKS = ("# --- staged by tests/lab/run --samples ---", "# --- end of staged ---")
TABLE_MARKS = ("<!-- staged by tests/lab/run --samples -->", "<!-- end of staged -->")


class Sample:
    def __init__(self, line):
        self.instance, self.place, name, self.story = line.split(None, 3)
        self.start = f"{self.instance}.{self.place}."          # the ending is pcap or pcapng
        self.name = f"{name}.{PLACE_NAME.get(self.place, self.place)}"

    def find(self, files):
        self.source = next((file for file in files if file.startswith(self.start)), None)
        if self.source:
            self.file = f"{self.name}.{self.source.rpartition('.')[2]}"


def wanted():
    with open(os.path.join(HERE, "samples.list"), encoding="ascii") as file:
        return [Sample(line.strip()) for line in file if line.strip() and not line.startswith("#")]


def _split(file, marks):
    """What stands before, between and behind two marks in a file, of which the rest belongs to others."""
    text = ""
    if os.path.exists(file):
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    before, found, rest = text.partition(marks[0])
    between, _mark, behind = rest.partition(marks[1]) if found else ("", "", "\n")
    return before, between.splitlines(), behind


def _renew(file, marks, samples, lines_of, head=()):
    """Writes the lines of every sample between the marks; those that were not staged keep theirs."""
    before, old, behind = _split(file, marks)
    lines = list(head)
    for sample in samples:
        lines += lines_of(sample) if sample.source else \
            [line for line in old if line.lstrip("| ").startswith(sample.name + ".")]
    with open(file, "w", encoding="utf-8") as stream:
        stream.write("\n".join([before + marks[0], *lines, marks[1]]) + behind)


def _case(sample, row):
    return " ".join([f"{sample.file:38}", f"{row['id']:<2}", f"{row['label']:19}", f"{row['cause']:18}",
                     f"{row['actor']:9}", f"{row['severity']:8}", row["vantage"] or "-"])


def _table_row(sample, rows):
    return (f"| {sample.file} | {sample.story} | `tests/lab/run {sample.instance}` "
            f"| {PLACE_NAME.get(sample.place, sample.place)} | {_verdicts(rows)} |")


def _verdicts(rows):
    """One after the other; said once if all are the same, and counted if they are many."""
    verdicts = [f"{row['label']}/{row['cause']}, {row['actor']}" for row in rows]
    if len({(row["label"], row["cause"]) for row in rows}) == 1:
        return verdicts[0]
    if len(verdicts) <= COUNTED_FROM:
        return "; ".join(verdicts)
    return "; ".join(f"{count} × {verdict}" if count > 1 else verdict for verdict, count in Counter(verdicts).items())


def make(folder, staging, names, chosen, stage):
    """Renews all samples, or those of the named scenarios only."""
    samples = wanted()
    listed = {sample.instance for sample in samples}
    rows, incidents, wrong = stage([one for one in chosen(names) if one.name in listed])
    if wrong:
        print(f"no samples were changed, because of {', '.join(wrong)}", file=sys.stderr)
        return 1
    of_file = defaultdict(list)
    for row in rows:
        of_file[row["file"]].append(row)
    for sample in samples:
        sample.find(of_file)
        if sample.source:
            shutil.copyfile(os.path.join(staging, sample.source), os.path.join(folder, sample.file))
    _renew(os.path.join(folder, "CASES"), CASES_MARKS, samples,
           lambda sample: [_case(sample, row) for row in of_file[sample.source]])
    _renew(os.path.join(folder, "README.md"), TABLE_MARKS, samples,
           lambda sample: [_table_row(sample, of_file[sample.source])],
           ["", f"Kernel: Linux {platform.release().split('-')[0]}.", "",
            "| file | story | how made | vantage | expected verdict |", "|---|---|---|---|---|"])
    _renew_incidents(os.path.join(folder, "incidents.jsonl"), samples, {line["file"]: line for line in incidents})
    return 0


def _renew_incidents(file, samples, told):
    """A line for every sample whose story is about incidents; those that were not staged keep theirs."""
    old = {}
    if os.path.exists(file):
        with open(file, encoding="ascii") as stream:
            old = {line["file"]: line for line in map(json.loads, stream)}
    with open(file, "w", encoding="ascii") as stream:
        for sample in samples:
            line = {**told[sample.source], "file": sample.file} if sample.source in told else \
                next((line for name, line in old.items() if name.startswith(sample.name + ".")), None)
            if line:
                stream.write(json.dumps(line) + "\n")
