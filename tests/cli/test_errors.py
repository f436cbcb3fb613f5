#!/usr/bin/python3
"""hangup errors: what an error means, and that it agrees with what read says of connections."""
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True

from tool import DONE, SAMPLES, USAGE, Case, connections, hangup

CAPTURES = (".pcap", ".pcapng", ".snoop", ".pcap.gz", ".pcap.zst", ".pcap.lz4")
ENDING = re.compile(r"[a-z-]+/[a-z-]+")
SAMPLE_NUMBERS = ("10053", "10054", "10060", "10061", "10052", "104", "103", "110", "111", "32", "54", "60", "61")


def page(*words):
    run = hangup("errors", *words)
    assert (run.returncode, run.stderr) == (DONE, ""), run
    return run.stdout


def sections(text):
    """{heading: its lines joined}; what stands before the first heading is under ""."""
    found, heading = {"": ""}, ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            heading = line
            found[heading] = ""
        found[heading] += line.strip() + " "
    return found


def endings(text):
    """(those that usually produce it or may, those that cannot)."""
    told = sections(text)
    can = set()
    for heading in ("Where it is the usual error", "Where it is possible"):
        can |= set(ENDING.findall(told.get(heading, "")))
    return can, set(ENDING.findall(told.get("Endings that cannot produce it", "")))


class Pages(Case):
    def test_every_error_of_every_sample(self):
        """What read says that a program may have seen, errors says that this ending can produce."""
        pages, checked = {}, 0
        for name in sorted(name for name in os.listdir(SAMPLES) if name.endswith(CAPTURES)):
            for connection in connections(os.path.join(SAMPLES, name)):
                ending = f"{connection['label']}/{connection['cause']}"
                for error in connection["app_errors"]["client"] + connection["app_errors"]["server"]:
                    asked = str(error["number"] or error["code"])
                    if asked not in pages:
                        pages[asked] = endings(page(asked))
                    can, cannot = pages[asked]
                    self.assertIn(ending, can, f"{name} {asked}")
                    self.assertNotIn(ending, cannot, f"{name} {asked}")
                    checked += 1
        self.assertGreater(checked, 1000)

    def test_an_ending_can_or_cannot(self):
        for number in SAMPLE_NUMBERS:
            can, cannot = endings(page(number))
            self.assertFalse(can & cannot, number)
            self.assertGreater(len(can), 0, number)
            self.assertGreater(len(cannot), 10, number)

    def test_what_everybody_asks(self):
        can, cannot = endings(page("WSAECONNABORTED"))
        self.assertLessEqual({"retransmit-timeout/data", "rst/late-data", "middlebox-idle-drop/silent"}, can)
        self.assertLessEqual({"rst/refused", "orderly-close/fin", "retransmit-timeout/syn"}, cannot)
        can, cannot = endings(page("ECONNREFUSED"))
        self.assertEqual({"rst/refused", "rst/rejected", "rst/injected"}, can)
        can, cannot = endings(page("upstream prematurely closed connection"))
        self.assertLessEqual({"orderly-close/fin", "rst/late-data", "missing-fin/half-closed"}, can)
        self.assertLessEqual({"retransmit-timeout/syn", "rst/refused", "rst/app-abort"}, cannot)

    def test_what_no_ending_produces(self):
        for code in ("WSAESHUTDOWN", "EADDRNOTAVAIL", "10055", "ENETDOWN", "use of closed network connection"):
            told = page(code)
            self.assertIn("No ending of a connection produces it", told)
            self.assertFalse(ENDING.findall(sections(told)["No ending of a connection produces it"]))

    def test_ambiguous_numbers_are_told_by_system(self):
        told = page("64")
        self.assertIn("Windows: ERROR_NETNAME_DELETED (64)", told)
        self.assertIn("macOS, BSD: EHOSTDOWN (64)", told)

    def test_unverified_is_marked_and_explained(self):
        told = page("64")
        self.assertIn("(unverified)", told)
        self.assertIn("was not checked", told)
        self.assertNotIn("unverified", sections(page("111"))["Where it is the usual error"].split("Windows")[0])

    def test_a_whole_line_needs_no_quotes(self):
        line = "ConnectionResetError: [Errno 104] Connection reset by peer"
        self.assertEqual(page(line), page(*line.split(" ")))

    def test_fits_eighty_columns(self):
        for told in [page(number) for number in SAMPLE_NUMBERS] + [page(), page("socket hang up")]:
            self.assertLessEqual(max(map(len, told.splitlines())), 80)
            self.assertTrue(told.isascii())

    def test_the_list_names_all(self):
        listed = page()
        for word in ("WSAECONNABORTED (10053)", "ECONNRESET (104)", "ECONNRESET (54)", "BrokenPipeError", "socket hang up",
                     "upstream prematurely closed", "ERR_CONNECTION_RESET", "MySQL server has gone away"):
            self.assertIn(word, " ".join(listed.split()))

    def test_unknown(self):
        run = hangup("errors", "ECONRESET")
        self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
        self.assert_one_sentence(run, "ECONRESET", "near it: ECONNRESET")
        self.assertEqual(USAGE, hangup("errors", "4711").returncode)
        self.assertEqual(USAGE, hangup("errors", "").returncode)


if __name__ == "__main__":
    unittest.main()
