"""Imageboards in the manner of vichan, LynxChan, jschan and TinyIB, by page and by JSON."""

import json
import re
from html import escape
from typing import Any

from tests.world.model import Board, Post, Thread
from tests.world.view import JSON, Answer, Shown, View, answer, body, framed, iso, poster_id, signed, when

IMAGEBOARD = re.compile(
    r"/(?P<board>[^/.]+)/(?:(?:res|thread)/(?P<thread>\d+)\.(?P<form>html|json)|(?P<list>index\.html|index\.json|catalog\.html|catalog\.json|catalog|\d+\.json|))"
)


def vichan_json(view: View, post: Post, thread: Thread) -> dict[str, Any]:
    """A post as vichan and its like give it."""
    name, trip, capcode = signed(post, view.stream)
    raw: dict[str, Any] = {
        "no": post.number,
        "name": escape(name),
        "time": int(post.at),
        "resto": 0 if post is thread.posts[0] else thread.number,
        "com": body(view, post),
    }
    raw |= {
        key: value
        for key, value in (
            ("trip", trip),
            ("capcode", capcode),
            ("id", poster_id(post, view.stream)),
            ("sub", post.subject and escape(post.subject)),
        )
        if value
    }
    for index, (file, size, md5) in enumerate(post.files):
        stem, _, ending = file.rpartition(".")
        told = {
            "filename": stem,
            "ext": f".{ending}",
            "fsize": size,
            "md5": md5,
            "tim": f"{int(post.at)}",
            "w": 640,
            "h": 480,
        }
        if index == 0:
            raw |= told
        else:
            raw.setdefault("extra_files", []).append(told)
    if post is thread.posts[0]:
        raw |= {"sticky": 0, "locked": 0, "cyclical": "0"}
    return raw | {"last_modified": int(post.at)}


def vichan_post(view: View, post: Post, thread: Thread) -> str:
    """A post on vichan's page."""
    name, trip, capcode = signed(post, view.stream)
    op = post is thread.posts[0]
    kind, path, number = ("op" if op else "reply"), view.thread_path(thread), post.number
    poster = poster_id(post, view.stream)
    files = "".join(
        f'<div class="file"><p class="fileinfo">File: <a href="/{thread.board.uri}/src/{int(post.at)}.{file.rpartition(".")[2]}">{int(post.at)}.{file.rpartition(".")[2]}</a> '
        f'<span class="unimportant">({size} B, 640x480, <span class="postfilename" title="{escape(file)}">{escape(file)}</span>)</span></p></div>'
        for file, size, _ in post.files
    )
    files = f'<div class="files">{files}</div>'
    intro = (
        f'<p class="intro"><input type="checkbox" class="delete" name="delete_{number}" id="delete_{number}"><label for="delete_{number}">'
        + (f'<span class="subject">{escape(post.subject)}</span> ' if post.subject else "")
        + f'<span class="name">{escape(name)}</span>'
        + (f'<span class="trip">{trip}</span>' if trip else "")
        + (f' <span class="capcode">## {capcode}</span>' if capcode else "")
        + f' <time datetime="{iso(post.at)}">{when(post.at):%m/%d/%y (%a) %H:%M:%S}</time></label>&nbsp;'
        + (f'ID: <span class="poster_id">{poster}</span>&nbsp;' if poster else "")
        + f'<a class="post_no" id="post_no_{number}" href="{path}#{number}">No.</a><a class="post_no" href="{path}#q{number}">{number}</a></p>'
    )
    inner = f'<div class="post {kind}" id="{kind}_{number}">{intro}{"" if op else files}<div class="body">{body(view, post)}</div></div>'
    return (files if op else "") + inner + ("" if op else "<br/>")


