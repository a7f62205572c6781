"""What a post exposes of people: addresses, telephone and identity numbers, plates, e-mail addresses."""

# ruff: noqa: E501  (a shape reads better in one piece)

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.pt import nif
from stdnum.se import personnummer
from stdnum.us import ssn

from core.masking import PERSONAL
from core.records import Tag

LABEL = "doxxing"
"""The label of these tags; their rules are `personal/KIND`."""
SOURCE = "https://en.wikipedia.org/wiki/Doxing"
SEVERITY = {
    "address": 3, "bsn": 4, "card": 4, "codice-fiscale": 4, "dni": 4, "email": 2, "iban": 4, "nif": 4, "nir": 4,
    "pesel": 4, "personnummer": 4, "phone": 3, "plate": 3, "ssn": 4, "steuer-id": 4,
}  # fmt: skip
"""By kind. An e-mail address is often published by its owner; a number that stands for a person's identity never."""

# First looks: cheap (each begins with a letter or a class to skip to), since most posts expose nothing.
DIGIT = re.compile(r"[0-9٠-٩۰-۹０-９]")
SPELLED_AT = re.compile(r"[(\[] ?[Aa][Tt] ?[)\]]")
ADDRESSED = re.compile(r"@(?<=\w@)[^\W_]")
MANY_DIGITS = re.compile(r"[0-9](?:[ ./()\-]{0,3}[0-9]){6}")
FISCAL_DIGITS = re.compile(r"[0-9][0-9][A-Za-z][0-9][0-9][A-Za-z][0-9]{3}[A-Za-z]")
NUMBER_FIRST = re.compile(r"[0-9][a-zA-Z]?,? (?:bis |ter )?[^\W_]")
NUMBER_LAST = re.compile(
    r"[0-9](?:(?<=[^\W\d_][ .][0-9])|(?<=[.,ºo°] [0-9]))(?![0-9]*[%:€]| ?[Uk][hm]r?\b|9[0-9]{2}\b|0[0-9]{2}\b)"
)
PLAIN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
PLAIN |= {first + digit: ord("0") + digit for first in (0x660, 0x6F0) for digit in range(10)}
PLAIN |= dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000), ord(" "))
PLAIN |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), ord("-"))
"""Characters that stand for plain ones, one for one, so that offsets stay: full-width, digits, spaces, hyphens."""

BESIDE = 40
"""Characters before a number, and after it, in which a word may say what it is."""
FREE = r"(?<![\w/=&?#@>$€£-])(?<!\d[.,:])(?<![#№$€£>] )"
"""Where a number begins that is no part of something else: of a longer one, a link, a price, a post's number."""
END = r"(?![\w%$€£]|[.,:/-]\d)"


class Exposed(NamedTuple):
    """One piece of personal data: `text[start:end]`, and its kind, a key of `SEVERITY`."""

    start: int
    end: int
    kind: str


