#!/usr/bin/python3
"""-o ecs: names and types of the Elastic Common Schema, and all that NDJSON says."""
import datetime
import ipaddress
import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, PROJECT, SAMPLES, Case, connections, conversation, hangup, pcap

SOME = sorted(name for name in os.listdir(SAMPLES) if ".pcap" in name)[::11]


def schema():
    """{name: (type, is array, words it may be or None)}"""
    found = {}
    with open(os.path.join(os.path.dirname(__file__), "ecs_8.list"), encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words:
                name, kind, *rest = words
                several = rest[:1] == ["array"]
                found[name] = kind, several, rest[several].split(",") if len(rest) > several else None
    return found


def documents(*arguments):
    run = hangup("read", "-o", "ecs", *arguments)
    assert (run.returncode, run.stderr) == (DONE, ""), run
    return [json.loads(line) for line in run.stdout.splitlines()]


def flat(value, path=""):
    """{path: value} of everything that is no object; not into what is ours."""
    found = {}
    for key, inner in value.items():
        if path + key == "hangup":
            continue
        if isinstance(inner, dict):
            found |= flat(inner, f"{path}{key}.")
        else:
            found[path + key] = inner
    return found


def fits(kind, value):
    if kind == "ip":
        return str(ipaddress.ip_address(value)) == value or ":" in value
    if kind == "long":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** 53
    if kind == "date":
        return bool(datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d{3}Z$", r"\1+00:00", value)))
    return isinstance(value, str) and value != ""


class Schema(Case):
    def test_names_and_types(self):
        known, seen = schema(), set()
        for name in SOME:
            for document in documents(os.path.join(SAMPLES, name)):
                for path, value in flat(document).items():
                    self.assertIn(path, known, name)
                    kind, several, words = known[path]
                    if value is None:
                        continue
                    seen.add(path)
                    self.assertEqual(several, isinstance(value, list), path)
                    for each in value if several else [value]:
                        self.assertTrue(fits(kind, each), f"{path} is {each!r}")
                        self.assertTrue(words is None or each in words, f"{path} is {each!r}")
        self.assertEqual(set(known), seen, "never seen")

    def test_it_is_what_ndjson_says(self):
        """What ECS has a name for is under it, the rest under "hangup"."""
        moved = {"community_id": "network.community_id", "start": "event.start", "end": "event.end", "summary": "message"}
        moved |= {f"{end}.{what}": f"{other}.{what}" for end, other in (("client", "source"), ("server", "destination"))
                  for what in ("ip", "port")}
        moved |= {f"{what}.{end}": f"{other}.{what}" for end, other in (("client", "source"), ("server", "destination"))
                  for what in ("bytes", "packets")}
        for name in SOME:
            path = os.path.join(SAMPLES, name)
            for document, connection in zip(documents(path), connections(path), strict=True):
                told = flat(document) | {f"hangup.{key}": value for key, value in flat(document["hangup"]).items()}
                for key, value in flat(connection).items():
                    self.assertEqual(value, told[moved.get(key, f"hangup.{key}")], f"{name} {key}")
                for end, other in (("client", "source"), ("server", "destination")):
                    self.assertEqual(document[end], document[other])

    def test_time_and_sums(self):
        document = documents(self.capture())[0]
        self.assertEqual(document["@timestamp"], document["event"]["end"])
        self.assertEqual(60_000_000, document["event"]["duration"])
        self.assertEqual((14, 7), (document["network"]["bytes"], document["network"]["packets"]))

    def test_outcomes(self):
        """Abnormal is a failure, what is open or cannot be told is unknown."""
        for document in documents(os.path.join(SAMPLES, "router.middle.pcap")):
            verdict, event = document["hangup"], document["event"]
            wanted = ("unknown" if verdict["label"] in ("still-open", "undetermined") else
                      "failure" if verdict["severity"] == "abnormal" else "success")
            self.assertEqual(wanted, event["outcome"])
            self.assertEqual((verdict["label"], verdict["cause"]), (event["action"], event["reason"]))
            self.assertEqual("end" in event["type"], wanted != "unknown")

    def test_an_error_is_told_where_the_system_is_known(self):
        for name in SOME:
            for document in documents(os.path.join(SAMPLES, name)):
                code = document["error"]["code"]
                usual = [error["code"] for side in ("client", "server") for error in document["hangup"]["app_errors"][side][:1]
                         if error["likely"] == "most" and error["number"] and document["hangup"][side]["host_os"]]
                self.assertEqual(usual[0] if usual else None, code, name)

    def test_streams_in_order_and_with_an_error(self):
        path = self.capture(conversation() + conversation(client=("192.0.2.9", 41000)))
        self.assertEqual([1, 2], [document["hangup"]["id"] for document in documents(path)])
        self.assertNotIn("error_match", documents(path)[0]["hangup"])
        asked = documents("--error", "ECONNRESET", path)
        self.assertEqual("client", asked[0]["hangup"]["error_match"]["side"])

    def test_several_inputs(self):
        packets = conversation()
        first, second = self.file("a.pcap", pcap(packets[:4])), self.file("b\".pcap", pcap(packets[4:], start=1714557724))
        self.assertEqual(second, documents(first, second)[0]["hangup"]["last_packet_file"])


class Documented(unittest.TestCase):
    def test_every_name_is_in_the_documents(self):
        with open(os.path.join(PROJECT, "docs/consumers.md"), encoding="utf-8") as file:
            text = file.read()
        for name in schema():
            self.assertIn(f"`{name}`", text)


if __name__ == "__main__":
    unittest.main()
