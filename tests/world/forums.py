"""Forums in the manner of MyBB, phpBB, FluxBB and SMF, and two home-made ones that nobody else runs."""

import re
from html import escape

from tests.world.model import Post
from tests.world.view import HTML, Answer, View, answer, body, framed, iso, when

FORUM_LIST = re.compile(r"[?&](?:fid|f|id|board)=(\d+)")
FORUM_TOPIC = re.compile(r"[?&](?:tid|t|id|topic)=(\d+)")


def _date(at: float) -> str:
    return f"{when(at):%Y-%m-%d, %H:%M:%S}"


def _quoted(view: View, post: Post, form: str) -> str:
    return "".join(
        form.format(
            name=escape(quoted.person.name),
            text=escape(quoted.text_at(view.now), quote=False).replace("\n", "<br>"),
            number=quoted.number,
        )
        for quoted in post.quoted
    )


def forum(view: View, path: str, query: str) -> Answer | None:
    """A site of any of the forum softwares."""
    style = FORUMS[view.skin.software]
    whole = f"{path}?{query}" if query else path
    number = None
    if style.topic.search(whole) and (found := FORUM_TOPIC.search(whole)):
        number, kind = int(found[1]), "topic"
    elif style.board.search(whole) and (found := FORUM_LIST.search(whole)):
        number, kind = int(found[1]), "board"
    if number is None:
        if path not in ("/", "/index.php", "/index.html"):
            return None
        rows = "".join(
            style.board_row.format(path=escape(view.board_path(board)), title=escape(board.title), place=board.place)
            for board in view.boards()
        )
        rules = "".join(f"<li>{escape(rule)}</li>" for rule in view.skin.rules)
        return framed(
            view, view.skin.title, style.index.format(rows=rows) + f'<ol class="rules">{rules}</ol>', page="index"
        )
    if kind == "topic":
        shown = view.thread("", number)
        if shown is None:
            return answer(404, HTML, style.gone)
        thread, posts = shown
        crumbs = style.crumbs.format(
            home=escape(view.skin.title),
            path=escape(view.board_path(thread.board)),
            title=escape(thread.board.title),
            here=escape(thread.subject),
        )
        made = "".join(
            style.post.format(
                number=post.number,
                nth=nth,
                name=escape(post.person.name),
                date=_date(post.at),
                iso=iso(post.at),
                role=f"<br>{post.person.capcode}" if post.staff else "",
                text=_quoted(view, post, style.quote) + body(view, post),
                subject=("" if nth == 1 else "Re: ") + escape(thread.subject),
                topic=thread.number,
                here=escape(view.thread_path(thread)),
                edited=style.edited.format(date=_date(max(at for at, _ in post.edits if at <= view.now)))
                if post.edits and post.edits[0][0] <= view.now
                else "",
            )
            for nth, post in enumerate(posts, 1)
        )
        return framed(
            view,
            f"{thread.subject} - {view.skin.title}",
            crumbs
            + style.topic_page.format(
                posts=made, number=thread.number, title=escape(thread.subject), path=escape(view.thread_path(thread))
            ),
            page="viewtopic",
        )
    board = next((board for board in view.boards() if board.place == number), None)
    if board is None:
        return answer(404, HTML, style.gone)
    rows = "".join(
        style.row.format(
            number=thread.number,
            path=escape(view.thread_path(thread)),
            title=escape(thread.subject),
            replies=len(posts) - 1,
            name=escape(thread.posts[0].person.name),
            last=_date(posts[-1].at),
            lastnumber=posts[-1].number,
        )
        for thread, posts in view.shown(board)
    )
    crumbs = style.crumbs_list.format(
        home=escape(view.skin.title), here=escape(board.title), path=escape(view.board_path(board))
    )
    return framed(
        view,
        f"{board.title} - {view.skin.title}",
        crumbs + style.list_page.format(rows=rows or style.nothing, title=escape(board.title)),
        page="viewforum",
    )


class Style:
    """How a forum software writes its pages."""

    def __init__(self, **told: str) -> None:
        self.topic, self.board = re.compile(told.pop("topic")), re.compile(told.pop("board"))
        self.index = self.board_row = self.crumbs = self.crumbs_list = self.topic_page = self.post = self.quote = ""
        self.edited = self.list_page = self.row = self.nothing = self.gone = ""
        for name, value in told.items():
            setattr(self, name, value)


