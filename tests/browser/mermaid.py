"""Mermaid's own parser (npm's @mermaid-js/tiny, which has sequence diagrams), run in Chromium: it wants a document."""
import os

import browser as browsers


def complaints(diagrams):
    """For each text of a diagram None, or what the parser says. Raises browsers.Unavailable when it cannot be asked."""
    script = browsers.npm_file("@mermaid-js", "tiny", "dist", "mermaid.tiny.js")
    with browsers.folder() as folder, browsers.Browser() as browser:
        path = os.path.join(folder, "empty.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write("<!DOCTYPE html><meta charset=utf-8><title>Mermaid</title><script src=mermaid.js></script>")
        with open(os.path.join(folder, "mermaid.js"), "w", encoding="utf-8") as file:
            file.write(script)
        browser.show(path)
        return browser.wait("""
            const done = arguments[1];
            (async () => {
                const found = [];
                for (const text of arguments[0])
                    found.push(await mermaid.parse(text).then(() => null, e => String(e.message || e)));
                done(found);
            })();""", list(diagrams))
