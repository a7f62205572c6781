"""The command line: `fringewatch`. Results on stdout, everything else on stderr.

Exit status: 0 done, 1 some source or item failed (named on stderr), 2 wrong use or configuration.
"""

import getpass
import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape

from app import show
from core.clock import Clock, clock_at
from core.records import Alert, AlertStatus, Candidate
from core.settings import Config
from core.store import Store, StoreError, watchlist
from core.yamlfile import ConfigError
from watch.triage import (
    ACTIONS,
    DECISIONS,
    OF_CANDIDATES,
    Reason,
    Said,
    TriageError,
    check_alert,
    decide,
    find_alert,
    triage,
)

if TYPE_CHECKING:
    from app.triage import Proposal, Wishes

FAILED, WRONG_USE = 1, 2

app = typer.Typer(
    name="fringewatch",
    help="Watches fringe platforms: where they are going, what is said there, how far it has spread.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
source_app = typer.Typer(help="Add, check and list sources.", no_args_is_help=True)
app.add_typer(source_app, name="source")
evaluate_app = typer.Typer(help="Measure against recordings whose truth is known.", no_args_is_help=True)
app.add_typer(evaluate_app, name="evaluate")

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


@dataclass
class Session:
    """What every command is given: where state and configuration lie, and what time it is."""

    home: Path
    config_folder: Path
    json: bool
    now: str | None

    @cached_property
    def config(self) -> Config:
        """The whole configuration."""
        return Config.load(self.config_folder)

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock, or the one that `--now` stopped."""
        return clock_at(self.now)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, opened."""
        store = Store.open(self.home, self.config.settings.database)
        try:
            yield store
        finally:
            store.close()

    def print_json(self, document: Any) -> None:
        """One JSON document on stdout."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


Home = Annotated[Path, typer.Option("--home", envvar="FRINGEWATCH_HOME", help="Folder for everything that is kept.")]
ConfigFolder = Annotated[Path, typer.Option("--config", help="Folder with sources, platforms, lexicons, settings.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output on stdout.")]
Now = Annotated[str | None, typer.Option("--now", envvar="FRINGEWATCH_NOW", help="What time it is (ISO 8601).")]
Proxy = Annotated[str | None, typer.Option("--proxy", help="HTTP proxy for every fetch of this run.")]

DEFAULT_HOME, DEFAULT_CONFIG = Path("var"), Path("config")
WORLDS = "python -m tests.world talk --seed {seed}"
SHIPPED_CONFIG = Path(__file__).resolve().parent.parent / "config"


def session(home: Path, config: Path, as_json: bool, now: str | None) -> Session:  # noqa: FBT001 - as typer gives it
    """The session of one command, its clock checked."""
    opened = Session(home, config, as_json, now)
    try:
        _ = opened.clock
    except ValueError as error:
        fail(f"--now: {error}", WRONG_USE)
    return opened


def fail(message: str, status: int = FAILED) -> None:
    """Says what is wrong on stderr and ends with this status."""
    err.print(escape(message), style="red" if err.is_terminal else None)
    raise typer.Exit(status)


@app.command()
def demo(
    home: Home = DEFAULT_HOME / "demo",
    serve: Annotated[
        int | None, typer.Option(metavar="PORT", help="Keep the simulated web up on this port, as a proxy.")
    ] = None,
    config: Annotated[
        Path, typer.Option("--config", help="Folder whose lexicons, host lists and weights are used.")
    ] = SHIPPED_CONFIG,
    as_json: AsJson = False,
    now: Annotated[
        str | None, typer.Option("--now", envvar="FRINGEWATCH_NOW", help="When the two days end (ISO 8601).")
    ] = None,
) -> None:
    """Crawl a small simulated web on loopback for two simulated days: a board dies, its users say where they go."""
    from app import demo as demo_world

    opened = session(home, config, as_json, now)
    demo_world.run(home, config, as_json=as_json, port=serve, end=opened.clock() if now else demo_world.END)


@app.command()
def crawl(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Sources to crawl now; those that are due, without.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Crawl once and end (what this command does anyway).")] = True,
    proxy: Proxy = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Crawl what is due (or the named sources), then tag, index and watch what is new."""
    from app.crawling import crawl_once

    del once
    opened = session(home, config, as_json, now)
    with opened.store() as store:
        report = crawl_once(
            sources or [], config=opened.config, store=store, home=home, clock=opened.clock, proxy=proxy,
            alert_shown=None if as_json else show.alert_lines(out),
        )  # fmt: skip
    if as_json:
        opened.print_json(
            {
                "sources": {name: asdict(outcome) for name, outcome in report.sources.items()},
                "alerts_new": report.alerts_new,
            }
        )
    else:
        show.crawl_table(out, report)
    for line in report.failures:
        err.print(escape(line))
    if report.failures:
        raise typer.Exit(FAILED)


@app.command()
def run(
    proxy: Proxy = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Run the service: every source on its schedule, everything new tagged, indexed and watched."""
    from app.service import serve

    logging.getLogger("app").setLevel(logging.INFO)
    opened = session(home, config, as_json, now)

    def print_alert(alert: Alert, _changes: Sequence[str]) -> None:
        opened.print_json(alert.model_dump(mode="json"))
        sys.stdout.flush()

    with opened.store() as store:
        serve(
            opened.config, store, home, clock=opened.clock, now=now, proxy=proxy,
            show=print_alert if as_json else show.alert_lines(out),
        )  # fmt: skip


@app.command()
def parse(
    files: Annotated[list[Path], typer.Argument(help="HTML, JSON or WARC files.")],
    engine: Annotated[str | None, typer.Option(help="Board software; found by itself without.")] = None,
    url: Annotated[str | None, typer.Option(help="Address the page was fetched from.")] = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Parse recorded pages without a network: one post a line."""
    from app.parsing import parse_files

    opened = session(home, config, as_json, now)
    failures = 0
    for line, failure in parse_files(
        files, engine, url, opened.config if config.is_dir() else None, home, opened.clock
    ):
        if failure:
            failures += 1
            err.print(escape(failure))
        else:
            sys.stdout.write(line + "\n")
    if failures:
        raise typer.Exit(FAILED)


@app.command()
def tag(
    thorough: Annotated[
        bool, typer.Option("--thorough", help="A language model scores what the fast classifiers doubt (slower).")
    ] = False,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Tag texts: NDJSON {"id","text","lang"?} on stdin, their tags on stdout."""
    from nlp.pipeline import load_tagger
    from nlp.stream import tag_lines

    session(home, config, as_json, now)  # it is NDJSON either way
    failures: list[int] = []

    def failed(line: int, why: str) -> None:
        failures.append(line)
        err.print(escape(f"line {line}: {why}; the other lines are tagged"))

    lines = (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)
    for line in tag_lines(load_tagger(config, thorough=thorough), lines, failed):
        sys.stdout.write(line + "\n")
    if failures:
        raise typer.Exit(FAILED)


@app.command()
def retag(
    home: Home = DEFAULT_HOME, config: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False, now: Now = None
) -> None:
    """Apply the lexicons to every post collected so far, then watch and index those whose tags changed."""
    from app import crawling

    opened = session(home, config, as_json, now)
    with opened.store() as store:
        done = crawling.retag(
            config=opened.config, store=store, home=home, clock=opened.clock,
            alert_shown=None if as_json else show.alert_lines(out),
        )  # fmt: skip
    if as_json:
        opened.print_json({"posts_changed": done.posts_changed, "alerts_new": done.alerts_new})
    else:
        out.print(f"the tags of {done.posts_changed} posts changed; {done.alerts_new} new alerts")
    for line in done.failures:
        err.print(escape(line))
    if done.failures:
        raise typer.Exit(FAILED)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="For example: newboard AND tag:migration-call")] = "",
    since: Annotated[str | None, typer.Option("--from", help="Posted at or after this date or time.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Posted at or before this date or time.")] = None,
    sort: Annotated[str, typer.Option(help="newest, oldest or relevance.")] = "newest",
    limit: Annotated[int, typer.Option(help="Hits shown, at most 1000.")] = 20,
    after: Annotated[str | None, typer.Option(help="`next` of the page before.")] = None,
    facet: Annotated[list[str] | None, typer.Option(help="Count the values of this field.")] = None,
    histogram: Annotated[str | None, typer.Option(help="Count by hour, day, week, month or year.")] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Show personal data that posts expose.")] = False,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Search the posts."""
    from app.searching import search_posts

    opened = session(home, config, as_json, now)
    found = search_posts(
        opened.config, home, query, since=since, until=until, sort=sort, limit=limit, after=after,
        facets=facet or (), histogram=histogram, unmasked=unmasked,
    )  # fmt: skip
    opened.print_json(found) if as_json else show.results(out, found)


@app.command()
def alerts(
    action: Annotated[str, typer.Argument(help="list; or test: send a sample to each channel.")] = "list",
    channel: Annotated[str | None, typer.Argument(help="Test this channel only.")] = None,
    status: Annotated[AlertStatus | None, typer.Option(help="Only those of this status.")] = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """List alerts, the newest first; or try the channels that alerts are sent to."""
    opened = session(home, config, as_json, now)
    if action == "test":
        _test_channels(opened, channel)
        return
    if action != "list":
        fail(f"no action {action!r}; there are list, test", WRONG_USE)
    with opened.store() as store, store.read() as view:
        found = watchlist.read_alerts(view, status=status)
    if as_json:
        opened.print_json([alert.model_dump(mode="json") for alert in found])
    else:
        show.alert_table(out, found)


def _test_channels(opened: Session, channel: str | None) -> None:
    from crawler.guard import is_public
    from watch.delivery.channels import load_channels
    from watch.delivery.sample import send_sample
    from watch.delivery.senders import Means

    channels = load_channels(opened.config_folder)
    if channel is not None and channel not in channels:
        fail(f"no channel {channel!r}; there are: {', '.join(channels) or 'none'}", WRONG_USE)
    given = Means(opened.home, is_public, None if opened.json else show.alert_lines(out))
    failures = {
        name: send_sample(one.target, given, opened.clock())
        for name, one in channels.items()
        if channel in {None, name}
    }
    if opened.json:
        opened.print_json([{"channel": name, "ok": why is None, "why": why} for name, why in failures.items()])
    else:
        for name, why in failures.items():
            out.print(escape(f"{'FAIL' if why else 'ok  '} {name}{f': {why}' if why else ''}"))
    if any(failures.values()):
        raise typer.Exit(FAILED)


Note = Annotated[str | None, typer.Option(help="Why, in words.")]
ReasonOption = Annotated[Reason | None, typer.Option(help="Why it is dismissed.")]
SameOperator = Annotated[
    Literal["yes", "no"] | None,
    typer.Option(help="Whether the same people run it, where you know; for fitting weights."),
]
Platform = Annotated[str | None, typer.Option(help="The platform it belongs to; the verdict's without.")]
Yes = Annotated[bool, typer.Option("--yes", help="Write the proposed files without asking.")]
NoFiles = Annotated[bool, typer.Option("--no-files", help="Decide only: propose no files.")]
NoCrawl = Annotated[bool, typer.Option("--no-crawl", help="Leave the new source's first crawl to its schedule.")]


@app.command()
def alert(
    alert_id: Annotated[str, typer.Argument(metavar="ID", help="An alert's id, or its beginning.")],
    action: Annotated[str, typer.Argument(help="ack, confirm, dismiss, escalate, reopen; or show.")] = "show",
    note: Note = None,
    reason: ReasonOption = None,
    same_operator: SameOperator = None,
    platform: Platform = None,
    yes: Yes = False,
    no_files: NoFiles = False,
    no_crawl: NoCrawl = False,
    proxy: Proxy = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Show an alert with its evidence, or decide about it."""
    from app.triage import Wishes

    opened = session(home, config, as_json, now)
    if action not in {*ACTIONS, "show"}:
        fail(f"no action {action!r}; there are show, {', '.join(ACTIONS)}", WRONG_USE)
    with opened.store() as store:
        if action == "show":
            found = find_alert(store, alert_id)
            opened.print_json(found.model_dump(mode="json")) if as_json else show.alert_lines(out)(found, ())
            return
        found = check_alert(store, alert_id, action)
        said = _said(opened, note, reason, same_operator)
        files = action == "confirm" and found.kind in OF_CANDIDATES and not no_files
        agrees = partial(_agrees, as_json=as_json, yes=yes)
        wishes = Wishes(platform, files=files, agrees=agrees, crawl=not no_crawl, proxy=proxy)
        _decided(opened, store, found.host, said, wishes, partial(triage, store, alert_id, action))


@app.command()
def candidates(
    home: Home = DEFAULT_HOME, config: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False, now: Now = None
) -> None:
    """List what is being watched, the likeliest first."""
    opened = session(home, config, as_json, now)
    with opened.store() as store, store.read() as view:
        found = watchlist.read_candidates(view)
    if as_json:
        opened.print_json([candidate.model_dump(mode="json") for candidate in found])
    else:
        show.candidate_table(out, found)


@app.command()
def candidate(
    host: Annotated[str, typer.Argument(help="As `candidates` lists it.")],
    action: Annotated[str, typer.Argument(help="show, probe, confirm, dismiss or reopen.")] = "show",
    note: Note = None,
    reason: ReasonOption = None,
    same_operator: SameOperator = None,
    platform: Platform = None,
    yes: Yes = False,
    no_files: NoFiles = False,
    no_crawl: NoCrawl = False,
    proxy: Proxy = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Show a candidate with its history and evidence, look at it now, or decide about it."""
    from app.triage import Wishes, dossier, look_now

    opened = session(home, config, as_json, now)
    if action not in {"show", "probe", *DECISIONS}:
        fail(f"no action {action!r}; there are show, probe, {', '.join(DECISIONS)}", WRONG_USE)
    with opened.store() as store:
        found = dossier(store, host)
        if action == "show":
            opened.print_json(found.as_json()) if as_json else show.dossier(out, found)
        elif action == "probe":
            probe, alerts_new = look_now(
                found, config=opened.config, store=store, home=home, clock=opened.clock, proxy=proxy
            )
            after = dossier(store, host)
            if as_json:
                before = found.candidate.model_dump(mode="json")
                opened.print_json(after.as_json() | {"before": before, "alerts_new": alerts_new})
            else:
                show.probed(out, probe, found.candidate, after, alerts_new)
        else:
            said = _said(opened, note, reason, same_operator)
            files = action == "confirm" and not no_files
            agrees = partial(_agrees, as_json=as_json, yes=yes)
            wishes = Wishes(platform, files=files, agrees=agrees, crawl=not no_crawl, proxy=proxy)
            _decided(opened, store, found.candidate.host, said, wishes, partial(decide, store, host, action))


def _said(opened: Session, note: str | None, reason: Reason | None, same_operator: str | None) -> Said:
    same = None if same_operator is None else same_operator == "yes"
    return Said(getpass.getuser(), opened.clock(), note=note, reason=reason, same_operator=same)


def _decided(
    opened: Session, store: Store, host: str, said: Said, wishes: "Wishes", decide: Callable[[Said], Alert | Candidate]
) -> None:
    """Decides, with the files that go with it, and tells what came of it."""
    from app.triage import carry_out

    done = carry_out(
        host, said, decide, wishes, config=opened.config, store=store, home=opened.home, clock=opened.clock
    )
    opened.print_json(done.as_json()) if opened.json else show.decided(out, done)
    for line in done.report.failures if done.report else ():
        err.print(escape(line))
    if done.report and done.report.failures:
        raise typer.Exit(FAILED)


def _agrees(proposal: "Proposal", *, as_json: bool, yes: bool) -> bool:
    """Shows the files, and says whether they are to be written: a person at a terminal is asked, nobody else is."""
    if not as_json:
        show.proposal(out, proposal)
    asked = not yes and not as_json and out.is_terminal and sys.stdin.isatty()
    return yes or (asked and typer.confirm("Write these files?"))


@app.command()
def doctor(
    home: Home = DEFAULT_HOME, config: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False, now: Now = None
) -> None:
    """Check configuration, lexicons, store and index, and say what to do about each."""
    from app.doctor import examine

    opened = session(home, config, as_json, now)
    findings = examine(config, home)
    if as_json:
        opened.print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            out.print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {escape(finding.detail)}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


@source_app.command("add")
def source_add(
    url: Annotated[str, typer.Argument(help="The board's or forum's address.")],
    name: Annotated[str | None, typer.Option(help="The source's name; from the host without.")] = None,
    platform: Annotated[str | None, typer.Option(help="The platform it belongs to; the name without.")] = None,
    proxy: Proxy = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Find a site's engine, write config/sources/NAME.yml and try it without keeping anything."""
    from app.sources import add_source

    opened = session(home, config, as_json, now)
    added = add_source(opened.config, url, name, platform, proxy, opened.clock)
    opened.print_json(added.as_json()) if as_json else show.trial(out, added)
    if not added.ok:
        raise typer.Exit(FAILED)


@source_app.command("check")
def source_check(
    names: Annotated[list[str] | None, typer.Argument(help="Sources; all enabled ones without.")] = None,
    proxy: Proxy = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Try sources without keeping anything: is each reached, understood, and does it give posts?"""
    from app.sources import check_source, known_sources

    opened = session(home, config, as_json, now)
    trials = [check_source(opened.config, name, proxy, opened.clock) for name in known_sources(opened.config, names)]
    if as_json:
        opened.print_json([trial.as_json() for trial in trials])
    else:
        for trial in trials:
            show.trial(out, trial)
    if not all(trial.ok for trial in trials):
        raise typer.Exit(FAILED)


@source_app.command("list")
def source_list(
    home: Home = DEFAULT_HOME, config: ConfigFolder = DEFAULT_CONFIG, as_json: AsJson = False, now: Now = None
) -> None:
    """List sources with their last and next crawl."""
    from app.sources import list_sources

    opened = session(home, config, as_json, now)
    with opened.store() as store:
        rows = list_sources(opened.config, store, opened.clock)
    if as_json:
        opened.print_json(rows)
    else:
        show.source_table(out, rows)


@evaluate_app.command("parsing")
def evaluate_parsing(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Recordings: X-N.warc.gz with truth-N.jsonl beside.")],
    engine: Annotated[
        str | None, typer.Option(help="Read all of them as this one does; found by itself without.")
    ] = None,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Read recordings and count, field by field, how many values equal the truth from the board's own database."""
    from crawler.engines import ENGINES
    from crawler.evaluate import evaluate, recordings

    opened = session(home, config, as_json, now)
    if engine is not None and engine not in ENGINES:
        fail(f"--engine {engine}: there is no such engine; there are {', '.join(sorted(ENGINES))}", WRONG_USE)
    if not recordings(folder):
        fail(f"{folder}: no recordings; expected X-N.warc.gz with truth-N.jsonl beside it", WRONG_USE)
    found = evaluate(folder, engine)
    if as_json:
        opened.print_json([asdict(one) for one in found])
    else:
        show.evaluation(out, found)


@evaluate_app.command("tagging")
def evaluate_tagging(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Data sets: a folder each, with train, dev, test.jsonl.")
    ],
    train: Annotated[
        bool,
        typer.Option(
            "--train",
            help="Train anew first: 20 minutes of one core; writes nlp/scores/models.",
        ),
    ] = False,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Measure the classifiers on the official test splits, beside baselines fitted in the same run."""
    from nlp.scores import evaluate
    from nlp.scores.classify import MODELS

    opened = session(home, config, as_json, now)
    try:
        if train:
            from nlp.scores.train import train as train_all

            train_all(folder, MODELS)
        rows = evaluate.evaluate(folder)
    except ModuleNotFoundError as error:
        fail(f"{error.name} is not installed; the baselines and training need: pip install {error.name}", WRONG_USE)
        raise
    except OSError as error:
        fail(f"{error.filename or folder}: {error.strerror or error}; DIR holds a folder for each data set", WRONG_USE)
        raise
    if as_json:
        opened.print_json([asdict(row) for row in rows])
    else:
        show.figures(out, evaluate.HEADINGS, evaluate.table(rows))


@evaluate_app.command("watch")
def evaluate_watch(
    seeds: Annotated[str, typer.Argument(metavar="FIRST-LAST", help="Numbers of the worlds, e.g. 1001-1040.")],
    worlds: Annotated[str, typer.Option(help="Command line of a world; {seed} stands for its number.")] = WORLDS,
    off: Annotated[list[str] | None, typer.Option(help="A family of signals that is to count nothing.")] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the weights on these worlds and write watch.yml; no table.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Worlds that are watched at once.", min=1)] = 2,
    home: Home = DEFAULT_HOME,
    config: ConfigFolder = DEFAULT_CONFIG,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Measure the watch on simulated worlds, beside baselines and what could be known at all."""
    from app.worlds import WorldError, run_worlds
    from watch.fit import fit as fitted
    from watch.measures import HEADINGS, examples, false_alerts, missed, table
    from watch.verdict import Weights

    opened = session(home, config, as_json, now)
    try:
        first, last = (int(number) for number in seeds.split("-"))
    except ValueError:
        fail(f"{seeds}: not FIRST-LAST, two numbers such as 1001-1040", WRONG_USE)
        raise
    weights = Weights.load(config)
    if unknown := set(off or ()) - weights.caps.keys():
        fail(f"--off {', '.join(unknown)}: families are {', '.join(weights.caps)}", WRONG_USE)
    try:
        outcomes = run_worlds(
            worlds, range(first, last + 1), config, weights, opened.config.settings.alert_threshold,
            off=off or (), workers=workers,
        )  # fmt: skip
    except (WorldError, OSError) as error:
        fail(f"{worlds}: {error}")
        raise
    if fit:
        fitted(weights, list(examples(outcomes))).save(config)
        return
    rows, wrong = table(outcomes), {"missed": missed(outcomes), "false": false_alerts(outcomes)}
    if as_json:
        opened.print_json({"figures": [dict(zip(HEADINGS, row, strict=True)) for row in rows], **wrong})
    else:
        show.figures(out, HEADINGS, rows)
        for name, lines in wrong.items():
            out.print(escape("\n".join([f"{name}: {len(lines)}", *(f"  {line}" for line in lines)])))


def main() -> None:
    """The program's entry: turns what can go wrong into one clear message and an exit status."""
    from search.index import IndexUnavailable, RequestError
    from search.query import QueryError

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except ConfigError as error:
        err.print(escape(f"configuration:\n{error}"))
        sys.exit(WRONG_USE)
    except (QueryError, RequestError) as error:
        err.print(escape(f"query: {error}"))
        sys.exit(WRONG_USE)
    except (StoreError, IndexUnavailable, TriageError) as error:
        err.print(escape(str(error)))
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
