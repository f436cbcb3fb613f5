"""Puts a choice of staged captures into the folder of samples, with their golden lines and their table."""
import os
import platform
import shutil
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE_NAME = {"router-client": "middle", "router-server": "middle"}
CASES_MARKS = ("# --- staged by tests/lab/run --samples ---", "# --- end of staged ---")
TABLE_MARKS = ("<!-- staged by tests/lab/run --samples -->", "<!-- end of staged -->")


class Sample:
    def __init__(self, line):
        self.instance, self.place, name, self.story = line.split(None, 3)
        self.start = f"{self.instance}.{self.place}."          # the ending is pcap or pcapng
        self.name = f"{name}.{PLACE_NAME.get(self.place, self.place)}"

    def find(self, files):
        self.source = next(file for file in files if file.startswith(self.start))
        self.file = f"{self.name}.{self.source.rpartition('.')[2]}"


def wanted():
    with open(os.path.join(HERE, "samples.list"), encoding="ascii") as file:
        return [Sample(line.strip()) for line in file if line.strip() and not line.startswith("#")]


def _between(file, marks, lines):
    """Replaces what stands between two marks, and leaves the rest of the file to others."""
    text = ""
    if os.path.exists(file):
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    begin, end = marks
    block = "\n".join([begin, *lines, end])
    if begin in text:
        text = text[:text.index(begin)] + block + text[text.index(end) + len(end):]
    else:
        text += block + "\n"
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(text)


def _case(sample, row):
    return " ".join([f"{sample.file:38}", f"{row['id']:<2}", f"{row['label']:19}", f"{row['cause']:18}",
                     f"{row['actor']:9}", f"{row['severity']:8}", row["vantage"] or "-"])


def _table_row(sample, rows):
    first = rows[0]
    same = all((row["label"], row["cause"]) == (first["label"], first["cause"]) for row in rows)
    verdict = "; ".join(f"{row['label']}/{row['cause']}, {row['actor']}" for row in (rows[:1] if same else rows))
    return (f"| {sample.file} | {sample.story} | `tests/lab/run {sample.instance}` "
            f"| {PLACE_NAME.get(sample.place, sample.place)} | {verdict} |")


def make(folder, staging, chosen, stage):
    samples = wanted()
    rows, wrong = stage(chosen(sorted({sample.instance for sample in samples})))
    if wrong:
        print(f"no samples were changed, because of {', '.join(wrong)}", file=sys.stderr)
        return 1
    of_file = defaultdict(list)
    for row in rows:
        of_file[row["file"]].append(row)
    for sample in samples:
        sample.find(of_file)
        shutil.copyfile(os.path.join(staging, sample.source), os.path.join(folder, sample.file))
    _between(os.path.join(folder, "CASES"), CASES_MARKS,
             [_case(sample, row) for sample in samples for row in of_file[sample.source]])
    _between(os.path.join(folder, "README.md"), TABLE_MARKS,
             ["", f"Kernel: Linux {platform.release().split('-')[0]}.", "",
              "| file | story | how made | vantage | expected verdict |", "|---|---|---|---|---|",
              *[_table_row(sample, of_file[sample.source]) for sample in samples], ""])
    return 0
