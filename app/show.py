"""Results for people: plain lines and tables. Hostile text is data: escaped, control characters shown, defanged."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.probes import Probe
from core.records import Alert, Candidate, Evidence
from watch.delivery.wording import cut, inert, question, share

if TYPE_CHECKING:
    from app.crawling import Report
    from app.sources import Trial
    from app.triage import Dossier, Outcome, Proposal
    from crawler.evaluate import Evaluated

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LINK = re.compile(r"(?i)\bhttp(s?)://([^/\s]+)")

SHOWN = 20
"""Values of one kind that are listed of a look, at most."""
WIDEST_CELL = 25
"""Letters of a recording's name, the widest cell of a table of figures."""


def safe(text: str) -> str:
    """A text that a terminal only prints: no escapes, no direction marks, no address it would make a link of."""
    text = CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return LINK.sub(lambda found: f"hxxp{found[1]}://{found[2].replace('.', '[.]')}", text)


def plain(value: Any) -> str:
    """A value of a table's cell."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case _:
            return safe(str(value))


def place(host: str) -> str:
    """A candidate's name, defanged."""
    head, slash, path = host.partition("/")
    return head.replace(".", "[.]") + slash + path


def crawl_table(out: Console, report: "Report") -> None:
    """What a crawl brought, a line a source."""
    grid = Table("source", "pages", "new", "changed", "deleted", "links", "errors", box=None, pad_edge=False)
    for name, outcome in report.sources.items():
        counts = (outcome.pages, outcome.posts_new, outcome.posts_changed, outcome.posts_deleted, outcome.links)
        grid.add_row(escape(name), *map(str, counts), str(len(outcome.errors)))
    if report.sources:
        out.print(grid)
    else:
        out.print("No source is due. Name one to crawl it now; `fringewatch source list` shows when each is due.")
    if report.alerts_new:
        out.print(f"{report.alerts_new} new alert{'s' if report.alerts_new > 1 else ''}: `fringewatch alerts`")


def alert_lines(out: Console) -> Callable[[Alert, Sequence[str]], None]:
    """Prints an alert with its evidence, and what has changed where it was printed before."""

    def lines(alert: Alert, changes: Sequence[str]) -> None:
        out.print()
        head = f"{'UPDATE' if changes else 'ALERT'} {alert.id}"
        out.print(f"[bold]{head}[/]  {alert.kind}  [bold]{escape(place(alert.host))}[/]  ({alert.status})")
        about = f" of {escape(alert.platform)}" if alert.platform else ""
        out.print(
            f"  {alert.relation}{about} · {question(alert)}: {share(alert.probability)} · same operator: {share(alert.same_operator)}"  # noqa: E501
            f" · {alert.mentions} mentions since {plain(alert.first_mention_at)}"
        )
        for change in changes:
            out.print(escape(f"  changed: {safe(change)}"))
        evidence_lines(out, alert.evidence)
        for entry in alert.history:
            note = f": {safe(entry.note)}" if entry.note else ""
            out.print(escape(f"  {plain(entry.at)} {entry.status} by {entry.who}{note}"))

    return lines


def evidence_lines(out: Console, evidence: Sequence[Evidence]) -> None:
    """Reasons with their weights, the weightiest first."""
    for line in evidence:
        posts = f"  [dim]posts {', '.join(post[:8] for post in line.posts[:4])}{' …' if len(line.posts) > 4 else ''}[/]"  # noqa: PLR2004
        out.print(f"  {line.weight:+5.2f}  {escape(safe(line.detail))}{posts if line.posts else ''}")


def alert_table(out: Console, alerts: Sequence[Alert]) -> None:
    """Alerts, a line each."""
    if not alerts:
        out.print("No alerts. They appear here when posts point at a new place with enough evidence.")
        return
    grid = Table(
        "id", "created", "status", "kind", "place", "platform", "going there", "mentions", box=None, pad_edge=False
    )
    for alert in alerts:
        grid.add_row(
            alert.id, plain(alert.created_at), alert.status, alert.kind, escape(place(alert.host)),
            escape(plain(alert.platform)), share(alert.probability), str(alert.mentions),
        )  # fmt: skip
    out.print(grid)


