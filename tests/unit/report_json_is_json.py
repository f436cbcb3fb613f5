#!/usr/bin/python3
"""Another reader reads back the JSON that we write: every character, and bytes that are none.

usage: report_json_is_json.py TEST_REPORT_JSON
"""
import json
import subprocess
import sys


def main():
    written = subprocess.run([sys.argv[1], "--print"], stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")
    characters = broken = 0
    for line in written.split("\n")[:-1]:
        read = json.loads(line)
        if isinstance(read, str):
            assert read == "<\ufffd>", line
            broken += 1
        else:
            assert read[1] == chr(read[0]), line
            assert all(0x20 <= ord(char) != 0x7f and not 0x80 <= ord(char) < 0xa0 for char in line), line
            characters += 1
    print(f"{characters} characters, {broken} bytes that are none")
    assert characters > 12000 and broken == 128


if __name__ == "__main__":
    main()
