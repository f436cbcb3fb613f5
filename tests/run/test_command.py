#!/usr/bin/python3
"""The command is the user's: its status, streams, signals and rights; and all its connections are told, and no other."""
import ctypes
import fcntl
import json
import os
import platform
import re
import resource
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True

import place
from place import CLIENTS, HANGUP, Server, run

CHILDREN, EACH = 50, 20
MANY = """
import os, socket, sys
children, each, port = map(int, sys.argv[1:])
for _ in range(children):
    if os.fork() == 0:
        for _ in range(each):
            client = socket.create_connection(("127.0.0.1", port))
            client.send(b"x")
            client.recv(10)
            client.close()
        os._exit(0)
for _ in range(children):
    os.wait()
"""
ONE = """
import socket, sys, time
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
time.sleep(float(sys.argv[2]))
client.send(b"x")
client.recv(10)
"""
# Leaves a child with a connection, which closes it that much later.
CLOSED_LATER = """
import os, socket, sys, time
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
if os.fork() == 0:
    os.dup2(os.open("/dev/null", os.O_RDWR), 1)
    os.dup2(1, 2)
    time.sleep(float(sys.argv[2]))
    client.close()
    os._exit(0)
"""
OTHER = 12345
NONE = "0" * 16


def connections(done):
    return [line for line in map(json.loads, done.stderr.splitlines()) if line["schema"] == "hangup.connection/1"]


def python(code, *arguments):
    return ["/usr/bin/python3", "-c", code, *map(str, arguments)]


