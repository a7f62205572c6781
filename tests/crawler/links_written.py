"""Posts for the tests of links: addresses written in every way people use, and posts that hold none."""

import base64
import hashlib
import random
import string
from collections.abc import Callable
from urllib.parse import quote

SUFFIXES = "com net org info io ru de example test xyz co.uk fr pl cc gg tv club".split()
SURE = "com net org info io ru example test xyz club".split()
USUAL = "com net org info".split()
SYLLABLES = (
    "har bor lan tern ket tle new board old chan for um mir ror tea pot bi cy wheel lamp kite wren quill".split()
)
FRAMES = [
    ("we moved to {} last night, come over", "en"), ("the old place is gone. new one: {}", "en"), ("{} is up", "en"),
    ("see {}", "en"), ("go to {} and tell the others", "en"), (">mods asleep\nbackup at {}\npass it on", "en"),
    ("Wir sind jetzt hier zu finden: {} und nicht mehr am alten Ort", "de"), ("Neue Adresse {} weitersagen", "de"),
    ("on se retrouve sur {} désormais", "fr"), ("nueva casa: {} los esperamos", "es"), ("nuova casa {} per tutti", "it"),
    ("agora estamos em {} pessoal", "pt"), ("nowy adres {} podajcie dalej", "pl"), ("переезжаем на {} завтра", "ru"),
    ("yeni adres {} herkese söyleyin", "tr"), ("vi finns nu på {} allihop", "sv"), ("nieuwe plek {} kom langs", "nl"),
    ("新しい場所は {} です", "ja"), ("العنوان الجديد {} انشروه", "ar"), ("new: {}\nold one is dead", "en"),
]  # fmt: skip
HEX = "0123456789abcdef"
FULL = {ord(letter): ord(letter) + 0xFEE0 for letter in string.ascii_letters + string.digits + "./"}
SMALL = str.maketrans("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ")
WHITE = {ord(letter): 0x1F150 + at for at, letter in enumerate(string.ascii_lowercase)}
BOLD = {ord(letter): 0x1D41A + at for at, letter in enumerate(string.ascii_lowercase)}


def host(draw: random.Random, suffixes: list[str] = SUFFIXES) -> str:
    name = "".join(draw.choices(SYLLABLES, k=draw.randint(2, 3)))
    return f"{name}{draw.choice(['', '', '', '8', '-2'])}.{draw.choice(suffixes)}"


def path(draw: random.Random) -> str:
    return "/" + "/".join(
        draw.choices(["b", "tea", "res", "t41", "boards", "2026", "welcome.html"], k=draw.randint(1, 3))
    )


def word(draw: random.Random) -> str:
    return "_".join(draw.sample(SYLLABLES, 2)) + draw.choice(["", "7", "88"])


def onion(draw: random.Random) -> str:
    key = draw.randbytes(32)
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + check + b"\x03").decode().lower()


def letters(draw: random.Random, count: int, of: str = string.ascii_letters + string.digits) -> str:
    return "".join(draw.choices(of, k=count))


def dotted(dot: str, suffixes: list[str] = SUFFIXES) -> Callable[[random.Random], tuple[str, str]]:
    def way(draw: random.Random) -> tuple[str, str]:
        name = host(draw, suffixes)
        return name.replace(".", dot), f"https://{name}/"

    return way


def whole(pattern: str, meant: str = "https://{host}{path}") -> Callable[[random.Random], tuple[str, str]]:
    """`{host}`, `{path}`, `{word}` in both; in the first also the address: `{url}`, `{quoted}` percent-encoded, `{coded}`."""

    def way(draw: random.Random) -> tuple[str, str]:
        parts = {"host": host(draw), "path": path(draw), "word": word(draw), "code": letters(draw, 8)}
        parts |= {"long": letters(draw, 22), "digits": letters(draw, 8, HEX), "port": str(draw.randint(1025, 65535))}
        url = meant.format(**parts)
        coded = base64.b64encode(url.encode()).decode()
        return pattern.format(**parts, quoted=quote(url, safe=""), url=url, coded=coded), url

    return way


