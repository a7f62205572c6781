"""What a post exposes of people is found and masked, and figures that are nobody's are left alone.

Numbers are from ranges kept free for fiction, or published examples of their kind.
"""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.masking import MASK, concealed, masked
from core.records import Tag
from nlp.personal import SEVERITY, find_personal, personal_spans, personal_tags

EXPOSED = {
    "phone": """
his number is 202-555-0143, go
call him at (202) 555-0143
call +1 202 555 0143 now
+1-202-555-0143
tel. 555-0143
+44 7700 900123
07700 900123
020 7946 0123
01632 960123
ruf ihn an: 0171 3920012
Handy 0171/3920012
Tel.: 030 23125 123
030/23125123
+49 (0)30 23125 123
0049 30 23125123
appelez le 06 39 98 12 34
06.39.98.12.34
llama al 612 345 678
su móvil es 612345678
il suo cellulare: 347 123 4567
zadzwoń: 601 234 567
+48 601 234 567
его телефон 8 (912) 345-67-89
+7 912 345-67-89
bel hem: 06-12345678
ring 070-174 06 35
+46 70 174 06 35
telemóvel 912 345 678
رقمه ٠١٠١٢٣٤٥٦٧٨
call ＋１ ２０２ ５５５ ０１４３
whatsapp +55 11 91234-5678
Tel:0171 3920012
(0171) 3920012
tel:+12025550143
079 123 45 67
06-12345678 is hem
0161 496 0000
8 (912) 345-67-89
""",
    "email": """
write to j.doe77@mail.example
jane (at) post (dot) example
jane[at]post.example
""",
    "iban": """
IBAN DE89 3704 0044 0532 0130 00 BANK
GB82WEST12345698765432
FR14 2004 1010 0505 0001 3M02 606
NL91ABNA0417164300
""",
    "card": """
4111 1111 1111 1111
card 4111111111111111 cvv 123
3782 822463 10005
""",
    "ssn": """
ssn 536-90-4399
social security number 536904399
""",
    "steuer-id": """
Steuer-ID: 36 574 261 809
""",
    "dni": """
su DNI es 54362315K
NIE X2482300W
""",
    "codice-fiscale": """
codice fiscale RCCMNL83S18D969H
""",
    "pesel": """
PESEL 44051401359
""",
    "bsn": """
bsn 111222333
""",
    "personnummer": """
880320-0016
""",
    "nif": """
NIF 501964843
""",
    "nir": """
2 95 10 99 126 111 93
295109912611193
""",
    "plate": """
license plate 7ABC123
Kennzeichen: B-XY 1234
plate ABC 1234, blue van
matrícula 1234 BCD
targa AB 123 CD
plaque AB-123-CD
kenteken 12-ABC-3
rejestracja WA 12345
регистрационный номер А123ВС77
number plate AB12 CDE
""",
    "address": """
he lives at 1420 Maple Street, Springfield, IL 62704
he lives at 1420 maple st
1420 W. Maple Ave
address: 12 high street
221 Elm Rd, Apt 4
Er wohnt in der Lindenstraße 14
Lindenstr. 14a, 12345 Musterstadt
Hauptplatz 3, 12345 Musterstadt
wohnt Am Ring 3
12 rue des Lilas, 75011 Paris
3 bis avenue de la République
Calle de Alcalá, 45
calle Mayor 12, Madrid
Rua Augusta, 1200
abita in via Roma, 12
Via Garibaldi 12, 00153 Roma
ul. Długa 12/4
Kerkstraat 12
Storgatan 5
ул. Ленина, д. 5
улица Ленина 5 кв 12
شارع النصر رقم 12
flat 3, 22 Baker Street, NW1 6XE
C/ Mayor 12, 28013 Madrid
Damrak 1, 1012 LG Amsterdam
Gartenweg 3a, 50667 Musterstadt
14 Kelvin Way, Glasgow G12 8QQ
""",
}
NOBODYS = """
I paid 14.88 for the lamp and 88 cents for the bulb.
She scored 88 points and ran 14 kilometres in 1988.
Call me at 0148 818 1488 23, or after 18:14.
Version 1.4.88 fixes the printer.
>>123456789 was right, see post 987654321
No.123456789 and thread #12345678
it costs $202.555.0143 or €1,234,567.89
2020-03-15 12:30:45, 15.03.2020, 03/15/2020
order number 123456789012, tracking 1Z999AA10123456784
ISBN 978-0-306-40615-7
sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
http://duskgytldkxiuqc6abcdefghij1234567890abcdefghij1234567890abcd.onion/
https://x.example/a/202-555-0143/photo
https://x.example/?id=4111111111111111
192.168.100.100 and 10.0.0.1:8080
v2.16.840.1.113883
In 2019 Wall Street crashed
the 2008 Wall Street crash
from 10 Downing Street it was announced
abuse@host.example, info@club.example
photo@2x.png
@user hi @other
matrix @jane:server.example and @jane@server.example
git clone git@host.example:x/y.git
17 people died on the road
10 Meter breite Straße
Auf der Straße 5 Autos
2 way street
we walked 3 miles down the street to the square
via Reuters 12 March 2020
call 911
call 1-800-273-8255 the hotline
rufen Sie 0800 111 0 111
licence plate from NY 2015
the plate was full of 20 PIEROGI
kWh 1 234 567 and 12 345 678 people
1.000.000 Euro, 10 000 000 zł
12345678901 likes
MD5 5d41402abc4b2a76b9719d911017c592
PESEL 44051401358
IBAN DE89 3704 0044 0532 0130 01
bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
timestamp 1584288000 and 1584288000123
tel 2020-03-15
3 rue cases and 2 avenue shops
lives at home since 2005 way too long
numbers 300 500 1000
score 45 - 38 - 2210
1920x1080 at 60 Hz, 4K
Romans 13:1-7, Psalm 119:105-112
cook 200 g for 12 min at 180 °C in Via del 5
42 Close games and 3 Drive picks
RFC 2119, CVE-2021-44228
part 123-45-678 and 555-1234-22
the number is 12345678 posts
tweet id 1234567890123456789
Part 0123-456-789 in stock
scores 01 23 45 678
May 3, 2019 Trump said
Boston, MA 02110-1301 USA
03-12-2019 18:30
16:45-18:30 Raum 12 Platz 7
"""


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in EXPOSED.items() for text in texts.strip().splitlines()]
)
def test_what_is_exposed_is_found_and_called_by_its_kind(kind: str, text: str) -> None:
    assert [one.kind for one in find_personal(text)] == [kind]


