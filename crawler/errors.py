"""What a page may turn out to be instead of what it was asked for as."""


class PageError(Exception):
    """A page that gives no posts. `url` is None for a page without a known address."""

    def __init__(self, url: str | None, why: str) -> None:
        self.url, self.why = url, why
        super().__init__(f"{url or 'page'}: {why}")


class UnexpectedPage(PageError):
    """A page that is not what it was asked for as: says where and what was expected, never absorbed silently."""

    def __init__(self, url: str | None, expected: str) -> None:
        self.expected = expected
        super().__init__(url, f"expected {expected}")


class ClosedPage(PageError):
    """A page that stands in for the site: login wall, challenge, maintenance, parked domain. Says which."""

    def __init__(self, url: str | None, reason: str) -> None:
        self.reason = reason
        super().__init__(url, reason)


class GonePage(PageError):
    """A page that says its thread or list no longer exists, whatever its status (MyBB says so with 200)."""

    def __init__(self, url: str | None, reason: str) -> None:
        self.reason = reason
        super().__init__(url, reason)
