#!/usr/bin/python3
"""What hangup live may still do while it captures: nothing, as root, with a capability of its file, or as who called sudo."""
import os
import pwd
import shutil
import subprocess
import tempfile
import unittest

from stage import HANGUP, Case, Live, abort, main, talk

NOBODY, OTHER = pwd.getpwnam("nobody").pw_uid, 12345
NONE = "0" * 16
SETS = ("CapEff", "CapPrm", "CapInh", "CapAmb")


def statuses(pid):
    """Of all its threads."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
            yield {name: value.split() for name, value in (line.split(":", 1) for line in file)}


class Rights(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.folder = folder.name
        self.saved = os.path.join(folder.name, "saved")

    def assert_nothing_left(self, live, uid, bounded=True):
        threads = list(statuses(live.process.pid))
        self.assertGreater(len(threads), 1)  # one that writes, at least
        for told in threads:
            self.assertEqual([str(uid)] * 4, told["Uid"])
            self.assertNotIn("0", told["Gid"] + told["Groups"])
            for name in SETS + (("CapBnd",) if bounded else ()):
                self.assertEqual([NONE], told[name], name)
            self.assertEqual(["1"], told["NoNewPrivs"])
            if os.environ["SECCOMP"] == "1":
                self.assertEqual(["2"], told["Seccomp"])

    def assert_works(self, live, uid):
        """And can do all the same what it is there for; its files are the user's."""
        client, server = self.pair(5001)
        talk(client, server)
        abort(server)
        self.assertEqual("rst", live.wait_for(lambda c: True, 5)[1]["label"])
        took, status = live.end()
        self.assertEqual(0, status)
        names = os.listdir(self.saved)
        self.assertEqual([".pcapng", ".prom"], sorted(os.path.splitext(name)[1] for name in names))
        self.assertEqual({uid}, {os.stat(os.path.join(self.saved, name)).st_uid for name in names})

    def options(self):
        return "-i", "eth0", "--save-dir", self.saved, "--metrics", os.path.join(self.saved, "hangup.prom")

    def started(self, *arguments, **options):
        live = Live(self.cable.here, *self.options(), *arguments, **options)
        for clean in (live.process.stdout.close, live.process.stderr.close, live.process.kill):
            self.addCleanup(clean)
        return live.wait_until_capturing()

    def check(self, uid, *arguments, **options):
        live = self.started(*arguments, **options)
        self.assert_nothing_left(live, uid)
        self.assert_works(live, uid)

    def test_root_becomes_nobody(self):
        self.check(NOBODY)

    def test_root_becomes_who_called_sudo(self):
        self.check(OTHER, environment={"SUDO_UID": str(OTHER), "SUDO_GID": str(OTHER)})

    def test_root_becomes_whom_one_names(self):
        self.check(OTHER, "--user", str(OTHER))

    def copy(self):
        """Beside the rules, as in the build's own folders."""
        os.mkdir(os.path.join(self.folder, "bin"))
        program = shutil.copy(HANGUP, os.path.join(self.folder, "bin"))
        os.symlink(os.path.join(os.path.dirname(os.path.dirname(HANGUP)), "lib"), os.path.join(self.folder, "lib"))
        return program

    def as_other(self):
        return "setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups"

    @unittest.skipUnless(shutil.which("setcap"), "setcap is not installed")
    def test_capability_of_the_file_is_enough(self):
        program = self.copy()
        if subprocess.run(["setcap", "cap_net_raw+ep", program], check=False).returncode:
            self.skipTest("this file system takes no capabilities")
        os.mkdir(self.saved)
        os.chown(self.saved, OTHER, OTHER)
        live = self.started(through=self.as_other(), program=program)
        self.assert_nothing_left(live, OTHER, bounded=False)
        self.assert_works(live, OTHER)

    def test_without_any_it_says_what_grants_it(self):
        program = self.copy()
        done = self.cable.here.start(*self.as_other(), "--bounding-set=-all", program, "live", "-i", "eth0",
                                     stderr=subprocess.PIPE, text=True)
        said = done.communicate(timeout=20)[1]
        self.assertEqual(3, done.returncode)
        self.assertRegex(said, r"\Ahangup: eth0: [^\n]+\n\Z")
        self.assertIn("sudo setcap cap_net_raw", said)


if __name__ == "__main__":
    main()