def candidate_table(out: Console, candidates: Sequence[Candidate]) -> None:
    """Candidates, a line each."""
    if not candidates:
        out.print("No candidates. They appear here when posts point at places that no known platform owns.")
        return
    grid = Table("place", "state", "relation", "platform", "going there", "mentions", "first", box=None, pad_edge=False)
    for candidate in candidates:
        grid.add_row(
            escape(place(candidate.host)), candidate.state, candidate.relation, escape(plain(candidate.platform)),
            share(candidate.probability), str(candidate.mentions), plain(candidate.first_mention_at),
        )  # fmt: skip
    out.print(grid)


def dossier(out: Console, found: "Dossier") -> None:
    """A candidate with its history, looks, evidence, and the snapshots of its last look."""
    one = found.candidate
    candidate_table(out, [one])
    out.print(f"\nfirst mentioned {plain(one.first_mention_at)} · first reachable {plain(one.first_reachable_at)}"
              f" · same operator: {share(one.same_operator)}")  # fmt: skip
    for row in found.states:
        why = ": ".join(part for part in (row.reason, row.note) if part)
        out.print(escape(f"  {plain(row.at)}  {row.state} by {safe(row.who)}{f': {inert(why)}' if why else ''}"))
    out.print("\nevidence")
    evidence_lines(out, one.evidence)
    out.print("\nlooks" if found.looks else "\nnever looked at: `candidate HOST probe` does it now")
    for state, group in groupby(found.looks, key=lambda look: look.state):
        some = list(group)
        times = f" to {plain(some[-1].at)}, {len(some)} times" if len(some) > 1 else ""
        out.print(f"  {plain(some[0].at)}{times}  {state}")
    for probe in dict.fromkeys((found.seen, found.last)):
        if probe is not None:
            facts(out, probe)
    for row in found.snapshots:
        out.print(escape(f"  {inert(row.url)}  {row.file} at {row.offset}  sha256 {row.sha256}"))


def facts(out: Console, probe: Probe) -> None:
    """What a look saw, in short."""
    out.print(escape(f"\nlook of {plain(probe.at)}: {probe.state}{f' ({inert(probe.why)})' if probe.why else ''}"))
    if (seen := probe.facts) is None:
        return
    counts = {"threads": seen.threads, "posts": len(seen.posts), "outlinks": len(seen.outlinks)}
    lists = {
        "boards": seen.boards, "identifiers": seen.identifiers, "keys": seen.keys, "contacts": seen.contacts,
        "wallets": seen.wallets, "asks for": seen.asks_for, "points at": [pointer.url for pointer in seen.pointers],
    }  # fmt: skip
    out.print(escape(f"  engine {seen.engine or 'unknown'} · title {cut(inert(seen.title or '–'))} · "
                     + ", ".join(f"{count} {name}" for name, count in counts.items())))  # fmt: skip
    for name, values in lists.items():
        if values:
            more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
            out.print(escape(f"  {name}: {', '.join(cut(inert(value)) for value in values[:SHOWN])}{more}"))


def probed(out: Console, probe: Probe, before: Candidate, after: "Dossier", alerts_new: int | None) -> None:
    """What a look saw, and the verdict before and after it."""
    facts(out, probe)
    for row in after.snapshots:
        out.print(escape(f"  {inert(row.url)}  {row.file} at {row.offset}  sha256 {row.sha256}"))
    if alerts_new is None:
        out.print("\na running service judges it within seconds: `fringewatch candidate HOST` shows its verdict")
        return
    for when, one in (("before", before), ("after", after.candidate)):
        out.print(f"\n{when}: {one.state}, {one.relation}, going there {share(one.probability)}, "
                  f"same operator {share(one.same_operator)}")  # fmt: skip
        evidence_lines(out, one.evidence)
    if alerts_new:
        out.print(f"\n{alerts_new} new alert{'s' if alerts_new > 1 else ''}: `fringewatch alerts`")


def proposal(out: Console, proposed: "Proposal") -> None:
    """The files that a confirmation writes, as a diff."""
    for line in proposed.lines:
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(escape(CONTROL.sub("\N{REPLACEMENT CHARACTER}", line)), style=style)


def decided(out: Console, outcome: "Outcome") -> None:
    """What was decided, and what became of the files that go with it."""
    done, proposed = outcome.done, outcome.proposal
    out.print(escape(f"{place(done.host)}: {done.status if isinstance(done, Alert) else done.state}"))
    if proposed is not None and proposed.why_not:
        out.print(escape(inert(proposed.why_not)))
    if proposed is not None and proposed.changes:
        out.print("written" if outcome.written else "not written: --yes writes them")
    for line in outcome.taken_back:
        out.print(escape(line))
    if outcome.report is not None:
        crawl_table(out, outcome.report)


