#!/usr/bin/python3
"""Help fits a terminal, and help and the manual page tell of the same options."""
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, PROJECT, hangup

MANUAL = os.path.join(PROJECT, "docs/man/hangup.1")
OPTION = re.compile(r"--[a-z][a-z-]*")


def commands():
    """The commands that the overview lists."""
    listed = hangup("help").stdout.split("Commands", 1)[1]
    return [name for name in re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE) if name != "help"]


def options(command):
    """The options in the help of a command, long names."""
    lines = hangup("help", command).stdout.splitlines()
    return {OPTION.search(line).group() for line in lines if re.match(r"  (-\w, |    )--", line)}


class Help(unittest.TestCase):
    def test_there_are_commands(self):
        self.assertLessEqual({"read", "explain", "rules"}, set(commands()))

    def test_fits_eighty_columns(self):
        pages = [hangup("--help")] + [hangup(command, "--help") for command in commands()]
        for page in pages:
            self.assertEqual((DONE, ""), (page.returncode, page.stderr))
            self.assertLessEqual(max(len(line) for line in page.stdout.splitlines()), 80, page.stdout)

    def test_rules_fit_eighty_columns(self):
        for listed in (hangup("rules"), hangup("rules", "--keys")):
            self.assertLessEqual(max(len(line) for line in listed.stdout.splitlines()), 80, listed.stdout)

    def test_ways_to_ask(self):
        for command in commands():
            self.assertEqual(hangup("help", command).stdout, hangup(command, "-h").stdout)
        for words in (["-h"], ["help", "--help"], ["help", "-h"], ["help", "help"], ["--help", "help"]):
            self.assertEqual((DONE, hangup("help").stdout), (hangup(*words).returncode, hangup(*words).stdout))

    def test_version(self):
        self.assertRegex(hangup("--version").stdout, r"\Ahangup \d+\.\d+\.\d+\n")


class Manual(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(MANUAL, encoding="ascii") as file:
            cls.text = file.read().replace("\\-", "-")

    def section(self, name):
        return re.search(rf"^\.SH {name}\n(.*?)(?=^\.SH |\Z)", self.text, re.DOTALL | re.MULTILINE).group(1)

    def test_every_option_and_no_other(self):
        known = set().union(*(options(command) for command in commands()))
        told = set(OPTION.findall(self.section("OPTIONS")))
        self.assertEqual(known | {"--version"}, told)

    def test_every_command(self):
        for command in commands():
            self.assertIn(f"hangup {command}", self.section("COMMANDS").replace("\\fB", "").replace("\\fR", ""))

    def test_every_exit_status(self):
        with open(os.path.join(PROJECT, "cli/exit_status.h"), encoding="utf-8") as file:
            known = re.findall(r"EXIT_\w+ = (\d+)", file.read())
        self.assertEqual(known, re.findall(r"^\.B (\d+)$", self.section("EXIT STATUS"), re.MULTILINE))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_formats_without_a_warning(self):
        run = subprocess.run(["groff", "-man", "-ww", "-Tascii", "-P-c", MANUAL], capture_output=True, text=True,
                             check=False)
        self.assertEqual((0, ""), (run.returncode, run.stderr))
        self.assertLessEqual(max(map(len, re.sub(r".\x08", "", run.stdout).splitlines())), 80)


if __name__ == "__main__":
    unittest.main()
