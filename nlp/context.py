"""How an indicator is used, from the words around it. Rules in order; the first that fits decides."""

import re
from collections.abc import Sequence

from core.records import Context
from nlp.fold import ENDS, Reading
from nlp.lexicon import Indicator

NEGATIONS = frozenset(
    "not no never nobody nothing without dont doesnt isnt wont cant nicht kein keine keinen keiner nie niemals "
    "нет не ни никогда pas jamais aucun aucune nunca ningun ninguna non mai nessun nie zaden geen niet nao nenhum "
    "inte ingen".split()
)
REPORTS = frozenset(
    "said says say reported reports reportedly according article news journalist newspaper allegedly claims claimed "
    "wrote writes study researchers laut berichtet bericht zeitung сообщает пишет selon rapporte segun informa".split()
)
QUOTES = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]|‘[^’\n]*’")
NEGATION_REACH = 3
REPORT_REACH = 8


LESS_SEVERE = {
    Context.QUOTED: 1, Context.QUESTION: 1, Context.REPORTED: 2, Context.NEGATED: 2, Context.COUNTER_SPEECH: 2,
    Context.RECLAIMED: 2,
}  # fmt: skip
"""By how many steps an indicator weighs less than where it is asserted."""


def severity_in(context: Context, indicator: Indicator) -> int:
    """How severe an indicator is as it is used here, 1 to 5."""
    return max(1, indicator.severity - LESS_SEVERE.get(context, 0))


def context_of(text: str, words: Reading, start: int, end: int) -> Context:
    """The context of words[start:end] in the text: quoted, negated, reported, a question, else asserted.

    Quoted is a greentext line (">…", which is not a ">>123" reference) or the inside of quotation marks.
    """
    first, last = words[start].start, words[end - 1].end
    line_start = text.rfind("\n", 0, first) + 1
    line_end = text.find("\n", last)
    line = text[line_start : len(text) if line_end < 0 else line_end][:10_000]
    if line.lstrip().startswith(">") and not line.lstrip().startswith(">>"):
        return Context.QUOTED
    if any(
        quote.start() < first - line_start + 1 and quote.end() >= last - line_start for quote in QUOTES.finditer(line)
    ):
        return Context.QUOTED
    before = _same_sentence(words.norms[max(0, start - REPORT_REACH) : start])
    if not NEGATIONS.isdisjoint(before[-NEGATION_REACH:]):
        return Context.NEGATED
    if not REPORTS.isdisjoint(before):
        return Context.REPORTED
    closing = next((norm for norm in words.norms[end : end + 40] if norm[0] in ENDS), "")
    return Context.QUESTION if closing in {"?", "？"} else Context.ASSERTED


def _same_sentence(norms: Sequence[str]) -> list[str]:
    for at in range(len(norms) - 1, -1, -1):
        if norms[at][0] in ENDS:
            return list(norms[at + 1 :])
    return list(norms)
