"""Board software: how each is recognised, found around and read. Pure parsers: a document in, posts and links out.

No network and no Scrapy in here.
"""

from collections.abc import Mapping

from crawler.engines import (
    communities,
    discourse,
    feed,
    flarum,
    fluxbb,
    foolfuuka,
    fourchan,
    futaba,
    generic,
    invision,
    jschan,
    lemmy,
    lynxchan,
    makaba,
    mastodon,
    misskey,
    mybb,
    nodebb,
    peertube,
    phpbb,
    sitemap,
    smf,
    telegram,
    tinyib,
    vbulletin,
    vichan,
    voat,
    xenforo,
)
from crawler.page import Engine

SOFTWARE = (
    communities,
    discourse,
    flarum,
    fluxbb,
    foolfuuka,
    fourchan,
    futaba,
    invision,
    jschan,
    lemmy,
    lynxchan,
    makaba,
    mastodon,
    misskey,
    mybb,
    nodebb,
    peertube,
    phpbb,
    smf,
    telegram,
    tinyib,
    vbulletin,
    vichan,
    voat,
    xenforo,
)
ANY_SITE = (feed, sitemap, generic)
"""What sites of any software have."""
ENGINES: Mapping[str, Engine] = {module.ENGINE.name: module.ENGINE for module in (*SOFTWARE, *ANY_SITE)}
"""Every engine by its name, as sources name it; of two that are as sure of a site the first is taken."""
