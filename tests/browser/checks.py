"""What is asked of a page. Each check takes a browser and the page's file, and yields a sentence for each complaint."""
import os
import re
import subprocess
import tempfile

import browser as browsers
from browser import DESKTOP, PHONE


def quiet(browser, path):
    """Nothing is complained of, nothing asked for but the file itself, although scripts run."""
    browser.show(path)
    for message in browser.messages:
        yield f"the console says: {message}"
    for event in browser.events:
        if event["method"] == "Network.requestWillBeSent":
            url = event["params"]["request"]["url"]
            if url.split("#")[0] != browser.run("return location.href.split('#')[0]") and not url.startswith("data:"):
                yield f"it asks for {url}"
    for name in browser.run("return performance.getEntriesByType('resource').map(e => e.name)"):
        yield f"it loaded {name}"
    for url in browser.run("""return [...document.querySelectorAll('[src],[href],[action],[data],[poster],[srcset]')]
            .flatMap(e => [...e.attributes].filter(a => /^(src|href|xlink:href|action|data|poster|srcset)$/.test(a.name)))
            .map(a => a.value)"""):
        if not url.startswith("#"):
            yield f"something in it points to {url[:80]}"


def links(browser, path):
    """Every link leads to something on the page, which can be seen once one is there; no id is there twice."""
    browser.show(path)
    yield from browser.run("""
        const found = [], ids = new Map();
        for (const e of document.querySelectorAll('[id]')) ids.set(e.id, (ids.get(e.id) || 0) + 1);
        for (const [id, n] of ids) if (n > 1) found.push(`id ${id} is there ${n} times`);
        for (const a of document.querySelectorAll('a')) {
            const to = a.getAttribute('href');
            if (!to || to[0] != '#' || !ids.has(decodeURIComponent(to.slice(1)))) found.push(`a link to ${to}, which is nowhere`);
        }
        for (const e of document.querySelectorAll('[aria-labelledby],[aria-describedby],[aria-controls],label[for]'))
            for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for'])
                for (const id of (e.getAttribute(name) || '').split(/\\s+/).filter(Boolean))
                    if (!ids.has(id)) found.push(`${name} names ${id}, which is nowhere`);
        return found.slice(0, 20);""")
    yield from browser.wait("""
        const done = arguments[0], found = [], all = [...new Set([...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href')))];
        const some = all.filter((_, i) => (all.length - 1 - i) % Math.ceil(all.length / 25) == 0);
        (async () => {
            for (const hash of some) {
                location.hash = hash;
                await new Promise(r => setTimeout(r, 20));
                const target = document.getElementById(decodeURIComponent(hash.slice(1)));
                if (target && target.getClientRects().length == 0) found.push(`${hash} is not shown when one goes there`);
            }
            done(found);
        })();""")


