"""One page read by its engine: closed doors told apart, and no stray error of a parser on a page nobody foresaw."""

from dataclasses import replace

from core.records import PageRef
from crawler.detect import closed
from crawler.engines import generic
from crawler.errors import ClosedPage, UnexpectedPage
from crawler.links import links_in_names, merged
from crawler.page import Document, Engine, Parsed

SURPRISES = (LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)
"""What a parser trips over where a page has another shape than it was written for."""


def read(engine: Engine, ref: PageRef, document: Document) -> Parsed:
    """What a page gives, read as the kind that `ref` says it is.

    Raises ClosedPage for a page that stands in for the site, GonePage for one that says it is no more, and
    UnexpectedPage for everything else that is not what was asked for. Each names the page.
    """
    takes_any_page = engine.pages.get(ref.kind) is generic.parse_page
    if takes_any_page and (reason := closed(document)):
        raise ClosedPage(document.url, reason)
    try:
        return _with_names(engine.pages[ref.kind](document, ref))
    except UnexpectedPage as error:
        unexpected = error
    except SURPRISES as error:
        unexpected = _surprised(engine, document, f"a page of kind {ref.kind!r}", error)
    if reason := closed(document):
        raise ClosedPage(document.url, reason) from unexpected
    raise unexpected


def _with_names(parsed: Parsed) -> Parsed:
    """What a page gave, with the links that the names of its files carry."""
    posts = [
        post.model_copy(update={"links": merged(post.links, links_in_names(post.attachments))})
        if post.attachments
        else post
        for post in parsed.posts
    ]
    return replace(parsed, posts=posts)


def kind_of(engine: Engine, document: Document) -> PageRef | None:
    """What a page is to its engine, None where it holds nothing of its own; UnexpectedPage where nothing can tell."""
    try:
        return engine.kind_of(document)
    except SURPRISES as error:
        raise _surprised(engine, document, "a page", error) from error


def _surprised(engine: Engine, document: Document, shape: str, error: Exception) -> UnexpectedPage:
    return UnexpectedPage(document.url, f"{shape} as {engine.name} makes it ({type(error).__name__}: {error})")
