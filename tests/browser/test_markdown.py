#!/usr/bin/python3
"""The diagrams of hangup report -o out.md, of captures that have every label and cause between them, are diagrams to Mermaid's
own parser."""
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["PROJECT"], "tests", "cli"))

import browser as browsers
import mermaid
from tool import DONE, SAMPLES, Case, conversation, hangup, pcap

DIAGRAM = re.compile(r"^```mermaid\n(.*?)^```", re.DOTALL | re.MULTILINE)


def cover():
    """Few captures of CASES that have every label and cause between them."""
    having = {}
    with open(os.path.join(SAMPLES, "CASES"), encoding="utf-8") as lines:
        for line in lines:
            words = line.split("#")[0].split()
            if words:
                having.setdefault(words[0], set()).add(tuple(words[2:4]))
    left = set().union(*having.values())
    while left:
        best = max(sorted(having), key=lambda name: len(having[name] & left))
        left -= having[best]
        yield os.path.join(SAMPLES, best)


def diagrams(*arguments):
    run = hangup("report", *arguments, "-o", "-", "--format", "md")
    assert run.returncode == DONE, run.stderr
    return DIAGRAM.findall(run.stdout)


class Markdown(Case):
    def test_every_cause(self):
        found = [diagram for path in cover() for diagram in diagrams(path)]
        self.assertGreater(len(found), 30)
        self.assertEqual([], [both for both in zip(mermaid.complaints(found), found) if both[0]])

    def test_ipv6_several_files_and_names(self):
        first = self.file("end;#x\n-->>.pcap", pcap(conversation()[:4]))
        second = self.file("loop.pcap", pcap(conversation()[4:], start=1714557724))
        found = diagrams(first, second) + diagrams(os.path.join(SAMPLES, "forged-icmp6-admin-prohibited.pcap"))
        self.assertGreater(len(found), 1)
        self.assertEqual([None] * len(found), mermaid.complaints(found))


if __name__ == "__main__":
    browsers.main(unittest.main)
