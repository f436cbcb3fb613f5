#!/usr/bin/python3
"""Fails when an include points the wrong way, or a layer below cli/ touches the terminal, the clock or exit.

include <- capture <- analyzers <- rules/host <- report <- cli; a rule sees <hangup/rule.h> and nothing else
of ours. Includes name their layer, and a file includes its own header first. A subfolder is of its layer.

usage: arrows.py TREE
"""
import os
import re
import sys

LAYERS = ("include", "capture", "analyzers", "rules/host", "report", "cli")
RULES = "rules"  # a layer beside the line: sees include/hangup/rule.h only
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# What only cli/ may do. Writing to a stream that somebody else opened is fine.
ONLY_CLI = re.compile(r"\b(exit|_exit|quick_exit|g_print|g_printerr|printf|puts|putchar|perror|isatty|"
                      r"time|clock|clock_gettime|gettimeofday|g_get_real_time|g_get_monotonic_time|"
                      r"g_date_time_new_now\w*|signal|sigaction)\s*\(|\b(stdout|stderr)\b")
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def layer_of(path):
    """The layer a file or an include path belongs to; None for what is not ours."""
    folder = os.path.dirname(path)
    if folder in ("hangup", "include/hangup"):
        return "include"
    if folder == RULES:
        return folder
    for layer in LAYERS:
        if folder == layer or folder.startswith(layer + "/"):
            return layer
    return None


def allowed(source, target, included):
    if source == RULES:
        return target is None or included == "hangup/rule.h"
    if target is None:
        return True
    return target in LAYERS and LAYERS.index(target) <= LAYERS.index(source)


def include_complaints(path, text):
    source = layer_of(path)
    includes = INCLUDE.findall(text)
    for bracket, included in includes:
        if not allowed(source, layer_of(included), included):
            yield f"{path} includes {included}: an arrow from {source} the wrong way"
        elif bracket == '"' and layer_of(included) is None:
            yield f"{path} includes \"{included}\": it must name its layer"


def own_header_complaints(path, text, headers):
    own = path[:-2] + ".h"
    if not path.endswith(".c") or own not in headers:
        return
    includes = [included for _, included in INCLUDE.findall(text)]
    if not includes or includes[0] != own:
        yield f"{path} does not include {own} first"


def reach_complaints(path, text):
    if layer_of(path) == "cli":
        return
    code = NOT_CODE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    for found in ONLY_CLI.finditer(code):
        line = code.count("\n", 0, found.start()) + 1
        yield f"{path}:{line} uses {found.group().rstrip('( ')}: only cli/ may"


def sources(tree):
    for layer in LAYERS + (RULES,):
        folder = "include/hangup" if layer == "include" else layer
        if not os.path.isdir(os.path.join(tree, folder)):
            continue
        if layer == RULES:
            found = ((folder, name) for name in os.listdir(os.path.join(tree, folder)))
        else:
            found = ((os.path.relpath(parent, tree), name)
                     for parent, _, names in os.walk(os.path.join(tree, folder)) for name in names)
        for parent, name in sorted(found):
            if name.endswith((".c", ".h", ".def")):
                yield f"{parent}/{name}"


def complaints(tree):
    paths = list(sources(tree))
    for path in paths:
        with open(os.path.join(tree, path), encoding="utf-8") as file:
            text = file.read()
        yield from include_complaints(path, text)
        yield from own_header_complaints(path, text, set(paths))
        yield from reach_complaints(path, text)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not list(sources(sys.argv[1])):
        sys.exit(f"{sys.argv[1]}: no sources here")
    found = list(complaints(sys.argv[1]))
    for complaint in found:
        print(complaint)
    print(f"{len(found)} arrows the wrong way")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