FORUMS = {
    "mybb": Style(
        topic=r"/showthread\.php\?", board=r"/forumdisplay\.php\?",
        index='<table class="tborder"><tbody>{rows}</tbody></table><a href="archive/index.php">Lite</a>', board_row='<tr><td class="trow1"><strong><a href="{path}">{title}</a></strong></td></tr>',
        crumbs='<div class="navigation"><a href="/index.php">{home}</a> &rsaquo; <a href="{path}">{title}</a><br><span class="active">{here}</span></div>',
        crumbs_list='<div class="navigation"><a href="/index.php">{home}</a> &rsaquo; <span class="active">{here}</span></div>',
        topic_page='<div id="posts">{posts}</div><a href="/printthread.php?tid={number}">Printable</a><input type="hidden" name="my_post_key" value="0">',
        post='<div class="post" id="post_{number}"><div class="post_author"><div class="author_information"><strong><span class="largetext"><a href="/member.php?u">{name}</a></span></strong><span class="smalltext">{role}</span></div></div>'
        '<div class="post_content"><div class="post_head"><div class="float_right"><strong><a href="{here}&amp;pid={number}#pid{number}" title="{subject}">#{nth}</a></strong></div><span class="post_date">{date}{edited}</span></div><div class="post_body scaleimages" id="pid_{number}">{text}</div></div></div>',
        quote='<blockquote class="mycode_quote"><cite><span> (x)</span>{name} Wrote:  <a href="/showthread.php?pid={number}#pid{number}" class="quick_jump"></a></cite>{text}</blockquote>',
        edited='<span class="post_edit" id="edited_by_1"> (This post was last modified: {date} by <a href="#">it</a>.)</span>',
        list_page='<table class="tborder"><tbody>{rows}</tbody></table><form><select name="datecut"></select></form>',
        row='<tr class="inline_row"><td class="trow1"><span class="subject_new" id="tid_{number}"><a href="{path}">{title}</a></span><div class="author smalltext">{name}</div></td><td><a href="javascript:;" onclick="MyBB.whoPosted({number})" data-href="whoposted">{replies}</a></td><td class="trow1"><span class="lastpost smalltext">{last}</span></td></tr>',
        nothing="", gone="<html><body><table><tr><td class=trow1>The specified thread does not exist.</td></tr></table></body></html>",
    ),
    "phpbb": Style(
        topic=r"/viewtopic\.php\?", board=r"/viewforum\.php\?",
        index='<div id="page-body"><div class="forabg"><ul class="topiclist forums">{rows}</ul></div></div>', board_row='<li class="row"><dl class="row-item"><dt><div class="list-inner"><a href="{path}" class="forumtitle">{title}</a></div></dt></dl></li>',
        crumbs='<ul id="nav-breadcrumbs" class="nav-breadcrumbs linklist navlinks"><li class="breadcrumbs"><span class="crumb"><a href="/index.php">{home}</a></span><span class="crumb"><a href="{path}">{title}</a></span></li></ul>',
        crumbs_list='<ul id="nav-breadcrumbs" class="nav-breadcrumbs linklist navlinks"><li class="breadcrumbs"><span class="crumb"><a href="/index.php">{home}</a></span><span class="crumb"><a href="{path}">{here}</a></span></li></ul>',
        topic_page='<div id="page-body"><h2 class="topic-title"><a href="{path}">{title}</a></h2>{posts}</div><div id="page-footer"><li class="rightside">All times are <span title="UTC">UTC</span></li></div>',
        post='<div id="p{number}" class="post has-profile bg2"><div class="inner"><dl class="postprofile"><dt><a href="/memberlist.php?u" class="username">{name}</a></dt><dd class="profile-rank">{role}</dd></dl><div class="postbody"><div id="post_content{number}"><h3><a href="{here}#p{number}">{subject}</a></h3>'
        '<p class="author"><span class="responsive-hide">by <strong><a href="/memberlist.php?u" class="username">{name}</a></strong> &raquo; </span><time datetime="{iso}">{date}</time></p><div class="content">{text}</div>{edited}</div></div></div></div>',
        quote='<blockquote><div><cite><a href="/memberlist.php">{name}</a> wrote: <a href="#p{number}" data-post-id="{number}">x</a></cite>{text}</div></blockquote>',
        edited='<div class="notice">Last edited by it on <time>{date}</time>, edited 1 time in total.</div>',
        list_page='<div id="page-body"><h2 class="forum-title">{title}</h2><div class="forumbg"><ul class="topiclist topics">{rows}</ul></div></div>',
        row='<li class="row bg1"><dl class="row-item topic_read"><dt><div class="list-inner"><a href="{path}" class="topictitle">{title}</a><br>by {name}</div></dt><dd class="posts">{replies}</dd><dd class="lastpost"><span><a href="{path}#p{lastnumber}">{last}</a></span></dd></dl></li>',
        nothing="", gone='<html><body id="phpbb"><div id="message"><p>The requested topic does not exist.</p></div></body></html>',
    ),
    "fluxbb": Style(
        topic=r"/viewtopic\.php\?", board=r"/viewforum\.php\?",
        index='<div id="brdheader"></div><div id="punindex" class="pun"><div class="blocktable"><table><tbody>{rows}</tbody></table></div></div>', board_row='<tr><td class="tcl"><div class="tclcon"><h3><a href="{path}">{title}</a></h3></div></td></tr>',
        crumbs='<div id="brdheader"></div><ul class="crumbs"><li><a href="/index.php">{home}</a></li><li><span>»&#160;</span><a href="{path}">{title}</a></li><li><strong>{here}</strong></li></ul>',
        crumbs_list='<div id="brdheader"></div><ul class="crumbs"><li><a href="/index.php">{home}</a></li><li><strong><a href="{path}">{here}</a></strong></li></ul>',
        topic_page='<div id="punviewtopic" class="pun">{posts}</div>',
        post='<div id="p{number}" class="blockpost rowodd"><h2><span><span class="conr">#{nth}</span> <a href="/viewtopic.php?pid={number}#p{number}">{date}</a></span></h2><div class="box"><div class="inbox"><div class="postbody"><div class="postleft"><dl><dt><strong>{name}</strong></dt><dd class="usertitle">{role}</dd></dl></div><div class="postright"><h3>{subject}</h3><div class="postmsg"><p>{text}</p>{edited}</div></div></div></div></div></div>',
        quote='<div class="quotebox"><cite>{name} wrote:</cite><blockquote><div><p>{text}</p></div></blockquote></div>',
        edited='<p class="postedit"><em>Last edited by it ({date})</em></p>',
        list_page='<div id="punviewforum" class="pun"><div class="blocktable"><h2><span>{title}</span></h2><table><tbody>{rows}</tbody></table></div></div>',
        row='<tr class="rowodd"><td class="tcl"><div class="tclcon"><div><a href="{path}">{title}</a> <span class="byuser">by {name}</span></div></div></td><td class="tc2">{replies}</td><td class="tcr"><a href="/viewtopic.php?pid={lastnumber}#p{lastnumber}">{last}</a></td></tr>',
        nothing='<tr class="rowodd inone"><td class="tcl">Forum is empty.</td></tr>', gone='<html><body><div id="punwrap" class="pun"><div id="msg"><div class="inbox"><p>Bad request. The link you followed is incorrect or outdated.</p></div></div></div></body></html>',
    ),
    "smf": Style(
        topic=r"[?;]topic=", board=r"[?;]board=",
        index='<div id="boardindex_table"><table><tbody>{rows}</tbody></table></div>', board_row='<tr id="board_{place}"><td class="info"><a class="subject" href="{path}">{title}</a></td></tr>',
        crumbs='<div class="navigate_section"><ul><li><a href="/index.php"><span>{home}</span></a></li><li><a href="{path}"><span>{title}</span></a></li><li class="last"><a href="#"><span>{here}</span></a></li></ul></div>',
        crumbs_list='<div class="navigate_section"><ul><li><a href="/index.php"><span>{home}</span></a></li><li class="last"><a href="{path}"><span>{here}</span></a></li></ul></div>',
        topic_page='<div id="display_head"><h2><span id="top_subject">{title}</span></h2></div><div id="forumposts">{posts}</div><a href="/index.php?action=printpage;topic={number}.0">Print</a>',
        post='<div class="windowbg" id="msg{number}"><div class="post_wrapper"><div class="poster"><h4><a href="#">{name}</a></h4><ul><li>{role}</li></ul></div><div class="postarea"><div class="keyinfo"><div id="subject_{number}" class="subject_title subject_hidden"><a href="{here}">{subject}</a></div><div class="postinfo"><a href="{here}" class="smalltext">{date}</a></div></div><div class="post"><div class="inner" data-msgid="{number}" id="msg_{number}">{text}</div></div>{edited}</div></div></div>',
        quote='<blockquote class="bbc_standard_quote"><cite><a href="/index.php?msg={number}">Quote from: {name}</a></cite>{text}</blockquote>',
        edited='<div class="smalltext modified floatleft" id="modified_1">Last Edit: {date} by it</div>',
        list_page='<div id="messageindex"><div id="topic_container">{rows}</div></div>',
        row='<div class="windowbg"><div class="info"><div class="message_index_title"><span class="preview" id="msg_{number}"><a href="{path}">{title}</a></span></div><p>Started by {name}</p></div><div class="board_stats centertext"><p>Replies: {replies}</p></div><div class="lastpost"><p><a href="{path}#msg{lastnumber}">{last}</a></p></div></div>',
        nothing="", gone="<html><body><div id=fatal_error><div class=padding>The topic or board you are looking for appears to be missing</div></div></body></html>",
    ),
}  # fmt: skip