class Shape(NamedTuple):
    """How one kind is written."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = lambda _: True
    """Whether what was matched can be one: its checksum."""
    beside: re.Pattern[str] | None = None
    """What must stand beside it, in the words around a number that is written as "\0" there."""


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _digits(raw: str) -> str:
    return "".join(filter(str.isdigit, raw))


CALLING_CODE = (r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
                r"|(?:2[1-69]|3[578]|42|5[09]|6[789]|8[5-8]|9[679])\d)")  # fmt: skip
"""Country codes (ITU-T E.164)."""
NANP = re.compile(r"1?(?!(?:8(?:00|22|33|44|55|66|77|88)|900))[2-9]\d\d[2-9]\d{6}")
"""A number of the North American plan that is nobody's free or premium service."""
SERVICE = re.compile(r"(?:00?|\+)?(?:49|44|33|34|39|31)?0?(?:80[0-9]|90[0-9]|118|180|700)\d*")
LEAST_DIFFERENT = 3
"""Different digits in a telephone number: 1000000 and 5555555 are none."""
PLACE_AND_YEAR = re.compile(r"\w+ (?:19|20)\d\d")
DATE = re.compile(r"(?:19|20)\d\d([-./ ])\d{1,2}\1\d{1,2}|\d{1,2}([-./ ])\d{1,2}\2(?:19|20)\d\d.*")
CALLED = re.compile(
    r"(?<!\w)(?:phone(?: ?number)?|tel|tele(?:ph|f)on[eo]?|telefon(?:nummer|u)|teléfono|t[ée]l|téléphone|fon|cell|mobile?"
    r"|mobilnummer|handy(?:nummer)?|m[óo]vil|celular|cellulare|portable|telem[óo]vel|komórka|telefoon(?:nummer)?|call|ring"
    r"|text (?:him|her|me|them)|whats?app|(?:his|her|their|my|your) number"
    r"|(?:son|sein|ihr|su|suo|seine|ihre) (?:n[úu]m[ée]ro|nummer)|rufnummer|ruft?|anrufen|appele[rz]|llama(?:d?le)?"
    r"|chiama(?:te)?(?:l[oa])?|zadzwoń|dzwońcie|bel|liguem?|тел|телефона?|звоните|мобильный"
    r"|هاتفه?|هاتفها|جواله?|موبايل|واتساب|رقمه|رقمها)"
    r"(?!\w)[^\d\n\0]{0,20}\0",
    re.IGNORECASE,
)
"""A word for telephones or calling shortly before the number."""


def _is_international(raw: str) -> bool:
    digits = _digits(raw).removeprefix("00")
    if digits[0] == "1":
        return NANP.fullmatch(digits, 1) is not None
    return len(digits) in (range(11, 12) if digits[0] == "7" else range(9, 16)) and _is_somebodys(digits)


def _is_national(raw: str) -> bool:
    digits = _digits(raw)
    return len(digits) in range(7, 13) and _is_somebodys(digits) and not DATE.fullmatch(raw)


def _is_somebodys(digits: str) -> bool:
    """Whether it is neither a round number nor that of a service."""
    return len(set(digits)) >= LEAST_DIFFERENT and not SERVICE.fullmatch(digits)


def _is_nanp(raw: str) -> bool:
    return NANP.fullmatch(_digits(raw)) is not None


def _is_card(raw: str) -> bool:
    return bool(luhn.is_valid(_digits(raw)))


def _is_plate(raw: str) -> bool:
    signs = "".join(filter(str.isalnum, raw))
    return (
        len(signs) in range(4, 10) and not signs.isalpha() and not signs.isdigit() and not PLACE_AND_YEAR.fullmatch(raw)
    )


def _number(kind: str, pattern: str, holds: Callable[[str], bool], beside: re.Pattern[str] | None = None) -> Shape:
    return Shape(kind, re.compile(f"{FREE}(?:{pattern}){END}"), holds, beside)


