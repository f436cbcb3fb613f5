#!/usr/bin/python3
"""Threads, and limits of memory: the same bytes out for any number of threads, and nothing hidden when a limit bit."""
import glob
import os
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from tool import DONE, HANGUP, SAMPLES, USAGE, Case, hangup

GENERATE = os.environ["GENERATE"]
SHORT = ("--standard", "C", "--scale", "0.0333334")  # 100,000 connections of 1 to 6 packets
MIXED = ("--standard", "A", "--scale", "0.002")


def told(path, threads, *options):
    run = hangup("read", "--threads", str(threads), *options, path)
    return run.returncode, run.stdout, run.stderr


def before(seconds, done):
    """Whether it comes to that in time."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def cpu_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def cpu_within(pid, seconds):
    """Processor time that it takes in that time."""
    begun = cpu_of(pid)
    time.sleep(seconds)
    return cpu_of(pid) - begun


class Threads(Case):
    def generated(self, *options):
        path = os.path.join(self.folder, "generated.pcap")
        subprocess.run([GENERATE, *options, path], check=True, stdout=subprocess.DEVNULL)
        return path

    def assert_alike(self, path, *options, threads=(2, 3)):
        alone = told(path, 1, *options)
        for number in threads:
            self.assertTrue(alone == told(path, number, *options), f"{path}, {options}: {number} threads say otherwise")
        return alone

    def test_every_sample(self):
        paths = sorted(glob.glob(os.path.join(SAMPLES, "*.pcap*")))
        self.assertGreater(len(paths), 150)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda path: self.assert_alike(path, "-o", "ndjson", threads=(3,)), paths))

    def test_a_hundred_thousand_connections(self):
        status, out, _ = self.assert_alike(self.generated(*SHORT), "-o", "ndjson", threads=(2,))
        self.assertEqual((DONE, 100_000), (status, out.count('"schema":"hangup.connection/1"')))

    def test_long_ones(self):
        path = self.generated(*MIXED)
        self.assert_alike(path)
        self.assert_alike(path, "-o", "ndjson", "--label", "rst")

    def test_the_same_are_cut_off(self):
        path = self.generated(*MIXED)
        for limit in (["--max-connections", "20"], ["--max-memory", "50K"]):
            _, out, _ = self.assert_alike(path, *limit)
            self.assertTrue("judged early" in out, f"{limit} cut nothing off")

    def test_the_same_in_every_run(self):
        """The seed of the tables is another one in each run; how full they are tells nobody."""
        path = self.generated("--standard", "C", "--scale", "0.003")
        runs = {told(path, 1, "--max-memory", limit, "-o", "fields=id,label,cause,end")
                for limit in ("600K",) for _ in range(5)}
        self.assertEqual(1, len(runs))
        status, out, complaint = runs.pop()
        self.assertEqual(DONE, status)
        self.assertRegex(complaint, r"\Ahangup: [^\n]+: \d+ connections were judged early[^\n]*\n\Z")

    def test_explain(self):
        path = os.path.join(SAMPLES, "router.middle.pcap")
        one, two = (hangup("explain", "--threads", number, path, "7") for number in "12")
        self.assertEqual((DONE, one.stdout), (two.returncode, two.stdout))

    def test_a_writer_that_pauses(self):
        """Threads sleep while they wait for it."""
        path = self.generated("--standard", "A", "--scale", "0.02")
        with open(path, "rb") as capture:
            half = capture.read(os.path.getsize(path) // 2)
        run = subprocess.Popen([HANGUP, "read", "--threads", "2", "-"], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(run.kill)
        run.stdin.write(half)
        run.stdin.flush()
        self.assertTrue(before(60, lambda: cpu_within(run.pid, 0.5) < 0.1), "it is busy while there is nothing to do")
        run.stdin.close()
        self.assertEqual(DONE, run.wait(60))

    def test_what_is_no_number(self):
        for option, values in {"--threads": ("0", "-1", "17", "many", ""), "--max-connections": ("0", "x", "1e9"),
                               "--max-memory": ("0", "G", "-1", "1GB", "99999999999G")}.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    run = hangup("read", f"{option}={value}", os.path.join(SAMPLES, "router.middle.pcap"))
                    self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
                    self.assert_one_sentence(run)


if __name__ == "__main__":
    unittest.main()
