#!/usr/bin/python3
"""What befalls the capture: interfaces that go and come back, a clock that is set, packets that are lost, and counters."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from stage import BOUND, Case, abort, main, talk


def said(live, *words, seconds=5, times=1):
    """Whether all of these are said on standard error in time, and so often."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all(sum(word in line for line in live.words) >= times for word in words):
            return True
        time.sleep(0.05)
    return False


class Step(Case):
    def reset_is_told(self, live, port, seconds=5):
        client, server = self.pair(port)
        talk(client, server)
        abort(server)
        return live.wait_for(lambda c: c["server"]["port"] == port, seconds)[1]


class Interfaces(Step):
    def test_down_and_up(self):
        live = self.live("-i", "eth0")
        self.cable.here.ip("link set eth0 down")
        time.sleep(1)
        self.cable.here.ip("link set eth0 up")
        time.sleep(0.5)
        self.assertEqual("rst", self.reset_is_told(live, 5001)["label"])

    def assert_ends_well(self, live):
        self.assertIsNone(live.process.poll())
        took, status = live.end()
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        self.assertTrue(any(c["final"] for _, c in live.told))
        self.assertIn("nothing lost", live.words[-1])

    def removed(self, *arguments):
        """One whose interface went away just after a connection had ended there, which is told."""
        live = self.live("-i", "eth0", *arguments)
        client, server = self.pair(5001)
        talk(client, server)
        abort(server)
        self.cable.here.ip("link del eth0")
        self.assertEqual("rst", live.wait_for(lambda c: c["server"]["port"] == 5001, 5)[1]["label"])
        self.assertTrue(said(live, "eth0: ", "it is looked for until it is back"), live.words)
        return live

    def test_removed_and_made_again(self):
        live = self.removed("-i", "lo")
        self.cable.plug_in()
        self.assertTrue(said(live, "eth0: is back"), live.words)
        self.assertEqual("rst", self.reset_is_told(live, 5002)["label"])
        self.cable.here.ip("link del eth0")
        self.cable.plug_in(up=False)
        self.assertTrue(said(live, "eth0: is back", times=2), live.words)
        self.cable.switch_on()
        self.assertEqual("rst", self.reset_is_told(live, 5003)["label"])
        with open(f"/proc/{live.process.pid}/status", encoding="ascii") as status:
            self.assertIn("CapPrm:\t0000000000000000\n", status)  # it took no right
        self.assert_ends_well(live)

    def test_removed_and_another_kind_made(self):
        live = self.removed("-f", "tcp")
        try:
            self.cable.here.run("ip", "tuntap", "add", "eth0", "mode", "tun")
        except RuntimeError as why:
            self.skipTest(f"no tunnel to be had here: {why}")
        self.assertTrue(said(live, "eth0: is back, and cannot be captured on: its frames have another kind of header"),
                        live.words)
        self.cable.here.ip("link del eth0")
        self.cable.plug_in()
        self.assertTrue(said(live, "eth0: is back\n"), live.words)
        self.assertEqual("rst", self.reset_is_told(live, 5002)["label"])
        self.assert_ends_well(live)

    def test_removed_for_good(self):
        self.assert_ends_well(self.removed())

    def test_any_takes_them_as_they_come(self):
        live = self.live()
        self.cable.here.ip("link del eth0")
        self.cable.plug_in()
        connection = self.reset_is_told(live, 5001)
        self.assertEqual(("rst", "any"), (connection["label"], connection["input"]))

    def test_one_that_is_not_there(self):
        done = self.cable.here.start(os.environ["HANGUP"], "live", "-i", "eth7", stderr=subprocess.PIPE, text=True)
        self.assertRegex(done.communicate(timeout=20)[1], r"\Ahangup: eth7: [^\n]+\n\Z")
        self.assertEqual(3, done.returncode)