CARD_BEGINS = r"(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|5\d\d))"
NUMBERS = (
    _number("iban", r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?\d{1,3})?", iban.is_valid),
    _number("card", rf"{CARD_BEGINS}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}|3[47]\d\d([ -])\d{{6}}\2\d{{5}}", _is_card),
    _number("card", rf"(?:{CARD_BEGINS}\d{{12}}|3[47]\d{{13}})", _is_card,
            _words("cards?", "visa", "mastercard", "amex", "kreditkarte", "carte", "tarjeta", "carta", "kart[ay]", "cv[vc]")),
    _number("nir", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3}[ /-]{0,3}\d\d", nir.is_valid),
    _number("dni", r"(?:\d{8}|\d\d\.\d{3}\.\d{3})-?[A-HJ-NP-TV-Z]", lambda raw: dni.is_valid(raw.replace(".", ""))),
    _number("dni", r"[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", nie.is_valid),
    _number("ssn", r"\d{3}-\d\d-\d{4}", ssn.is_valid),
    _number("ssn", r"\d{3} ?\d\d ?\d{4}", ssn.is_valid, _words("ssn", "social security(?: number)?", "social")),
    _number("personnummer", r"(?:19|20)?\d{6}[-+]\d{4}", personnummer.is_valid),
    _number("personnummer", r"(?:19|20)?\d{10}", personnummer.is_valid, _words("personnummer", "personnr", "pnr")),
    _number("steuer-id", r"\d\d ?\d{3} ?\d{3} ?\d{3}", idnr.is_valid,
            _words("steuer-?id", "idnr", "steuer(?:liche )?-?identifikationsnummer", "steuernummer", "tin")),
    _number("pesel", r"\d{11}", pesel.is_valid, _words("pesel(?:u|em)?")),
    _number("bsn", r"(?:\d{4}[ .]?\d\d[ .]?\d{3}|\d{3}[ .]?\d{3}[ .]?\d{3})", lambda raw: bsn.is_valid(_digits(raw)),
            _words("bsn", "burgerservicenummer", "sofinummer")),
    _number("nif", r"\d{3}[ .]?\d{3}[ .]?\d{3}", lambda raw: nif.is_valid(_digits(raw)), _words("nif", "contribuinte")),
    _number("phone", rf"(?:\(?\+ ?\(?|(?<!\w )00 ?){CALLING_CODE}\)?(?:[ ()./-]{{0,3}}\d){{6,13}}", _is_international),
    _number("phone", r"(?:1[ .-]?)?(?:\([2-9]\d\d\) ?\d{3}[ .-]?\d{4}|[2-9]\d\d([.-])[2-9]\d\d\1\d{4})", _is_nanp),
    _number("phone", r"0[1-7](?:([ .-])\d\d)(?:\1\d\d){3}", _is_national),  # France
    _number("phone", r"(?:07\d{3}[ -]?\d{3}[ -]?\d{3}|\(?0(?:20|1\d1|11\d)\)? \d{3,4} \d{4}|01\d{3} \d{6})", _is_national),
    _number("phone", r"(?:\(?0(?:15\d|1[67]\d)\d?\)?[ /-]{1,3}\d[\d ]{4,9}\d|\(?0[2-9]\d{1,4}\)? ?/ ?\d{3,8}(?:[ -]\d{1,5})?)",
            _is_national),  # Germany
    _number("phone", r"8 ?\(\d{3}\) ?\d{3}[ -]\d\d[ -]\d\d", _is_national),  # Russia
    _number("phone", r"(?<!\d )(?:\(?0[1-9]\d{1,2}\)?[ /-]\d{2,4}(?: ?\d{2,4}){1,3}|0[1-9][ -]\d{8})",
            lambda raw: len(_digits(raw)) in range(9, 12) and _is_national(raw)),  # many others
    _number("phone", r"\(?\d[\d ()./-]{5,16}\d", _is_national, CALLED),
)  # fmt: skip

CODICE_FISCALE = Shape(
    "codice-fiscale",
    re.compile(r"\b[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]\b", re.IGNORECASE),
    codicefiscale.is_valid,
)
PLATE_HINTS = ("plate", "ennzeichen", "ummernschild", "plaque", "mmatricul", "atricula", "atrícula", "targ", "enteken",
               "ejestrac", "ablic", "ummerplåt", "egnummer", "egistr", "номер")  # fmt: skip
PLATE_WORD = re.compile(
    r"\b(?:plates?|licen[cs]e plate|number ?plate|registration|kennzeichen|nummernschild|plaque|immatricul\w+|matrícula|matricula|targa"
    r"|targato|targata|kenteken|kentekenplaat|rejestracj\w+|tablic\w*|nummerplåt|regnummer|registreringsnummer|госномер\w*|номера?)\b",
    re.IGNORECASE,
)
PLATE = re.compile(
    r"[^\n\d]{0,25}?\b((?=[^\n]{0,9}\d)[A-Z\d]{5,8}|[A-ZÄÖÜА-Я\d]{1,4}(?:[ ·-]{1,2}[A-Z\d]{1,5}){0,2}|[А-Я]\d{3}[А-Я]{2}\d{2,3})\b"
)

