#!/usr/bin/python3
"""The flight recorder: one capture an abnormal ending, whole or not at all, bounded, and telling the same story."""
import os
import re
import signal
import subprocess
import tempfile
import time

from stage import HANGUP, Case, abort, backoff, commented_as_evidence, comments, evidence, main, read, repeated, talk

NAME = re.compile(r"\A\d{8}T\d{6}\.\d{3}Z-\d+-[a-z-]+-10\.9\.0\.1\.\d+-10\.9\.0\.2\.\d+\.pcapng\Z")


class Recorder(Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.folder = os.path.join(folder.name, "saved")

    def recorder(self, *arguments, **options):
        return self.live("-i", "eth0", "--save-dir", self.folder, *arguments, **options)

    def saved(self, seconds=5, count=1):
        """Names in the folder, when so many are there; hidden ones are not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            names = sorted(name for name in os.listdir(self.folder) if not name.startswith("."))
            if len(names) >= count:
                break
            time.sleep(0.05)
        return [os.path.join(self.folder, name) for name in names]

    def reset(self, port, payload=0):
        client, server = self.pair(port)
        talk(client, server)
        if payload:
            server.sendall(bytes(payload))
            client.recv(payload)
        abort(server)


class WhatIsSaved(Recorder):
    def test_the_same_verdict_with_the_packets_that_prove_it(self):
        live = self.recorder()
        client, server = self.pair(5009)
        talk(client, server)
        self.reset(5001)
        talk(client, server)
        (path,) = self.saved()
        self.assertRegex(os.path.basename(path), NAME)
        (told,) = [c for _, c in [live.wait_for(lambda c: c["server"]["port"] == 5001, 5)]]
        live.end()
        (judged,) = read(path)
        for field in ("label", "cause", "actor", "severity", "confidence", "client", "server", "vantage", "start", "end",
                      "packets", "bytes", "states", "history", "summary"):
            self.assertEqual(told[field], judged[field], field)
        self.assertEqual(["10.9.0.1"], self.addresses(path))
        self.assertTrue(evidence(judged))
        self.assertEqual(evidence(judged), commented_as_evidence(path))
        self.assertEqual(os.path.basename(path), told["saved"])
        self.assertEqual([None], [c["saved"] for _, c in live.told if c["server"]["port"] == 5009])

    def test_text_names_the_file(self):
        live = self.recorder("-o", "text")
        self.reset(5001)
        (path,) = self.saved()
        time.sleep(0.5)
        live.end()
        self.assertIn(f"      saved as {os.path.basename(path)}\n", [line for _, line in live.told])

    def addresses(self, path):
        done = subprocess.run(["tshark", "-r", path, "-q", "-z", "io,phs"], capture_output=True, text=True, check=True)
        self.assertNotIn("5009", done.stdout)
        with open(path, "rb") as file:
            data = file.read()
        at = data.find(b"\x04\x00\x08\x00\x0a\x09\x00\x01")  # if_IPv4addr, 8 bytes
        return [".".join(str(byte) for byte in data[at + 4:at + 8])] if at > 0 else []

    def interfaces(self, path):
        """Their names, as tshark tells them for each packet."""
        done = subprocess.run(["tshark", "-r", path, "-T", "fields", "-e", "frame.interface_name"], capture_output=True,
                              text=True, check=True)
        return set(done.stdout.split())

    def test_of_all_interfaces_each_has_its_name_and_addresses(self):
        self.cable.here.ip("link add other0 type veth peer name other1")
        self.cable.here.ip("addr add 10.77.0.1/24 dev other0")
        self.cable.here.ip("link set other0 up")
        live = self.live("-i", "any", "--save-dir", self.folder)
        self.reset(5001)
        (path,) = self.saved()
        told = live.wait_for(lambda c: c["server"]["port"] == 5001, 5)[1]
        self.assertEqual({"eth0"}, self.interfaces(path))
        self.assertEqual(["10.9.0.1"], self.addresses(path))
        with open(path, "rb") as file:
            self.assertNotIn(bytes((10, 77, 0, 1)), file.read())
        (judged,) = read(path)
        for field in ("label", "cause", "actor", "confidence", "vantage", "packets", "states"):
            self.assertEqual(told[field], judged[field], field)
        self.assertEqual(evidence(judged), commented_as_evidence(path))

    def test_of_all_interfaces_one_that_came_later_and_went(self):
        live = self.live("--save-dir", self.folder)
        self.cable.here.ip("link del eth0")
        self.cable.plug_in(up=False)
        self.cable.here.ip("addr add 10.9.0.3/24 dev eth0 label eth0:1")
        self.cable.switch_on()
        self.reset(5002)
        self.cable.here.ip("link del eth0")
        live.wait_for(lambda c: c["server"]["port"] == 5002, 5)
        (path,) = self.saved()
        self.assertEqual({"eth0"}, self.interfaces(path))
        self.assertEqual(["10.9.0.1"], self.addresses(path))
        with open(path, "rb") as file:
            self.assertIn(b"\x04\x00\x08\x00\x0a\x09\x00\x03", file.read())
        self.assertEqual("rst", read(path)[0]["label"])

    def test_arp_of_its_hosts_is_there(self):
        self.recorder()
        self.cable.here.run("ip", "neigh", "flush", "all")
        self.reset(5001)
        (path,) = self.saved()
        done = subprocess.run(["tshark", "-r", path, "-Y", "arp"], capture_output=True, text=True, check=True)
        self.assertIn("Who has 10.9.0.2", done.stdout)

    def test_a_correction_takes_its_file_away(self):
        self.cable.here.ip("route change 10.9.0.0/24 dev eth0 src 10.9.0.1 rto_min 100ms")
        live = self.recorder()
        client, server = self.pair(5001)
        talk(client, server)
        self.cable.there.nft("table inet cut { chain cut { type filter hook input priority 0; ip protocol tcp drop; }; }")
        client.sendall(b"into the void")
        (path,) = self.saved(10)
        self.assertIn("-retransmit-timeout-", path)
        self.assertEqual("retransmit-timeout", read(path)[0]["label"])
        self.cable.there.nft("delete table inet cut")
        server.recv(100)
        self.assertIsNone(live.wait_for(lambda c: c["label"] == "still-open", 8)[1]["saved"])
        time.sleep(0.3)
        self.assertEqual([], self.saved(0.1))


class Limits(Recorder):
    def test_the_oldest_make_room(self):
        live = self.recorder("--save-limit", "10K")
        for port in range(5001, 5009):
            self.reset(port, 600)
            live.wait_for(lambda c, port=port: c["server"]["port"] == port, 5)
        time.sleep(0.3)
        kept = self.saved(0.1)
        sizes = [os.path.getsize(path) for path in kept]
        self.assertLessEqual(sum(sizes), 10 << 10)
        self.assertGreater(sum(sizes), 5 << 10)
        self.assertTrue(kept[-1].endswith("5008.pcapng"))
        self.assertEqual(sorted(kept, key=os.path.getmtime), kept)
        live.end()
        self.assertTrue(any("made room" in line for line in live.words))

    def test_what_is_not_its_own_is_left_alone(self):
        os.mkdir(self.folder)
        os.chmod(self.folder, 0o777)
        for name in ("notes.txt", "mine.pcapng"):
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(bytes(20000))
        live = self.recorder("--save-limit", "4K")
        self.reset(5001)
        live.wait_for(lambda c: True, 5)
        self.assertEqual(3, len(self.saved(3, 3)))


class Trouble(Recorder):
    def tmpfs(self, size):
        os.mkdir(self.folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", self.folder], check=True)
        self.addCleanup(subprocess.run, ["umount", self.folder], check=True)

    def test_the_disk_is_full(self):
        try:
            self.tmpfs("12k")
        except subprocess.CalledProcessError:
            self.skipTest("nothing can be mounted here")
        live = self.recorder()
        for port in range(5001, 5005):
            self.reset(port, 3000)
            live.wait_for(lambda c, port=port: c["server"]["port"] == port, 5)
        time.sleep(0.5)
        for path in self.saved(0.1):
            self.assertEqual(1, len(read(path)))
        self.assertEqual([], [name for name in os.listdir(self.folder) if name.startswith(".")])
        self.assertEqual(1, sum("No space left" in line for line in live.words), live.words)
        took, status = live.end()
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        self.assertTrue(any("could not be saved" in line for line in live.words), live.words)

    def test_what_was_saved_stays_when_more_does_not_fit(self):
        try:
            self.tmpfs("64k")
        except subprocess.CalledProcessError:
            self.skipTest("nothing can be mounted here")
        self.cable.here.ip("route change 10.9.0.0/24 dev eth0 src 10.9.0.1 rto_min 100ms")
        live = self.recorder()
        client, server = self.pair(5001)
        talk(client, server)
        self.cable.there.nft("table inet cut { chain cut { type filter hook input priority 0; ip protocol tcp drop; }; }")
        client.sendall(b"into the void")
        live.wait_for(lambda c: c["label"] == "retransmit-timeout", 10)
        (path,) = self.saved()
        packets = len(comments(path))  # the last of them is no later than what the kernel says now
        with open(os.path.join(self.folder, "full"), "wb", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(bytes(4096))
        repeated(client, backoff(client) + 1)
        time.sleep(0.5)  # the kernel hands packets over a tenth of a second later
        took, status = live.end()  # which knows of one repetition more
        self.assertEqual((0, [path]), (status, [name for name in self.saved(0.1) if name.endswith(".pcapng")]))
        self.assertTrue(any("No space left" in line for line in live.words), live.words)
        self.assertEqual(["retransmit-timeout"], [c["label"] for c in read(path)])
        self.assertEqual(packets, len(comments(path)))
        server.close()

    def test_terminated_while_it_writes(self):
        """Many endings at once, and SIGTERM in the middle of saving them: what is there is whole."""
        live = self.recorder()
        pairs = [self.pair(5001 + i) for i in range(40)]
        for client, server in pairs:
            talk(client, server)
        for _, server in pairs:
            abort(server)
        deadline = time.monotonic() + 5
        while not (os.path.isdir(self.folder) and os.listdir(self.folder)) and time.monotonic() < deadline:
            time.sleep(0.002)
        took, status = live.end(signal.SIGTERM)
        self.assertEqual(0, status)
        self.assertLess(took, 2)
        names = os.listdir(self.folder)
        self.assertEqual([], [name for name in names if not NAME.match(name)])
        for name in names:
            self.assertEqual(["rst"], [c["label"] for c in read(os.path.join(self.folder, name))])
        self.assertEqual(40, len({c["id"] for _, c in live.told if c["final"]}))
        told_saved = sum(int(m.group(1)) for m in re.finditer(r"(\d+) recordings? saved", "".join(live.words)))
        self.assertEqual(len(names), told_saved)

    def test_a_folder_that_cannot_be_written(self):
        done = self.cable.here.start(HANGUP, "live", "-i", "eth0", "--save-dir", "/proc/nowhere", "--duration", "1",
                                     stderr=subprocess.PIPE, text=True)
        self.assertIn("/proc/nowhere", done.communicate(timeout=20)[1])
        self.assertEqual(3, done.returncode)


if __name__ == "__main__":
    main()