def vichan(view: View, path: str, query: str) -> Answer | None:
    """A vichan site: front page, boards, threads, by page and JSON."""
    del query
    if path in ("/", "/index.html"):
        return front(view)
    if path == "/boards.json":
        return None
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or path.split("/")[2:3] == ["thread"]:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            return answer(
                200, JSON, json.dumps({"posts": [vichan_json(view, post, thread) for post in posts]}), **view.headers()
            )
        inner = "".join(vichan_post(view, post, thread) for post in posts)
        return framed(
            view,
            f"/{board.uri}/ - {thread.subject}",
            _post_form(board.uri, thread.number)
            + f'<form name="postcontrols" action="/post.php" method="post"><input type="hidden" name="board" value="{board.uri}"><div class="thread" id="thread_{thread.number}" data-board="{board.uri}">{inner}<br class="clear"></div></form>',
            page="thread",
        )
    threads = view.shown(board)
    if found["list"] in ("catalog.json", "0.json", "index.json"):
        listed = [
            vichan_json(view, posts[0], thread)
            | {
                "replies": len(posts) - 1,
                "images": 0,
                "omitted_posts": 0,
                "omitted_images": 0,
                "last_modified": int(posts[-1].at),
            }
            for thread, posts in threads
        ]
        pages = [{"page": at // 10, "threads": listed[at : at + 10]} for at in range(0, len(listed), 10)] or [
            {"page": 0, "threads": []}
        ]
        return answer(
            200,
            JSON,
            json.dumps(
                pages if found["list"] == "catalog.json" else {"threads": [{"posts": [one]} for one in listed[:10]]}
            ),
            **view.headers(),
        )
    if found["list"] in ("catalog.html", "catalog"):
        tiles = "".join(
            f'<div class="mix" data-reply="{len(posts) - 1}" data-bump="{int(posts[-1].at)}" data-time="{int(thread.posts[0].at)}" data-id="{thread.number}" data-sticky="false" data-locked="false"><div class="thread grid-li"><a href="{view.thread_path(thread)}">#</a><div class="replies"><strong>R: {len(posts) - 1}</strong><p class="intro"><span class="subject">{escape(thread.subject)}</span></p>{body(view, posts[0])}</div></div></div>'
            for thread, posts in threads
        )
        return framed(
            view,
            f"/{board.uri}/ - Catalog",
            f'<div class="theme-catalog"><div class="threads"><div id="Grid">{tiles}</div></div></div>',
            page="catalog",
        )
    inner = "".join(
        f'<div class="thread" id="thread_{thread.number}" data-board="{board.uri}">'
        + "".join(vichan_post(view, post, thread) for post in [posts[0], *posts[1:][-4:]])
        + ('<span class="omitted">Posts omitted. Click reply to view.</span>' if len(posts) > 5 else "")
        + '<br class="clear"><hr></div>'
        for thread, posts in threads[:10]
    )
    return framed(
        view,
        f"/{board.uri}/ - {board.title}",
        _post_form(board.uri, None)
        + f'<form name="postcontrols" action="/post.php" method="post"><input type="hidden" name="board" value="{board.uri}">{inner}</form>',
    )


def _post_form(board: str, thread: int | None) -> str:
    answering = f'<input type="hidden" name="thread" value="{thread}">' if thread else ""
    return f'<form name="post" action="/post.php" method="post"><input type="hidden" name="board" value="{board}">{answering}<textarea name="body"></textarea></form>'


def front(view: View) -> Answer:
    """An imageboard's front page."""
    rows = "".join(
        f'<li><a href="{view.board_path(board)}">/{board.uri}/ - {escape(board.title)}</a></li>'
        for board in view.boards()
    )
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in view.skin.rules)
    return framed(
        view,
        view.skin.title,
        f'<h2>Boards</h2><ul class="boards">{rows}</ul><h2>Rules</h2><ol class="rules">{rules}</ol>',
        head='<script>var active_page = "index";</script>' if view.skin.software == "vichan" else "",
    )


def lynx_json(view: View, post: Post, *, op: bool) -> dict[str, Any]:
    """A post as LynxChan gives it."""
    name, trip, capcode = signed(post, view.stream)
    files = [
        {"originalName": escape(file), "path": f"/.media/{post.number:x}.png", "size": size, "mime": "image/png"}
        for file, size, _ in post.files
    ]
    text = body(view, post)
    raw = {"name": escape(name) + (f"#{trip.lstrip('!')}" if trip else ""), "signedRole": capcode, "email": None, "id": poster_id(post, view.stream), "subject": post.subject and escape(post.subject),
           "creation": iso(post.at).replace("Z", ".000Z"), "message": post.text_at(view.now), "markdown": text, "files": files}  # fmt: skip
    return raw | ({"threadId": post.number} if op else {"postId": post.number})