# Softwares that nobody else runs.


def quill(view: View, path: str, query: str) -> Answer | None:
    """A home-made forum: rooms and talks."""
    del query
    if path == "/":
        rows = "".join(
            f'<dt><a href="/forum/{board.uri}">{escape(board.title)}</a></dt><dd>{len(view.shown(board))} talks</dd>'
            for board in view.boards()
        )
        rules = "".join(f"<p>{escape(rule)}</p>" for rule in view.skin.rules)
        return framed(
            view, view.skin.title, f'<dl class="rooms">{rows}</dl><section class="house-rules">{rules}</section>'
        )
    if found := re.fullmatch(r"/forum/([^/]+)", path):
        board = view.stream.boards.get(found[1])
        if board is None:
            return None
        rows = "".join(
            f'<li><a href="/topic/{thread.number}">{escape(thread.subject)}</a> <small>{len(posts)} notes, last {iso(posts[-1].at)}</small></li>'
            for thread, posts in view.shown(board)
        )
        return framed(view, board.title, f'<ul class="talks">{rows}</ul>')
    if found := re.fullmatch(r"/topic/(\d+)", path):
        shown = view.thread("", int(found[1]))
        if shown is None:
            return None
        thread, posts = shown
        notes = "".join(
            f'<article class="note" id="note-{post.number}"><header><b class="by">{escape(post.person.name)}</b>{" <i>staff</i>" if post.staff else ""} <time datetime="{iso(post.at)}">{iso(post.at)}</time> <a href="#note-{post.number}">{post.number}</a></header>{_quoted(view, post, "<blockquote cite=#note-{number}>{text}</blockquote>")}<div class="said">{body(view, post)}</div></article>'
            for post in posts
        )
        return framed(view, thread.subject, f"<h2>{escape(thread.subject)}</h2>{notes}")
    return None


