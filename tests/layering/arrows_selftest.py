#!/usr/bin/python3
"""The layering test must fail when it should: each tree here breaks one promise, and one breaks none."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import arrows


def found(files):
    with tempfile.TemporaryDirectory() as tree:
        for path, text in files.items():
            os.makedirs(os.path.join(tree, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(tree, path), "w", encoding="utf-8") as file:
                file.write(text)
        return list(arrows.complaints(tree))


class Arrows(unittest.TestCase):
    def test_arrows_to_the_left_are_fine(self):
        self.assertEqual([], found({
            "include/hangup/rule.h": "#include <stdint.h>\n#include <hangup/label.def>\n",
            "capture/frame.c": '#include "capture/frame.h"\n#include <glib.h>\n',
            "capture/frame.h": "",
            "cli/main.c": '#include "report/report.h"\n#include "capture/frame.h"\nint x = exit(0);\n',
            "rules/rst.c": "#include <hangup/rule.h>\n",
        }))

    def test_arrow_to_the_right(self):
        self.assertEqual(1, len(found({"capture/frame.c": '#include "analyzers/facts.h"\n'})))
        self.assertEqual(1, len(found({"report/text.h": '#include "cli/pipeline.h"\n'})))

    def test_a_subfolder_is_of_its_layer(self):
        self.assertEqual([], found({"report/svg/line.c": '#include "report/svg/line.h"\n#include "report/text.h"\n',
                                    "report/svg/line.h": "", "cli/main.c": '#include "report/svg/line.h"\n'}))
        self.assertEqual(1, len(found({"report/svg/line.c": '#include "cli/pipeline.h"\n'})))
        self.assertEqual(1, len(found({"report/svg/line.c": '#include "line.h"\n'})))
        self.assertEqual(1, len(found({"report/svg/line.c": "void f(void) { printf(1); }\n"})))

    def test_rule_sees_the_abi_only(self):
        self.assertEqual(1, len(found({"rules/rst.c": '#include "rules/host/case.h"\n'})))
        self.assertEqual(1, len(found({"rules/rst.c": "#include <hangup/fact.def>\n"})))

    def test_nobody_includes_a_rule(self):
        self.assertEqual(1, len(found({"cli/main.c": '#include "rules/rst.h"\n'})))

    def test_include_names_its_layer(self):
        self.assertEqual(1, len(found({"capture/frame.c": '#include "segment.h"\n'})))

    def test_own_header_first(self):
        self.assertEqual(1, len(found({"capture/a.h": "", "capture/a.c": '#include <glib.h>\n#include "capture/a.h"\n'})))

    def test_only_cli_reaches_out(self):
        self.assertEqual(1, len(found({"report/text.c": "void f(void) { printf(1); }\n"})))
        self.assertEqual(1, len(found({"analyzers/key.c": "long f(void) { return time(0); }\n"})))
        self.assertEqual([], found({"report/text.c": '/* exit(1) */ const char *s = "stdout";\n'}))


if __name__ == "__main__":
    unittest.main()
