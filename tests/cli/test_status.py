#!/usr/bin/python3
"""Exit statuses, and the one sentence that goes with each failure."""
import os
import sys
import unittest

sys.dont_write_bytecode = True

from tool import ACK, DONE, FOUND, INPUT, LOSS, ORDINARY, SAMPLES, SERVER, USAGE, Case, conversation, hangup, pcap, segment


class Input(Case):
    def refused(self, path, *words, **options):
        run = hangup("read", path, **options)
        self.assertEqual((INPUT, ""), (run.returncode, run.stdout))
        self.assert_one_sentence(run, path, *words)

    def test_not_a_capture(self):
        self.refused(self.file("notes.txt", b"this is not a capture, it is a note to myself\n"))

    def test_empty_file(self):
        self.refused(self.file("empty.pcap", b""), "empty")

    def test_cut_in_its_first_header(self):
        self.refused(self.file("stump.pcap", pcap([])[:20]))

    def test_directory(self):
        self.refused(self.folder, "directory")

    def test_missing(self):
        self.refused(os.path.join(self.folder, "missing.pcap"), "No such file")

    def test_unreadable(self):
        path = self.capture()
        os.chmod(path, 0)
        self.refused(path, "Permission denied", through=ORDINARY)

    def test_header_only_is_an_empty_answer(self):
        run = hangup("read", self.capture([]))
        self.assertEqual((DONE, ""), (run.returncode, run.stderr))

    def test_standard_input(self):
        with open(self.capture(), "rb") as file:
            run = hangup("read", "-o", "ndjson", "-", stdin=file)
        self.assertEqual((DONE, "", 1), (run.returncode, run.stderr, run.stdout.count("\n")))

    def test_name_that_talks_to_the_terminal(self):
        run = hangup("read", os.path.join(self.folder, "\x1b[31mred.pcap"))
        self.assertEqual(INPUT, run.returncode)
        self.assertNotIn("\x1b", run.stderr)


class Cut(Case):
    """Everything before the cut is judged."""

    def cut(self):
        other = ("192.0.2.9", 1234)
        whole = pcap(conversation() + [segment(other, SERVER, 1, 1, ACK, b"x" * 100)])
        return self.file("cut.pcap", whole[:-30])

    def test_all_before_it_is_judged(self):
        path = self.cut()
        run = hangup("read", "-o", "ndjson", path)
        self.assertEqual(DONE, run.returncode)
        self.assertEqual(1, run.stdout.count("\n"))
        self.assertIn('"rst"', run.stdout)
        self.assert_one_sentence(run, path)

    def test_strict(self):
        path = self.cut()
        run = hangup("read", "--strict", "-o", "ndjson", path)
        self.assertEqual((INPUT, 1), (run.returncode, run.stdout.count("\n")))
        self.assert_one_sentence(run, path)

    def test_quiet(self):
        self.assertEqual("", hangup("read", "-q", self.cut()).stderr)

    def test_strict_is_content_with_a_whole_file(self):
        self.assertEqual(DONE, hangup("read", "--strict", self.capture()).returncode)


class Usage(Case):
    def wrong(self, *arguments, words=()):
        run = hangup(*arguments)
        self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
        self.assert_one_sentence(run, *words)

    def test_nothing(self):
        run = hangup()
        self.assertEqual((USAGE, ""), (run.returncode, run.stdout))
        self.assertIn("Usage: hangup", run.stderr)

    def test_options(self):
        path = self.capture()
        for arguments, word in {
            ("--frobnicate",): "--frobnicate",
            ("-o", "xml"): "xml",
            ("-f", "port port"): "port port",
            ("--local", "10.0.0.0/33"): "10.0.0.0/33",
            ("--host", "localhost"): "localhost",
            ("--port", "70000"): "70000",
            ("--label", "rst,reset"): "reset",
            ("--severity", "bad"): "bad",
            ("--from", "yesterday"): "yesterday",
            ("--from", "25:00"): "25:00",
            ("--to", "2024-13-01T00:00:00Z"): "2024-13",
            ("--fail-on", "everything"): "everything",
            ("--max-loss", "lots"): "lots",
            ("--max-loss", "101"): "101",
            ("--color", "pink"): "--color",
            ("--set", "rst.no-such-key=1"): "no-such-key",
            ("--set", "nonsense"): "nonsense",
            ("--rules-file", "/nowhere/keys"): "/nowhere/keys",
        }.items():
            with self.subTest(arguments):
                self.wrong("read", path, *arguments, words=(word,))

    def test_commands(self):
        path = self.capture()
        self.wrong("reed", words=("reed",))
        self.wrong("help", "reed", words=("reed",))
        self.wrong("read", words=("FILE",))
        self.wrong("rules", "and more", words=("and more",))
        self.wrong("explain", path, words=("FILE... ID",))
        self.wrong("explain", path, "x", words=("x",))
        self.wrong("explain", path, "7", words=("7", "it has 1"))
        self.wrong("rules", "rst", words=("rst",))


