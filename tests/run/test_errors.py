#!/usr/bin/python3
"""Every error that a program wrote down of itself is told of it, on its connection, beside the packet that brought it."""
import errno
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import place
from place import CLIENTS, Server, run

PYTHON_CLIENT = """
import os, signal, socket, sys, threading, time
def note(call, error, port):
    print("LOG", threading.get_native_id(), call, error.errno, port, flush=True)
for story in sys.argv[1:]:
    name, port = story.split(":")
    client = socket.socket()
    try:
        client.connect(("127.0.0.1", int(port)))
    except OSError as error:
        note("connect", error, client.getsockname()[1])
        continue
    own = client.getsockname()[1]
    if name == "vanish":
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1500)
        client.recv(1)
        client.send(b"x")
    if name == "idle":
        time.sleep(0.6)
        client.send(b"x")
        time.sleep(0.1)
    for call, do in (("recv", lambda: client.recv(1)), ("send", lambda: client.send(b"x"))):
        if name in ("idle",) and call == "recv":
            continue
        try:
            do()
        except OSError as error:
            note(call, error, own)
"""

RST, FIN, SYN, ACK = 0x04, 0x01, 0x02, 0x10


def logged(text):
    """(tid, call, error, port) for each line of a program's own log."""
    lines = (line.split()[1:] for line in text.splitlines() if line.startswith("LOG "))
    return sorted((int(tid), call, errno.errorcode[int(error)], int(port)) for tid, call, error, port in lines)


def told(connections):
    return sorted((call["tid"], call["call"], call["error"], c["client"]["port"])
                  for c in connections for call in c["calls"])


def in_text(text):
    """(call, error, client's port) of each failed call that the text for people has, under its connection."""
    found, port = [], None
    for paragraph in text.split("\n\n"):
        head = re.search(r"^#\d+ +127\.0\.0\.1:(\d+) → ", paragraph, re.M)
        port = int(head[1]) if head else None
        found += [(call, error, port) for call, error in re.findall(r"\[\d+\] (\w+)\(\) → ([A-Z]+)", " ".join(paragraph.split()))]
    return sorted(found)


def packets(path):
    """Number: (source port, flags), as tshark reads them."""
    fields = [word for name in ("frame.number", "tcp.srcport", "tcp.flags") for word in ("-e", name)]
    done = subprocess.run(["tshark", "-r", path, "-Y", "tcp", "-T", "fields", *fields], capture_output=True, text=True,
                          check=True)
    return {int(number): (int(source), int(flags, 16))
            for number, source, flags in (line.split("\t") for line in done.stdout.splitlines())}


class Told(unittest.TestCase):
    """A command is run, and its capture kept, to be held against what was told."""

    @classmethod
    def setUpClass(cls):
        place.prepare()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.saved = os.path.join(folder.name, "saved.pcapng")

    def go(self, *command, statuses=(0,)):
        done = run("-o", "ndjson", "--all", "--save", self.saved, "--", *command)
        self.assertIn(done.returncode, statuses, done.stderr)
        lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        self.assertEqual([], [line for line in lines if line["schema"] == "hangup.call/1"])
        return done, [line for line in lines if line["schema"] == "hangup.connection/1"]

    def assert_right_packets(self, connections):
        """The packet beside a call is one that explains it, as tshark sees it."""
        seen = packets(self.saved)
        for connection in connections:
            client, server = connection["client"]["port"], connection["server"]["port"]
            timed_out = False
            for call in connection["calls"]:
                source, flags = seen[call["packet"]]
                timed_out |= call["error"] == "ETIMEDOUT"
                with self.subTest(call=call):
                    if timed_out:  # and what is tried after it
                        self.assertEqual((client, 0), (source, flags & RST))
                    elif call["error"] in ("ECONNRESET", "EPIPE", "ECONNREFUSED"):
                        self.assertEqual((server, RST), (source, flags & RST))
                    self.assertGreaterEqual(call["after_ms"], 0)


