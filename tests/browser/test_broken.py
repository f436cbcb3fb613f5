#!/usr/bin/python3
"""The checks must fail when they should: each page here breaks one promise."""
import re
import sys
import unittest

sys.dont_write_bytecode = True

import browser as browsers
import checks
import samples

# Check, what is replaced, by what, and what is then said. The policy of the page is taken off first, or it would keep
# these changes from working.
BREAKS = (
    (checks.quiet, "</body>", "<script>undefined_function()</script></body>", "the console says"),
    (checks.quiet, "</body>", "<img alt='' src='http://192.0.2.1/x.png'></body>", "it asks for http://192.0.2.1/"),
    (checks.quiet, "</head>", "<style>@import 'http://192.0.2.1/x.css';</style></head>", "it asks for http://192.0.2.1/"),
    (checks.links, "</body>", "<a href='#nowhere'>x</a></body>", "a link to #nowhere"),
    (checks.links, "</body>", "<p id='main'>x</p></body>", "id main is there 2 times"),
    (checks.links, "</body>", "<a href='#hid'>x</a><p id='hid' hidden>x</p></body>", "#hid is not shown"),
    (checks.filter_box, "row.hidden = !wanted", "row.hidden = false", "filter"),
    (checks.sorting, "keyed.sort(", "void (", "is not ascending"),
    (checks.keyboard, "</head>", "<style>*{outline:none !important}</style></head>", "nobody sees it"),
    (checks.keyboard, "id=\"filter\"", "id=\"filter\" tabindex=\"-1\"", "does not get to the filter"),
    (checks.accessible, "</head>", "<style>p{color:#999;background:#ccc}</style></head>", "color-contrast"),
    (checks.accessible, "<html lang=\"en\">", "<html>", "html-has-lang"),
    (checks.narrow, "</body>", "<p style='width:500px'>x</p></body>", "px wide on a screen of"),
    (checks.pictures, "<text class=\"r l\" x=\"85\"", "<text class=\"r l\" x=\"120\"", "cover each other"),
    (checks.printed, ".hang-svg{break-inside:avoid;max-height:225mm}", ".hang-svg{max-width:none !important}", "ends on page"),
    (checks.printed, "</head>", "<style>@media print{body{color:#eee !important}}</style></head>", "light letters"),
)
POLICY = re.compile(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Broken(unittest.TestCase):
    def test_each_check_fails(self):
        with browsers.folder() as folder, browsers.Browser() as browser:
            pages = {name: POLICY.sub("", read(path)) for name, path in samples.make(folder, ("incident", "pictures"))}
            for number, (check, old, new, said) in enumerate(BREAKS):
                page = pages["pictures" if check in (checks.pictures, checks.printed) else "incident"]
                with self.subTest(check=check.__name__, new=new):
                    self.assertIn(old, page)
                    broken = f"{folder}/broken-{number}.html"
                    with open(broken, "w", encoding="utf-8") as file:
                        file.write(page.replace(old, new))
                    self.assertTrue(any(said in complaint for complaint in check(browser, broken)), said)


if __name__ == "__main__":
    browsers.main(unittest.main)
