#!/usr/bin/python3
"""What is left of root, of a capability and of the kernel's calls once they were given up: /proc/PID/status tells."""
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

GIVE_UP = os.environ["GIVE_UP"]
SANITIZED = os.environ["SANITIZED"] == "1"
SECCOMP = os.environ["SECCOMP"] == "1"
NOBODY = pwd.getpwnam("nobody")
OTHER = 12345  # a user id without a name
NONE = "0" * 16


def run(*arguments, through=(), environment=None):
    # Leaks cannot be looked for where no process may be stopped; what is there is a dozen lines that end at once.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SUDO_")}
    clean["ASAN_OPTIONS"] = "detect_leaks=0"
    return subprocess.run([*through, GIVE_UP, *arguments], env=clean | (environment or {}), capture_output=True,
                          text=True, check=False, timeout=60)


def status(done):
    pairs = (line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    return {name: value.split() for name, value in pairs}


def tried(done, what):
    return [line.removeprefix(f"tried {what} ") for line in done.stdout.splitlines()
            if line.startswith(f"tried {what} ")]


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)

    def assert_nothing_left(self, done, uid, bounded=True):
        told = status(done)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertEqual([str(uid)] * 4, told["Uid"])
        for capabilities in ("CapEff", "CapPrm", "CapInh", "CapAmb") + (("CapBnd",) if bounded else ()):
            self.assertEqual([NONE], told[capabilities], capabilities)
        self.assertEqual(["1"], told["NoNewPrivs"])
        if SECCOMP:
            self.assertEqual(["2"], told["Seccomp"])


class Root(Folder):
    def test_becomes_nobody(self):
        done = run()
        self.assert_nothing_left(done, NOBODY.pw_uid)
        self.assertEqual([str(NOBODY.pw_gid)] * 4, status(done)["Gid"])
        self.assertNotIn("0", status(done)["Groups"])

    def test_becomes_who_called_sudo(self):
        done = run(environment={"SUDO_UID": str(OTHER), "SUDO_GID": "54321"})
        self.assert_nothing_left(done, OTHER)
        self.assertEqual(["54321"] * 4, status(done)["Gid"])

    def test_root_who_called_sudo_is_nobody(self):
        self.assert_nothing_left(run(environment={"SUDO_UID": "0", "SUDO_GID": "0"}), NOBODY.pw_uid)

    def test_becomes_whom_one_names(self):
        sudo = {"SUDO_UID": str(OTHER), "SUDO_GID": str(OTHER)}
        self.assert_nothing_left(run("--user", "nobody", environment=sudo), NOBODY.pw_uid)
        self.assert_nothing_left(run("--user", str(OTHER)), OTHER)

    def test_stays_root_only_when_told_and_can_nothing(self):
        done = run("--user", "root", "packet")
        self.assert_nothing_left(done, 0)
        self.assertNotEqual(["done"], tried(done, "packet"))

    def test_unknown_user(self):
        done = run("--user", "no-such-user")
        self.assertEqual((1, 'error there is no user "no-such-user"\n'), (done.returncode, done.stdout))

    def test_folder_that_is_not_there_is_made_and_given(self):
        path = os.path.join(self.folder, "new")
        done = run("--folder", path, "file")
        self.assertEqual(["done"], tried(done, "file"), done.stdout)
        self.assertEqual(NOBODY.pw_uid, os.stat(path).st_uid)
        self.assertEqual(NOBODY.pw_uid, os.stat(os.path.join(path, "written")).st_uid)

    def test_folder_that_is_there_keeps_its_owner(self):
        done = run("--folder", self.folder)
        self.assertEqual(1, done.returncode)
        self.assertIn("cannot be written to by nobody", done.stdout)
        self.assertIn("--user", done.stdout)
        self.assertNotIn("chown", done.stdout)
        self.assertEqual(0, os.stat(self.folder).st_uid)
        os.chmod(self.folder, 0o1777)
        self.assertEqual(["done"], tried(run("--folder", self.folder, "file"), "file"))
        self.assertEqual((0, 0o1777), (os.stat(self.folder).st_uid, stat.S_IMODE(os.stat(self.folder).st_mode)))


    def test_folder_that_cannot_be_reached_is_not_made(self):
        closed = os.path.join(self.folder, "closed")
        os.mkdir(closed, 0o700)
        for path in (os.path.join(closed, "new"), os.path.join(closed, "there")):
            done = run("--folder", path)
            self.assertEqual(1, done.returncode)
            self.assertIn(f"{path}: cannot be written to by nobody", done.stdout)
            self.assertEqual([], os.listdir(closed))
        os.mkdir(os.path.join(closed, "there"), 0o777)
        self.assertIn("cannot be written to by nobody", run("--folder", os.path.join(closed, "there")).stdout)
        done = run("--user", "root", "--folder", os.path.join(closed, "new"), "file")
        self.assertEqual(["done"], tried(done, "file"), done.stdout)

    @unittest.skipUnless(shutil.which("setfacl"), "setfacl is not installed")
    def test_an_access_list_counts(self):
        if subprocess.run(["setfacl", "-m", "u:nobody:rwx", self.folder], check=False).returncode:
            self.skipTest("this file system has no access lists")
        done = run("--folder", self.folder, "file")
        self.assertEqual(["done"], tried(done, "file"), done.stdout)


class Capability(Folder):
    """An ordinary user whose program has CAP_NET_RAW from its file."""

    def program(self, capabilities):
        path = shutil.copy(GIVE_UP, self.folder)
        os.chmod(path, 0o755)
        if capabilities and subprocess.run(["setcap", capabilities, path], check=False).returncode:
            self.skipTest("this file system takes no capabilities")
        return path

    def run_as(self, uid, path, *arguments):
        clean = {"ASAN_OPTIONS": "detect_leaks=0", "PATH": os.environ["PATH"]}
        return subprocess.run(["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", path, *arguments],
                              env=clean, cwd="/", capture_output=True, text=True, check=False, timeout=60)

    @unittest.skipUnless(shutil.which("setcap"), "setcap is not installed")
    def test_is_given_up(self):
        done = self.run_as(OTHER, self.program("cap_net_raw+ep"))
        self.assert_nothing_left(done, OTHER, bounded=False)

    def test_of_a_user_without_any(self):
        self.assert_nothing_left(self.run_as(OTHER, self.program(None)), OTHER, bounded=False)

    def test_cannot_become_somebody_else(self):
        done = self.run_as(OTHER, self.program(None), "--user", "nobody")
        self.assertEqual((1, "error --user takes root\n"), (done.returncode, done.stdout))


@unittest.skipIf(SANITIZED, "sanitizers need more than the list has")
@unittest.skipUnless(SECCOMP, "built without libseccomp")
class Calls(Folder):
    def test_what_is_left(self):
        done = run("thread", "packet", "internet", "unknown", "thread")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(["done", "done"], tried(done, "thread"))
        for what in ("packet", "internet", "unknown"):
            self.assertEqual(["Function not implemented"], tried(done, what))

    def test_to_run_a_program_is_the_end(self):
        self.assertEqual(-signal.SIGSYS, run("run").returncode)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("skipped: only root has privileges to give up")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