EMAIL = re.compile(
    r"(?<![\w.+@/-])(\w[\w.+-]{0,63})(?:@| ?[(\[] ?at ?[)\]] ?)"
    r"((?:[^\W_][\w-]{0,62}(?:\.| ?[(\[] ?dot ?[)\]] ?)){1,5})([^\W\d_]{2,24})\b"
)
OFFICES = frozenset(
    "info contact abuse admin support press presse sales help helpdesk office webmaster postmaster noreply no-reply newsletter jobs "
    "kontakt redaktion redaction redaccion redazione redakcja hello mail git security privacy team editor media service feedback "
    "legal root hostmaster tips news".split()
)
"""Names before the @ behind which there is no one person."""
FILES = frozenset("png jpg jpeg gif webp svg js css py html json".split())

NAME = r"[A-ZÀ-ÖØ-ÝŁŚŻŹĆ][\w'’.-]{1,30}"
HOUSE = r"\d{1,4} ?(?:[a-zA-Z]\b)?(?:/\d{1,4})?"
HOUSE_FIRST = r"[0-9](?<![\w.,:$€£/-][0-9])[0-9]{0,4}"
LIVES = re.compile(
    r"\b(?:lives?|living|address|addy|house is|resides?|residence|home|wohnt|wohnhaft|wohnung|adresse|anschrift|habite|domicile|vive|"
    r"domicilio|dirección|direccion|abita|indirizzo|residente|mieszka|adres|zamieszkały|woont|mora|morada|endereço|bor|adress|"
    r"живет|живёт|проживает|адрес)\b",
    re.IGNORECASE,
)
POSTAL = re.compile(
    r"[ ,\n]{1,4}(?:[\w'’. -]{2,30}[, ]{1,3})?(?:\d{5}(?:-\d{4})?\b|\d{4} ?[A-Z]{2}\b|\d{3} \d\d\b|\d\d-\d{3}\b|\d{4}-\d{3}\b|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b"
    r"|(?:apt|apartment|unit|flat|suite|#)\b)",
    re.IGNORECASE,
)
"""What follows a street in a full address: perhaps a town, then a postal code, or the part of a house."""


class Street(NamedTuple):
    """How addresses are written somewhere."""

    hints: tuple[str, ...]
    """One of them is in every such address."""
    pattern: re.Pattern[str]
    sure: bool = True
    """Nothing else is written so; else a word before or a postal code after must say so."""


