#!/usr/bin/python3
"""The report in a browser: every check of checks.py on every sample of samples.py."""
import sys
import time
import unittest

sys.dont_write_bytecode = True

import browser as browsers
import checks
import samples

# What is asked of a sample when it is not everything: what others of its kind do not tell as well.
SOME = {
    "kinds": (checks.quiet, checks.links, checks.accessible, checks.narrow, checks.pictures, checks.printed),
    "hostile": (checks.quiet, checks.links, checks.filter_box, checks.narrow),
    "well": (checks.quiet, checks.links, checks.narrow),
    "pictures": (checks.quiet, checks.links, checks.narrow, checks.pictures, checks.printed),
    "many": (checks.quiet, checks.filter_box, checks.sorting),
}


class Page(unittest.TestCase):
    def test_every_sample(self):
        with browsers.folder() as folder, browsers.Browser() as browser:
            for name, path in samples.make(folder):
                for check in SOME.get(name, checks.CHECKS):
                    began = time.monotonic()
                    with self.subTest(sample=name, check=check.__name__):
                        self.assertEqual([], list(check(browser, path)))
                    print(f"{name}: {check.__name__}, {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    browsers.main(unittest.main)
