#!/usr/bin/python3
"""Idle timers that the user knows of: from the configuration folder and from files named on the command line."""
import os
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, SAMPLES, USAGE, Case, hangup

IDLE = os.path.join(SAMPLES, "forged-aws-nat-rst-late.pcap")  # 391 s without traffic, then a RST


class Timers(Case):
    def setUp(self):
        super().setUp()
        os.makedirs(os.path.join(self.folder, "hangup"))
        self.environment = os.environ | {"XDG_CONFIG_HOME": self.folder}

    def timers(self, name, device, expiry="rst-late"):
        return self.file(name, f"[{device}]\nseconds=390\nat-expiry={expiry}\n".encode())

    def told(self, *arguments):
        run = hangup(*arguments, IDLE, env=self.environment)
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        return run.stdout

    def test_shipped(self):
        self.assertNotIn("Office", self.told())

    def test_configuration_folder(self):
        self.timers("hangup/idle-timers.conf", "Office box")
        self.assertIn("Office box", self.told())

    def test_named_on_the_command_line(self):
        one, other = self.timers("one", "Office box"), self.timers("other", "Cellar box")
        told = " ".join(self.told("--idle-timers", one, "--idle-timers", other).split())
        self.assertIn("Cellar box, Office box would after 390 s", told)

    def test_mistakes_are_said(self):
        for path in (self.timers("bad", "Office box", "soon"), os.path.join(self.folder, "missing")):
            run = hangup("--idle-timers", path, IDLE, env=self.environment)
            self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
            self.assert_one_sentence(run, path)


if __name__ == "__main__":
    unittest.main()
