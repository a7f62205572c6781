"""Board software: how each is recognised, found around and read. Pure parsers: a document in, posts and links out.

No network and no Scrapy in here.
"""

from collections.abc import Mapping

from crawler.engines import (
    discourse,
    feed,
    fluxbb,
    fourchan,
    futaba,
    generic,
    jschan,
    lemmy,
    lynxchan,
    makaba,
    mastodon,
    mybb,
    peertube,
    sitemap,
    telegram,
    tinyib,
    vichan,
    xenforo,
)
from crawler.page import Engine

SOFTWARE = (
    discourse,
    feed,
    fluxbb,
    fourchan,
    futaba,
    jschan,
    lemmy,
    lynxchan,
    makaba,
    mastodon,
    mybb,
    peertube,
    sitemap,
    telegram,
    tinyib,
    vichan,
    xenforo,
)
ENGINES: Mapping[str, Engine] = {module.ENGINE.name: module.ENGINE for module in (*SOFTWARE, generic)}
"""Every engine by its name, as sources name it; the one for all other pages last."""
