"""The figures as text of 80 columns, and as JSON."""
from collections import Counter

from .measures import NONE, Rate, TARGETS, false_alarms, number, programs, wrong

WIDTH = 80
SHORT = {"orderly-close": "orderly", "local-abort": "local-ab", "missing-fin": "miss-fin",
         "retransmit-timeout": "timeout", "middlebox-idle-drop": "idle-drop", "still-open": "open",
         "undetermined": "undeterm", NONE: "nothing"}
ROWS = (("connections", "connections"), ("macro_f1", "macro-F1 of the labels"), ("label", "label"),
        ("cause", "label and cause"), ("actor", "actor"), ("severity", "severity"),
        ("vantage", "vantage, where it shows"), ("false_alarms", "false alarms"),
        ("errors_contained", "errors: in the list"), ("errors_first", "errors: right one first"),
        ("errors_first_heard", "  first, EOF counted"), ("errors_contained_all", "errors: in the list, all"),
        ("errors_first_all", "errors: first, all"), ("brier", "Brier, label"), ("brier_cause", "Brier, cause"))


def _figure(value):
    value = number(value)
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def figures(groups):
    """A column for each group, the targets beside the first."""
    targets = {name: target for name, target, _more in TARGETS}
    wide = max(9, *(len(name) + 1 for name in groups))
    lines = [f"{'':27}{'target':>7}" + "".join(f"{name:>{wide}}" for name in groups)]
    for key, title in ROWS:
        target = f"{targets[key]:.2f}" if isinstance(targets.get(key), float) else str(targets.get(key, ""))
        lines.append(f"{title:27}{target:>7}" + "".join(f"{_figure(group[key]):>{wide}}" for group in groups.values()))
    return lines


def labels(found):
    lines = [f"{'':21}{'connections':>12}{'precision':>11}{'recall':>9}{'F1':>9}"]
    return lines + [f"{label:21}{row['connections']:12}{row['precision']:11.3f}{row['recall']:9.3f}{row['f1']:9.3f}"
                    for label, row in found.items()]


def confusion(counts):
    """Truth down, verdicts across."""
    true = sorted({pair[0] for pair in counts} - {NONE}) + [NONE] * any(pair[0] == NONE for pair in counts)
    said = sorted({label for pair in counts for label in pair} - {NONE})
    said += [NONE] * any(pair[1] == NONE for pair in counts)
    head = "".join(f"{SHORT.get(label, label)[:6]:>7}" for label in said)
    return [f"{'truth, down; said, across':19}"[:19] + head] + [
        f"{label:19}" + "".join(f"{counts[label, told] or '.':>7}" for told in said) for label in true]


def reliability(rows):
    lines = [f"{'confidence':15}{'connections':>12}{'said':>9}{'label right':>14}{'cause right':>14}"]
    return lines + [f"{row['from']:.2f} to {row['to']:.2f}   {row['connections']:12}{row['said']:9.3f}"
                    f"{row['label']:14.3f}{row['cause']:14.3f}" for row in rows]


def _words(one):
    return f"{one.label}/{one.cause}, {one.actor}, {one.severity}"


def _listed(items, most=6):
    return " ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def wrong_ones(matched):
    """Grouped by story and by what was said, because a mistake is made once and seen at four places."""
    groups = {}
    for case in wrong(matched):
        said = f"{_words(case.verdict)} ({case.verdict.confidence:.2f})" if case.verdict else "no verdict at all"
        number_there = f"#{case.verdict.number}" if case.verdict and case.verdict.number else ""
        groups.setdefault((case.truth.instance, _words(case.truth), said), []).append(
            case.truth.place + number_there)
    lines = []
    for (instance, true, said), places in groups.items():
        lines += [f"{instance}: {_listed(places)}", f"    truth  {true}", f"    said   {said}"]
    for verdict in matched.surplus:
        lines += [f"{verdict.file}#{verdict.number}", "    truth  there is no such connection",
                  f"    said   {_words(verdict)}"]
    return lines


def wrong_errors(matched):
    """Only where they could be known."""
    counts = Counter()
    for program in programs(matched):
        if program.knowable and not (program.contained and program.first):
            counts[program.case.truth.instance, program.side, " ".join(program.case.truth.told[program.side]),
                   " ".join(program.expected) or "none"] += 1
    return [line for (instance, side, told, expected), count in sorted(counts.items())
            for line in (f"{instance}: {side}, at {count} places", f"    told   {told}", f"    said   {expected}")]


def alarms(matched):
    return [line for case in false_alarms(matched)
            for line in (f"{case.truth.file}#{case.verdict.number}", f"    truth  {_words(case.truth)}",
                         f"    said   {_words(case.verdict)}")]


def vantages(matched):
    return [f"{case.truth.file}#{case.verdict.number}: is {case.truth.vantage}, said {case.verdict.vantage}"
            for case in matched.cases if case.verdict and case.truth.vantage not in ("hidden", case.verdict.vantage)]


def section(title, lines):
    return ["", title, "-" * len(title), *(lines or ["none"])]


def everything(matched, groups):
    whole = groups["all"]
    return [*figures(groups), *section("Labels", labels(whole["labels"])),
            *section("Confusion matrix", confusion(whole["confusion"])),
            *section("Reliability of the confidence", reliability(whole["reliability"])),
            *section("False alarms", alarms(matched)), *section("What is wrong", wrong_ones(matched)),
            *section("Vantage points that are wrong", vantages(matched)),
            *section("Expected errors that are wrong, where knowable", wrong_errors(matched))]


def plain(value):
    """Figures as JSON has them."""
    if isinstance(value, Rate):
        return value.as_json()
    if isinstance(value, Counter):
        return [{"truth": true, "said": said, "connections": count} for (true, said), count in sorted(value.items())]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