class Found(Case):
    def test_abnormal_ending(self):
        path = self.capture()
        self.assertEqual(DONE, hangup("read", path).returncode)
        self.assertEqual(FOUND, hangup("read", "--fail-on", "rst", path).returncode)
        self.assertEqual(FOUND, hangup("read", "--fail-on", "missing-fin,rst", path).returncode)
        self.assertEqual(DONE, hangup("read", "--fail-on", "retransmit-timeout", path).returncode)

    def test_only_what_is_told_of_counts(self):
        self.assertEqual(DONE, hangup("read", "--fail-on", "rst", "--port", "80", self.capture()).returncode)

    def test_bare_file_name(self):
        path = self.capture()
        self.assertEqual(FOUND, hangup(path, "--fail-on", "rst").returncode)
        self.assertEqual(FOUND, hangup("--fail-on", "rst", path).returncode)
        self.assertEqual(hangup("read", path).stdout, hangup(path).stdout)


class Loss(Case):
    """An acknowledgement of what was never captured is a loss of the capture."""

    def lossy(self):
        packets = conversation()
        del packets[4]  # the answer, which the next packet acknowledges
        return self.capture(packets)

    def test_max_loss(self):
        self.assertEqual(DONE, hangup("read", self.lossy()).returncode)
        run = hangup("read", "--max-loss", "1%", self.lossy())
        self.assertEqual(LOSS, run.returncode)
        self.assert_one_sentence(run, "lost")
        self.assertEqual(DONE, hangup("read", "--max-loss", "60", self.lossy()).returncode)
        self.assertEqual(DONE, hangup("read", "--max-loss", "0", self.capture()).returncode)

    def test_file_that_counts_its_losses(self):
        sample = os.path.join(SAMPLES, "forged-end-lost.pcapng")
        self.assertEqual(LOSS, hangup("read", "--max-loss", "0", sample).returncode)
        self.assertEqual(DONE, hangup("read", "--max-loss", "100", sample).returncode)

    def test_loss_wins_over_found(self):
        self.assertEqual(LOSS, hangup("read", "--max-loss", "0", "--fail-on", "rst,local-abort,undetermined",
                                      self.lossy()).returncode)


class Rules(Case):
    def test_refused_folder_is_said_and_left_out(self):
        run = hangup("read", "--rules", os.path.join(self.folder, "none"), self.capture())
        self.assertEqual(DONE, run.returncode)
        self.assert_one_sentence(run, "none")

    def test_keys_come_back_unchanged(self):
        keys = hangup("rules", "--keys")
        self.assertEqual((DONE, ""), (keys.returncode, keys.stderr))
        again = hangup("rules", "--keys", "--rules-file", self.file("keys", keys.stdout.encode()))
        self.assertEqual((DONE, keys.stdout), (again.returncode, again.stdout))

    def test_list_says_what_is_set(self):
        first = next(line for line in hangup("rules", "--keys").stdout.splitlines() if line.startswith("["))
        lines = hangup("rules", "--keys").stdout.split(first)[1].splitlines()
        key = next(line for line in lines if " = " in line and not line.startswith("#")).split(" = ")[0]
        run = hangup("rules", "--set", f"{first.strip('[]')}.{key}=0.125")
        self.assertEqual(DONE, run.returncode, run.stderr)
        self.assertIn(f"{key} = 0.125 ", run.stdout)


if __name__ == "__main__":
    unittest.main()
