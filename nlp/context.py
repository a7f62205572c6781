"""How an indicator is used, from the words around it. Rules in order; the first that fits decides."""

import re
from collections.abc import Sequence

from core.records import Context
from nlp.fold import ENDS, Word

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


def context_of(text: str, words: Sequence[Word], start: int, end: int) -> Context:
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
    before = _same_sentence(words[max(0, start - REPORT_REACH) : start])
    if not NEGATIONS.isdisjoint(before[-NEGATION_REACH:]):
        return Context.NEGATED
    if not REPORTS.isdisjoint(before):
        return Context.REPORTED
    closing = next((word.norm for word in words[end : end + 40] if word.norm[0] in ENDS), "")
    return Context.QUESTION if closing in {"?", "？"} else Context.ASSERTED


def _same_sentence(words: Sequence[Word]) -> list[str]:
    norms = [word.norm for word in words]
    for at in range(len(norms) - 1, -1, -1):
        if norms[at][0] in ENDS:
            return norms[at + 1 :]
    return norms
