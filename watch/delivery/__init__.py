"""Telling people: channels from `config/alerts.yml`, when and how each is told, what has been told.

`channels` is the configuration, `wording` the texts, `senders` one function a kind of channel, `outbox` what is told
when, once, whatever crashes or is down on the way. May import core and watch.
"""