def changed(
    change: Callable[[str, random.Random], str], suffixes: list[str] = SURE
) -> Callable[[random.Random], tuple[str, str]]:
    def way(draw: random.Random) -> tuple[str, str]:
        name = host(draw, suffixes)
        return change(name, draw), f"https://{name}/"

    return way


def inserted(letter: str) -> Callable[[str, random.Random], str]:
    def change(name: str, draw: random.Random) -> str:
        at = draw.randint(1, len(name) - 1)
        return f"{name[:at]}{letter}{name[at:]}"

    return change


def _onion(pattern: str) -> Callable[[random.Random], tuple[str, str]]:
    def way(draw: random.Random) -> tuple[str, str]:
        key = onion(draw)
        return pattern.format(key), f"http://{key}.onion/"

    return way


def _onion_in_two(between: str) -> Callable[[random.Random], tuple[str, str]]:
    def way(draw: random.Random) -> tuple[str, str]:
        key, at = onion(draw), draw.randint(16, 40)
        return f"{key[:at]}{between}{key[at:]}.onion", f"http://{key}.onion/"

    return way


def _spelled(draw: random.Random, ending: str, suffix: str) -> tuple[str, str]:
    name = host(draw, [suffix])
    return f"{name.removesuffix(f'.{suffix}')}{ending}", f"https://{name}/"


def _of(pattern: str, meant: str, count: int, alphabet: str) -> Callable[[random.Random], tuple[str, str]]:
    def way(draw: random.Random) -> tuple[str, str]:
        key = letters(draw, count, alphabet)
        return pattern.format(key), meant.format(key)

    return way


ROOM = "https://matrix.to/#/#{word}:{host}"


def _puny(name: str) -> str:
    return f"xn--{name.encode('punycode').decode()}"


