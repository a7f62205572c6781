"""A simulated web to measure the watch in. Standard library and pyyaml alone; no product package is imported.

    python -m tests.world serve --seed N [--port P] [--parameters JSON]   an HTTP forward proxy that answers by host
    python -m tests.world talk --seed N [--parameters JSON]               the same over stdin and stdout, a JSON object a line
    python -m tests.world config FOLDER --seed N                          sources/ and platforms/ of what is known
    python -m tests.world truth --seed N                                  the moves, the decoys, the outages

A world is an event log by seed and parameters (`parameters.py`): communities on boards, forums, channels and accounts;
some lose their home or leave it, and are told of elsewhere by whoever knows; around that, everyday talk, and places that
look like homes and are none. The program under test is given what a crawl would read and what a host would answer, by
the simulated time; the truth stays in this process until it is asked for.

What comes from documented moves (8chan and its heirs, reddit's banned communities, Daily Stormer, Kiwi Farms …):

- The lag from the end of the old home to the new one is a mixture, and often negative: registered months before, the
  same day, days, or two to three months later. Some homes flicker before they stay, some die within hours, some are
  announced days before they answer, some platforms are never down at all.
- Relations: hop to another ending, rename, unofficial clone (its operators may disown it, and people go all the same),
  bunker by others, an existing board that surges, onion.
- Who tells: operators by account, channel or its description; staff by tripcode; users, in many threads and languages,
  openly or in disguise; a webring; a redirect; a file's name.
- Names: digit in front, number behind, another ending, truncation, brand and honorific, the community's nickname, or nothing.
- An outage alone is no move: boards come back on the same host after minutes to days.

What impostors, spammers, journalists, jokers, rivals and shops add is in `decoys.py`; a third is hard: it shows much of
what true homes show. Worlds for special questions: `special` null (no move), copycat (impostors differ by address alone),
flooder (50 false homes a day); `off`, families of signals that the world does not show; `unseen()`, everything of kinds
that usual worlds never make.

Known simplifications: text is made of grammars, and repeats itself more than people do; most is English. Everyone sees
the same web: a host that is blocked or slow is so for every client. There are no certificates, addresses of machines,
DNS records, pictures, or `instance/peers` of the fediverse, and https is answered over the conversation only (the proxy
refuses CONNECT). Boards prune no old threads and forums show each topic on one page. Well-known services (video, archives,
shorteners) only answer that they are there. Endings are .example and .test alone.
"""

from tests.world.parameters import Parameters, from_json, unseen
from tests.world.world import Unreachable, World

__all__ = ["Parameters", "Unreachable", "World", "from_json", "unseen"]
