#!/usr/bin/python3
"""Every line of NDJSON about every sample keeps to docs/output.schema.json, and has its fields in the one order.

usage: schema.py HANGUP PROJECT
"""
import json
import os
import sys

import jsonschema

sys.dont_write_bytecode = True

import samples


def main():
    hangup, folder, project = samples.arguments()
    with open(os.path.join(project, "docs/output.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    order = list(schema["properties"])
    complaints = []
    for name in samples.captures(folder):
        for connection in samples.read(hangup, os.path.join(folder, name))[0]:
            where = f"{name} connection {connection.get('id')}"
            complaints += [f"{where}: {error.json_path}: {error.message}" for error in validator.iter_errors(connection)]
            if list(connection) != [name for name in order if name in connection]:
                complaints.append(f"{where}: its fields are not in the schema's order")
    print(*complaints, f"{len(complaints)} complaints", sep="\n")
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
