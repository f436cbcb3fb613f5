#!/usr/bin/python3
"""Pictures of every sample are well-formed XML that holds nothing but shapes and text, with everything inside the frame,
unique ids, and links that lead somewhere; and drawing them again gives the same bytes.

usage: report_svg_is_xml.py DRAW_PICTURES FOLDER
"""
import glob
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "a", "path", "rect", "circle", "text", "tspan"}
ATTRIBUTES = {"class", "viewBox", "role", "aria-labelledby", "aria-describedby", "aria-label", "id", "href", "d", "x", "y",
              "cx", "cy", "r", "rx", "width", "height", "tabindex"}


def complaints_of_element(element, width, height):
    name = element.tag.removeprefix(SVG)
    if name not in ELEMENTS:
        yield f"<{name}> in it"
    for key, value in element.attrib.items():
        if key not in ATTRIBUTES:
            yield f"attribute {key} in it"
        if key == "href" and not re.fullmatch(r"#[A-Za-z0-9-]+", value):
            yield f"a link to {value}"
        if key in ("x", "cx") and not 0 <= float(value) <= width:
            yield f"{name} at {key} {value} of {width}"
        if key in ("y", "cy") and not -1 <= float(value) <= height:
            yield f"{name} at {key} {value} of {height}"


def complaints_of_picture(svg):
    _, _, width, height = map(int, svg.get("viewBox").split())
    by_id = {element.get("id"): element for element in svg.iter() if element.get("id")}
    for key, name in (("aria-labelledby", "title"), ("aria-describedby", "desc")):
        named = by_id.get(svg.get(key))
        if named is None or named.tag != SVG + name or not named.text:
            yield f"no {name}"
    has_links = svg.find(f".//{SVG}a") is not None
    if svg.get("role") != ("group" if has_links else "img"):
        yield f"role {svg.get('role')}, links: {has_links}"
    for element in svg.iter():
        yield from complaints_of_element(element, width, height)


def complaints(page):
    tree = ElementTree.fromstring(page)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    for identity in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"id {identity} twice"
    for element in tree.iter(SVG + "a"):
        if element.get("href")[1:] not in ids:
            yield f"a link to {element.get('href')}, which is nowhere"
    for svg in tree.iter(SVG + "svg"):
        for complaint in complaints_of_picture(svg):
            yield f"{svg.get('aria-labelledby')}: {complaint}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    samples = sorted(glob.glob(sys.argv[2] + "/*.pcap"))[::3] + sorted(glob.glob(sys.argv[2] + "/*.pcapng"))
    draw = [sys.argv[1]] + samples
    page = subprocess.run(draw, check=True, stdout=subprocess.PIPE).stdout
    found = list(complaints(page))
    if subprocess.run(draw, check=True, stdout=subprocess.PIPE).stdout != page:
        found.append("drawn again it differs")
    pictures = page.count(b"<svg ")
    if pictures < len(samples) // 2:
        found.append(f"only {pictures} pictures of {len(samples)} samples")
    for complaint in found[:40]:
        print(complaint)
    print(f"{len(samples)} samples, {pictures} pictures, {len(found)} complaints")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
