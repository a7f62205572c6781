"""The functional suite: kinds of case, each of sentences in several languages, and what the tagger must say of them.

A quarter of the kinds, and half of the sentences of the others, are held out: nothing is tuned or fitted on them.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.yamlfile import load_yaml
from nlp.pipeline import Tagger, TagResult

LANGUAGES = ("en", "de", "fr", "ru")
ANSWERS = {"hateful": "hate", "dehumanising": "dehumanisation", "violent": "violence", "migration": "migration"}
"""What a kind may say of its sentences, and the score that answers it."""
YES = 0.5
HELD_OUT_KINDS, HELD_OUT_SENTENCES = 4, 2
"""One of so many."""


@dataclass(frozen=True)
class Case:
    """One sentence and what must be said of it."""

    kind: str
    lang: str
    text: str
    answers: Mapping[str, bool]
    """By score: whether it must be 0.5 or more."""
    contexts: tuple[str, ...]
    """If any indicator is found, each must be in one of these; empty: whatever it is."""

    @property
    def held_out(self) -> bool:
        """Whether it is kept from all tuning."""
        return _hash(self.kind) % HELD_OUT_KINDS == 0 or _hash(self.text) % HELD_OUT_SENTENCES == 0

    def wrong(self, result: TagResult) -> str:
        """What the result gets wrong; empty where it is right."""
        for score, wanted in self.answers.items():
            if (result.scores[score] >= YES) != wanted:
                return f"{score} {result.scores[score]:.2f}"
        for tag in result.tags:
            if self.contexts and tag.context not in self.contexts:
                return f"{tag.rule} {tag.context}"
        return ""


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))


def load_suite(folder: Path) -> list[Case]:
    """All cases of `folder/*.yml`; ConfigError where a file is not YAML, KeyError where a kind is incomplete."""
    return [
        Case(kind["kind"], lang, text, {score: kind[name] for name, score in ANSWERS.items() if name in kind},
             tuple(kind.get("context", ())))
        for path in sorted(folder.glob("*.yml"))
        for kind in load_yaml(path)[0]
        for lang in LANGUAGES
        for text in kind[lang]
    ]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A case and what was wrong with the answer."""

    case: Case
    wrong: str


def run(tagger: Tagger, cases: Sequence[Case]) -> list[Outcome]:
    """The cases, tagged; the tagger is not told the language."""
    results = tagger.tag((case.text, None) for case in cases)
    return [Outcome(case, case.wrong(result)) for case, result in zip(cases, results, strict=True)]


def by_kind(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """The share of right answers by kind."""
    sides: dict[str, list[bool]] = {}
    for outcome in outcomes:
        sides.setdefault(outcome.case.kind, []).append(not outcome.wrong)
    return {kind: sum(right) / len(right) for kind, right in sides.items()}


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One line a kind: all cases, the development half, the held-out half; then mean and worst."""
    halves = [by_kind(half) for half in (outcomes, *split(outcomes))]
    yield f"{'kind':45} {'all':>6} {'dev':>6} {'held':>6}"
    for kind in halves[0]:
        yield f"{kind:45} " + " ".join(f"{half[kind]:6.2f}" if kind in half else "     –" for half in halves)
    yield f"{'mean':45} " + " ".join(f"{sum(half.values()) / len(half):6.3f}" for half in halves)
    yield f"{'worst':45} " + " ".join(f"{min(half.values()):6.3f}" for half in halves)


def split(outcomes: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """The development half and the held-out half."""
    dev: list[Outcome] = []
    held: list[Outcome] = []
    for outcome in outcomes:
        (held if outcome.case.held_out else dev).append(outcome)
    return dev, held
