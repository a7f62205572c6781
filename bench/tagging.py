"""What tagging a post costs, side by side in one run: against spaCy's own empty English pipeline on the same posts.

The posts are made of everyday words and, one in ten, an indicator of the lexicons. New posts: no text comes twice.
"""
# ruff: noqa: INP001, T201 - a script that prints

import random
import resource
import time
from collections.abc import Callable
from pathlib import Path

import spacy
from wordfreq import top_n_list

from nlp.lexicon import load_lexicons
from nlp.pipeline import load_tagger

ROOT = Path(__file__).resolve().parent.parent
POSTS, WORDS, TURNS = 2000, 25, 12
GOALS = {"forms, contexts, languages, personal data": 0.5, "the same and the classifiers": 0.3}
"""Of the posts a second that spaCy's empty pipeline cuts into tokens."""


def main() -> None:
    """One line for each, and how the time grows with a text's length."""
    chance = random.Random(5)  # noqa: S311 - a script, not a secret
    everyday = top_n_list("en", 20_000, wordlist="small")
    forms = [form for rule in load_lexicons(ROOT / "config" / "lexicons").values() for form in rule.forms]
    blank = spacy.blank("en")
    taggers = [load_tagger(ROOT / "config", classify=False), load_tagger(ROOT / "config")]

    def post() -> str:
        said = chance.choices(everyday, weights=[1 / (rank + 3) for rank in range(len(everyday))], k=WORDS)
        if chance.random() < 0.1:  # noqa: PLR2004
            said.insert(chance.randrange(WORDS), chance.choice(forms))
        return " ".join(said).capitalize() + "."

    works: list[Callable[[list[str]], object]] = [lambda texts: sum(1 for _ in blank.pipe(texts))]
    for tagger in taggers:
        list(tagger.tag([(post(), None)]))  # loads the lists of words
        works.append(lambda texts, tagger=tagger: sum(1 for _ in tagger.tag((text, None) for text in texts)))
    best = [float("inf")] * len(works)
    for _ in range(TURNS):
        texts = [post() for _ in range(POSTS)]
        best = [min(took, seconds(work, texts)) for took, work in zip(best, works, strict=True)]
    print(f"{len(forms)} forms; posts of {WORDS} words")
    print(f"spacy.blank('en').pipe: {POSTS / best[0]:,.0f} posts/s")
    for (what, goal), took in zip(GOALS.items(), best[1:], strict=True):
        print(f"{what}: {POSTS / took:,.0f} posts/s, {best[0] / took:.2f} of it (goal {goal})")
    for times in (1000, 2000, 4000):
        text = " ".join(post() for _ in range(times))
        print(f"one text of {len(text) / 1e6:.2f} MB: {seconds(works[-1], [text]):.2f} s")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def seconds(work: Callable[[list[str]], object], texts: list[str]) -> float:
    """How long it takes once, by the processor's clock: others may have work on the machine."""
    began = time.process_time()
    work(texts)
    return time.process_time() - began


if __name__ == "__main__":
    main()
