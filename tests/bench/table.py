"""The results as a table, for a terminal and for Markdown. Everything that can be compared is a rate or a ratio, so
that a tool measured on a part stands beside those that had it all; the ratio is always to the empty libpcap loop
over the same packets in the same rounds."""

HEADINGS = ("tool", "on", "CPU s", "spread", "wall s", "x libpcap", "M packets/s", "memory MB", "B/live", "out MB")


def _loop_of(result, results):
    return next(r for r in results if r.tool.name == "empty libpcap" and r.capture is result.capture)


def _bytes_a_live(result, capture):
    if result.capture is not capture or result.tool.name in ("cat", "empty libpcap") or not result.tool.alone:
        return "-"
    return f"{max(0, result.memory - result.memory_smallest) / capture.live_peak:.0f}"


def _row(result, results, capture):
    slow = result.capture is not capture
    name = result.tool.name + (f" (status {result.status})" if result.status else "")
    return (name, f"{result.capture.packets / 1e6:.3g} M" if slow else "all",
            f"{result.cpu:.3f}", f"{min(result.cpu_s):.3f}-{max(result.cpu_s):.3f}", f"{result.wall:.3f}",
            f"{result.cpu / max(_loop_of(result, results).cpu, 1e-9):.2f}",
            f"{result.capture.packets / 1e6 / max(result.cpu, 1e-9):.2f}",
            f"{result.memory / 1e6:.1f}" if result.tool.alone else "-", _bytes_a_live(result, capture), f"{result.output / 1e6:.1f}")


def _title(capture):
    return (f"{capture.name}: {capture.packets:,} packets, {capture.connections:,} connections, "
            f"{capture.live_peak:,} alive at most, {capture.bytes / 1e6:,.0f} MB")


def plain(capture, _part, results):
    rows = [HEADINGS] + [_row(result, results, capture) for result in results]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]
    return "\n".join([_title(capture), *lines, ""])


def markdown(capture, _part, results):
    rows = [_row(result, results, capture) for result in results]
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---|" + "---:|" * (len(HEADINGS) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"**{_title(capture)}**", "", *lines, ""])
