"""`parse`: recorded pages to posts, without a network."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.clock import Clock
from core.home import pseudonym_key
from core.hosts import registrable_domain, web_host
from core.settings import Config, Settings, SourceConfig
from core.yamlfile import ConfigError
from crawler.adopt import Adopter
from crawler.engines import ENGINES
from crawler.recorded import Found, Unread, read_files


def parse_files(
    files: Sequence[Path], engine: str | None, url: str | None, config: Config | None, home: Path, clock: Clock
) -> Iterator[tuple[str, str | None]]:
    """(post as JSON, None) for each post, ("", why) for each page that could not be understood.

    Platform and source are those of the configured source of the page's host, null where there is none. Raises
    ConfigError for an engine or a file that does not exist.
    """
    if engine is not None and engine not in ENGINES:
        raise ConfigError([f"--engine {engine}: there is no such engine; there are {', '.join(sorted(ENGINES))}"])
    if missing := [str(path) for path in files if not path.is_file()]:
        raise ConfigError([f"{path}: no such file" for path in missing])
    key = pseudonym_key(home, config.settings if config else Settings())
    for item in read_files(files, engine, url):
        if isinstance(item, Unread):
            yield "", f"{item.where}: {item.why}"
        else:
            yield _line(item, config, key, clock), None


def _line(found: Found, config: Config | None, key: bytes, clock: Clock) -> str:
    host = found.host or "unknown"
    name, source = _source_of(host, config)
    known = source or SourceConfig(platform=host, url=f"http://{host}/")
    post = Adopter(name or host, known, ENGINES[found.engine].site_numbers, key).post(found.post, None, clock())
    public = post.public()
    if source is None:
        public |= {"platform": None, "source": None}
    return json.dumps(public, ensure_ascii=False)


def _source_of(host: str, config: Config | None) -> tuple[str | None, SourceConfig | None]:
    for name, source in config.sources.items() if config else ():
        if registrable_domain(web_host(source.url) or "") == registrable_domain(host):
            return name, source
    return None, None
