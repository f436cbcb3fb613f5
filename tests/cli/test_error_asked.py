#!/usr/bin/python3
"""--error, --at: which connection produced the error that somebody has in a log."""
import datetime
import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from tool import (ACK, CLIENT, DAY, DONE, FIN, RST, SAMPLES, SERVER, USAGE, Case, connections, conversation, hangup, pcap,
                  segment)

ROUTER = os.path.join(SAMPLES, "router.middle.pcap")
OUTAGE = os.path.join(SAMPLES, "incident-link-outage.client.pcap")
IDLE_RESET = os.path.join(SAMPLES, "incident-idle-reset.client.pcap")
SERVER_GONE = os.path.join(SAMPLES, "incident-server-gone.middle.pcap")
GAVE_UP = os.path.join(SAMPLES, "data-timeout-client.client.pcap")  # Linux: 9 transmissions, captured where it gave up
WINDOWS = os.path.join(SAMPLES, "forged-win-data-giveup-client.pcap")  # which resets as it gives up


def asked(error, path, *options):
    run = hangup("read", "-o", "ndjson", "--error", error, *options, path)
    assert (run.returncode, run.stderr) == (DONE, ""), run
    return [json.loads(line) for line in run.stdout.splitlines()]


def seconds(time):
    whole, fraction = time.rstrip("Z").split(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float(f"0.{fraction}")


def numbers(connection, sides=("client", "server")):
    return {str(error["number"] or error["code"]) for side in sides for error in connection["app_errors"][side]}


def many(count, gap_s=10):
    """As many conversations, one every gap_s, the first at DAY; even ones end in a RST, odd ones in FIN."""
    packets = []
    for i in range(count):
        last = RST | ACK if i % 2 == 0 else FIN | ACK
        packets += [(DAY + i * gap_s + k / 100, packet) for k, packet in
                    enumerate(conversation(client=("192.0.2.1", 40000 + i), last=last))]
    return packets


def stamped(packets):
    """A capture of packets with times of their own."""
    whole = pcap([])
    for time, packet in packets:
        whole += pcap([packet], start=time)[24:]
    return whole


class Candidates(Case):
    def test_exactly_those_that_may_have_seen_it(self):
        """The same as looking through app_errors by hand."""
        for name in ("router.middle.pcap", "refused.client.pcap", "forged-f5-rst-text.pcap"):
            path = os.path.join(SAMPLES, name)
            everything = connections(path)
            for error in ("10053", "104", "110", "111", "32", "EOF", "10054", "54"):
                wanted = {c["id"] for c in everything if error in numbers(c)}
                self.assertEqual(wanted, {c["id"] for c in asked(error, path)}, f"{name} {error}")

    def test_a_match_is_one_of_its_app_errors(self):
        for connection in asked("ECONNRESET", ROUTER):
            match = connection["error_match"]
            told = [(error["os"], error["code"], error["number"]) for error in connection["app_errors"][match["side"]]]
            self.assertIn((match["os"], match["code"], match["number"]), told)
            self.assertIsNone(match["away_s"])

    def test_the_rest_of_a_line_is_the_same(self):
        plain = {c["id"]: c for c in connections(ROUTER)}
        for connection in asked("EPIPE", ROUTER):
            del connection["error_match"]
            self.assertEqual(plain[connection["id"]], connection)

    def test_best_first(self):
        order = [(-c["error_match"]["score"], c["id"]) for c in asked("ECONNRESET", ROUTER)]
        self.assertGreater(len(order), 3)
        self.assertEqual(sorted(order), order)

    def test_what_the_host_usually_reports_comes_first(self):
        """A Linux client: its RST is ECONNRESET, its give-up is not."""
        first = asked("Connection reset by peer", ROUTER)[0]
        self.assertEqual(("rst", "client"), (first["label"], first["error_match"]["side"]))

    def test_one_end_only(self):
        """nginx says so as the client of its upstream; the conversation's server closed."""
        path = self.capture(conversation(last=FIN | ACK) + [segment(CLIENT, SERVER, 1009, 5008, FIN | ACK),
                                                            segment(SERVER, CLIENT, 5008, 1010, ACK)])
        self.assertEqual([1], [c["id"] for c in asked("upstream prematurely closed connection", path)])
        self.assertEqual([], asked("client prematurely closed connection", path))

    def test_a_time_limit_of_the_program(self):
        found = asked("java.net.SocketTimeoutException: Read timed out", ROUTER)
        self.assertIn("middlebox-idle-drop", {c["label"] for c in found})
        self.assertEqual({None}, {c["error_match"]["code"] for c in found})

    def test_selection_comes_first(self):
        self.assertEqual([], asked("ECONNRESET", ROUTER, "--port", "9"))
        self.assertEqual({11}, {c["id"] for c in asked("ECONNRESET", ROUTER, "--port", "1883", "--label", "rst")})

    def test_bounded(self):
        path = self.file("many.pcap", stamped(many(300)))
        self.assertEqual(20, len(asked("ECONNRESET", path)))
        self.assertEqual([1, 3, 5], [c["id"] for c in asked("ECONNRESET", path, "--best", "3")])
        text = hangup("read", "--error", "ECONNRESET", "--best", "3", path).stdout
        self.assertIn("150 of them can have produced", text)
        self.assertIn("147 less likely ones are not shown", " ".join(text.split()))

    def test_threads_change_nothing(self):
        path = self.file("many.pcap", stamped(many(300)))
        for form in ("ndjson", "text", "fields=id,error_match.score"):
            runs = {hangup("read", "-o", form, "--error", "ECONNRESET", "--at", "10:30", "--threads", count, path).stdout
                    for count in ("1", "2", "5")}
            self.assertEqual(1, len(runs), form)


class Report(Case):
    def markdown(self, *arguments):
        run = hangup("report", *arguments, "-o", "-", "--format", "md")
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        return run.stdout

    def ids(self, text):
        return [int(number) for number in re.findall(r"^\| (\d+) \| \d{4}-", text, re.MULTILINE)]

    def test_the_same_in_the_same_order(self):
        for options in (("ECONNRESET",), ("104", "--at", "10:07:31"), ("EOF", "--best", "2")):
            text = self.markdown("--error", *options, ROUTER)
            self.assertEqual([c["id"] for c in asked(options[0], ROUTER, *options[1:])], self.ids(text), options)
            self.assertEqual(len(self.ids(text)), text.count("The error asked for: the "))

    def test_the_page_says_why(self):
        page = hangup("report", "--error", "104", ROUTER, "-o", "-", "--format", "html").stdout
        self.assertEqual(len(asked("104", ROUTER)), page.count("<b>The error asked for:</b> the "))

    def test_headline(self):
        """What happened stays first; the error, and who fits it, stand right after it."""
        text = self.markdown("--error", "10053", ROUTER)
        self.assertIn("**7 of 13 TCP connections ended badly.**", text)
        self.assertIn("\n## Summary\n\n\"10053\" fits 5 connections, best connection 1 (", text)
        self.assertRegex(text, r"; then connections 6, 12, 7; 1 more is less likely\. ")
        none = self.markdown("--error", "ECONNREFUSED", ROUTER)
        self.assertIn("No connection can have produced \"ECONNREFUSED\".", none)
        self.assertIn("| Ended badly | 7 |\n| Can have produced the error asked for | 0 |\n", none)
        self.assertNotIn("Nothing in this capture ended badly", none)

    def test_an_incident_stays_first(self):
        plain, with_error = (self.markdown(*options, OUTAGE) for options in ((), ("--error", "ETIMEDOUT", "--at", "04:12:20")))
        sentence = re.search(r"\n\*\*(12 connections .*)\*\*\n", plain)[1]
        self.assertIn(f"\n**{sentence}**\n", with_error)
        self.assertRegex(with_error, r"## Summary\n\n\"ETIMEDOUT\" at 2026-11-27 04:12:20\.000 UTC fits 12 connections, best connection 6 \(")

    def test_the_time_is_in_the_opening(self):
        text = self.markdown("--error", "104", "--at", "10:07:31", ROUTER)
        self.assertRegex(text, r"\"104\" at 2026-11-23 10:07:31\.000 UTC fits \d+ connections, best connection 7 "
                               r"\([^)]*\): at the time asked for, as far as clocks agree; then connections? ")
        one = self.markdown("--error", "111", os.path.join(SAMPLES, "refused.client.pcap"))
        self.assertRegex(one, r"\n\*\*The server refused the connection .*\*\*\n")
        self.assertRegex(one, r"\n\"111\" fits connection 1 \([^)]*\)\. ")

    def test_usage(self):
        run = hangup("report", "--at", "10:02", ROUTER, "-o", "-", "--format", "md")
        self.assertEqual(USAGE, run.returncode)
        self.assert_one_sentence(run, "--error")


class Time(Case):
    def setUp(self):
        super().setUp()
        self.path = self.file("many.pcap", stamped(many(20)))

    def nearest(self, at, *options):
        return asked("ECONNRESET", self.path, "--at", at, *options)

    def test_the_nearest_first(self):
        """Connection 7 was reset at DAY + 60 s, at 10:03:03 UTC."""
        for at in ("10:03:04", "2024-05-01T12:03:04+02:00", str(DAY + 61), "2024-05-01 10:03:04Z"):
            found = self.nearest(at)
            self.assertEqual([7, 5, 3, 1], [c["id"] for c in found][:4], at)
            self.assertEqual(9, found[4]["id"], at)
            self.assertEqual(0, found[0]["error_match"]["away_s"])

    def test_no_next_call(self):
        """Then what is before the time falls off as what is behind it does."""
        found = self.nearest("10:03:04", "--next-call", "0")
        self.assertEqual([7, 9, 5, 11], [c["id"] for c in found][:4])
        self.assertAlmostEqual(-0.94, found[0]["error_match"]["away_s"], 6)
        self.assertGreater(found[0]["error_match"]["score"], 3 * found[1]["error_match"]["score"])

    def test_a_next_call_may_come_later(self):
        """The clients were reset, one after the other; the server may find out by itself, at any time of half an hour."""
        found = asked("Connection reset", IDLE_RESET, "--at", "04:13:40")
        self.assertEqual(list(range(20, 8, -1)), [c["id"] for c in found])
        self.assertEqual({"client"}, {c["error_match"]["side"] for c in found})
        self.assertIn("; that was 24.5 s before the time asked for, or later: by its next call", found[0]["error_match"]["text"])

    def test_it_falls_off_with_distance(self):
        scores = [c["error_match"]["score"] for c in self.nearest("10:03:04")]
        self.assertEqual(sorted(scores, reverse=True), scores)
        self.assertGreater(scores[0], scores[1])
        self.assertGreater(scores[3], 2 * scores[4])  # connection 1, a minute before it, and 9, told 19 s after it

    def test_skew_is_allowed_for(self):
        """Within it all are alike, and the first id is first."""
        found = self.nearest("10:03:04", "--skew", "30", "--next-call", "0")
        self.assertEqual([5, 7, 9], [c["id"] for c in found][:3])
        self.assertEqual(1, len({c["error_match"]["score"] for c in found[:3]}))
        self.assertLess(found[3]["error_match"]["score"], found[2]["error_match"]["score"])
        self.assertEqual(7, self.nearest("10:03:04", "--skew", "0.5")[0]["id"])

    def test_a_stack_gives_up_after_its_last_repetition(self):
        """A wait later, twice the wait before; nearer to that is better, and nobody was told before the last repetition."""
        connection, = connections(GAVE_UP)
        first, last = (seconds(time) for time in (connection["evidence"][0]["time"], connection["end"]))
        gap = 17.664  # between its last two packets
        match = {at: asked("ETIMEDOUT", GAVE_UP, "--at", f"{at:.6f}", "--skew", "1")[0]["error_match"]
                 for at in (first, last + 0.001, last + gap, last + 2 * gap)}
        self.assertAlmostEqual(last - first, match[first]["away_s"], 3)
        self.assertEqual([0, 0, 0], [match[at]["away_s"] for at in list(match)[1:]])
        scores = [each["score"] for each in match.values()]
        self.assertEqual(sorted(set(scores)), scores)
        self.assertAlmostEqual(2, scores[3] / scores[1], 2)

    def test_a_reset_at_the_give_up_is_the_moment(self):
        connection = connections(WINDOWS)[0]
        match = asked("10053", WINDOWS, "--at", str(seconds(connection["end"]) - 20))[0]["error_match"]
        self.assertAlmostEqual(20, match["away_s"], 2)

    def test_text_says_when(self):
        told = " ".join(hangup("read", "--error", "ETIMEDOUT", "--at", "10:08:30", GAVE_UP).stdout.split())
        self.assertRegex(told, r"; that was between 10:08:04\.690 and 10:37:29\.\d+ UTC, which the time asked for is within, "
                               r"and most likely at 10:08:40\.018\.")

    def test_text_says_when_it_is_not_within(self):
        """The interval begins 3.38 s after the time asked for, which clocks may be wrong by."""
        told = " ".join(hangup("read", "--error", "10060", "--at", "04:44:20", "--best", "1", SERVER_GONE).stdout.split())
        self.assertIn("between 04:44:23.376 and 04:46:23.376 UTC, at the earliest 3.38 s after the time asked for, which is "
                      "within the skew of 5 s, and most likely at ", told)
        self.assertNotIn("the time asked for is within", told)

    def test_text_says_how_far(self):
        told = " ".join(hangup("read", "--error", "104", "--at", "10:03:04", self.path).stdout.split())
        self.assertIn("at the time asked for, as far as clocks agree", told)
        self.assertRegex(told, r"\d+(\.\d)? s before the time asked for")
        self.assertRegex(told, r"\d+(\.\d)? s after the time asked for")

    def test_a_whole_hour_is_a_time_zone(self):
        told = " ".join(hangup("read", "--error", "104", "--at", "12:03:04", self.path).stdout.split())
        self.assertEqual(1, told.count("is the log in another time zone?"))

    def test_times_at_the_edge(self):
        for at in ("1970-01-01T00:00:00Z", "2262-01-01T00:00:00Z"):
            self.assertEqual(10, len(self.nearest(at)))


class Words(Case):
    def test_none_could(self):
        run = hangup("read", "--error", "ECONNREFUSED", ROUTER)
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))
        self.assertIn('None of them can have produced "ECONNREFUSED".', run.stdout)
        self.assertNotIn("#", run.stdout)
        self.assertEqual([], asked("ECONNREFUSED", ROUTER))

    def test_says_why(self):
        told = " ".join(hangup("read", "--error", "10053", ROUTER).stdout.split())
        self.assertIn("WSAECONNABORTED (10053) if it runs on Windows, at the next read or write; its packets look like "
                      "those of Linux", told)
        self.assertIn("Expected, not observed", told)

    def test_fits(self):
        for error in ("10053", "104", "x" * 200 + " ECONNRESET", "socket hang up"):
            for line in hangup("read", "--error", error, "--at", "10:07", ROUTER).stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)
        self.assertTrue(hangup("read", "--error", "10053", "--at", "10:07", "--ascii", ROUTER).stdout.isascii())

    def test_columns_are_empty_without_it(self):
        run = hangup("read", "-o", "fields=id,error_match.score,error_match.code,error_match.away_s", self.capture())
        self.assertEqual("1\t\t\t\n", run.stdout)

    def test_usage(self):
        path = self.capture()
        for options, words in ((("--at", "10:02"), "--error"), (("--best", "3"), "--error"),
                               (("--error", "104", "--skew", "3"), "--at"), (("--error", "104", "--next-call", "3"), "--at"),
                               (("--error", "ECONRESET"), "ECONNRESET"),
                               (("--error", "104", "--at", "10:02", "--skew", "-1"), "seconds"),
                               (("--error", "104", "--best", "0"), "number"),
                               (("--error", "104", "--at", "10:02", "--skew", "nan"), "seconds"),
                               (("--error", "104", "--at", "noon"), "no time")):
            run = hangup("read", *options, path)
            self.assertEqual((USAGE, ""), (run.returncode, run.stdout), options)
            self.assert_one_sentence(run, words)

    def test_a_pipe(self):
        """Streams end somewhere, and then the best are told."""
        with open(ROUTER, "rb") as file:
            run = hangup("read", "-o", "ndjson", "--error", "104", "-", stdin=file)
        self.assertEqual(DONE, run.returncode)
        self.assertEqual([c["id"] for c in asked("104", ROUTER)], [json.loads(line)["id"] for line in run.stdout.splitlines()])


if __name__ == "__main__":
    unittest.main()
