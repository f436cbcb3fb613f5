"""Turns what a story claims into lines of truth, and refuses those that the files do not bear out."""
import os
from collections import defaultdict

import checks
from flows import flows
from plan import PLACES


def lines(instance, path):
    """(truth lines, complaints) of all captures of one instance."""
    good, bad = [], path.lost()
    for vantage in PLACES:
        rows, complaints = _of_file(instance, path, vantage)
        good += rows
        bad += complaints
    return good, bad


def incidents(instance, path):
    """One line for every capture of a story about many hosts: what happened in it, to which connections, and which
    ones had no part in it."""
    return [_incidents_of_file(instance, path, place) for place in PLACES] if hasattr(path, "noted") else []


def _incidents_of_file(instance, path, place):
    seen = [conn for conn in path.conns if conn.truth.get(place)]
    noted = [note for note in path.noted if place in note["places"]]
    struck = {id(conn) for note in noted for conn in note["conns"] + note["also"]}
    return {"scenario": instance.scenario, "variant": instance.variant,
            "file": os.path.basename(path.file(place)), "place": place,
            "incidents": [_incident(note, seen, place) for note in noted],
            "apart": [_name(conn, place) for conn in seen if id(conn) not in struck]}


def _incident(note, seen, place):
    known = {key: value for key, value in note.items() if key not in ("conns", "also", "places", "less")}
    known["kind"] = note["less"].get(place, note["kind"])
    names = {key: [_name(conn, place) for conn in note[inside] if conn in seen]
             for key, inside in (("connections", "conns"), ("also", "also"))}
    return {**known, **{key: value for key, value in names.items() if value or key == "connections"}}


def _name(conn, place):
    (client, client_port), (server, server_port) = conn.addresses(place)
    return [client, client_port, server, server_port]


def _of_file(instance, path, vantage):
    """Connections of one tuple are matched in the order in which they were opened."""
    file = path.file(vantage)
    servers = {conn.addresses(vantage)[1] for conn in path.conns}
    seen = defaultdict(list)
    for number, flow in enumerate(flows(file, servers), 1):
        seen[flow.key].append((number, flow))
    rows, bad = [], []
    for conn in path.conns:
        key = conn.addresses(vantage)
        claim = conn.truth.get(vantage)
        if claim is None:
            if vantage not in conn.truth:
                bad.append(f"{vantage}: nothing is claimed of {key}")
            continue
        if not seen[key]:
            bad.append(f"{vantage}: {key} is not in the file")
            continue
        number, flow = seen[key].pop(0)
        if not checks.holds(flow, claim):
            bad.append(f"{vantage}: {claim['label']}/{claim['cause']} is not borne out by {flow}")
        rows.append(_row(instance, conn, vantage, file, number, claim))
    bad += [f"{vantage}: {key} is in the file and nothing is claimed of it"
            for key, left in seen.items() if left]
    return rows, bad


def _row(instance, conn, vantage, file, number, claim):
    client, server = conn.addresses(vantage)
    return {
        "scenario": instance.scenario, "variant": instance.variant,
        "file": os.path.basename(file), "id": number, "place": vantage,
        "vantage": None if claim["place_hidden"] else conn.where[vantage],
        "client": {"ip": client[0], "port": client[1]}, "server": {"ip": server[0], "port": server[1]},
        "label": claim["label"], "cause": claim["cause"], "actor": claim["actor"],
        "severity": claim["severity"],
        "errors": {"client": conn.client.calls if conn.client else [],
                   "server": conn.server.calls if conn.server else []},
    }
