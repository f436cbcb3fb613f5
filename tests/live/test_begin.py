#!/usr/bin/python3
"""What hangup live says before it begins, and what it leaves behind when it does not."""
import os
import shutil
import subprocess
import tempfile

from stage import HANGUP, Case, main


class Begin(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_live(self, *arguments, through=(), program=HANGUP, **options):
        """(exit status, standard output, standard error)"""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SUDO_")}
        process = self.cable.here.start(*through, program, "live", "--duration", "1", *arguments, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean, **options)
        out, words = process.communicate(timeout=30)
        return process.returncode, out, words


class Folders(Begin):
    """The folder is root's alone, and hangup goes on as nobody."""

    def assert_refused(self, told, path):
        status, out, words = told
        self.assertEqual((3, ""), (status, out), words)
        self.assertRegex(words, rf"\Ahangup: {path}: cannot be written to by nobody, [^\n]*--user[^\n]*\n\Z")
        self.assertIn("a folder of its own", words)
        self.assertEqual([], os.listdir(self.folder))

    def test_closed_to_whom_it_goes_on_as(self):
        inside = os.path.join(self.folder, "x")
        for output in ("text", "ndjson"):
            self.assert_refused(self.run_live("-i", "eth0", "-o", output, "--save-dir", inside), inside)
            self.assert_refused(self.run_live("-i", "eth0", "-o", output, "--metrics", inside + "/m.prom"), inside)

    def test_the_current_folder_is_named(self):
        self.assert_refused(self.run_live("-i", "eth0", "--metrics", "m.prom", cwd=self.folder), self.folder)

    def test_both_ways_out(self):
        path = os.path.join(self.folder, "m", "m.prom")
        self.assertEqual(0, self.run_live("-i", "eth0", "--user", "root", "--metrics", path)[0])
        self.assertTrue(os.path.exists(path))
        os.chmod(self.folder, 0o755)
        path = os.path.join(self.folder, "own", "m.prom")
        self.assertEqual(0, self.run_live("-i", "eth0", "--metrics", path)[0])
        self.assertTrue(os.path.exists(path))

    def test_metrics_that_cannot_be_replaced(self):
        """In a folder like /tmp, where everybody may write and nobody touch what is another's."""
        os.chmod(self.folder, 0o1777)
        path = os.path.join(self.folder, "m.prom")
        with open(path, "w", encoding="ascii"):
            pass
        status, out, words = self.run_live("-i", "eth0", "--metrics", path)
        self.assertEqual((3, ""), (status, out), words)
        self.assertRegex(words, rf"\Ahangup: {path}: cannot be written: [^\n]*\n\Z")
        self.assertEqual(["m.prom"], os.listdir(self.folder))


class Opening(Begin):
    def test_no_summary_of_what_never_began(self):
        for output in ("text", "ndjson"):
            status, out, words = self.run_live("-o", output, "-i", "eth7")
            self.assertEqual((3, ""), (status, out))
            self.assertRegex(words, r"\Ahangup: eth7: [^\n]+\n\Z")
        status, out, words = self.run_live("-o", "text", "-i", "eth0", "--set", "rst.no-such-threshold=1")
        self.assertEqual((2, ""), (status, out), words)

    def test_what_is_no_network_interface(self):
        listed = subprocess.run(["tcpdump", "-D"], capture_output=True, text=True, check=True).stdout
        others = {word for word in listed.replace(".", " ").split() if word in ("nflog", "nfqueue", "dbus-system")}
        done = self.cable.here.run(HANGUP, "live", "--list")
        names = {line.split()[0] for line in done.splitlines()}
        self.assertEqual({"eth0", "lo", "any"}, names)
        for name in others:
            status, out, words = self.run_live("-i", name)
            self.assertEqual((3, ""), (status, out), words)
            self.assertRegex(words, rf"\Ahangup: {name}: cannot be captured on: [^\n]*\n\Z")
            self.assertNotIn("until it is back", words)

    def test_the_command_that_grants_the_right_can_be_pasted(self):
        os.chmod(self.folder, 0o755)
        program = shutil.copy(HANGUP, self.folder)
        ordinary = ("setpriv", "--reuid=12345", "--regid=12345", "--clear-groups")
        status, out, words = self.run_live("-i", "eth0", through=ordinary, program=program)
        self.assertEqual((3, ""), (status, out), words)
        self.assertTrue(words.endswith(f": sudo setcap cap_net_raw=ep {program}\n"), words)


if __name__ == "__main__":
    main()
