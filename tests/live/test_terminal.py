#!/usr/bin/python3
"""hangup live as somebody sees it who sits before it: a real terminal, its last line, and Control-C."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time

from stage import HANGUP, Case, abort, main, read, talk

WIDTH = 80
STATUS = re.compile(r"\r(\d+ packets?, \d+ open(?:, \d+ just ended)?(?:; \d+ [a-z-]+(?:, \d+ [a-z-]+)*)?; nothing lost)\x1b\[K")
WIPE = "\r\x1b[K"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """A terminal with hangup live at all three streams, in a session of its own."""

    def __init__(self, host, *arguments, **environment):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, WIDTH, 0, 0))
        settings = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        settings |= {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | environment
        self.process = host.start("setsid", "--ctty", HANGUP, "live", *arguments, stdin=slave, stdout=slave, stderr=slave,
                                  env=settings)
        os.close(slave)
        self.shown = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            try:
                block = os.read(self.master, 65536)
            except OSError:  # its last writer has gone
                return
            self.shown += block.decode()

    def wait_for(self, pattern, seconds=10, since=0):
        """Where it is shown."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = re.compile(pattern, re.S).search(self.shown, since)
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"not shown: {pattern!r} in {self.shown[since:]!r}")

    def press(self, key):
        os.write(self.master, key)

    def end(self):
        status = self.process.wait(20)
        self._reader.join(10)
        os.close(self.master)
        return status


class OnTerminal(Case):
    def terminal(self, *arguments, **environment):
        terminal = Terminal(self.cable.here, "-i", "eth0", "-f", "tcp", *arguments, **environment)
        self.addCleanup(terminal.process.kill)
        terminal.wait_for(STATUS.pattern)
        return terminal

    def reset(self, port):
        client, server = self.pair(port)
        talk(client, server)
        abort(server)
        return client


class Status(OnTerminal):
    def test_it_says_how_things_stand(self):
        terminal = self.terminal()
        self.assertIn("\r0 packets, 0 open; nothing lost\x1b[K", terminal.shown)
        client, server = self.pair(5001)
        talk(client, server)
        terminal.wait_for(r"\r[1-9]\d* packets, 1 open; nothing lost\x1b\[K")
        self.reset(5002)
        terminal.wait_for(r"\r\d+ packets, 1 open, 1 just ended; 1 rst; nothing lost\x1b\[K")
        for line in STATUS.findall(terminal.shown):
            self.assertLess(len(line), WIDTH)

    def test_it_never_wraps(self):
        terminal = self.terminal()
        fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 20, 0, 0))
        self.pair(5001)
        found = terminal.wait_for(r"\r([1-9]\d* packets,[^\r\x1b]*)\x1b\[K")
        self.assertEqual(19, len(found.group(1)))

    def test_what_was_lost_is_in_it(self):
        terminal = self.terminal("--buffer", "128K")
        client, server = self.pair(5001)
        terminal.process.send_signal(signal.SIGSTOP)
        talk(client, server, times=5000, pause=0)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for(r"\r\d+ packets, ([1-9]\d*) LOST \(\1 kernel, 0 interface\), 1 open\x1b\[K")

    def test_none_where_nobody_wants_it(self):
        terminal = Terminal(self.cable.here, "-i", "eth0", "--quiet", "--duration", "1")
        terminal.end()
        self.assertNotIn("\x1b[K", terminal.shown)


class Endings(OnTerminal):
    def test_one_is_told_as_it_happens_on_a_clean_line(self):
        terminal = self.terminal(NO_COLOR="1")
        self.reset(5001)
        told = terminal.wait_for(re.escape(WIPE) + r"#1 +10\.9\.0\.1:\d+ → 10\.9\.0\.2:5001 +rst/app-abort\r\n"
                                 r" +The server's program aborted the connection", 5)
        self.assertIsNone(terminal.process.poll())
        terminal.wait_for(STATUS.pattern, since=told.end())  # and goes on below it
        self.assertIsNone(COLOUR.search(terminal.shown))

    def test_colour_unless_somebody_minds(self):
        terminal = self.terminal()
        self.reset(5001)
        terminal.wait_for("aborted the connection", 5)
        self.assertRegex(terminal.shown, COLOUR)


class ControlC(OnTerminal):
    def capture_beside(self, path):
        """tcpdump on the same packets, in the same order."""
        beside = self.cable.here.start("tcpdump", "-i", "eth0", "-U", "-Z", "root", "-w", path, "tcp", stderr=subprocess.PIPE,
                                       text=True)
        self.assertTrue(any("listening" in line for line in iter(beside.stderr.readline, "")))
        self.addCleanup(beside.stderr.close)
        self.addCleanup(beside.kill)
        return beside

    def test_ends_with_what_read_would_say(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "beside.pcap")
            beside = self.capture_beside(path)
            terminal = self.terminal(NO_COLOR="1")
            clients = [self.reset(port) for port in (5001, 5002)]
            terminal.wait_for(r"2 rst; nothing lost\x1b\[K")
            pressed = len(terminal.shown)
            terminal.press(b"\x03")
            self.assertEqual(0, terminal.end())
            beside.terminate()
            beside.wait(10)
            read = subprocess.run([HANGUP, "read", "--local", self.cable.HERE, path], capture_output=True, text=True, check=True)
        self.assertEqual(2, len(clients))
        _, _, summary = terminal.shown[pressed:].rpartition(WIPE)
        self.assertTrue(summary.startswith("eth0: 2 TCP connections, 2 ended badly"), repr(summary))
        expected = read.stdout.replace(path, "eth0").splitlines()
        shown = summary.replace("\r\n", "\n").splitlines()
        listed = [line for line in expected if line.startswith(("#", "      ", "2 rst"))]
        self.assertGreater(len(listed), 4)
        self.assertEqual(listed, [line for line in shown if line.startswith(("#", "      ", "2 rst"))])


class Gone(OnTerminal):
    def test_ends_in_order_with_its_terminal(self):
        """As when the connection to the machine breaks: what waits to be saved is saved."""
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            terminal = self.terminal("--save-dir", folder)
            client = self.reset(5001)
            terminal.wait_for("aborted the connection", 5)
            os.close(terminal.master)
            self.assertGreaterEqual(terminal.process.wait(10), 0)  # by no signal
            (name,) = os.listdir(folder)
            self.assertEqual(["rst"], [c["label"] for c in read(os.path.join(folder, name))])
            client.close()


if __name__ == "__main__":
    main()
