#!/usr/bin/python3
"""Every line of NDJSON about every sample keeps to docs/output.schema.json or, of an incident, docs/incident.schema.json,
and has its fields in the one order.

usage: schema.py HANGUP PROJECT
"""
import collections
import json
import os
import sys

import jsonschema

sys.dont_write_bytecode = True

import samples


SCHEMAS = {samples.CONNECTION: "docs/output.schema.json", samples.INCIDENT: "docs/incident.schema.json"}


class Keeper:
    """What a line must keep to."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            schema = json.load(file)
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        self.validator, self.order = kind(schema), list(schema["properties"])

    def complaints(self, line):
        yield from (f"{error.json_path}: {error.message}" for error in self.validator.iter_errors(line))
        if list(line) != [name for name in self.order if name in line]:
            yield "its fields are not in the schema's order"


def main():
    hangup, folder, project = samples.arguments()
    keepers = {name: Keeper(os.path.join(project, path)) for name, path in SCHEMAS.items()}
    complaints, seen = [], collections.Counter()
    for name in samples.captures(folder):
        for line in samples.read_all(hangup, os.path.join(folder, name))[0]:
            seen[line["schema"]] += 1
            complaints += [f"{name} {line['schema']} {line.get('id')}: {each}" for each in keepers[line["schema"]].complaints(line)]
    complaints += [f"no line of {name} in any sample" for name in SCHEMAS if not seen[name]]
    print(*complaints, f"{len(complaints)} complaints", sep="\n")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
