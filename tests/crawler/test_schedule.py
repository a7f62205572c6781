"""The schedule: one job a source, none for what is off, no overlap, and a missed turn made up for once."""

from datetime import UTC, datetime, timedelta

from core.settings import SourceConfig
from crawler.schedule import MISFIRE_GRACE, schedule

NOW = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
URL = "http://harbor.example/"


def test_every_enabled_source_has_one_job_that_begins_when_it_is_due() -> None:
    sources = {
        "quarterly": SourceConfig(platform="p", url=URL),
        "nightly": SourceConfig(platform="p", url=URL, schedule="30 3 * * *"),
        "off": SourceConfig(platform="p", url=URL, enabled=False),
    }
    made = schedule(sources, lambda _: None, lambda name: NOW + timedelta(minutes=len(name)))
    jobs = {job.id: job for job in made.get_jobs()}
    assert jobs.keys() == {"quarterly", "nightly"}
    assert jobs["quarterly"].next_run_time == NOW + timedelta(minutes=9)
    for job in jobs.values():
        assert (job.args, job.kwargs) == ((job.id,), {})


def test_crawls_never_overlap_and_missed_ones_are_made_up_for_once() -> None:
    made = schedule({"b": SourceConfig(platform="p", url=URL)}, lambda _: None, lambda _: NOW)
    made.start(paused=True)
    (job,) = made.get_jobs()
    made.shutdown(wait=False)
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, MISFIRE_GRACE)


def test_schedules_are_intervals_or_cron_lines_in_utc() -> None:
    sources = {
        "often": SourceConfig(platform="p", url=URL, schedule="every 90s"),
        "nightly": SourceConfig(platform="p", url=URL, schedule="30 3 * * *"),
    }
    jobs = {job.id: job for job in schedule(sources, lambda _: None, lambda _: NOW).get_jobs()}
    assert jobs["often"].trigger.get_next_fire_time(NOW, NOW) == NOW + timedelta(seconds=90)
    assert jobs["nightly"].trigger.get_next_fire_time(None, NOW) == datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