def filter_box(browser, path):
    """Typing leaves the rows that have every word, clearing brings all back."""
    browser.show(path)
    if not browser.run("return !!document.querySelector('table.endings tbody tr')"):
        return
    type_in = """
        const box = document.getElementById('filter'); box.value = arguments[0];
        box.dispatchEvent(new Event('input', {bubbles: true}));
        const rows = [...document.querySelectorAll('table.endings tbody tr')];
        return rows.map(r => [r.textContent.toLowerCase(), r.getClientRects().length > 0]);"""
    rows = browser.run(type_in, "")
    if not all(shown for _, shown in rows):
        yield "rows are hidden without a filter"
    if not browser.run("return document.getElementById('filter').getClientRects().length > 0"):
        yield "there is no box to type a filter into"
    words = re.findall(r"[a-z0-9][a-z0-9.:]+", rows[len(rows) // 2][0])
    for typed in (words[1], " ".join(words[:3]), words[-1].upper(), "nothing-has-this"):
        wanted = [all(word in text for word in typed.lower().split()) for text, _ in rows]
        shown = [shown for _, shown in browser.run(type_in, typed)]
        if shown != wanted:
            yield f"filter \"{typed}\" shows {sum(shown)} of {len(rows)} rows, {sum(wanted)} have it"
    if not all(shown for _, shown in browser.run(type_in, "")):
        yield "clearing the filter does not bring all rows back"


def sorting(browser, path):
    """A click on a head sorts by that column, another one the other way round; no row gets lost."""
    browser.show(path)
    yield from browser.run("""
        const found = [], table = document.querySelector('table.endings');
        if (!table || table.tBodies[0].rows.length < 2) return found;
        const rows = () => [...table.tBodies[0].rows], heads = [...table.tHead.rows[0].cells];
        const key = (row, i) => { const cell = row.cells[i], time = cell.querySelector('time');
                                  return time ? time.dateTime : cell.textContent; };
        const compare = new Intl.Collator('en', {numeric: true}).compare, before = rows().map(r => r.id).sort().join();
        heads.forEach((head, i) => {
            const button = head.querySelector('button');
            if (!button) { found.push(`no button in head ${i + 1}`); return; }
            for (const way of ['ascending', 'descending']) {
                button.click();
                const keys = rows().map(r => key(r, i)), sign = way == 'ascending' ? 1 : -1;
                if (head.getAttribute('aria-sort') != way) found.push(`head ${i + 1} is not said to be ${way}`);
                if (keys.some((k, n) => n && compare(keys[n - 1], k) * sign > 0)) found.push(`column ${i + 1} is not ${way}`);
            }
        });
        if (rows().map(r => r.id).sort().join() != before) found.push('sorting lost rows');
        return found;""")


def keyboard(browser, path):
    """The Tab key gets to a link over all that is before the text, to contents, filter, heads, connections and copying, and
    one sees where one is."""
    browser.show(path)
    reached = []
    for _ in range(60):
        browser.press_tab()
        what = browser.run("""
            const e = document.activeElement, style = getComputedStyle(e);
            if (e == document.body) return null;
            return {what: `${e.localName}${e.id ? '#' + e.id : ''}.${e.getAttribute('class') || ''}`,
                    within: ['nav', 'thead', 'summary', '.copy', '.hang-svg'].filter(s => e.closest(s)).join(),
                    seen: style.outlineStyle != 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow != 'none',
                    shown: e.getClientRects().length > 0};""")
        if what is None:
            break
        reached.append(what)
        if not what["seen"] or not what["shown"]:
            yield f"{what['what']} has the focus, and nobody sees it"
    if not reached or "skip" not in reached[0]["what"]:
        yield "the Tab key does not begin with a link that skips to the text"
    wanted = {"nav": "nav", "thead": "table.endings thead", "summary": "summary", ".copy": ".copy"}
    for within, selector in wanted.items():
        if not any(within in what["within"] for what in reached) and len(reached) < 60 and browser.run(
                "return [...document.querySelectorAll(arguments[0])].some(e => e.getClientRects().length > 0)", selector):
            yield f"the Tab key never gets to {selector}"
    if browser.run("return !!document.getElementById('filter')") and not any("#filter" in w["what"] for w in reached):
        yield "the Tab key does not get to the filter"


def accessible(browser, path):
    """axe-core finds nothing serious, wide and light, narrow and dark; what is folded away is opened for it."""
    axe = browsers.npm_file("axe-core", "axe.min.js")
    for width, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        browser.show(path, width, scheme)
        browser.run("document.querySelectorAll('details').forEach((d, i) => d.open = i < 6)")
        browser.run(axe)
        result = browser.wait("""
            const done = arguments[0];
            axe.run({resultTypes: ['violations']}).then(r => done(r.violations.map(v => ({
                id: v.id, impact: v.impact, help: v.help, count: v.nodes.length,
                at: v.nodes.slice(0, 3).map(n => n.target.join(' ')).join('; ')}))), e => done(String(e)));""")
        if isinstance(result, str):
            yield f"axe: {result}"
            continue
        for violation in result:
            if violation["impact"] in ("serious", "critical"):
                yield "axe, {width} px, {scheme}: {id}, {help}, {count} times, as at {at}".format(
                    width=width, scheme=scheme, **violation)


def narrow(browser, path):
    """On a phone nothing is wider than the screen, but what can be scrolled by itself; no text is tiny."""
    browser.show(path, PHONE)
    yield from browser.run("""
        const found = [], width = document.documentElement.clientWidth;
        document.querySelectorAll('details').forEach(d => d.open = true);
        if (document.documentElement.scrollWidth > width)
            found.push(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${width}`);
        const scrolls = e => { for (; e; e = e.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX)) return true;
                               return false; };
        for (const e of document.querySelectorAll('body *')) {
            const box = e.getBoundingClientRect();
            if (box.right > width + 1 && box.width && box.left >= 0 && !scrolls(e.parentElement) && !e.closest('svg > *'))
                found.push(`${e.localName}.${e.getAttribute('class')} ends at ${Math.round(box.right)} of ${width} px`);
        }
        for (const svg of document.querySelectorAll('.hang-svg')) {
            const box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
            if (box.width && scale < 0.6) found.push(`${svg.getAttribute('class')} is drawn at ${scale.toFixed(2)} of its size`);
        }
        return found.slice(0, 20);""")


def pictures(browser, path):
    """In pictures no text covers another, and none leaves the frame; for the eye they have a contrast."""
    for width in (DESKTOP, PHONE):
        browser.show(path, width)
        yield from browser.run("""
            const found = [];
            document.querySelectorAll('details').forEach(d => d.open = true);
            for (const svg of document.querySelectorAll('.hang-svg')) {
                if (!svg.getClientRects().length) continue;
                const frame = svg.viewBox.baseVal, name = svg.getAttribute('aria-labelledby');
                const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]);
                for (const [text, b] of boxes)
                    if (b.x < -1 || b.x + b.width > frame.width + 1 || b.y < -2 || b.y + b.height > frame.height + 3)
                        found.push(`${name}: "${text}" leaves the frame`);
                for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
                    const [a, p] = boxes[i], [b, q] = boxes[j];
                    const across = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
                    const down = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
                    if (across > 1 && down > 4) found.push(`${name}: "${a}" and "${b}" cover each other`);
                }
                if (found.length > 20) break;
            }
            return found.slice(0, 20);""")


PAPERS = {"A4": (8.27, 11.69), "Letter": (8.5, 11)}  # inches


def _pages(browser, size):
    """The text of each page as it is printed."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "page.pdf")
        with open(name, "wb") as file:
            file.write(browser.pdf(*size))
        try:
            text = subprocess.run(["pdftotext", "-layout", name, "-"], check=True, stdout=subprocess.PIPE).stdout.decode()
        except FileNotFoundError as error:
            raise browsers.Unavailable("poppler-utils are not installed") from error
    return text.split("\f")


def _cut(where, count):
    """Pictures that are on two pages, of those that are printed."""
    shown = 0
    for i in range(count):
        first, last = where.get(f"qqfirst{i}qq"), where.get(f"qqlast{i}qq")
        shown += first is not None
        if first != last:
            yield f"picture {i + 1} of {count} begins on page {first} and ends on page {last}"
    if count and not shown:
        yield "no picture is printed"


def _alone(where):
    """Titles whose connection is told on another page; the heading of all of them is the first."""
    told = sum(mark.startswith("qqtold") for mark in where)
    for title, i in [(0, 0), *((i + 1, i) for i in range(told))] if told else []:
        if where.get(f"qqtitle{title}qq") != where.get(f"qqtold{i}qq"):
            yield f"title {title} of the connections is on another page than what is told of connection {i + 1} of them"


def printed(browser, path):
    """On A4 and on Letter, light even in a dark browser, no picture is cut: its first and its last line are on one page. Neither is the
    line of a connection on another page than what it is the title of, nor the heading of all of them."""
    browser.show(path, scheme="dark")
    count = browser.run("""
        document.querySelectorAll('details').forEach(d => d.open = true);
        const all = [...document.querySelectorAll('.hang-svg')];
        all.forEach((svg, i) => {
            const frame = svg.viewBox.baseVal;
            for (const [end, y] of [['first', 7], ['last', frame.height - 1]]) {
                const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
                text.textContent = `qq${end}${i}qq`;
                text.setAttribute('x', 1);
                text.setAttribute('y', y);
                text.setAttribute('font-size', 6);
                svg.append(text);
            }
        });
        const mark = (element, word) => {
            const text = document.createElement('small');
            text.textContent = `qq${word}qq`;
            text.style.fontSize = '1px';
            element.prepend(text);
        };
        document.querySelectorAll('#connections-title, .account summary h3').forEach((title, i) => mark(title, `title${i}`));
        document.querySelectorAll('.account .sentence').forEach((sentence, i) => mark(sentence, `told${i}`));
        return all.length;""")
    for paper, size in PAPERS.items():
        pages = _pages(browser, size)
        where = {mark: number for number, page in enumerate(pages)
                 for mark in re.findall(r"qq(?:first|last|title|told)\d+qq", page)}
        for what in (*_cut(where, count), *_alone(where)):
            yield f"{paper}: {what}"
    browser.look(scheme="dark", media="print")
    light = browser.run("""
        return getComputedStyle(document.body).color.match(/\\d+/)[0] < 128;""")
    if not light:
        yield "it is printed with light letters"


CHECKS = (quiet, links, filter_box, sorting, keyboard, accessible, narrow, pictures, printed)