class Clock(Step):
    def clocked(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.setting = os.path.join(folder.name, "seconds")
        library = shutil.copy(os.environ["SET_CLOCK"], folder.name)  # the loader splits the list at spaces
        preload = {"LD_PRELOAD": library, "SET_CLOCK_FILE": self.setting,
                   "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")}
        return self.live("-i", "eth0", environment=preload)

    def set(self, seconds):
        with open(self.setting + ".new", "w", encoding="ascii") as file:
            file.write(str(seconds))
        os.rename(self.setting + ".new", self.setting)

    def test_set_back_an_hour(self):
        live = self.clocked()
        before = self.reset_is_told(live, 5001)
        client, server = self.pair(5009)
        talk(client, server)
        self.set(-3600)
        began = time.monotonic()
        after = self.reset_is_told(live, 5002)
        self.assertLess(time.monotonic() - began, BOUND + 1 + self.metronome.lost(began, time.monotonic()))
        self.assertTrue(said(live, "the clock was set back by 3600.0 s"), live.words)
        self.assertEqual("rst", after["label"])
        self.assertLess(before["end"], after["start"])
        talk(client, server)
        abort(client)
        across = live.wait_for(lambda c: c["server"]["port"] == 5009, 5)[1]
        self.assertEqual("local-abort", across["label"])
        self.assertLess(across["duration_s"], 60)
        live.wait_for(lambda c: c["server"]["port"] == 5001 and c["final"], 15)  # what waited goes on waiting as long
        took, status = live.end()
        self.assertEqual(0, status)
        self.assertLess(took, 2)

    def test_set_ahead_an_hour(self):
        live = self.clocked()
        client, server = self.pair(5009)
        talk(client, server)
        client.shutdown(1)  # half closed: an hour of silence would be the end of it
        server.recv(10)
        time.sleep(0.5)
        self.set(3600)
        self.assertEqual("rst", self.reset_is_told(live, 5002)["label"])
        self.assertTrue(said(live, "the clock was set ahead by 3600.0 s"), live.words)
        time.sleep(2.5)
        took, status = live.end()
        self.assertEqual(0, status)
        ((label, duration),) = [(c["label"], c["duration_s"]) for _, c in live.told if c["server"]["port"] == 5009]
        self.assertEqual("still-open", label)
        self.assertLess(duration, 60)


class Losses(Step):
    def test_what_the_kernel_lost_is_told_everywhere(self):
        live = self.live("-i", "eth0", "--buffer", "128K")
        early = self.reset_is_told(live, 5001)
        self.assertFalse(early["capture_loss"])
        client, server = self.pair(5002)
        talk(client, server)
        live.process.send_signal(signal.SIGSTOP)
        other = self.pair(5003)
        talk(*other, times=5000, pause=0)  # many times what the kernel keeps
        live.process.send_signal(signal.SIGCONT)
        deadline = time.monotonic() + 10
        while not any("LOST" in line for line in live.words) and time.monotonic() < deadline:
            live.process.send_signal(signal.SIGUSR1)
            time.sleep(0.3)
        time.sleep(0.5)  # what is known of it is known to the next round
        abort(server)
        late = live.wait_for(lambda c: c["server"]["port"] == 5002, 5)[1]
        self.assertTrue(late["capture_loss"])
        self.assertLess(late["confidence"], early["confidence"])
        self.assertTrue(said(live, "LOST"), live.words)
        live.end()
        self.assertRegex(live.words[-1], r"\d+ packets, \d+ LOST")