WAYS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "https": whole("https://{host}{path}"), "http": whole("http://{host}{path}", "http://{host}{path}"),
    "upper case": changed(lambda name, _: f"HTTPS://{name.upper()}/"), "bare host": dotted("."),
    "bare host and path": whole("{host}{path}"), "www": whole("www.{host}", "http://www.{host}/"),
    "port": whole("{host}:{port}{path}", "https://{host}:{port}{path}"), "full stop after": whole("{host}{path}."),
    "user and password": whole("https://me:secret@{host}{path}"), "query": whole("https://{host}/a?x=1&y=2#p3", "https://{host}/a?x=1&y=2#p3"),
    "hxxp": whole("hxxp://{host}{path}", "http://{host}{path}"), "hXXps": whole("hXXps://{host}{path}"),
    "h**ps": whole("h**ps://{host}{path}"), "ttp": whole("ttp://{host}{path}", "http://{host}{path}"),
    "ttps": whole("ttps://{host}{path}"), "[:]//": whole("https[:]//{host}{path}"), "[://]": whole("https[://]{host}{path}"),
    "backslashes": whole("https:\\\\{host}{path}"), "space before //": whole("https: //{host}{path}"),
    "space after //": whole("https:// {host}{path}"), "colon slash slash": whole("https colon slash slash {host}"  "{path}"),
    "[.]": dotted("[.]"), "(.)": dotted("(.)"), "{.}": dotted("{.}"), "<.>": dotted("<.>"), " [.] ": dotted(" [.] "),
    "[dot]": dotted("[dot]"), "(dot)": dotted("(dot)"), " (dot) ": dotted(" (dot) "), "{DOT}": dotted("{DOT}"),
    "[d0t]": dotted("[d0t]"), "[punkt]": dotted("[punkt]"), "(punto)": dotted("(punto)"), "(точка)": dotted("(точка)"),
    "[.] before a word": dotted("[.]", ["to", "me", "is", "in", "so", "us", "sh"]), "backslash dot": dotted("\\."), "[. half open": dotted("[."), " dot ": dotted(" dot "), " DOT ": dotted(" DOT "),
    "gluedDOT": dotted("DOT", SURE), "-dot-": dotted("-dot-", SURE), "_dot_": dotted("_dot_", SURE),
    " . ": dotted(" . ", SURE), " punkt ": dotted(" punkt ", [*SURE, "de"]), " punto ": dotted(" punto ", SURE),
    " ponto ": dotted(" ponto ", SURE[1:]), " point ": dotted(" point ", SURE), " точка ": dotted(" точка ", SURE),
    " kropka ": dotted(" kropka ", [*SURE, "pl"]), " nokta ": dotted(" nokta ", SURE), "middle dot": dotted("·", SURE),
    "bullet": dotted(" • ", SURE), "letters apart": changed(lambda name, _: " ".join(name)),
    "address letters apart": changed(lambda name, _: " ".join(f"https://{name}")),
    "letters apart, dot tight": changed(lambda name, _: " ".join(name).replace(" . ", ".")),
    "zero width space": changed(inserted("\u200b")), "zero width joiner": changed(inserted("\u200d")),
    "soft hyphen": changed(inserted("\u00ad")), "word joiner": changed(inserted("\u2060")), "bidi mark": changed(inserted("\u200e")),
    "byte order mark": changed(inserted("\ufeff")), "every letter zero width": changed(lambda name, _: "\u200b".join(name)),
    "full-width letters": changed(lambda name, _: name.translate(FULL)), "full-width dot": dotted("．"),
    "ideographic dot": dotted("。"), "bold letters": changed(lambda name, _: name.translate(BOLD)),
    "slash spelled": whole("{host} slash {word}", "https://{host}/{word}"),
    "dot and slash spelled": whole("hxxps://{host}[/]{word}", "https://{host}/{word}"),
    "markdown": whole("[here](https://{host}{path})"), "bbcode": whole("[url]https://{host}{path}[/url]"),
    "angle brackets": whole("<https://{host}{path}>"), "brackets": whole("({host}{path})"), "bold": whole("**https://{host}{path}**"),
    "quotation marks": whole("„https://{host}{path}“"), "colon before": whole("new:{host}{path}"), "glued to Japanese": whole("板は{host}です", "https://{host}/"),
    "IDN": lambda draw: ((name := draw.choice(["новая-доска", "гавань", "фонарь"])) + ".рф", f"https://{_puny(name)}.xn--p1ai/"),
    "onion": _onion("{}.onion"), "onion defanged": _onion("{}[.]onion"),
    "onion key": _onion("{}"), "i2p": whole("http://{digits}.i2p/b", "http://{digits}.i2p/b"), "bare i2p": whole("tea{digits}.i2p", "http://tea{digits}.i2p/"), "ENS": dotted(".", ["eth"]),
    "telegram": whole("t.me/{word}", "https://t.me/{word}"), "telegram defanged": whole("t [.] me/{word}", "https://t.me/{word}"),
    "telegram app": whole("tg://resolve?domain={word}", "https://t.me/{word}"), "telegram invite": whole("t.me/+{long}", "https://t.me/+{long}"),
    "@ on Telegram": whole("@{word} on Telegram", "https://t.me/{word}"), "telegram:": whole("telegram: {word}", "https://t.me/{word}"),
    "my telegram is": whole("my telegram is @{word}", "https://t.me/{word}"), "TG @": whole("TG @{word}", "https://t.me/{word}"),
    "gab:": whole("Gab: @{word}", "https://gab.com/{word}"), "@ (odysee)": whole("@{word} (odysee)", "https://odysee.com/@{word}"),
    "discord": whole("discord.gg/{code}", "https://discord.gg/{code}"), "discord defanged": whole("discord (dot) gg/{code}", "https://discord.gg/{code}"),
    "matrix room": whole("#{word}:{host}", ROOM), "matrix uri": whole("matrix:r/{word}:{host}", ROOM), "matrix.to": whole(ROOM, ROOM),
    "xmpp": whole("xmpp:{word}@{host}?join", "xmpp:{word}@{host}?join"), "irc": whole("irc://{host}/#{word}", "irc://{host}/#{word}"),
    "session": _of("05{}", "session:05{}", 64, HEX), "tox": _of("tox: {}".replace(": ", ":"), "tox:{}", 76, HEX),
    "ipfs": _of("ipfs://Qm{}", "ipfs://Qm{}", 44, "abcdefghjkmnpqrstuvwxyz"), "ipfs bare": _of("bafy{}", "ipfs://bafy{}", 55, "abcdefgh234567"),
    "simplex": _of("simplex:/contact#/?v=2&smp={}", "simplex:/contact#/?v=2&smp={}", 30, HEX),
    "signal": _of("https://signal.group/#Cj{}", "https://signal.group/#Cj{}", 40, HEX), "briar": _of("briar://{}", "briar://{}", 53, "abcdefgh234567"),
    "leave page": whole("https://forum.example/leave.php?u={quoted}"), "out page": whole("https://kettles.example/out/?url={quoted}"),
    "href.li": whole("https://href.li/?{url}"), "google": whole("https://www.google.com/url?q={quoted}&sa=D"),
    "paywall prefix": whole("https://12ft.io/{url}"), "facebook": whole("https://l.facebook.com/l.php?u={quoted}&h=x"),
    "paywall prefix, no scheme": changed(lambda name, _: f"12ft.io/{name}/"), "href.li, no scheme": changed(lambda name, _: f"href.li/?{name}/"),
    "red circle": dotted("🔴", SURE), "black circle": dotted(" ⚫ ", SURE), "big dot": dotted("●", SURE), "hollow dot": dotted("◦", SURE),
    "katakana middle dot": dotted("・", SURE), "dot above": dotted("˙", SURE), " d o t ": dotted(" d o t "), "[,]": dotted("[,]"),
    "*dot*": dotted("*dot*"), "|dot|": dotted("|dot|"), "'dot'": dotted("'dot'"), " -dot- ": dotted(" -dot- "), "(d.o.t)": dotted("(d.o.t)"),
    "[period]": dotted("[period]"), " period ": dotted(" period ", SURE), "[[.]]": dotted("[[.]]"), "[•]": dotted("[•]"), "`.`": dotted("`.`"),
    "(.com)": lambda draw: _spelled(draw, " (.com)", "com"), "bold dot": dotted("[b].[/b]"), "empty tag": dotted("[i][/i]."),
    "newboarddotcom": dotted("dot", USUAL), "newboardpunktcom": dotted("punkt", USUAL), "puntocom": dotted("punto", ["com"]), "Punkt": dotted(" Punkt ", [*USUAL, "de"]),
    "ドット": dotted("ドット", USUAL), "ドットコム": lambda draw: _spelled(draw, "ドットコム", "com"), "точка ру": lambda draw: _spelled(draw, " точка ру", "ru"),
    "точка ком": lambda draw: _spelled(draw, " точка ком", "com"), "точкаru": dotted("точка", ["com", "ru"]), "тчк": dotted(" тчк ", ["com", "ru"]),
    "comma": dotted(",", USUAL), "two dots": dotted("..", USUAL), "space before the dot": dotted(" .", ["com", "org"]), "space after the dot": dotted(". ", ["com", "org"]),
    "c0m": lambda draw: _spelled(draw, ".c0m", "com"), "Cyrillic ending": lambda draw: _spelled(draw, ".соm", "com"), "&#46;": dotted("&#46;"), "&period;": dotted("&period;"),
    "%2E": dotted("%2E"), "percent-encoded": whole("{quoted}"), "&#47;": whole("https:&#47;&#47;{host}{path}"), "http[s]": whole("http[s]://{host}{path}"),
    "http(s)": whole("http(s)://{host}{path}"), "slashes escaped": whole("https:\\/\\/{host}\\/{word}", "https://{host}/{word}"), "full-width colon": whole("https：//{host}{path}"),
    "division slashes": whole("https:∕∕{host}{path}"), "xttps": whole("xttps://{host}{path}"), "hxxxps": whole("hxxxps://{host}{path}"), "h*tps": whole("h*tps://{host}{path}"),
    "ht tps": whole("ht tps://{host}{path}"), "three slashes": whole("https:///{host}{path}"), "letters of the scheme apart": whole("h t t p s : / / {host}{path}"),
    "forward slash spelled": whole("{host} forward slash {word}", "https://{host}/{word}"), "barra": whole("{host} barra {word}", "https://{host}/{word}"), "слэш": whole("{host} слэш {word}", "https://{host}/{word}"),
    "small capitals": changed(lambda name, _: name.translate(SMALL)), "white on black": changed(lambda name, _: name.translate(WHITE)), "struck through": changed(lambda name, _: "".join(f"{one}\u0336" for one in name)),
    "underlined": changed(lambda name, _: "".join(f"{one}\u0332" for one in name)), "grapheme joiner": changed(inserted("\u034f")), "tag letter": changed(inserted("\U000e0041")),
    "variation selector": changed(inserted("\U000e0101")), "Arabic letter mark": changed(inserted("\u061c")), "em spaces": changed(lambda name, _: "\u2003".join(name)), "hair spaces": dotted("\u200a.\u200a", SURE),
    "base64": whole("{coded}"), "backwards": changed(lambda name, _: f"https://{name}/"[::-1]), "backwards, no scheme": changed(lambda name, _: name[::-1], ["com", "org"]),
    "onion in two": _onion_in_two(" "), "onion on two lines": _onion_in_two("\n"), "onion dot spelled": _onion("{} dot onion"),
    ".gg": whole(".gg/{code}", "https://discord.gg/{code}"), "discord gg": whole("discord gg/{code}", "https://discord.gg/{code}"), "discord . gg / ": whole("discord . gg / {code}", "https://discord.gg/{code}"),
    "t . me / ": whole("t . me / {word}", "https://t.me/{word}"), "t .me": whole("t .me/{word}", "https://t.me/{word}"), "t. me": whole("t. me/{word}", "https://t.me/{word}"), "t,me": whole("t,me/{word}", "https://t.me/{word}"),
    "t me": whole("t me/{word}", "https://t.me/{word}"), "t.me\\": whole("t.me\\{word}", "https://t.me/{word}"), "telegram dot me": whole("telegram dot me slash {word}", "https://telegram.me/{word}"),
    "в телеге": whole("@{word} в телеге", "https://t.me/{word}"), "тг:": whole("тг: @{word}", "https://t.me/{word}"), "TG ->": whole("TG -> @{word}", "https://t.me/{word}"), "telegram (@)": whole("telegram (@{word})", "https://t.me/{word}"),
    "telegram username": whole("telegram username {word}", "https://t.me/{word}"), "under": whole("on Telegram under @{word}", "https://t.me/{word}"), "テレグラム": whole("テレグラム @{word}", "https://t.me/{word}"),
    "irc #": whole("irc.{host} #{word}", "irc://irc.{host}/#{word}"), "# on irc": whole("#{word} on irc.{host}", "irc://irc.{host}/#{word}"), "JID": whole("JID: {word}@{host}", "xmpp:{word}@{host}"),
}  # fmt: skip