STREETS = {
    NUMBER_FIRST: (
        Street(("Street", "Ave", "Road", "Rd", "Lane", "Ln", "Boulevard", "Blvd", "Crescent", "Terrace", "Parkway", " St"),
               re.compile(rf"(?!(?:19|20)\d\d ){HOUSE_FIRST}[A-Za-z]? (?:[NSEW]\.? |(?:North|South|East|West) )?(?!Downing |Wall |Pennsylvania |Sesame )"
                          rf"(?:(?:{NAME}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}?"
                          r"(?:Street|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Crescent|Terrace|Parkway|St)\b\.?")),
        Street((" ",),
               re.compile(rf"(?i){HOUSE_FIRST}[a-z]? (?:[nsew]\.? )?(?:[^\W\d_][\w'’.-]{{1,30}} |\d{{1,3}}(?:st|nd|rd|th) ){{1,3}}?"
                          r"(?:st|street|ave|avenue|rd|road|ln|lane|dr|drive|ct|court|pl|place|way|close|blvd|square|circle|row|walk"
                          r"|gardens)\b\.?"), sure=False),
        Street(("ue ", "oulevard", "bd ", "hemin", "llée", "mpasse", "uai ", "v. "),
               re.compile(rf"{HOUSE_FIRST}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Cc]hemin|[Aa]llée"
                          rf"|[Ii]mpasse|[Qq]uai) (?:(?:de la|de|du|des) )?(?:(?:d|l)['’])?{NAME}(?: {NAME}){{0,2}}")),
    ),
    NUMBER_LAST: (
        Street(("straß", "strass", "str.", "gasse", "allee", "chaussee", "Straß", "Strass", "Str.", "Allee", "Gasse"),
               re.compile(rf"\b(?:[A-ZÄÖÜ][\w-]{{2,30}}(?:stra(?:ß|ss)e|str\.|gasse|allee|chaussee)"
                          rf"|{NAME}[ -](?:Stra(?:ß|ss)e|Str\.|Allee|Gasse)) ?{HOUSE}"
                          r"(?![\w%€]| ?(?:Uhr|Euro|km|Meter|Minuten|Prozent)|[.:]\d)")),
        Street(("weg", "platz", "ring", "damm", "ufer", "steig", "markt", "Weg", "Platz", "Ring", "Damm", "Ufer", "Markt"),
               re.compile(rf"\b(?:[A-ZÄÖÜ][\w-]{{2,30}}(?:weg|platz|ring|damm|ufer|steig|markt)"
                          rf"|{NAME}[ -](?:Weg|Platz|Ring|Damm|Ufer|Markt)) {HOUSE}(?![\w%€])"), sure=False),
        Street(("straat", "laan", "gracht", "plein", "kade", "singel", "steeg", "gatan", "vägen", "gränd", "torget", "stigen"),
               re.compile(r"\b[A-ZÅÄÖ][\w-]{2,30}(?:straat|laan|gracht|plein|kade|singel|steeg|gatan|vägen|gränd|torget|stigen) "
                          rf"{HOUSE}(?![\w%€]|[.:]\d)")),
        Street(("alle", "venida", "vda", "v. ", "C/", "c/", "laza", "aseo", "ua ", "ravessa", "raça", "lameda"),
               re.compile(r"\b(?:[Cc]alle |[Cc]/ ?|(?:[Aa]venida|[Aa]v(?:da)?\.?|[Pp]laza|[Pp]aseo|[Rr]ua|[Tt]ravessa|[Pp]raça|[Aa]lameda) )"
                          rf"(?:(?:de|del|de la|la|da|do|dos|das) )?{NAME}(?: (?:(?:de|del|la|da|do|e|y) )?{NAME}){{0,3}},? "
                          rf"(?:n\.? ?[ºo°]\.? ?)?{HOUSE}(?![\w%€]|[.:]\d)")),
        Street(("ia ", "iale ", "orso ", "iazza ", "icolo ", "argo "),
               re.compile(rf"\b(?:[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Vv]icolo|[Ll]argo) (?:(?:della|delle|dei|del|di|da) )?{NAME}"
                          rf"(?: {NAME}){{0,2}},? (?:n\.? ?)?{HOUSE}(?![\w%€])"), sure=False),
        Street((", ",),  # whatever a street is called, with a postal code and a town after it
               re.compile(rf"\b{NAME}(?: {NAME})? \d{{1,4}} ?[a-z]?, ?(?:[A-Z]{{1,2}}-)?(?:\d{{5}}|\d{{4}} ?[A-Z]{{2}}) {NAME}")),
        Street(("l. ", "s. "),
               re.compile(rf"\b(?:[Uu]l|[Aa]l|[Oo]s)\. {NAME}(?: {NAME}){{0,2}} \d{{1,4}}[a-zA-Z]?(?:/\d{{1,4}}| m\. ?\d{{1,4}})?\b")),
        Street(("ул.", "пр.", "пер.", "наб.", "улиц", "проспект", "переулок", "шоссе", "бульвар"),
               re.compile(r"\b(?:(?:ул|пр|пер|наб)\.|улиц[аеы]|проспект|переулок|шоссе|бульвар) ?[А-ЯЁ][\w-]{1,30}(?: [\w-]{1,30})?,? "
                          r"(?:д\.? ?|дом )?\d{1,4}(?:,? ?(?:к|корп|кв)\.? ?\d{1,4}|/\d{1,3})*\b")),
        Street(("شارع",), re.compile(r"شارع \w{2,20}(?: \w{2,20}){0,3}،? ?(?:رقم|منزل|عمارة|بناية) ?\d{1,4}\b")),
    ),
}  # fmt: skip
"""By what is in every such address: a number before a name, or after one."""