def lynx_post(view: View, post: Post, *, op: bool) -> str:
    """What a LynxChan page shows of a post."""
    name, trip, capcode = signed(post, view.stream)
    poster = poster_id(post, view.stream)
    head = (
        (f'<span class="labelSubject">{escape(post.subject)}</span> ' if post.subject else "")
        + f'<a class="linkName noEmailName">{escape(name)}{"#" + trip.lstrip("!") if trip else ""}</a> '
        + (f'<span class="labelRole">{capcode}</span> ' if capcode else "")
        + f'<span class="labelCreated">{when(post.at):%m/%d/%Y (%a) %H:%M:%S}</span> '
        + (f'<span class="spanId">Id: <span class="labelId">{poster}</span></span> ' if poster else "")
        + f'<a class="linkSelf" href="#{post.number}">No.</a><a class="linkQuote" href="#q{post.number}">{post.number}</a>'
    )
    files = "".join(
        f'<figure class="uploadCell"><a class="originalNameLink" download="{escape(file)}" href="/.media/{post.number:x}.png">{escape(file)}</a><span class="sizeLabel">{size} B</span></figure>'
        for file, size, _ in post.files
    )
    inner = f'<div class="{"opHead" if op else "postInfo"} title">{head}</div><div class="panelUploads">{files}</div><div class="divMessage">{body(view, post)}</div>'
    return (
        f'<div class="innerOP">{inner}</div>'
        if op
        else f'<div class="postCell" id="{post.number}"><div class="innerPost">{inner}</div></div>'
    )


def lynxchan(view: View, path: str, query: str) -> Answer | None:
    """A LynxChan site."""
    if path in ("/", "/index.html"):
        return front(view)
    if path == "/boards.js":
        boards = view.boards()
        if "json" in query:
            listed = [
                {"boardUri": board.uri, "boardName": board.title, "boardDescription": board.title, "totalPosts": 0}
                for board in boards
            ]
            listed += [
                {"boardUri": "all", "boardName": site, "ibName": site, "absPath": f"{site}/all/"} for site in ring(view)
            ]
            return answer(200, JSON, json.dumps({"status": "ok", "data": {"pageCount": 1, "boards": listed}}))
        cells = "".join(
            f'<div class="boardsCell"><a class="linkBoard" href="/{board.uri}/">/{board.uri}/ - {escape(board.title)}</a></div>'
            for board in boards
        )
        return framed(view, "Boards", f'<div id="divBoards">{cells}</div>' + ring_link(view))
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or "/thread/" in path:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            raw = lynx_json(view, posts[0], op=True) | {
                "boardUri": board.uri,
                "locked": False,
                "pinned": False,
                "posts": [lynx_json(view, post, op=False) for post in posts[1:]],
            }
            return answer(200, JSON, json.dumps(raw), **view.headers())
        inner = (
            lynx_post(view, posts[0], op=True)
            + '<div class="divPosts">'
            + "".join(lynx_post(view, post, op=False) for post in posts[1:])
            + "</div>"
        )
        return framed(
            view,
            f"/{board.uri}/ - {thread.subject}",
            f'<div id="threadList"><div class="opCell" id="{thread.number}" data-boarduri="{board.uri}">{inner}</div></div><form action="/replyThread.js" method="post"></form>',
        )
    threads = view.shown(board)
    if found["list"] == "catalog.json":
        listed = [
            lynx_json(view, posts[0], op=True)
            | {
                "postCount": len(posts) - 1,
                "lastBump": iso(posts[-1].at),
                "locked": False,
                "pinned": False,
                "page": 1 + at // 10,
            }
            for at, (_, posts) in enumerate(threads)
        ]
        return answer(200, JSON, json.dumps(listed), **view.headers())
    if found["list"] in ("catalog.html", "catalog"):
        cells = "".join(
            f'<div class="catalogCell"><a class="linkThumb" href="{view.thread_path(thread)}">{escape(thread.subject)}</a><div class="threadStats"><span class="labelReplies">{len(posts) - 1}</span></div><div class="divMessage">{body(view, posts[0])}</div></div>'
            for thread, posts in threads
        )
        return framed(view, f"/{board.uri}/ - Catalog", f'<div id="divThreads">{cells}</div>')
    cells = "".join(
        f'<div class="opCell" id="{thread.number}" data-boarduri="{board.uri}">{lynx_post(view, posts[0], op=True)}<div class="divPosts">{"".join(lynx_post(view, post, op=False) for post in posts[1:][-3:])}</div></div>'
        for thread, posts in threads[:10]
    )
    return framed(
        view,
        f"/{board.uri}/ - {board.title}",
        f'<div id="divThreads">{cells}</div><form action="/newThread.js" method="post"></form>',
    )


def ring_link(view: View) -> str:
    """A link to the list of the webring, where the site is in one."""
    return '<a href="/webring.json">Webring</a>' if view.stream.ring else ""


def ring(view: View) -> tuple[str, ...]:
    """The sites that this one names in its webring now."""
    told = [sites for at, sites in view.stream.ring if at <= (view.now if view.until is None else view.until)]
    return told[-1] if told else ()