def harbour(view: View, path: str, query: str) -> Answer | None:
    """Another home-made forum, of one long table."""
    del query
    if path == "/":
        rows = "".join(
            f'<tr><th><a href="/boards/{board.uri}/">{escape(board.title)}</a></th></tr>' for board in view.boards()
        )
        return framed(
            view,
            view.skin.title,
            f"<table>{rows}</table>" + "".join(f"<p>{escape(rule)}</p>" for rule in view.skin.rules),
        )
    if found := re.fullmatch(r"/boards/([^/]+)/", path):
        board = view.stream.boards.get(found[1])
        if board is None:
            return None
        return framed(
            view,
            board.title,
            "<table>"
            + "".join(
                f'<tr><td>{len(posts)}</td><td><a href="/thread/{thread.number}">{escape(thread.subject)}</a></td><td>{_date(posts[-1].at)}</td></tr>'
                for thread, posts in view.shown(board)
            )
            + "</table>",
        )
    if found := re.fullmatch(r"/thread/(\d+)", path):
        shown = view.thread("", int(found[1]))
        if shown is None:
            return None
        thread, posts = shown
        rows = "".join(
            f'<tr id="m{post.number}"><td class="user">{escape(post.person.name)}</td><td class="date"><time datetime="{iso(post.at)}">{_date(post.at)}</time></td><td class="message">{_quoted(view, post, "<blockquote>{text}</blockquote>")}{body(view, post)}</td></tr>'
            for post in posts
        )
        return framed(view, thread.subject, f'<h2>{escape(thread.subject)}</h2><table class="messages">{rows}</table>')
    return None
