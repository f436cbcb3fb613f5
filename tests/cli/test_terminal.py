#!/usr/bin/python3
"""Colour and progress are for terminals only."""
import os
import pty
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

from tool import HANGUP, Case, conversation, hangup, pcap

ESCAPE = "\x1b["


def drain(terminal):
    """All that is written to a terminal until its last writer has gone."""
    got = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:  # Linux's way of saying so
            block = b""
        if not block:
            return got.decode()
        got += block


def on_terminal(*arguments, stream="stdout", stdin=subprocess.DEVNULL, write=None, **environment):
    """What a terminal at one of the streams, or at both, gets to see."""
    try:
        master, slave = pty.openpty()
    except OSError as error:  # a container without /dev/pts
        raise unittest.SkipTest(f"no terminal to be had here: {error}")
    streams = {name: slave if stream in (name, "both") else subprocess.DEVNULL for name in ("stdout", "stderr")}
    settings = {key: value for key, value in {**os.environ, "TERM": "xterm", **environment}.items()
                if key != "NO_COLOR" or key in environment}
    run = subprocess.Popen([HANGUP, *arguments], stdin=stdin, env=settings, **streams)
    os.close(slave)
    if write:
        threading.Thread(target=write, args=(run.stdin,)).start()
    shown = drain(master)
    os.close(master)
    run.wait(timeout=60)
    return shown


class Colour(Case):
    def test_on_a_terminal(self):
        self.assertIn(ESCAPE, on_terminal("read", self.capture()))

    def test_no_color(self):
        path = self.capture()
        self.assertNotIn(ESCAPE, on_terminal("read", path, NO_COLOR="1"))
        self.assertIn(ESCAPE, on_terminal("read", path, NO_COLOR=""))
        self.assertIn(ESCAPE, on_terminal("read", "--color=always", path, NO_COLOR="1"))

    def test_dumb_terminal(self):
        self.assertNotIn(ESCAPE, on_terminal("read", self.capture(), TERM="dumb"))

    def test_elsewhere(self):
        path = self.capture()
        self.assertNotIn(ESCAPE, hangup("read", path).stdout)
        self.assertIn(ESCAPE, hangup("read", "--color=always", path).stdout)
        self.assertNotIn(ESCAPE, on_terminal("read", "--color=never", path))
        self.assertNotIn(ESCAPE, hangup("read", "--color=always", "-o", "ndjson", path).stdout)


class Progress(Case):
    @staticmethod
    def slowly(stdin):
        """A capture that takes two seconds to arrive."""
        content = pcap(conversation() * 3000)
        step = len(content) // 20 + 1
        with stdin:
            for start in range(0, len(content), step):
                stdin.write(content[start:start + step])
                stdin.flush()
                time.sleep(0.1)

    def watch(self, *arguments, stream="stderr", **environment):
        return on_terminal("read", *arguments, "-", stream=stream, stdin=subprocess.PIPE, write=self.slowly,
                           **environment)

    def test_shown_when_it_lasts_and_wiped(self):
        shown = self.watch()
        self.assertRegex(shown, r"\r[\d.]+ k packets, [\d.]+ [kM]B, [\d.]+( k)?/s, [\d.]+ [kM]B/s\x1b\[K")
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown[-40:]))
        self.assertEqual(1, shown.count("\r\x1b[K"), "it flickers")

    def test_the_result_begins_on_a_clean_line(self):
        shown = self.watch("--color=never", stream="both")
        before, _, after = shown.partition("\r\x1b[K")
        self.assertRegex(before, "packets, ")
        self.assertTrue(after.startswith("standard input: "), repr(after[:40]))

    def test_not_when_the_result_is_written_there_meanwhile(self):
        for output in (["-o", "ndjson"], ["-o", "fields=id"], ["--all", "--color=never"]):
            shown = self.watch(*output, stream="both")
            self.assertNotIn("\x1b", shown)
            self.assertIn("rst" if output[-1] != "fields=id" else "1", shown)
        self.assertRegex(self.watch("-o", "ndjson"), "packets, ")

    def test_not_on_a_dumb_terminal(self):
        self.assertEqual("", self.watch(TERM="dumb"))

    def test_quiet(self):
        self.assertEqual("", self.watch("--quiet"))

    def test_not_when_it_is_over_at_once(self):
        self.assertEqual("", on_terminal("read", self.capture(), stream="stderr"))


if __name__ == "__main__":
    unittest.main()
