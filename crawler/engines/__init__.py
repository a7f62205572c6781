"""Board software: how each is recognised, found around and read. Pure parsers: a document in, posts and links out.

No network and no Scrapy in here.
"""

from collections.abc import Mapping

from crawler.engines import feed, generic, mybb, vichan
from crawler.page import Engine

ENGINES: Mapping[str, Engine] = {
    engine.name: engine for engine in (vichan.ENGINE, mybb.ENGINE, feed.ENGINE, generic.ENGINE)
}
"""Every engine by its name, as sources name it."""
