#!/usr/bin/python3
"""What the documents show is what hangup prints.

In every ```console block a line "$ hangup ..." is run in the project's folder, and the lines below it must be its
output; a ```json block is the NDJSON line of its "input", spread out. Links between documents must lead somewhere. With
--update the documents are made to show what is printed.
"""
import json
import os
import re
import shlex
import sys
import unittest

sys.dont_write_bytecode = True

from tool import PROJECT, hangup

SKIPPED_FOLDERS = {".git", "build"}


def documents():
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.endswith(".md"):
                yield os.path.join(folder, name)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
RUN = re.compile(r"^\$ (hangup .*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def printed(command):
    run = hangup(*shlex.split(command)[1:], cwd=PROJECT)
    return run.stdout + run.stderr


def shown_runs(text):
    """(command line, output) of each `$ hangup ...` in a console block."""
    return [run for block in BLOCK.findall(text) for run in RUN.findall(block)]


EXAMPLE = re.compile(r"^```json\n(\{.*?^\})\n```", re.DOTALL | re.MULTILINE)


def spread(value, depth=2):
    """JSON as the documents show it: a line a field, and a line an element of a list."""
    indent = " " * depth
    if isinstance(value, dict):
        inner = [f"{json.dumps(key)}: {spread_field(key, field, depth + 2)}" for key, field in value.items()]
        return "{\n" + ",\n".join(indent + line for line in inner) + "\n" + indent[2:] + "}"
    inner = [json.dumps(element, ensure_ascii=False) for element in value]
    return "[\n" + ",\n".join(indent + line for line in inner) + "\n" + indent[2:] + "]"


def spread_field(key, field, depth):
    if field and (isinstance(field, list) and not isinstance(field[0], str) or key in ("app_errors", "next_steps")):
        return spread(field, depth)
    return json.dumps(field, ensure_ascii=False)


def example(shown):
    """The example as it should be: the real line, without the errors of systems that are not the host's."""
    line = json.loads(hangup("read", "-o", "ndjson", json.loads(shown)["input"], cwd=PROJECT).stdout)
    for side, errors in line["app_errors"].items():
        line["app_errors"][side] = [error for error in errors if error["os"] == line[side]["host_os"]]
    return spread(line)


def update():
    for path in documents():
        old = text_of(path)
        new = BLOCK.sub(lambda block: RUN.sub(lambda run: f"$ {run[1]}\n{printed(run[1])}", block[0]), old)
        new = EXAMPLE.sub(lambda block: f"```json\n{example(block[1])}\n```", new)
        if new != old:
            with open(path, "w", encoding="utf-8") as file:
                file.write(new)
            print(f"updated {os.path.relpath(path, PROJECT)}")


class Documents(unittest.TestCase):
    maxDiff = None

    def test_shown_output_is_the_real_one(self):
        checked = 0
        for path in documents():
            for command, shown in shown_runs(text_of(path)):
                with self.subTest(f"{os.path.relpath(path, PROJECT)}: {command}"):
                    checked += 1
                    self.assertEqual(shown.rstrip("\n"), printed(command).rstrip("\n"), "refresh it with --update")
        self.assertGreater(checked, 0)

    def test_examples_are_real_lines(self):
        shown = EXAMPLE.findall(text_of(os.path.join(PROJECT, "docs/output.md")))
        self.assertTrue(shown)
        for block in shown:
            self.assertEqual(example(block), block, "refresh it with --update")

    def test_readme_shows_a_run(self):
        self.assertTrue(shown_runs(text_of(os.path.join(PROJECT, "README.md"))))

    def test_links_lead_somewhere(self):
        for path in documents():
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(path)):
                if "://" not in target:
                    with self.subTest(f"{os.path.relpath(path, PROJECT)}: {target}"):
                        self.assertTrue(os.path.exists(os.path.join(os.path.dirname(path), target)))


if __name__ == "__main__":
    if "--update" in sys.argv:
        update()
    else:
        unittest.main()
