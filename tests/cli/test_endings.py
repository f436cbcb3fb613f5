#!/usr/bin/python3
"""Ends of runs: Control-C, a reader that had enough, a full disk."""
import os
import signal
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True

from tool import DONE, HANGUP, INPUT, Case, conversation, hangup, pcap


def many(number):
    """Conversations of as many clients, one after the other."""
    return [packet for n in range(number) for packet in conversation((f"10.0.{n // 250}.{n % 250 + 1}", 40000))]


class ControlC(Case):
    """Bytes keep coming on standard input, so that the run can only end by being told to."""

    def interrupt(self, *arguments):
        content = pcap(many(2000))
        with open(os.path.join(self.folder, "out"), "w+b") as out:
            run = subprocess.Popen([HANGUP, "read", *arguments, "-"], stdin=subprocess.PIPE, stdout=out,
                                   stderr=subprocess.PIPE)
            os.set_blocking(run.stdin.fileno(), False)
            self.feed(run, content)
            run.send_signal(signal.SIGINT)
            self.feed(run, content[24:])
            complaint = run.communicate(timeout=60)[1]
            out.seek(0)
            return run.returncode, out.read().decode(), complaint.decode()

    @staticmethod
    def feed(run, content):
        """Writes until it is all written or the reader is gone."""
        deadline = time.monotonic() + 30
        while content and run.poll() is None and time.monotonic() < deadline:
            try:
                content = content[os.write(run.stdin.fileno(), content):]
            except BlockingIOError:
                time.sleep(0.01)
            except BrokenPipeError:
                return

    def test_a_silent_pipe(self):
        """Nobody writes any more, and nobody closes it."""
        run = subprocess.Popen([HANGUP, "read", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        run.stdin.write(pcap(many(3)))
        run.stdin.flush()
        while run.poll() is None and b"SigCgt:\t0000000000000000" in open(f"/proc/{run.pid}/status", "rb").read():
            time.sleep(0.01)
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        run.wait(timeout=30)
        out, complaint = run.stdout.read().decode(), run.stderr.read().decode()
        for stream in (run.stdin, run.stdout, run.stderr):
            stream.close()
        self.assertEqual(DONE, run.returncode)
        self.assertRegex(complaint, r"\Ahangup: -: interrupted; only the first 21 packets were judged\n\Z")
        self.assertIn("3 TCP connections", out)

    def test_verdicts_so_far(self):
        status, out, err = self.interrupt("-o", "ndjson")
        self.assertEqual(DONE, status)
        self.assertRegex(err, r"\Ahangup: -: interrupted; only the first \d+ packets were judged\n\Z")
        self.assertGreater(out.count("\n"), 100)
        self.assertLess(out.count("\n"), 4000)

    def test_text_is_marked_partial(self):
        status, out, _ = self.interrupt()
        self.assertEqual(DONE, status)
        self.assertRegex(out.lower(), "interrupted|partial")

    def test_strict(self):
        self.assertEqual(INPUT, self.interrupt("--strict")[0])


class EnoughRead(Case):
    def head(self, restore_signals):
        path = self.capture(many(3000))
        run = subprocess.Popen([HANGUP, "read", "-o", "ndjson", path], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, restore_signals=restore_signals)
        line = run.stdout.readline()
        run.stdout.close()
        complaint = run.stderr.read()
        run.stderr.close()
        self.assertTrue(line.startswith(b"{"))
        self.assertEqual(b"", complaint)
        return run.wait(timeout=60)

    def test_quietly(self):
        self.assertEqual(-signal.SIGPIPE, self.head(True))

    def test_quietly_with_the_signal_ignored(self):
        self.assertEqual(DONE, self.head(False))


class Written(Case):
    def test_full_disk(self):
        for arguments in (("read", self.capture()), ("read", "-o", "ndjson", self.capture()),
                          ("explain", self.capture(), "1"), ("rules",), ("help",)):
            with self.subTest(arguments), open("/dev/full", "w") as full:
                run = subprocess.run([HANGUP, *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
                                     check=False, timeout=60)
                self.assertEqual(INPUT, run.returncode)
                self.assertRegex(run.stderr, r"\Ahangup: [^\n]*No space left on device\n\Z")

    def test_same_bytes_every_time(self):
        path = self.capture(many(50))
        self.assertEqual(hangup("read", "--all", path).stdout, hangup("read", "--all", path).stdout)


if __name__ == "__main__":
    unittest.main()