class Errors(Told):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.servers = {story: Server(treat) for story, treat in (
            ("recv", place.resets), ("read", place.resets), ("readv", place.resets), ("write", place.resets),
            ("idle", place.idles_out), ("vanish", place.vanishes), ("patience", place.keeps_quiet))}
        cls.ports = {story: server.port for story, server in cls.servers.items()}
        cls.ports |= {"refused": place.refusing_port(), "later": place.refusing_port()}

    def stories(self, *names):
        return [f"{name}:{self.ports[name]}" for name in names or self.ports]

    def assert_all_told(self, *command, least):
        done, connections = self.go(*command)
        own = logged(done.stdout)
        self.assertGreaterEqual(len(own), least, done.stdout)
        self.assertEqual(own, told(connections))
        self.assert_right_packets(connections)
        return connections

    def test_c(self):
        connections = self.assert_all_told(os.path.join(CLIENTS, "client_dynamic"), "0", *self.stories(), least=11)
        self.assertEqual(len(self.ports), len(connections))
        labels = {c["server"]["port"]: c["label"] for c in connections}
        for story in ("recv", "read", "write", "refused", "later"):
            self.assertEqual("rst", labels[self.ports[story]], story)

    def test_static_c(self):
        self.assert_all_told(os.path.join(CLIENTS, "client_static"), "0", *self.stories(), least=11)

    def test_threads(self):
        connections = self.assert_all_told(os.path.join(CLIENTS, "client_dynamic"), "8", *self.stories(), least=88)
        self.assertEqual(8 * len(self.ports), len(connections))

    def test_python(self):
        self.assert_all_told("/usr/bin/python3", "-c", PYTHON_CLIENT,
                             *self.stories("recv", "idle", "vanish", "refused"), least=5)

    def test_ipv6_and_ipv4_through_it(self):
        code = ("import socket, sys\n"
                "for host in ('::1', '::ffff:127.0.0.1'):\n"
                " s = socket.socket(socket.AF_INET6)\n"
                " try: s.connect((host, int(sys.argv[1])))\n"
                " except OSError as e: print('LOG', 0, 'connect', e.errno, s.getsockname()[1])")
        done, connections = self.go("/usr/bin/python3", "-c", code, str(self.ports["refused"]))
        self.assertEqual(["::1", "127.0.0.1"], [c["client"]["ip"] for c in connections])
        self.assertEqual([entry[1:] for entry in logged(done.stdout)],
                         sorted(("connect", call["error"], c["client"]["port"]) for c in connections for call in c["calls"]))
        self.assert_right_packets(connections)

    def test_shell_and_children(self):
        one = shlex.join([os.path.join(CLIENTS, "client_dynamic"), "0", *self.stories("recv", "refused")])
        self.assert_all_told("sh", "-c", f"{one} & {one} & (sleep 0.1; exec {one}); wait", least=6)

    def test_what_has_no_packet_stands_alone(self):
        code = ("import socket\ns = socket.socket()\n"
                "try:\n s.connect(('192.0.2.1', 80))\nexcept OSError as e:\n print(e.errno)")
        done = run("-o", "ndjson", "--", "/usr/bin/python3", "-c", code)
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertEqual([("hangup.call/1", "connect", "ENETUNREACH", {"ip": "192.0.2.1", "port": 80})],
                         [(line["schema"], line["call"], line["error"], line["remote"]) for line in lines])
        text = run("--", "/usr/bin/python3", "-c", code).stderr
        self.assertIn("connect() → ENETUNREACH, to 192.0.2.1:80", " ".join(text.split()))

    def test_text_tells_every_error_too(self):
        """Without an option, also on connections that ended well, or that did not end."""
        done = run("--", os.path.join(CLIENTS, "client_dynamic"), "0", *self.stories())
        own = sorted(entry[1:] for entry in logged(done.stdout))
        told = in_text(done.stderr)
        self.assertEqual(own, told)
        for error in ("ETIMEDOUT", "EAGAIN", "EPIPE", "ENOTCONN", "ECONNRESET", "ECONNREFUSED"):
            self.assertIn(error, [entry[1] for entry in told])
        self.assertRegex(" ".join(done.stderr.split("\n\n")[0].split()), r"\d ended badly, calls failed on \d more ")

    def test_text_tells_what_an_incident_excuses(self):
        """Who tries many ports is told as a scan, which hurts nobody; the errors are the program's all the same."""
        code = ("import socket\nfor port in range(60000, 60060):\n"
                " s = socket.socket()\n"
                " try: s.connect(('127.0.0.1', port))\n"
                " except OSError as e: print('LOG', 0, 'connect', e.errno, s.getsockname()[1])")
        done = run("--", "/usr/bin/python3", "-c", code)
        self.assertIn("scan", done.stderr)
        self.assertEqual([entry[1:] for entry in logged(done.stdout)], in_text(done.stderr))
        self.assertNotIn("not listed", done.stderr)
        self.assertNotIn("not shown", done.stderr)
        self.assertRegex(" ".join(done.stderr.split()), r"60 TCP connections( of its own, of \d+)?, nothing abnormal, but "
                                                        r"calls failed on 60 of them ")

    def test_text_does_not_call_it_nothing(self):
        done = run("--", os.path.join(CLIENTS, "client_dynamic"), "0", *self.stories("patience"))
        self.assertRegex(" ".join(done.stderr.split()), r"\Aclient_dynamic: 1 TCP connection( of its own, of \d+)?, "
                                                        r"nothing abnormal, but calls failed on it ")
        self.assertEqual([entry[1:] for entry in logged(done.stdout)], in_text(done.stderr))
        both = run("--", os.path.join(CLIENTS, "client_dynamic"), "2", *self.stories("patience"))
        self.assertRegex(" ".join(both.stderr.split()), r"\Aclient_dynamic: 2 TCP connections( of its own, of \d+)?, "
                                                        r"nothing abnormal, but calls failed on 2 of them ")
        self.assertEqual(2, len(in_text(both.stderr)))

    def test_text(self):
        done = run("--", os.path.join(CLIENTS, "client_dynamic"), "0", *self.stories("recv"))
        self.assertRegex(" ".join(done.stderr.split()),
                         r"\d\d:\d\d:\d\d\.\d{3} client_dynamic\[\d+\] recv\(\) → ECONNRESET, [\d.]+ \w+ after packet \d+, "
                         r"RST from 127\.0\.0\.1")
        self.assertLessEqual(max(map(len, done.stderr.splitlines())), 80)


