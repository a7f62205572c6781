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
POSTS, WORDS, TURNS = 4000, 25, 5
LEAST = 0.5
"""The goal: as many posts a second as half of what spaCy's empty pipeline cuts into tokens."""


def main() -> None:
    """One line for each, and how the time grows with a text's length."""
    chance = random.Random(5)  # noqa: S311 - a script, not a secret
    everyday = top_n_list("en", 20_000, wordlist="small")
    forms = [form for rule in load_lexicons(ROOT / "config" / "lexicons").values() for form in rule.forms]
    tagger, blank = load_tagger(ROOT / "config"), spacy.blank("en")

    def post() -> str:
        said = chance.choices(everyday, weights=[1 / (rank + 3) for rank in range(len(everyday))], k=WORDS)
        if chance.random() < 0.1:  # noqa: PLR2004
            said.insert(chance.randrange(WORDS), chance.choice(forms))
        return " ".join(said).capitalize() + "."

    list(tagger.tag([(post(), None)]))  # loads the lists of words
    tagging, cutting = [], []
    for _ in range(TURNS):
        texts = [post() for _ in range(POSTS)]
        cutting.append(seconds(lambda texts=texts: sum(1 for _ in blank.pipe(texts))))
        tagging.append(seconds(lambda texts=texts: sum(1 for _ in tagger.tag((text, None) for text in texts))))
    ours, theirs = POSTS / min(tagging), POSTS / min(cutting)
    print(f"{len(forms)} forms; posts of {WORDS} words")
    print(f"spacy.blank('en').pipe {theirs:10,.0f} posts/s")
    print(f"tagging                {ours:10,.0f} posts/s   {ours / theirs:.2f} of it (goal {LEAST})")
    for times in (1000, 2000, 4000):
        text = " ".join(post() for _ in range(times))
        print(f"one text of {len(text) / 1e6:.2f} MB: {seconds(lambda text=text: list(tagger.tag([(text, None)]))):.2f} s")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
