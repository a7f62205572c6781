"""What reading a page adds to what its engine gives."""

from core.records import Attachment, PageRef, PublishedPost
from crawler.links import links_in
from crawler.page import Document, Engine, Parsed
from crawler.reading import read

URL = "http://board.example/b/1"


def test_links_in_the_names_of_files_are_the_posts_too_each_once() -> None:
    post = PublishedPost(
        board="b", thread=1, number=1, url=URL, posted_at=None, links=links_in("one.example"),
        attachments=(Attachment(filename="one.example.png"), Attachment(filename="two[.]example.png")),
    )  # fmt: skip
    plain = post.model_copy(update={"attachments": ()})
    given = Parsed([post, plain], parts=3)
    engine = Engine("stub", lambda _: 1, lambda _: (), lambda _: None, {"thread": lambda _, __: given})
    parsed = read(engine, PageRef(URL, "thread"), Document(URL, b""))
    assert [[link.url for link in one.links] for one in parsed.posts] == [
        ["https://one.example/", "https://two.example/"], ["https://one.example/"],
    ]  # fmt: skip
    assert parsed.parts == 3
