#!/usr/bin/python3
"""The parser of Mermaid that other tests ask accepts what it should, and refuses what it should."""
import sys
import unittest

sys.dont_write_bytecode = True

import browser as browsers
import mermaid


class Parser(unittest.TestCase):
    def test_accepts_and_refuses(self):
        good = "sequenceDiagram\n    participant C as Client\n    participant S as Server\n    C->>S: SYN\n    S--xC: data, lost\n"
        bad = "sequenceDiagram\n    participant\n    C->>: SYN\n"
        first, second = mermaid.complaints([good, bad])
        self.assertIsNone(first)
        self.assertRegex(second, "(?i)error")


if __name__ == "__main__":
    browsers.main(unittest.main)