def webring(view: View) -> Answer | None:
    """The list of a webring's sites."""
    sites = ring(view)
    if not sites:
        return None
    boards = [
        {"uri": board.uri, "title": board.title, "subtitle": "", "path": f"http://{view.host}/{board.uri}/"}
        for board in view.boards()
    ]
    listed = {
        "name": view.skin.title,
        "url": f"http://{view.host}",
        "endpoint": f"http://{view.host}/webring.json",
        "logo": [],
        "following": [f"{site}/webring.json" for site in sites],
        "known": [f"{site}/webring.json" for site in sites],
        "blacklist": [],
        "boards": boards,
    }
    return answer(200, JSON, json.dumps(listed))


def jschan_json(view: View, post: Post, thread: Thread) -> dict[str, Any]:
    """A post as jschan gives it."""
    name, trip, capcode = signed(post, view.stream)
    files = [
        {"originalFilename": file, "filename": f"{post.number:x}.png", "size": size, "mimetype": "image/png"}
        for file, size, _ in post.files
    ]
    return {"date": iso(post.at).replace("Z", ".000Z"), "u": int(post.at * 1000), "name": name, "country": None, "board": thread.board.uri, "tripcode": trip, "capcode": f"## {capcode}" if capcode else None,
            "subject": post.subject, "message": body(view, post).replace("<br>", "\n"), "nomarkup": post.text_at(view.now), "thread": None if post is thread.posts[0] else thread.number, "files": files,
            "userId": poster_id(post, view.stream), "quotes": [], "postId": post.number, "edited": None}  # fmt: skip


def jschan_post(view: View, post: Post, thread: Thread) -> str:
    """What a jschan page shows of a post."""
    name, trip, capcode = signed(post, view.stream)
    op, poster = post is thread.posts[0], poster_id(post, view.stream)
    told = {
        "post-id": post.number,
        "board": thread.board.uri,
        "name": name,
        "tripcode": trip,
        "user-id": poster,
        "subject": post.subject,
    }
    data = " ".join(f'data-{key}="{escape(str(value))}"' for key, value in told.items() if value)
    head = (
        (f'<span class="post-subject">{escape(post.subject)}</span> ' if post.subject else "")
        + f'<span class="post-name">{escape(name)}</span> '
        + (f'<span class="post-tripcode">{trip}</span> ' if trip else "")
        + (f'<span class="post-capcode">## {capcode}</span> ' if capcode else "")
    )
    files = "".join(
        f'<div class="post-file"><span class="post-file-info"><a class="filename" download="{escape(file)}" href="/file/{post.number:x}.png">{escape(file)}</a> ({size}B, 640x480)</span></div>'
        for file, size, _ in post.files
    )
    text = body(view, post).replace("<br>", "\n")
    return f'<div class="anchor" id="{post.number}"></div><div class="post-container{" op" if op else ""}" {data}><div class="post-info">{head}<time class="post-date" datetime="{iso(post.at).replace("Z", ".000Z")}">{when(post.at):%d/%m/%Y %H:%M:%S}</time> <span class="post-quoters"><a href="{view.thread_path(thread)}#{post.number}">No.{post.number}</a></span></div><div class="post-data"><div class="post-files">{files}</div><pre class="post-message">{text}</pre></div></div>'


def jschan(view: View, path: str, query: str) -> Answer | None:
    """A jschan site."""
    del query
    if path in ("/", "/index.html"):
        return front(view)
    boards = view.boards()
    if path == "/boards.json":
        listed = [
            {
                "_id": board.uri,
                "webring": False,
                "settings": {"name": board.title, "description": board.title, "sfw": True, "unlistedLocal": False},
                "sequence_value": 1,
            }
            for board in boards
        ]
        listed += [
            {"uri": "all", "title": site, "siteName": site, "path": f"{site}/all/", "webring": True}
            for site in ring(view)
        ]
        return answer(200, JSON, json.dumps({"boards": listed, "page": 1, "maxPage": 1}))
    if path == "/boards.html":
        rows = "".join(
            f'<tr><td><a href="/{board.uri}/index.html">/{board.uri}/ - {escape(board.title)}</a></td></tr>'
            for board in boards
        )
        return framed(
            view,
            "Boards",
            f'<div class="table-container"><table class="boardtable">{rows}</table></div>' + ring_link(view),
        )
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or "/res/" in path:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            raw = jschan_json(view, posts[0], thread) | {
                "sticky": 0,
                "locked": 0,
                "cyclic": 0,
                "replyposts": len(posts) - 1,
                "replyfiles": 0,
                "bumped": iso(posts[-1].at),
                "replies": [jschan_json(view, post, thread) for post in posts[1:]],
            }
            return answer(200, JSON, json.dumps(raw), **view.headers())
        return framed(
            view,
            f"/{board.uri}/ - {thread.subject}",
            f'<form class="form-post" action="/forms/board/{board.uri}/post" method="post"></form><div class="thread">{"".join(jschan_post(view, post, thread) for post in posts)}</div>',
        )
    threads = view.shown(board)
    if found["list"] == "catalog.json":
        return answer(
            200,
            JSON,
            json.dumps(
                [
                    jschan_json(view, posts[0], thread)
                    | {
                        "replyposts": len(posts) - 1,
                        "replyfiles": 0,
                        "bumped": iso(posts[-1].at),
                        "sticky": 0,
                        "locked": 0,
                        "cyclic": 0,
                    }
                    for thread, posts in threads
                ]
            ),
            **view.headers(),
        )
    if found["list"] in ("catalog.html", "catalog"):
        tiles = "".join(
            f'<div class="catalog-tile" data-board="{board.uri}" data-post-id="{thread.number}" data-replies="{len(posts) - 1}" data-bump="{iso(posts[-1].at)}"><a href="{view.thread_path(thread)}">{escape(thread.subject)}</a></div>'
            for thread, posts in threads
        )
        return framed(view, f"/{board.uri}/ - Catalog", f'<div class="catalog">{tiles}</div>')
    inner = "".join(
        f'<div class="thread">{"".join(jschan_post(view, post, thread) for post in [posts[0], *posts[1:][-4:]])}</div>'
        for thread, posts in threads[:10]
    )
    return framed(
        view,
        f"/{board.uri}/ - {board.title}",
        f'<form class="form-post" action="/forms/board/{board.uri}/post" method="post"></form>{inner}',
    )