class LossesOfTheCard(Step):
    """Its counter is preloaded: a virtual cable loses nothing by itself."""

    def test_told_apart_from_those_of_the_kernel(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o777)
        path = os.path.join(folder.name, "hangup.prom")
        library = shutil.copy(os.environ["LOSE_AT_CARD"], folder.name)
        live = self.live("-i", "eth0", "-o", "text", "--metrics", path, environment={
            "LD_PRELOAD": library, "LOSE_AT_CARD": "7",
            "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")})
        pair = self.pair(5001)
        time.sleep(1.5)
        live.process.send_signal(signal.SIGUSR1)
        self.assertTrue(said(live, "7 LOST (0 kernel, 7 interface), 1 open"), live.words)
        live.end()
        del pair
        self.assertIn("7 packets were lost by a network interface", "".join(line for _, line in live.told))
        with open(path, encoding="utf-8") as file:
            seen = families(file.read())[1]
        self.assertEqual([0, 7], [seen[f'hangup_packets_lost_total{{interface="eth0",number="0",by="{by}"}}']
                                  for by in ("kernel", "interface")])


class Counts(Step):
    SHORT = 200

    def status(self, live):
        heard = len(live.words)
        live.process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            for line in live.words[heard:]:
                if "packets" in line:
                    return line
            time.sleep(0.02)
        raise AssertionError(f"no status: {live.words}")

    def test_open_is_what_is_open(self):
        """Connections that are closed wait for their verdict: they are no longer open, as the kernel sees it too."""
        live = self.live("-i", "eth0")
        kept = [self.pair(6000 + i) for i in range(3)]
        for i in range(self.SHORT):
            client, server = self.pair(5000 + i)
            client.close()
            server.recv(1)
            server.close()
        time.sleep(0.5)
        self.assertRegex(self.status(live), rf"packets, {len(kept)} open, {self.SHORT} just ended; nothing lost")
        live.wait_for(lambda c: c["final"], 15)
        deadline = time.monotonic() + 10
        while "just ended" in (line := self.status(live)) and time.monotonic() < deadline:
            time.sleep(0.3)
        self.assertRegex(line, rf"packets, {len(kept)} open; {self.SHORT} orderly-close; nothing lost")


def families(text):
    """{name: type} and {sample: value} of OpenMetrics text; asserts its rules that matter."""
    types, samples, name = {}, {}, None
    lines = text.split("\n")
    assert lines[-2:] == ["# EOF", ""], lines[-3:]
    for line in lines[:-2]:
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types, name
            types[name] = kind
        elif line.startswith("# HELP "):
            assert line.split(" ")[2] == name, line
        else:
            sample, value = re.fullmatch(r'([a-z_]+(?:\{(?:[a-z]+="[^"\\\n]*",?)+\})?) ([0-9.]+)', line).groups()
            assert sample.split("{")[0] == name + ("_total" if types[name] == "counter" else ""), line
            samples[sample] = float(value)
    return types, samples


class Metrics(Step):
    def test_the_file_is_whole_and_counts(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o777)
        path = os.path.join(folder.name, "hangup.prom")
        live = self.live("-i", "eth0", "--metrics", path)
        self.reset_is_told(live, 5001)
        deadline, seen = time.monotonic() + 12, {}
        while time.monotonic() < deadline and not seen.get('hangup_endings_total{label="rst"}'):
            with open(path, encoding="utf-8") as file:
                types, seen = families(file.read())
            time.sleep(0.01)
        self.assertEqual(1, seen['hangup_endings_total{label="rst"}'])
        for by in ("kernel", "interface"):
            self.assertEqual(0, seen[f'hangup_packets_lost_total{{interface="eth0",number="0",by="{by}"}}'])
        self.assertGreater(seen["hangup_packets_total"], 10)
        self.assertEqual("gauge", types["hangup_connections_open"])
        self.assertEqual((0, 1), (seen["hangup_connections_open"], seen["hangup_connections_settling"]))
        self.pair(5002)
        live.end()
        with open(path, encoding="utf-8") as file:
            types, last = families(file.read())
        self.assertEqual((0, 0), (last["hangup_connections_open"], last["hangup_connections_settling"]))
        self.assertTrue(all(last[name] >= value for name, value in seen.items() if name.endswith("_total")))
        self.assertEqual(["hangup.prom"], os.listdir(folder.name))


if __name__ == "__main__":
    main()
