"""From posts to alerts: sightings, candidates, verdicts with their evidence, delivery, triage.

May import core; never crawler, nlp, search or app.
"""