GO = next((path for path in ("/usr/bin/go", "/usr/local/go/bin/go", *glob.glob("/usr/lib/go-*/bin/go")) if os.path.exists(path)), None)
GO_CLIENT = """
package main

import ("errors"; "fmt"; "net"; "os"; "sync"; "syscall"; "time")

func note(call string, err error) {
	var number syscall.Errno
	if errors.As(err, &number) { fmt.Println("LOG", call, int(number)) }
}

func main() {
	var all sync.WaitGroup
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			_, err := net.Dial("tcp", "127.0.0.1:" + os.Args[2])
			note("dial", err)
			c, err := net.Dial("tcp", "127.0.0.1:" + os.Args[1])
			if err != nil { note("dial", err); return }
			block := make([]byte, 10)
			_, err = c.Read(block)
			note("read", err)
			time.Sleep(50 * time.Millisecond)
			_, err = c.Write(block)
			note("write", err)
		}()
	}
	all.Wait()
}
"""


@unittest.skipUnless(GO, "no Go compiler here")
class Go(unittest.TestCase):
    def test_go(self):
        with tempfile.TemporaryDirectory() as folder:
            source, program = os.path.join(folder, "client.go"), os.path.join(folder, "client")
            with open(source, "w", encoding="utf-8") as file:
                file.write(GO_CLIENT)
            subprocess.run([GO, "build", "-o", program, source], check=True, cwd=folder,
                           env=os.environ | {"HOME": folder, "GO111MODULE": "off", "CGO_ENABLED": "0"})
            done = run("-o", "ndjson", "--", program, str(Server(place.resets).port), str(place.refusing_port()))
        own = sorted((call.replace("dial", "getsockopt"), errno.errorcode[int(number)]) for call, number in
                     (line.split()[1:] for line in done.stdout.splitlines()))
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertGreaterEqual(len(own), 40)
        self.assertEqual(own, sorted((call["call"], call["error"]) for line in lines for call in line.get("calls", ())))