class Passed(unittest.TestCase):
    """What goes through."""

    def test_status(self):
        for status in (0, 1, 3, 42, 255):
            self.assertEqual(status, run("sh", "-c", f"exit {status}").returncode)

    def test_status_of_a_killed_one(self):
        self.assertEqual(128 + signal.SIGKILL, run("sh", "-c", "kill -KILL $$").returncode)
        self.assertEqual(128 + signal.SIGSEGV, run("sh", "-c", "kill -SEGV $$").returncode)

    def test_what_cannot_be_run(self):
        missing, closed = run("/no/such"), run("/etc/passwd")
        self.assertEqual(127, missing.returncode)
        self.assertEqual("hangup: /no/such: cannot be run: No such file or directory\n", missing.stderr)
        self.assertEqual(126, closed.returncode)

    def test_our_own_failure(self):
        for arguments in (["-i", "nosuch", "true"], ["--bad", "true"], [], ["--result", "/no/such/file", "true"],
                          ["--user", "no-such-user", "true"]):
            done = run(*arguments)
            self.assertEqual(125, done.returncode, arguments)
            self.assertRegex(done.stderr, r"\Ahangup: [^\n]+\n\Z")

    def test_streams(self):
        done = run("sh", "-c", "cat; echo to stderr >&2", stdin=None, input="through\0it\n")
        self.assertEqual("through\0it\n", done.stdout)
        self.assertTrue(done.stderr.startswith("to stderr\n"), done.stderr)

    def test_options_after_its_name_are_its_own(self):
        self.assertEqual("--save -o ndjson\n", run("echo", "--save", "-o", "ndjson").stdout)

    def test_descriptors_and_folder(self):
        with tempfile.TemporaryFile() as file:
            kept = fcntl.fcntl(file.fileno(), fcntl.F_DUPFD, 100)
            code = "import os, sys\nos.write(int(sys.argv[1]), b'kept')\nprint(os.getcwd(), *sorted(map(int, os.listdir('/proc/self/fd'))))"
            done = run(*python(code, kept), pass_fds=[kept], cwd="/usr")
            os.close(kept)
            file.seek(0)
            self.assertEqual(b"kept", file.read())
        # The third is the listing's own.
        self.assertEqual(f"/usr 0 1 2 3 {kept}\n", done.stdout)

    def test_result_elsewhere(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "result")
            done = run("--result", path, "echo", "hello")
            self.assertEqual(("hello\n", ""), (done.stdout, done.stderr))
            with open(path, encoding="utf-8") as file:
                self.assertTrue(file.read().startswith("echo: "))

    def test_pipes_that_close(self):
        done = subprocess.run(f"{shlex.quote(HANGUP)} run yes | head -1", shell=True, capture_output=True, text=True, check=False,
                              timeout=60, env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual("y\n", done.stdout)


class Signals(unittest.TestCase):
    def start(self, *command):
        environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
        process = subprocess.Popen([HANGUP, "run", *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=environment, process_group=0)
        self.assertEqual("ready\n", process.stdout.readline())
        return process

    def test_keys_go_to_the_command(self):
        process = self.start("sh", "-c", "trap 'echo got it; exit 9' INT; echo ready; while :; do sleep 0.1; done")
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual((9, "got it\n"), (process.returncode, out))
        self.assertIn("sh: ", err)

    def test_a_command_that_dies_of_it(self):
        process = self.start("sh", "-c", "echo ready; exec sleep 60")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(128 + signal.SIGINT, process.returncode)

    def test_what_we_are_sent_is_for_the_command(self):
        process = self.start("sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done")
        process.terminate()
        process.communicate(timeout=60)
        self.assertEqual(5, process.returncode)

    def test_stopped_and_continued(self):
        process = self.start("sh", "-c", "echo ready; sleep 0.5; echo done")
        os.killpg(process.pid, signal.SIGTSTP)
        time.sleep(1)
        _, status = os.waitpid(process.pid, os.WUNTRACED | os.WNOHANG)
        self.assertTrue(os.WIFSTOPPED(status))
        os.killpg(process.pid, signal.SIGCONT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual((0, "done\n"), (process.returncode, out))

    def test_what_it_leaves_running_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "later")
            server = Server(place.answers)
            code = ONE + f"\nopen({path!r}, 'w').write('done')"
            started = time.monotonic()
            done = run("sh", "-c", 'setsid "$@" </dev/null >/dev/null 2>&1 & sleep 0.3', "sh",
                       *python(code, server.port, 6))
            self.assertLess(time.monotonic() - started, 6)
            self.assertEqual(0, done.returncode)
            for _ in range(300):
                if os.path.exists(path):
                    break
                time.sleep(0.1)
            self.assertTrue(os.path.exists(path), "its calls failed once we had gone")


class Connections(unittest.TestCase):
    def test_many_short_ones_by_many_children(self):
        server = Server(place.answers)
        done = run("-o", "ndjson", *python(MANY, CHILDREN, EACH, server.port))
        self.assertEqual(CHILDREN * EACH, len(connections(done)))

    def test_others_are_left_out(self):
        server = Server(place.answers)
        other = subprocess.Popen(python(MANY, 1, 100000, server.port), stderr=subprocess.DEVNULL, process_group=0)
        done = run("-o", "ndjson", *python(MANY, 2, 10, server.port))
        everybody = run("-o", "ndjson", "--everybody", *python(MANY, 2, 50, server.port))
        os.killpg(other.pid, signal.SIGKILL)  # its child too
        other.wait()
        self.assertEqual(20, len(connections(done)))
        none = run("true")
        self.assertRegex(none.stderr, r"\Atrue: (no packets recorded while it ran|none of [\d,]+ TCP connections?"
                                      r" is its own\s\(--everybody\stells\sof\sthem\))")
        self.assertGreaterEqual(len(connections(everybody)), 100)

    def test_a_server_is_as_good_as_a_client(self):
        code = ("import os, socket, subprocess, sys\nl = socket.create_server(('127.0.0.1', 0))\n"
                "print(l.getsockname()[1], flush=True)\nc, _ = l.accept()\nprint(c.recv(9))")
        with tempfile.TemporaryDirectory() as folder:
            result = os.path.join(folder, "result")
            process = subprocess.Popen([HANGUP, "run", "-o", "ndjson", "--result", result, *python(code)],
                                       stdout=subprocess.PIPE, text=True,
                                       env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"})
            port = int(process.stdout.readline())
            subprocess.run(python("import socket, sys\nsocket.create_connection(('127.0.0.1', int(sys.argv[1]))).send(b'x')",
                                  port), check=True)
            self.assertEqual(0, process.wait(60))
            process.stdout.close()
            with open(result, encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
        self.assertEqual([port], [line["server"]["port"] for line in lines])

    def test_an_interface_that_is_removed_is_told_and_gone_on_with(self):
        server = Server(place.answers)
        again = "ip link del d0; sleep 1.2; ip link add d0 type veth peer name d1; sleep 1.2"
        subprocess.run(["ip", "link", "add", "d0", "up", "type", "veth", "peer", "name", "d1"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "del", "d0"], check=False)
        done = run("-i", "d0", "-i", "lo", "--all", "sh", "-c", again + '; exec "$@"', "sh", *python(ONE, server.port, 0.1))
        self.assertRegex(done.stderr, r"\Ahangup: d0: [^\n]+; it is looked for until it is back\nhangup: d0: is back\n")
        self.assertIn("sh: 1 TCP connection, nothing abnormal", done.stderr)

    def test_what_closes_after_the_end_is_told_closed(self):
        server = Server(place.answers)
        for later in (0.8, 1.25):
            done = run("-o", "ndjson", "--all", *python(CLOSED_LATER, server.port, later))
            self.assertEqual(["orderly-close"], [line["label"] for line in connections(done)], later)
        done = run("-o", "ndjson", "--all", "--after", "0.1", *python(CLOSED_LATER, server.port, 1.5))
        self.assertEqual(["still-open"], [line["label"] for line in connections(done)])

    def test_saved_capture_says_the_same(self):
        server = Server(place.resets)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "saved.pcapng")
            done = run("-o", "ndjson", "--save", path, os.path.join(CLIENTS, "client_dynamic"), "0", f"recv:{server.port}")
            read = subprocess.run([HANGUP, "read", "-o", "ndjson", path], capture_output=True, text=True, check=True)
        mine = connections(done)[0]
        theirs = next(line for line in map(json.loads, read.stdout.splitlines()) if line["id"] == mine["id"])
        for field in ("id", "label", "cause", "first_packet", "evidence", "vantage", "start", "end"):
            self.assertEqual(theirs[field], mine[field])


SLOW = """
import socket, sys, time
for _ in range(int(sys.argv[2])):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    time.sleep(float(sys.argv[3]))
    client.close()
"""


class WithoutTrace(unittest.TestCase):
    def run_it(self, *command, **options):
        """Its own connections, and of how many it is told that they may be."""
        with tempfile.TemporaryDirectory() as folder:
            result = os.path.join(folder, "result")
            done = run("-o", "ndjson", "--no-trace", "--all", "--result", result, *command, **options)
            with open(result, encoding="utf-8") as file:
                own = [json.loads(line) for line in file]
        self.assertEqual(0, done.returncode, done.stderr)
        unsure = re.search(r"^hangup: (\d+) connections? of this host came and went too fast", done.stderr, re.M)
        return own, int(unsure.group(1)) if unsure else 0

    def test_what_stays_a_while_is_known(self):
        server = Server(place.answers)
        own, unsure = self.run_it(*python(SLOW, server.port, 20, 0.1))
        self.assertEqual({server.port}, {line["server"]["port"] for line in own})
        self.assertEqual(20, len(own) + unsure)
        self.assertGreater(len(own), 15)  # all, where nothing else wants the processor

    def test_status(self):
        self.assertEqual(3, run("--no-trace", "sh", "-c", "exit 3").returncode)

    def test_what_was_too_short_is_told_to_be_unknown(self):
        own, unsure = self.run_it(*python(MANY, CHILDREN, EACH, Server(place.answers).port))
        self.assertEqual(CHILDREN * EACH, len(own) + unsure)

    def test_what_is_somebody_elses_is_known_too(self):
        server, others = Server(place.answers), Server(place.answers)
        other = subprocess.Popen(python(SLOW, others.port, 1000, 0.5))
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        own, unsure = self.run_it(*python(SLOW, server.port, 20, 0.1))
        self.assertEqual({server.port}, {line["server"]["port"] for line in own})
        others_unsure = unsure - (20 - len(own))
        self.assertLess(20 - len(own), 5)
        self.assertLess(others_unsure, others.served / 2)  # of some five; the first and the last may be seen once only

    def test_without_sock_diag(self):
        """/proc has the same."""
        server = Server(place.answers)
        own, unsure = self.run_it(*python(ONE, server.port, 1), preexec_fn=forbid_sock_diag)
        self.assertEqual(([server.port], 0), ([line["server"]["port"] for line in own], unsure))
class Kept(unittest.TestCase):
    """What --save names: the capture that is there stays until another one is whole."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.path = folder.name, os.path.join(folder.name, "keep.pcapng")
        self.write(b"evidence")

    def write(self, content):
        with open(self.path, "wb") as file:
            file.write(content)

    def content(self):
        self.assertEqual(["keep.pcapng"], os.listdir(self.folder))
        with open(self.path, "rb") as file:
            return file.read()

    def test_stays_when_nothing_comes_of_it(self):
        for arguments in (["-i", "nosuch", "true"], ["--rules-file", "/nosuch", "true"], ["/no/such/command"],
                          ["--result", "/no/such/file", "true"], ["--user", "no-such-user", "true"]):
            done = run("--save", self.path, *arguments)
            self.assertIn(done.returncode, (125, 127), arguments)
            self.assertEqual(b"evidence", self.content(), arguments)

    def test_stays_when_we_are_killed(self):
        process = subprocess.Popen([HANGUP, "run", "--save", self.path, "sh", "-c", "echo ready; exec sleep 3"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual("ready\n", process.stdout.readline())
        self.assertEqual(2, len(os.listdir(self.folder)))
        process.kill()
        process.communicate(timeout=60)
        for _ in range(100):
            if len(os.listdir(self.folder)) == 1:
                break
            time.sleep(0.1)
        self.assertEqual(b"evidence", self.content())

    def test_gives_way_to_what_is_whole(self):
        link = os.path.join(self.folder, "link")
        os.symlink(self.path, link)
        server = Server(place.answers)
        done = run("--save", link, *python(ONE, server.port, 0))
        self.assertEqual(0, done.returncode, done.stderr)
        os.unlink(link)
        self.assertEqual(b"\x0a\x0d\x0d\x0a", self.content()[:4])
        self.assertEqual([server.port], self.read(self.path))

    def read(self, path, **options):
        read = subprocess.run([HANGUP, "read", "-o", "ndjson", path], stdout=subprocess.PIPE, check=True, **options)
        return [json.loads(line)["server"]["port"] for line in read.stdout.splitlines()]

    def test_a_result_stays_too(self):
        run("--result", self.path, "/no/such/command")
        self.assertEqual(b"evidence", self.content())
        run("--result", self.path, "true")
        self.assertTrue(self.content().startswith(b"true: "))
        self.assertNotIn(b"evidence", self.content())

    def save_to(self, path, server):
        return subprocess.run([HANGUP, "run", "--save", path, *python(ONE, server.port, 0)], capture_output=True, check=False,
                              timeout=60, env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"})

    def test_pipe_gets_packets_and_they_are_judged(self):
        server = Server(place.answers)
        done = self.save_to("/dev/stdout", server)
        self.assertIn(b"python3: 1 TCP connection, nothing abnormal", done.stderr)
        self.assertEqual([server.port], self.read("-", input=done.stdout))

    def test_device_that_takes_nothing(self):
        done = self.save_to("/dev/full", Server(place.answers))
        self.assertEqual(0, done.returncode)
        self.assertEqual(1, done.stderr.count(b"No space left on device"))
        self.assertIn(b"python3: 1 TCP connection, nothing abnormal", done.stderr)

    def test_full_disk(self):
        """What there was room for is whole, kept and judged."""
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", self.folder], check=False).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder], check=True)
        done = run("--save", self.path, *python(MANY, 1, 60, Server(place.answers).port))
        self.assertEqual(0, done.returncode)
        self.assertEqual(1, done.stderr.count("No space left on device"), done.stderr)
        self.assertEqual(1, done.stderr.count("hangup: "), done.stderr)
        self.assertRegex(done.stderr, r"python3: [\d,]+ TCP connections?, ")
        self.assertLessEqual(len(self.content()), 16 << 10)
        tshark = subprocess.run(["tshark", "-r", self.path], capture_output=True, text=True, check=False)
        self.assertEqual(0, tshark.returncode, tshark.stderr)
        self.assertNotIn("cut short", tshark.stderr)
        self.assertGreater(len(tshark.stdout.splitlines()), 20)

    def test_disk_that_takes_nothing(self):
        nothing = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        done = run("--save", self.path, "true", preexec_fn=nothing)
        self.assertEqual(0, done.returncode)
        self.assertEqual(["hangup: the capture: cannot be written: File too large; the command goes on, what comes from now "
                          "on is not recorded", "true: no packets recorded while it ran"],
                         [line for line in done.stderr.splitlines() if line])
        self.assertEqual(b"evidence", self.content())


def forbid_ptrace():
    """As containers do."""
    forbid({"x86_64": 101, "aarch64": 117}[platform.machine()])


def forbid_sock_diag():
    forbid({"x86_64": 41, "aarch64": 198}[platform.machine()], third=4)  # socket(_, _, NETLINK_SOCK_DIAG)


def forbid(number, third=None):
    """A filter for this process and what it runs: a call, or that with such a third argument, fails with EPERM."""
    is_third = ((0x20, 0, 0, 32),          # load it
                (0x15, 0, 1, third or 0))  # another one: over the next
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in (
        (0x20, 0, 0, 0),           # load the call's number
        (0x15, 0, 1 if third is None else 3, number),  # another one: to the last
        *(() if third is None else is_third),
        (0x06, 0, 0, 0x00050001),  # EPERM
        (0x06, 0, 0, 0x7FFF0000))) # pass
    buffer = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, by_filter = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(seccomp, by_filter, header, 0, 0):
        raise OSError(ctypes.get_errno(), "no filter")


class Trace(unittest.TestCase):
    def test_without_the_right_to_trace_it_says_so_and_goes_on(self):
        server = Server(place.answers)
        done = run("-o", "ndjson", *python(ONE + "\nsys.exit(4)", server.port, 0.5), preexec_fn=forbid_ptrace)
        lines = done.stderr.splitlines()
        self.assertEqual(4, done.returncode)
        self.assertIn("does not let the command be traced", lines[0])
        self.assertEqual([server.port], [json.loads(line)["server"]["port"] for line in lines[1:]])

    def test_it_says_what_it_cannot_see(self):
        io_uring_setup = "import ctypes\nctypes.CDLL(None).syscall(425, 1, None)"
        self.assertIn("the command uses io_uring", run(*python(io_uring_setup)).stderr)
        self.assertNotIn("io_uring", run("true").stderr)

    def test_what_it_runs_may_be_traced_no_longer_but_works(self):
        """Many processes and programs, with threads that make their first socket at the same time."""
        code = ("import socket, sys, threading\n"
                "def one():\n for _ in range(5): socket.create_connection(('127.0.0.1', int(sys.argv[1]))).close()\n"
                "all = [threading.Thread(target=one) for _ in range(8)]\n"
                "[t.start() for t in all]\n[t.join() for t in all]")
        server = Server(place.answers)
        one = " ".join(["/usr/bin/python3", "-c", shlex.quote(code), str(server.port)])
        done = run("-o", "ndjson", "sh", "-c", f"{one} & {one} & {one}; wait; for i in 1 2 3 4 5 6 7 8 9; do /bin/true; done")
        self.assertEqual(3 * 8 * 5, len(connections(done)))


class SetUserId(unittest.TestCase):
    """A program whose file gives rights does not get them under trace, and that is said."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.program = shutil.copy("/usr/bin/id", os.path.join(folder.name, "sesame"))
        os.chmod(self.program, 0o4755)

    def test_it_is_said(self):
        for command in ([self.program, "-u"], ["sh", "-c", f"{self.program} -u; exit 0"]):
            done = run("--user", str(OTHER), *command)
            self.assertEqual(f"{OTHER}\n", done.stdout)
            self.assertEqual(1, done.stderr.count("hangup: sesame: its file gives it rights"), done.stderr)
            self.assertIn("--no-trace", done.stderr)

    def test_not_of_others_nor_without_trace(self):
        self.assertNotIn("its file gives", run("--user", str(OTHER), "id", "-u").stderr)
        done = run("--no-trace", "--user", str(OTHER), self.program, "-u")
        self.assertNotIn("its file gives", done.stderr)
        if os.statvfs(self.program).f_flag & os.ST_NOSUID:
            self.skipTest("no file gives rights here")
        self.assertEqual("0\n", done.stdout)


class Rights(unittest.TestCase):
    def status(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return {name: value.split() for name, value in (line.split(":", 1) for line in file)}

    def assert_nothing_left(self, told, bounded=True):
        self.assertNotIn("0", told["Uid"])
        for name in ("CapEff", "CapPrm", "CapInh", "CapAmb") + (("CapBnd",) if bounded else ()):
            self.assertEqual([NONE], told[name], name)
        self.assertEqual(["1"], told["NoNewPrivs"])
        if os.environ["SECCOMP"] == "1":
            self.assertEqual(["2"], told["Seccomp"])

    def look_while_it_runs(self, *arguments, program=HANGUP, through=()):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SUDO_")}
        process = subprocess.Popen([*through, program, "run", *arguments, "sh", "-c", "id -u; read end"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=environment | {"ASAN_OPTIONS": "detect_leaks=0"})
        user = process.stdout.readline().strip()
        told = self.status(process.pid)
        _, err = process.communicate("end\n", timeout=60)
        self.assertEqual(0, process.returncode, err)
        return user, told

    def test_root_is_given_up_but_by_the_command(self):
        user, told = self.look_while_it_runs()
        self.assertEqual("0", user)
        self.assert_nothing_left(told)

    def test_command_is_run_as_whom_one_names(self):
        user, told = self.look_while_it_runs("--user", str(OTHER))
        self.assertEqual(str(OTHER), user)
        self.assertEqual([str(OTHER)] * 4, told["Uid"])
        self.assert_nothing_left(told)

    @unittest.skipUnless(shutil.which("setcap"), "setcap is not installed")
    def test_capability_of_the_file_is_enough(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            # Beside the rules, as in the build's own folders.
            os.mkdir(os.path.join(folder, "bin"))
            program = shutil.copy(HANGUP, os.path.join(folder, "bin"))
            library = os.path.join(os.path.dirname(os.path.dirname(HANGUP)), "lib")
            os.symlink(library, os.path.join(folder, "lib"))
            if subprocess.run(["setcap", "cap_net_raw+ep", program], check=False).returncode:
                self.skipTest("this file system takes no capabilities")
            as_other = ["setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups"]
            user, told = self.look_while_it_runs(program=program, through=as_other)
            self.assertEqual(str(OTHER), user)
            self.assert_nothing_left(told, bounded=False)

    def test_whoever_may_not_capture_is_told_the_command(self):
        done = run("true", through=["setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups",
                                    "--bounding-set=-all"])
        self.assertEqual(125, done.returncode)
        self.assertRegex(done.stderr, r"\Ahangup: [^\n]+\n\Z")
        self.assertRegex(done.stderr, r"sudo setcap cap_net_raw=ep '?/")


if __name__ == "__main__":
    place.enter()
    unittest.main(argv=sys.argv[:1])