def test_every_kind_has_a_severity_and_a_text() -> None:
    assert SEVERITY.keys() == EXPOSED.keys()


@pytest.mark.parametrize("text", NOBODYS.strip().splitlines())
def test_figures_that_are_nobodys_are_left_alone(text: str) -> None:
    assert find_personal(text) == []


def test_several_in_one_post_come_in_order_with_exact_places() -> None:
    text = "jane.roe@post.example, Lindenstraße 14, +44 7700 900123 🔪 ssn 536-90-4399"
    assert [(one.kind, text[one.start : one.end]) for one in find_personal(text)] == [
        ("email", "jane.roe@post.example"),
        ("address", "Lindenstraße 14"),
        ("phone", "+44 7700 900123"),
        ("ssn", "536-90-4399"),
    ]


def test_a_mask_keeps_length_spaces_and_signs() -> None:
    text = "at 12 Elm St, call (202) 555-0143"
    assert masked(text, [(3, 12), (19, 33)]) == "at •• ••• ••, call (•••) •••-••••"


def test_what_is_shown_has_neither_in_text_nor_in_tags_what_was_exposed() -> None:
    text = "new board is up, mail jane.roe@post.example"
    other = Tag(
        label="slogan", start=0, end=9, matched="new board", rule="own/x", severity=1, source="https://x.example"
    )
    links = [{"raw": "jane.roe@post.example"}, {"raw": "new board"}]
    tags = [tag.model_dump(mode="json") for tag in (other, *personal_tags(text))]
    shown = concealed({"text": text, "tags": tags, "links": links})
    assert shown["text"] == "new board is up, mail ••••.•••@••••.•••••••"
    assert [(tag["rule"], tag["matched"]) for tag in shown["tags"]] == [
        ("own/x", "new board"),
        ("personal/email", "••••.•••@••••.•••••••"),
    ]
    assert [link["raw"] for link in shown["links"]] == ["••••.•••@••••.•••••••", "new board"]


def test_subject_and_file_names_are_masked_as_the_text_is() -> None:
    text = "mail jane.roe@post.example"
    post = {
        "text": text,
        "subject": "Jane.Roe@post.example, or call +44 7700 900123",
        "attachments": [{"filename": "jane.roe@post.example.png", "size": 1}, {"filename": None, "size": None}],
        "tags": [tag.model_dump(mode="json") for tag in personal_tags(text)],
    }
    shown = concealed(post, personal_spans)
    assert shown["subject"] == "••••.•••@••••.•••••••, or call +•• •••• ••••••"
    assert shown["attachments"] == [
        {"filename": "••••.•••@••••.•••••••.png", "size": 1},
        {"filename": None, "size": None},
    ]
    assert concealed(post)["subject"] == "••••.•••@••••.•••••••, or call +44 7700 900123"
    assert concealed(shown | {"tags": []}, personal_spans) == shown | {"tags": []}


@pytest.mark.parametrize(
    "name",
    ["1699999999999.jpg", "16999999999990.png", "IMG_20231125_101112.jpg", "Screenshot 2024-05-06 at 10.11.12.png",
     "report (2).pdf", "d41d8cd98f00b204e9800998ecf8427e.webm"],
)  # fmt: skip
def test_usual_file_names_are_not_personal(name: str) -> None:
    assert personal_spans(name) == []


@settings(deadline=None)  # the first example builds the strategy
@given(st.text() | st.from_regex(r"(?:[\w .,:/@+()-]|[0-9]{1,8}|[A-Z]{2}|St |str\. |call |at )*"))
def test_in_any_text_findings_are_apart_and_masking_changes_nothing_else(text: str) -> None:
    found = find_personal(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))
    shown = masked(text, ((one.start, one.end) for one in found))
    inside = {at for one in found for at in range(one.start, one.end)}
    assert [at for at, (was, now) in enumerate(zip(text, shown, strict=True)) if was != now] == [
        at for at in sorted(inside) if text[at].isalnum()
    ]
    assert MASK not in text or MASK in shown


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "a1",
        "+1 ",
        "1 Aaa Bbb St ",
        "1 rue de Aaa ",
        "a@b.c.",
        "a (at) b",
        "DE89 3704 ",
        "call 1234 567 ",
        "Aaaa-",
        "plate 12 ",
    ],
)
def test_time_is_linear_in_what_looks_like_it(piece: str) -> None:
    times = []
    for length in (20_000, 80_000):
        text = piece * (length // len(piece)) + " 1 a@b"
        began = time.process_time()
        find_personal(text)
        times.append(time.process_time() - began)
    assert times[1] < 10 * times[0] + 0.2