def posts_with_links(count: int, seed: int) -> list[tuple[str, str, str]]:
    """Way, post and the one address it holds, `count` of each way."""
    draw = random.Random(seed)
    posts = []
    for name, way in WAYS.items():
        for _ in range(count):
            written, url = way(draw)
            posts.append((name, draw.choice(FRAMES)[0].format(written), url))
    return posts


CLEAN = {
    "en": "The kettle is on. I left it there all night. Nobody told me, so I went home. What a mess... It was late and cold. He said no. She rides to work at 7.30 every day, e.g. on Monday. You can see the dot in the middle. This is my point. In the end it is to be done. Nice polka dot dress! Let me know, ok? We were there as of 10.am sharp.",
    "de": "Das Wasser kocht. Wir fahren morgen los. Es war spät, z.B. um 7.30 Uhr. Der Punkt ist klar. Ja. Das ist ein Punkt de facto. An diesem Punkt so weiter. Niemand weiß es. Der Tee ist am besten d.h. heiß. Das kostet 3.50 Euro. Er kommt am 3.5. nach Hause. So ist es nun mal.",
    "fr": "Le thé est prêt. Un point de vue. Ce point me gêne. Votre point de départ est bon. Il est là. On verra demain, p.ex. à midi. Je ne sais pas. Le vélo est cassé. À ce point net de rupture. C'est le point du jour. Mise au point en cours.",
    "es": "Este punto es claro. El té está listo. No lo sé. Hasta cierto punto de vista. La bicicleta es vieja. Nos vemos a las 7.30 en la plaza. Llegó a tal punto que se fue. Las punto com de antes. Muy bien, etc. y tal. En su punto de sal.",
    "it": "Il punto di vista. Il tè è pronto. Non lo so. A questo punto me ne vado. Alle 7.30 in piazza. La bici è rotta. Punto e basta. Fino a un certo punto si. Ecco tutto.",
    "pt": "O chá está pronto. Nesse ponto com ela concordo. Não sei. Até certo ponto de vista. Às 7.30 na praça. A bicicleta é velha. Ponto final. Neste ponto eu paro. Outro ponto com água. Chegou ao ponto com pressa.",
    "pl": "Herbata gotowa. Nie wiem. To jest ten punkt na mapie. Rower jest stary. O 7.30 na rynku, np. w piątek. Kropka. I kropka net. W tym punkcie się zgadzam. Do jutra. Ale to już było.",
    "ru": "Чай готов. Не знаю. Моя точка зрения ясна. В 7.30 на площади. Велосипед сломан. Вот и всё. Т.е. завтра. И т.д. и т.п. Это конечная точка маршрута. Мы ушли домой.",
    "tr": "Çay hazır. Bilmiyorum. Bu nokta net değil. Saat 7.30 gibi. Bisiklet bozuk. Geldik bu noktaya. Evet. Ne olacak. Son nokta bu.",
    "sv": "Teet är klart. Jag vet inte. En punkt till. Klockan 7.30 på torget. Cykeln är gammal. Det är bra. Vi ses i morgon, t.ex. vid sju. Vid denna punkt är det så.",
    "nl": "De thee is klaar. Ik weet het niet. Dat punt is duidelijk. Om 7.30 op het plein. De fiets is oud. Een punt nl maken. Tot morgen, bijv. om zeven uur. Op dit punt is het zo.",
    "ja": "お茶ができました。分かりません。7.30に広場で。自転車は古い。この点は大事です。また明日。ver.2.0は良い。",
    "ar": "الشاي جاهز. لا أعرف. هذه نقطة مهمة. الساعة 7.30 في الساحة. الدراجة قديمة. نلتقي غدا.",
    "code": "self.name = name. user.id is None. import os.path. print(os.environ). event.target.value. node.js 18.2.0. run main.py or setup.sh. df.to_csv('out.csv'). this.app.run(). foo.bar.baz(). README.md says so. a.b.c = 1. std.io.read. config.yml is missing. request.args.get('x'). v1.2.3-rc.1. ASP.NET Core. window.location.is. np.random.in. e.preventDefault(). item.name. math.pi. git push origin main. C:\\\\temp\\\\a.com. x[i].id. 127.0.0.1. models.User.objects.all(). if (a.is) return; package.json. libfoo.so.1. app.config.me. #include <stdio.h>. #define FOO 1.",
}  # fmt: skip
DOTTED = "polka black red laser print pixel connect every second small new dress matrix product on in here to gain sight plot pattern".split()
JOINED = "it is so to me no in at be my now we he she".split()
PLAIN_TRAPS = [
    "telegram: down again", "my telegram is broken", "twitter: nobody cares", "Discord is great", "h e l l o   w o r l d",
    "a b c d . e f", "(.)(.)", "U.S.A.", "10.000,50 €", "the .net framework", "a .com domain", "col·legi", "1 . 2 . 3 . 4",
    "we were on telegram: it was fun", "signal: lost", "x.x", "o.O", "f.e.", "vs.", "no.1", "St.Mary", "Mr.Brown", "5.5.2026",
    "use the .net framework", "x[i].id = [b].id", "the 90s dotcom years", "tencom", "ein Punkt de facto", "I said,come on", "wait..come back", "a point com",
    "R&D; c0mpute", "5% 2e", "moc. Then", "we met at ten.nobody came", "(.)(.com", "telegram users hate it", "a.gg", "tg is down", "t.m.e", "he said *dot* twice",
    "http://", "www.", "C:\\tea\\pot.com", "lol.lmao", "yes.no.maybe", "#define A 1", "::before", "key: value", "a/b/c",
]  # fmt: skip
TRAPS: list[Callable[[random.Random], str]] = [
    lambda draw: f"{draw.choice(SYLLABLES)}@{host(draw)}",
    lambda draw: f"{draw.choice(SYLLABLES)}.{draw.choice(SYLLABLES)}@mail.{host(draw)}",
    lambda draw: f"{word(draw)}.{draw.choice('jpg png webm txt pdf mp4 zip py rs sh md exe'.split())}",
    lambda draw: f"{draw.randint(0, 9)}.{draw.randint(0, 99)}.{draw.randint(0, 99)}",
    lambda draw: f"{draw.choice(SYLLABLES)}...{draw.choice(SYLLABLES)}",
    lambda draw: f"{draw.randint(1, 12)}.{draw.choice(['am', 'pm'])}",
    lambda draw: f">>{draw.randint(1, 10**8)}",
    lambda draw: f"@{word(draw)}",
    lambda draw: f"#{word(draw)}",
    lambda draw: f"{draw.randint(1, 23)}:{draw.randint(10, 59)}",
    lambda draw: f"{draw.choice(SYLLABLES)}.{draw.choice(JOINED)} {draw.choice(SYLLABLES)}",
    lambda draw: " . ".join(draw.sample(SYLLABLES, 3)),
    lambda draw: f"{draw.choice(DOTTED)} dot {draw.choice(DOTTED)}",
    lambda draw: letters(draw, 40, HEX),
    lambda draw: f"{draw.choice(SYLLABLES)} / {draw.choice(SYLLABLES)}",
    *[lambda draw: draw.choice(PLAIN_TRAPS)] * 8,
]


def clean_posts(count: int, seed: int) -> list[str]:
    """Posts without a link in twelve languages and in code, with what only looks like one; some lack spaces."""
    draw = random.Random(seed)
    posts = []
    for _ in range(count):
        text = CLEAN[draw.choice(list(CLEAN))]
        sentences = [
            one for one in text.replace("。", "。\n").replace(". ", ".\n").replace("! ", "!\n").split("\n") if one
        ]
        chosen = draw.choices(sentences, k=draw.randint(2, 5))
        post = draw.choices([" ", "\n", ""], [12, 4, 1])[0].join(chosen)
        for _ in range(draw.randint(0, 2)):
            post = draw.choice(["{post} {trap}", "{trap} {post}", "{post}\n{trap}"]).format(
                post=post, trap=draw.choice(TRAPS)(draw)
            )
        posts.append(post.lower() if draw.random() < 0.2 else post)
    return posts