def results(out: Console, found: Mapping[str, Any]) -> None:
    """Hits with their highlights, facets, histogram."""
    out.print(f"{found['total']} posts")
    for hit in found["hits"]:
        where = "/".join(str(part) for part in (hit["platform"], hit["board"], hit["number"]) if part is not None)
        tags = " ".join(sorted({tag["label"] for tag in hit["tags"]}))
        gone = "  [deleted]" if hit["deleted"] else ""
        out.print(f"\n[bold]{escape(safe(where))}[/]  {hit['posted_at'] or 'time unknown'}  {escape(tags + gone)}")
        for text in hit["highlights"] or [hit["text"][:200]]:
            out.print(escape(safe(" ".join(text.split()))), style="default")
    for name, values in found["facets"].items():
        out.print(f"\n{name}: " + ", ".join(f"{escape(safe(str(item['value'])))} {item['count']}" for item in values))
    for bucket in found["histogram"]:
        out.print(f"{bucket['from']}  {bucket['count']}")
    if found["next"]:
        out.print(f"\nmore: --after {found['next']}")


SOURCE_COLUMNS = (
    "source", "enabled", "platform", "engine", "kind", "language", "last crawl", "next crawl", "posts",
)  # fmt: skip
"""The last ones are left out first where a terminal is too narrow; `--json` has everything."""


def source_table(out: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """Sources, an uncut line each, and how many of them are enabled."""
    if not rows:
        out.print("No source yet. Add one with `fringewatch source add URL`.")
        return
    cells = [{column: _cell(column, row[column.replace(" ", "_")]) for column in SOURCE_COLUMNS} for row in rows]
    widths = {column: max(len(column), *(cell_len(row[column]) for row in cells)) for column in SOURCE_COLUMNS}
    columns = list(SOURCE_COLUMNS)
    while out.is_terminal and len(columns) > 1 and _line(widths, columns) > out.width:
        columns.pop()
    for number, row in enumerate([{column: column for column in columns}, *cells]):
        line = "  ".join(set_cell_size(row[column], widths[column]) for column in columns)
        out.print(escape(line.rstrip()), style=None if number else "bold")
    enabled = sum(bool(row["enabled"]) for row in rows)
    hint = "" if enabled else ": none is contacted. To enable one, set `enabled: true` in its file in sources/."
    out.print(f"\n{len(rows)} source{'s' if len(rows) > 1 else ''}, {enabled} enabled{hint}")


def _cell(column: str, value: Any) -> str:
    """A value of the list of sources; times to the minute."""
    return plain(datetime.fromisoformat(value) if value and column in {"last crawl", "next crawl"} else value)


def _line(widths: Mapping[str, int], columns: Sequence[str]) -> int:
    """How wide these columns are side by side."""
    return sum(widths[column] + 2 for column in columns) - 2


def evaluation(out: Console, evaluated: Sequence["Evaluated"]) -> None:
    """A column a recording, a row a field: exact values of all, and their share; as many columns as the screen has."""
    names = list(dict.fromkeys(name for one in evaluated for name in one.fields))
    fitting = max(1, (out.width - max(map(len, names), default=0)) // WIDEST_CELL)
    for first in range(0, len(evaluated), fitting):
        some = evaluated[first : first + fitting]
        grid = Table("field", *(escape(f"{one.name}\n{', '.join(one.engines) or 'nothing read'}") for one in some),
                     box=None, pad_edge=False)  # fmt: skip
        for name in names:
            cells = [one.fields.get(name) for one in some]
            grid.add_row(
                name, *(f"{cell[0]}/{cell[1]} {cell[0] / cell[1]:.3f}" if cell and cell[1] else "–" for cell in cells)
            )
        out.print(grid)


def figures(out: Console, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of text."""
    grid = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        grid.add_row(*map(escape, row))
    out.print(grid)


def trial(out: Console, tried: "Trial") -> None:
    """What trying a source gave."""
    out.print(f"{escape(tried.name)}: {escape(safe(tried.summary))}")
    for post in tried.sample:
        where = "/".join(str(part) for part in (post.board, post.thread, post.number) if part is not None)
        out.print(escape(safe(f"  {where}  {plain(post.posted_at)}  {' '.join(post.text.split())[:90]}")))
    for error in tried.errors:
        out.print(escape(safe(f"  failed: {error}")))
    if tried.written:
        out.print(f"written: {escape(str(tried.written))}")
