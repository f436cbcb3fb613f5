#!/usr/bin/python3
"""Mermaid's parser accepts the diagrams of reports in Markdown; and it accepts and refuses what it should."""
import re
import sys
import unittest

sys.dont_write_bytecode = True

import browser as browsers
import mermaid
import samples

# Each draws something that the others do not: loss and repetition, a box, an ICMP error, probes, several at once.
REPORTS = ("data-timeout-client.client.pcap", "injected-both.client.pcap", "forged-icmp6-admin-prohibited.pcap",
           "zero-window-timeout.client.pcap", "incident-idle-silent.client.pcap")


class Parser(unittest.TestCase):
    def test_accepts_and_refuses(self):
        good = "sequenceDiagram\n    participant C as Client\n    participant S as Server\n    C->>S: SYN\n    S--xC: data, lost\n"
        bad = "sequenceDiagram\n    participant\n    C->>: SYN\n"
        first, second = mermaid.complaints([good, bad])
        self.assertIsNone(first)
        self.assertRegex(second, "(?i)error")

    def test_diagrams_of_reports(self):
        with browsers.folder() as folder:
            diagrams = [diagram for name in REPORTS
                        for diagram in re.findall(r"^```mermaid\n(.*?)^```", samples.markdown(folder, name), re.DOTALL | re.MULTILINE)]
        self.assertGreaterEqual(len(diagrams), len(REPORTS))
        for diagram, complaint in zip(diagrams, mermaid.complaints(diagrams)):
            self.assertIsNone(complaint, diagram)


if __name__ == "__main__":
    browsers.main(unittest.main)
