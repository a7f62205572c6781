"""Posts with their tags: written by the tagger, read by every later consumer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select

from core.records import Post, Tag, TaggedPost
from core.store.commits import read_post
from core.store.log import TAGGED, append
from core.store.tables import posts, revisions, tags

AT_ONCE = 500
"""Ids in one statement: SQLite takes no more than some thousand values."""


def save_tags(
    tx: Connection,
    found: Iterable[tuple[str, int, str | None, Sequence[Tag], Mapping[str, float]]],
    *,
    only_changed: bool = False,
) -> None:
    """Replaces tags, given as (post id, revision that was read, language, tags, scores), and logs each post.

    With `only_changed` posts whose tags stay as they are are not logged: nothing else of them may be new.
    """
    given: list[Mapping[str, Any]] = [
        {
            "post": post,
            "revision": revision,
            "language": language,
            "tags": [tag.model_dump(mode="json") for tag in some],
            "scores": dict(scores),
        }
        for post, revision, language, some, scores in found
    ]
    ids = [row["post"] for row in given] if only_changed else []
    known = {row.post: row._asdict() for row in tx.execute(select(tags).where(tags.c.post.in_(ids)))}
    rows = [row for row in given if known.get(row["post"]) != row]
    if rows:
        tx.execute(delete(tags).where(tags.c.post.in_([row["post"] for row in rows])))
        tx.execute(insert(tags), rows)
        append(tx, TAGGED, [row["post"] for row in rows])


def read_posts(view: Connection, ids: Sequence[str]) -> list[Post]:
    """These posts as they were crawled, in the order of the ids; an id that is no longer there is left out."""
    found = {}
    for first in range(0, len(ids), AT_ONCE):
        rows = view.execute(select(posts).where(posts.c.id.in_(ids[first : first + AT_ONCE])))
        found.update({row.id: read_post(row) for row in rows})
    return [found[post] for post in ids if post in found]


def read_posts_between(view: Connection, start: datetime, end: datetime) -> Iterator[Post]:
    """Posts of these moments, as posted or, where the page does not tell, as first seen; in the order of time."""
    unknown = and_(posts.c.posted_at.is_(None), posts.c.first_seen_at.between(start, end))
    query = select(posts).where(or_(posts.c.posted_at.between(start, end), unknown))
    for row in view.execute(query.order_by(posts.c.posted_at, posts.c.first_seen_at, posts.c.id)):
        yield read_post(row)


def read_revisions(view: Connection, ids: Sequence[str]) -> dict[str, list[tuple[datetime, Post]]]:
    """Every revision of these posts, by time, with the moment at which it was first seen."""
    found: dict[str, list[tuple[datetime, Post]]] = {}
    for first in range(0, len(ids), AT_ONCE):
        rows = view.execute(
            select(revisions)
            .where(revisions.c.post.in_(ids[first : first + AT_ONCE]))
            .order_by(revisions.c.post, revisions.c.revision)
        )
        for row in rows:
            found.setdefault(row.post, []).append((row.seen_at, Post.model_validate(row.record)))
    return found


def read_tagged(view: Connection, ids: Sequence[str]) -> list[TaggedPost]:
    """These posts with their tags, in the order of the ids; an id that is no longer there is left out."""
    found: dict[str, TaggedPost] = {}
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        rows = view.execute(
            select(posts, tags.c.tags, tags.c.language, tags.c.scores)
            .join_from(posts, tags, posts.c.id == tags.c.post, isouter=True)
            .where(posts.c.id.in_(some))
        )
        for row in rows:
            post = read_post(row)
            if post.language is None and row.language is not None:
                post = post.model_copy(update={"language": row.language})
            told = tuple(Tag.model_validate(tag) for tag in row.tags or ())
            found[post.id] = TaggedPost(post=post, tags=told, scores=row.scores or {})
    return [found[post] for post in ids if post in found]