# What curl -v writes down of an error is the system's words for it: these are the places where it does.
CURL_LOG = re.compile(r"^\* (?:Recv failure|Send failure|connect to \S+ port \d+ failed): (.+)$", re.M)
WORDS = {os.strerror(number): name for number, name in errno.errorcode.items()}
CANNOT_CONNECT, OUT_OF_TIME, NO_ANSWER, CANNOT_SEND, CANNOT_RECEIVE = 7, 28, 52, 55, 56  # its exit statuses


@unittest.skipUnless(os.path.exists("/usr/bin/curl"), "curl is not installed")
class Curl(Told):
    def sysctl(self, name, value):
        path = os.path.join("/proc/sys/net/ipv4", name)
        with open(path, "r+", encoding="ascii") as file:
            before = file.read().strip()
            self.addCleanup(self.write, path, before)
        self.write(path, value)

    def write(self, path, value):
        with open(path, "w", encoding="ascii") as file:
            file.write(f"{value}\n")

    def curl(self, port, *options, statuses, errors):
        """The errors of its own log are told of it, and no other; each beside the packet that brought it."""
        done, connections = self.go("curl", "-sv", "--max-time", "20", *options, f"http://127.0.0.1:{port}/",
                                    statuses=statuses)
        self.assertEqual(errors, [WORDS[words] for words in CURL_LOG.findall(done.stderr)], done.stderr)
        (connection,) = connections
        self.assertEqual(errors, [call["error"] for call in connection["calls"]])
        self.assert_right_packets(connections)
        return connection

    def test_reset(self):
        connection = self.curl(Server(place.resets_after_request).port, statuses=[CANNOT_RECEIVE], errors=["ECONNRESET"])
        self.assertEqual(("rst", "recv"), (connection["label"], connection["calls"][0]["call"]))

    def test_refused(self):
        connection = self.curl(place.refusing_port(), statuses=[CANNOT_CONNECT], errors=["ECONNREFUSED"])
        self.assertEqual(("refused", "getsockopt"), (connection["cause"], connection["calls"][0]["call"]))

    def test_idles_out(self):
        """That closes in order: curl gets an end and no error."""
        self.curl(Server(place.idles_out_after_request).port, statuses=[NO_ANSWER], errors=[])

    def test_keeps_quiet(self):
        """The time limit is curl's own: no call failed."""
        self.curl(Server(place.keeps_quiet).port, "--max-time", "2", statuses=[OUT_OF_TIME], errors=[])

    def test_vanishes_while_it_waits(self):
        """Its keepalive asks in vain, and the kernel ends it."""
        self.sysctl("tcp_keepalive_probes", 3)
        connection = self.curl(Server(place.vanishes_after_request).port, "--keepalive-time", "1",
                               statuses=[CANNOT_RECEIVE], errors=["ETIMEDOUT"])
        self.assertEqual(("retransmit-timeout", "keepalive"), (connection["label"], connection["cause"]))

    def test_vanishes_while_it_sends(self):
        """What it sends is repeated in vain, until the kernel gives up."""
        self.sysctl("tcp_retries2", 4)
        body = self.saved + ".body"
        with open(body, "wb") as file:
            file.write(bytes(300000))
        connection = self.curl(Server(place.vanishes_in_request).port, "--data-binary", "@" + body, "-H", "Expect:",
                               statuses=[CANNOT_SEND, CANNOT_RECEIVE], errors=["ETIMEDOUT"])
        self.assertEqual(("retransmit-timeout", "data"), (connection["label"], connection["cause"]))


if __name__ == "__main__":
    place.enter()
    unittest.main(argv=sys.argv[:1])