def tiny_json(view: View, post: Post, thread: Thread) -> dict[str, Any]:
    """A post as TinyIB gives it."""
    name, trip, _ = signed(post, view.stream)
    file, size, _ = post.files[0] if post.files else ("", 0, "")
    return {"id": post.number, "parent": 0 if post is thread.posts[0] else thread.number, "timestamp": int(post.at), "bumped": int(post.at), "name": "" if name == "Anonymous" else name, "tripcode": (trip or "").lstrip("!"),
            "email": "", "subject": post.subject or "", "message": body(view, post), "file": f"{int(post.at)}.png" if file else "", "file_hex": f"{post.number:032x}" if file else "", "file_original": file, "file_size": size,
            "image_width": 0, "image_height": 0, "thumb": "", "stickied": 0, "locked": 0}  # fmt: skip


def tinyib(view: View, path: str, query: str) -> Answer | None:
    """A TinyIB site of several boards."""
    del query
    if path in ("/", "/index.html"):
        return front(view)
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or "/thread/" in path:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            return answer(
                200, JSON, json.dumps({"posts": [tiny_json(view, post, thread) for post in posts]}), **view.headers()
            )
        return framed(view, f"{board.title} - {thread.subject}", _tiny_threads(view, board, [(thread, posts)]))
    threads = view.shown(board)
    if found["list"] == "catalog.json":
        listed = [
            tiny_json(view, posts[0], thread) | {"replies": len(posts) - 1, "images": 0, "bumped": int(posts[-1].at)}
            for thread, posts in threads
        ]
        return answer(200, JSON, json.dumps({"threads": listed}), **view.headers())
    return framed(
        view,
        board.title,
        _tiny_threads(view, board, [(thread, posts[:1] + posts[1:][-3:]) for thread, posts in threads[:20]]),
    )


def _tiny_threads(view: View, board: Board, threads: Shown) -> str:
    made = ""
    for thread, posts in threads:
        for post in posts:
            name, trip, _ = signed(post, view.stream)
            op = post is thread.posts[0]
            head = f'<label><input type="checkbox" name="delete[]" value="{post.number}"> <span class="filetitle">{escape(post.subject or "")}</span> <span class="postername">{escape(name)}</span>{f"<span class=postertrip>{trip}</span>" if trip else ""} {when(post.at):%Y/%m/%d(%a)%H:%M:%S}</label> <span class="reflink"><a href="res/{thread.number}.html#{post.number}">No.</a><a href="res/{thread.number}.html#q{post.number}">{post.number}</a></span>'
            message = f'<div class="message">{body(view, post)}</div>'
            made += (
                f'<div id="post{post.number}" class="op">{head}{message}</div>'
                if op
                else f'<table><tbody><tr><td class="doubledash">&#0168;</td><td class="reply" id="post{post.number}">{head}{message}</td></tr></tbody></table>'
            )
        made += "<hr>"
    return f'<form id="delform" action="/{board.uri}/imgboard.php?delete" method="post"><input type="hidden" name="board" value="{board.uri}">{made}</form>'