def find_personal(text: str) -> list[Exposed]:
    """What a text exposes, in order of appearance; nothing of it overlaps.

    Numbers are told by their checksum where they have one, and by the words beside them where a shape alone says little.
    """
    has_digits, has_at = DIGIT.search(text), ADDRESSED.search(text) or SPELLED_AT.search(text)
    if not has_digits and not has_at:
        return []
    plain = text if text.isascii() else text.translate(PLAIN)
    found: list[Exposed] = []
    for one in chain(_with_digits(plain) if has_digits else (), _emails(plain) if has_at else ()):
        at = bisect(found, one)
        if (not at or found[at - 1].end <= one.start) and (at == len(found) or one.end <= found[at].start):
            found.insert(at, one)
    return found


def _has_any(text: str, words: tuple[str, ...]) -> bool:
    return any(map(text.__contains__, words))


def _with_digits(text: str) -> Iterator[Exposed]:
    """Everything that looks like one and has digits, the surest kinds first."""
    if MANY_DIGITS.search(text):
        for shape in NUMBERS:
            yield from _shaped(shape, text)
    if FISCAL_DIGITS.search(text):
        yield from _shaped(CODICE_FISCALE, text)
    if _has_any(text, PLATE_HINTS):
        yield from _plates(text)
    yield from _addresses(text)


def _shaped(shape: Shape, text: str) -> Iterator[Exposed]:
    for found in shape.pattern.finditer(text):
        start, raw = found.start(), found[0]
        if shape.beside and not _is_beside(shape.beside, text, start, found.end()):
            continue
        while shape.kind == "iban" and not shape.holds(raw) and " " in raw:
            raw = raw.rpartition(" ")[0]  # a word in capitals follows it
        if shape.holds(raw):
            yield Exposed(start, start + len(raw), shape.kind)


def _is_beside(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return words.search(f"{text[max(0, start - BESIDE) : start]}\0{text[end : end + BESIDE]}") is not None


def _emails(text: str) -> Iterator[Exposed]:
    for found in EMAIL.finditer(text):
        name, _, last = found.groups()
        address = text[max(0, text.rfind(" ", 0, found.start())) : found.start()]
        if name.lower() not in OFFICES and last.lower() not in FILES and "//" not in address:
            yield Exposed(*found.span(), "email")


def _plates(text: str) -> Iterator[Exposed]:
    for word in PLATE_WORD.finditer(text):
        if (found := PLATE.match(text, word.end())) and _is_plate(found[1]):
            yield Exposed(*found.span(1), "plate")


def _addresses(text: str) -> Iterator[Exposed]:
    for look, streets in STREETS.items():
        for street in streets if look.search(text) else ():
            for found in street.pattern.finditer(text) if _has_any(text, street.hints) else ():
                start, end = found.span()
                full = POSTAL.match(text, end)
                if street.sure or full or LIVES.search(text, max(0, start - BESIDE), start):
                    yield Exposed(start, full.end() if full else end, "address")


def personal_spans(text: str) -> list[tuple[int, int]]:
    """From where to where a text is personal: for what is shown without tags, a subject, a file's name."""
    return [(one.start, one.end) for one in find_personal(text)]


def personal_tags(text: str) -> tuple[Tag, ...]:
    """What a text exposes, as tags."""
    return tuple(
        Tag(label=LABEL, start=one.start, end=one.end, matched=text[one.start : one.end], rule=PERSONAL + one.kind,
            severity=SEVERITY[one.kind], source=SOURCE)
        for one in find_personal(text)
    )  # fmt: skip
