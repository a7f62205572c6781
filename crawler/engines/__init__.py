"""Board software: how each is recognised, found around and read. Pure parsers: a document in, posts and links out.

No network and no Scrapy in here.
"""

from collections.abc import Mapping

from crawler.engines import (
    discourse,
    feed,
    fluxbb,
    fourchan,
    generic,
    jschan,
    lemmy,
    lynxchan,
    mastodon,
    mybb,
    telegram,
    vichan,
)
from crawler.page import Engine

BOARDS = (vichan, lynxchan, jschan, fourchan)
FORUMS = (mybb, fluxbb, discourse)
OTHERS = (lemmy, mastodon, telegram, feed, generic)
ENGINES: Mapping[str, Engine] = {module.ENGINE.name: module.ENGINE for module in (*BOARDS, *FORUMS, *OTHERS)}
"""Every engine by its name, as sources name it."""
