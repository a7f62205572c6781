"""What a page may turn out to be instead of what it was asked for as."""


class PageError(Exception):
    """A page that gives no posts. `url` is None for a page without a known address.

    Its arguments are those it was made with: it travels from the parse worker's process.
    """

    def __init__(self, url: str | None, why: str) -> None:
        self.url, self.why = url, why

    def __str__(self) -> str:
        return f"{self.url or 'page'}: {self.why}"


class UnexpectedPage(PageError):
    """A page that is not what it was asked for as: says where and what was expected, never absorbed silently."""

    def __init__(self, url: str | None, expected: str) -> None:
        self.expected = expected
        super().__init__(url, f"expected {expected}")


class ClosedPage(PageError):
    """A page that stands in for the site: login wall, challenge, maintenance, parked domain. Says which."""


class GonePage(PageError):
    """A page that says its thread or list no longer exists, whatever its status (MyBB says so with 200)."""


class CostlyPage(PageError):
    """A page that would take more time or memory to read than any page may: it was made for that."""
