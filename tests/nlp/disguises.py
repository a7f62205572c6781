"""Words as people disguise them, and everyday words dressed the same way: made from tables that folding does not know."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from nlp.lexicon import Indicator

CARRIERS = {
    "en": ("Yesterday we saw {} on a wall near the lake and walked on.", "There was {} in the third line of the letter, in blue ink."),
    "de": ("Gestern sahen wir {} an einer Wand beim See und gingen weiter.", "Da stand {} in der dritten Zeile und es war in blauer Tinte."),
    "fr": ("Hier nous avons vu {} sur un mur près du lac et puis plus rien.", "Il y avait {} dans la troisième ligne de la page, en bleu."),
    "es": ("Ayer vimos {} en una pared cerca del lago y seguimos con la tarde.", "Estaba {} en la tercera línea de la hoja, con tinta azul."),
    "it": ("Ieri abbiamo visto {} su un muro vicino al lago e poi siamo andati.", "C'era {} nella terza riga della pagina, con la penna blu."),
    "pl": ("Wczoraj było {} na murze przy jeziorze i poszliśmy dalej do domu.", "To jest {} w trzeciej linijce na tej kartce, po prostu."),
    "ru": ("Вчера мы видели {} на стене у озера и пошли дальше, как всегда.", "Там было {} в третьей строке, и это всё, что я помню."),
    "nl": ("Gisteren zagen we {} op een muur bij het meer en we liepen verder.", "Er stond {} in de derde regel van het blad, met een blauwe pen."),
    "pt": ("Ontem vimos {} em uma parede perto do lago e não ficamos mais.", "Estava {} na terceira linha da folha, com uma caneta azul."),
    "sv": ("I går såg vi {} på en vägg vid sjön och så gick vi vidare.", "Det stod {} på den tredje raden och det var med blå penna."),
    "ar": ("أمس رأينا {} على الجدار قرب البحيرة ثم مشينا إلى البيت", "كان هذا {} في السطر الثالث من الصفحة التي على الطاولة"),
    "uk": ("Учора ми бачили {} на стіні біля озера і пішли далі, як завжди.", "Там було {} у третьому рядку, і це все, що я пам'ятаю."),
}  # fmt: skip
"""Everyday sentences that say nothing themselves."""

EVERYDAY_WORDS = {
    "en": "recipe teapot kettle garden weather library mountain breakfast bicycle neighbour strawberry afternoon keyboard "
          "football umbrella cinnamon carpenter lighthouse sandwich ships duck shift sheet bench pitch country class",
    "de": "Rezept Garten Wetter Bibliothek Frühstück Fahrrad Nachbarin Erdbeere Nachmittag Tastatur Fußball Regenschirm "
          "Hausaufgaben Donaudampfschiff Kartoffelsalat Straßenbahnhaltestelle Apfelkuchen Wochenende",
    "fr": "recette jardin bibliothèque montagne déjeuner bicyclette voisine fraise parapluie clavier boulangerie "
          "citrouille dimanche tartine épicerie",
    "es": "receta jardín biblioteca montaña desayuno bicicleta vecina fresa paraguas teclado panadería calabaza domingo",
    "it": "ricetta giardino biblioteca montagna colazione bicicletta vicina fragola ombrello tastiera panetteria zucca",
    "pl": "przepis ogród biblioteka śniadanie rower sąsiadka truskawka parasolka klawiatura piekarnia niedziela",
    "ru": "рецепт огород библиотека завтрак велосипед соседка клубника зонтик клавиатура булочная воскресенье тыква",
    "nl": "recept tuin bibliotheek ontbijt fiets buurvrouw aardbei paraplu toetsenbord bakkerij zondagmiddag "
          "verjaardagstaart boodschappentas",
    "pt": "receita jardim biblioteca montanha bicicleta vizinha morango teclado padaria abóbora domingo",
    "sv": "recept trädgård bibliotek frukost cykel granne jordgubbe paraply tangentbord bageri söndagsmiddag "
          "kanelbulle järnvägsstation",
    "ar": "وصفة حديقة مكتبة فطور دراجة جارة مظلة مفاتيح مخبز الأحد",
}  # fmt: skip
ODD_BUT_INNOCENT = """
def f(x): return g(h((x + 1)))
The macro expands to f(((x))) and then to y.
if (((a | b) & mask) == 0) return -1;
commit 9f14880c2d fixed the build, see also 88a1f3e.
Colour #148814 on the button, #ffffff around it.
Write to anna.berg1988@post.example or to h8_mail@desk.example.
Order K88-14-A of lot 1488-B/2 arrived with the parcel 14-88231.
My user name is x_k3ttle_x, his is m00n_w4lker99.
#SundayBaking #GardenLife #NoFilterNeeded
#CupOfTeaTime and #TwoWheelsOneLove
What the sh*p, who put the d*ck on the p*nd?
He said s***, then sh*t again, and went f*****g home.
The T.E.A. and the A.B.C. of it, p.s. and a.k.a. the rest.
self-made, state-of-the-art, mother-in-law, do-it-yourself, X-ray
Wi-Fi 802.11ac, USB-C 3.2, Mk4 and B2B, H2O, CO2, 4K, 3D, MP3.
s3cr3t p4ssw0rds are n0t s4fe, say the l33t kids.
Sooooo goooood, yesssss, noooo waaaay, haaaappy birthdaaaay!
w o w, that was c o l d and l a t e
Hammersmith, Scunthorpe, Penistone and Lightwater are towns.
Nigel from Nigeria met Kiko in Niger and Cuneo in Cannock.
Donaudampfschifffahrtsgesellschaft, Wahlkampfveranstaltung, Rassehundezucht
Hottentottententententoonstelling, arbeidsongeschiktheidsverzekering
Flaggstångsknoppsputsare, realisationsvinstbeskattning, fotbollsstjärna
git rebase -i HEAD~3 && make -j4 | tee build.log
SELECT a.id, b.name FROM a JOIN b ON a.id = b.a_id WHERE a.n > 14;
0x14880088 is an address, 0b1101 a mask, 1e-14 a tolerance.
ISBN 978-3-16-148410-0, EAN 4006381333931, DIN 18 014
https://shop.example/p/14-88-white-teapot?ref=k3ttle&x=1
C:\\Users\\Kim\\Pictures\\88_holiday.png
Room 14, floor 8, 8:14 pm; 1/4 cup, 8/8 stars, 14:88 is no time.
€5 or $5? c€nts, $hop, @home, caf@bar and p@ssw0rd
ａｅｓｔｈｅｔｉｃ ｗａｖｅ and 𝓵𝓸𝓿𝓮𝓵𝔂 𝓽𝓮𝓪
Ⓐ Ⓑ Ⓒ are the answers, 🅰 or 🅱 the blood groups, 🇩🇪 🇫🇷 🇵🇱 the teams
""".strip().splitlines()

PLAIN, CAPITALS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _alphabet(small: int, capital: int) -> dict[str, str]:
    return {letter: chr(first + at) for letters, first in ((PLAIN, small), (CAPITALS, capital))
            for at, letter in enumerate(letters)}  # fmt: skip


DRESSES = (
    _alphabet(0xFF41, 0xFF21), _alphabet(0x1D41A, 0x1D400), _alphabet(0x1D482, 0x1D468), _alphabet(0x1D4EA, 0x1D4D0),
    _alphabet(0x1D586, 0x1D56C), _alphabet(0x1D5EE, 0x1D5D4), _alphabet(0x1D68A, 0x1D670), _alphabet(0x24D0, 0x24B6),
    _alphabet(0x1F130, 0x1F130), _alphabet(0x1F150, 0x1F150), _alphabet(0x249C, 0x249C),
    dict(zip(PLAIN, "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    dict(zip(PLAIN, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ", strict=True)),
)  # fmt: skip
DRESSED_DIGITS = (dict(zip("0123456789", "０１２３４５６７８９", strict=True)),
                  dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True)),
                  dict(zip("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", strict=True)))  # fmt: skip
LOOKALIKES = tuple(dict(zip(letters, others, strict=True)) for letters, others in (
    ("aceijopsxyhdqwABCEHIKMOPTX", "асеіјорѕхуһԁԛԝАВСЕНІКМОРТХ"),  # Cyrillic
    ("aeiknoptuvxyABEHIKMNOPTXYZ", "αειкηορτυνχγΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"),  # Greek
    ("ABCDEGHJKLMPRSTVWZ", "ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ"),  # Cherokee
    ("ounhgOSUL", "օսոհցՕՏՍԼ"),  # Armenian
    ("abcdeghiklnoprstuyz", "ɑƀƈđɛɡħıƙłɲøƥɍʂŧʉƴƶ"),  # Latin with strokes and hooks
    ("асеорхукмтнв", "aceopxykmthb"),  # Latin in Cyrillic words
))  # fmt: skip
LEET_DIALECTS = tuple(dict(zip(letters, others, strict=True)) for letters, others in (
    ("aeiost", "431057"), ("aesi", "@3$1"), ("eiota", "€!0+@"), ("lszbg", "|5289"), ("aeiostlgb", "4310$7196"),
    ("оачз", "0@43"),
))  # fmt: skip
SQUARES = {letter: chr(0x1F170 + at) + "\ufe0f" for at, letter in enumerate(PLAIN)}
FLAGS = {letter: chr(0x1F1E6 + at) for at, letter in enumerate(PLAIN)}
SIGNS = {"m": "Ⓜ️", "i": "ℹ️", "a": "🅰️", "b": "🅱️", "o": "🅾️", "p": "🅿️"}
KEYCAPS = {digit: digit + "\ufe0f\u20e3" for digit in "0123456789"}
MARKS = "\u0316\u0330\u0333\u0334\u0335\u0336\u0337\u0338\u0353\u035b\u0489"
"""Those that make no letter of any language."""
MORE_MARKS = MARKS + "\u0300\u0301\u0302\u0303\u0308\u030a\u0323\u0325\u0331"
BIDI = "\u200e\u200f\u202a\u202b\u202d\u2066\u2067\u2068\u061c"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\ufe0f"
INVISIBLE = BIDI + ZERO_WIDTH + "\u202c\u202e\u2069"
FILLING = "\u3164\uffa0\u180b\ufff9\u2800\U000e0061\U000e0101"
TURNED_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", strict=True))
DRAWINGS = {"a": "/\\", "d": "|)", "h": "|-|", "k": "|<", "m": "|\\/|", "n": "|\\|", "o": "()", "u": "|_|", "v": "\\/"}
VOWELS = "aeiouyáéíóúàèäöüåęąаеиоуыэюяії"
SEPARATORS = (".", "-", "_", " ", "/", "*", "|", "·", "~")
CENSORS = ("*", "#", "_", ".", "@#", "$%&!")


class Post(NamedTuple):
    """A post, and the part of it that is disguised; `plain` is the same post with nothing hidden."""

    kind: str
    rule: str
    form: str
    text: str
    start: int
    end: int
    plain: str


Disguise = Callable[[str, Random], str]
"""What a phrase becomes; the phrase itself where this cannot be done to it."""


def _each_word(disguise: Disguise, least: int = 4) -> Disguise:
    """A disguise of single words, done to all words that are long enough or to the longest one only."""

    def done(phrase: str, chance: Random) -> str:
        words = phrase.split(" ")
        only = max(words, key=len) if chance.random() < 0.3 else None
        return " ".join(disguise(word, chance) if len(word) >= least and only in (None, word) else word
                        for word in words)  # fmt: skip

    return done


def _swapped(word: str, table: Mapping[str, str], chance: Random, share: float | None = None) -> str:
    """Letters replaced: all that the table knows, or a share of them but one at least."""
    places = [at for at, letter in enumerate(word) if letter in table]
    share = chance.choice((0.3, 0.6, 1.0)) if share is None else share
    chosen = set(chance.sample(places, max(1, round(share * len(places))))) if places else set()
    return "".join(table[letter] if at in chosen else letter for at, letter in enumerate(word))


def case(phrase: str, chance: Random) -> str:
    """Capitals where none belong."""
    kinds = (str.upper, str.title, str.swapcase,
             lambda text: "".join(chance.choice((letter.upper(), letter)) for letter in text))  # fmt: skip
    return chance.choice(kinds)(phrase)


def dress(phrase: str, chance: Random) -> str:
    """Full-width, mathematical, circled and other letters."""
    if any(letter.isdigit() for letter in phrase):
        return _swapped(phrase, chance.choice(DRESSED_DIGITS), chance, 1)
    table = chance.choice(DRESSES)
    if table.keys().isdisjoint(phrase):
        return phrase
    return _swapped(chance.choice((phrase, phrase.upper())) if "A" in table else phrase, table, chance, 1)


def lookalikes(word: str, chance: Random) -> str:
    """Letters of other scripts."""
    word = chance.choice((word, word.upper()))
    tables = [table for table in LOOKALIKES if not table.keys().isdisjoint(word)]
    return _swapped(word, chance.choice(tables), chance) if tables else word.lower()


def _between(word: str, signs: str, chance: Random, most: int, share: float) -> str:
    return "".join(
        letter + ("".join(chance.choices(signs, k=chance.randint(1, most))) if chance.random() < share else "")
        for letter in word
    )


def marks_light(word: str, chance: Random) -> str:
    """A mark on some letters."""
    at = chance.randrange(len(word))
    return word[: at + 1] + chance.choice(MARKS) + _between(word[at + 1 :], MARKS, chance, 1, 0.5)


def marks_heavy(word: str, chance: Random) -> str:
    """Zalgo."""
    return _between(word, MORE_MARKS, chance, 8, 1)


def bidi(word: str, chance: Random) -> str:
    """Direction controls around and inside."""
    at = chance.randint(1, len(word) - 1)
    around = chance.choice((("\u202a", "\u202c"), ("\u2066", "\u2069"), ("\u202d", "\u202c"), ("", "")))
    return around[0] + word[:at] + chance.choice(BIDI) + word[at:] + around[1]


def zero_width(word: str, chance: Random) -> str:
    """Letters without width between the others."""
    at = chance.randint(1, len(word) - 1)
    return word[:at] + chance.choice(ZERO_WIDTH) + _between(word[at:-1], ZERO_WIDTH, chance, 2, 0.5) + word[-1]


def leet(word: str, chance: Random) -> str:
    """Digits and signs for letters; never for all of them, nor where digits mean themselves."""
    if not word.isalpha():
        return word
    tables = [table for table in LEET_DIALECTS if not table.keys().isdisjoint(word)]
    done = _swapped(word, chance.choice(tables), chance) if tables else word
    return done if sum(map(str.isalpha, done)) >= 2 else word


def repeated(word: str, chance: Random) -> str:
    """A letter many times, at one to three places."""
    places = chance.sample(range(len(word)), chance.choice((1, 1, 2, 3)))
    return "".join(letter * (chance.randint(2, 6) if at in places else 1) for at, letter in enumerate(word))


def separated(phrase: str, chance: Random) -> str:
    """A sign between all letters; between words the same, or more room."""
    sign = chance.choice(SEPARATORS)
    words = [sign.join(word) for word in phrase.split(" ")]
    return ("  " if sign == " " else chance.choice((sign, " "))).join(words)


def separated_by_several(word: str, chance: Random) -> str:
    """Signs of several kinds between all letters."""
    return "".join(letter + chance.choice(".-_*/") for letter in word[:-1]) + word[-1]


def separated_once(word: str, chance: Random) -> str:
    """A sign at one place."""
    at = chance.randint(1, len(word) - 1)
    return word[:at] + chance.choice([sign for sign in SEPARATORS if sign != " "]) + word[at:]


def joined(phrase: str, _chance: Random) -> str:
    """Words without the spaces between them."""
    return phrase.replace(" ", "")


def hashtag(phrase: str, _chance: Random) -> str:
    """A hashtag in CamelCase."""
    return "#" + phrase.title().replace(" ", "") if " " in phrase else phrase


def censored_vowel(word: str, chance: Random) -> str:
    """One vowel hidden."""
    places = [at for at in range(1, len(word) - 1) if word[at] in VOWELS]
    if not places or not word.isalpha():
        return word
    at = chance.choice(places)
    return word[:at] + chance.choice(("*", "#", "_", ".", "@")) + word[at + 1 :]


def censored_inner(word: str, chance: Random) -> str:
    """Several letters inside hidden, at most half of the word."""
    if len(word) < 6 or not word.isalpha():
        return word
    length = chance.randint(2, len(word) // 2)
    at = chance.randint(1, len(word) - length - 1)
    sign = chance.choice(CENSORS)
    return word[:at] + (sign * length)[:length] + word[at + length :]


def typo(word: str, chance: Random) -> str:
    """One slip inside a long word."""
    if len(word) < 8 or not word.isalpha():
        return word
    at = chance.randint(1, len(word) - 3)
    letters = [letter for letter in word if letter != word[at]]
    slip = chance.choice(letters)
    return chance.choice((
        word[:at] + slip + word[at:], word[:at] + word[at + 1 :], word[:at] + slip + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ))  # fmt: skip


def parentheses(phrase: str, _chance: Random) -> str:
    """The "echo"."""
    return f"((({phrase})))"


def emoji(phrase: str, chance: Random) -> str:
    """Emoji that show letters and digits."""
    if any(letter.isdigit() for letter in phrase):
        return _swapped(phrase, KEYCAPS, chance, 1)
    return _swapped(phrase, chance.choice((SQUARES, FLAGS, SIGNS)), chance, 1)


def vertical(phrase: str, _chance: Random) -> str:
    """A letter a line."""
    return "\n".join(phrase.replace(" ", ""))


def between(*signs: str) -> Disguise:
    """One of these between all letters of a word."""
    return lambda word, chance: chance.choice(signs).join(word) if word.isalpha() else word


def bracketed(word: str, chance: Random) -> str:
    """Each letter in brackets."""
    left, right = chance.choice(("[]", "{}", "()"))
    return "".join(left + letter + right for letter in word) if word.isalpha() else word


def filled(word: str, chance: Random) -> str:
    """A letter or sign inside of which nothing is seen."""
    at = chance.randint(1, len(word) - 1)
    return word[:at] + chance.choice(FILLING) + word[at:]


def upside_down(word: str, _chance: Random) -> str:
    """Turned by half."""
    return "".join(map(TURNED_LETTERS.__getitem__, reversed(word))) if TURNED_LETTERS.keys() >= set(word) else word


def drawn(word: str, chance: Random) -> str:
    """Letters drawn with several signs, two at most."""
    return _swapped(word, DRAWINGS, chance, 0.3)


def coded(word: str, chance: Random) -> str:
    """Some letters as HTML or addresses write them."""
    at = chance.randint(1, len(word) - 1)
    codes = ("&#{};", "&#x{:x};") + (("%{:02X}",) if word[at].isascii() else ())
    return word[:at] + chance.choice(codes).format(ord(word[at])) + word[at + 1 :]


def unescaped_space(phrase: str, chance: Random) -> str:
    """The space between words as HTML or addresses write it."""
    return phrase.replace(" ", chance.choice(("&nbsp;", "%20", "&#32;")))


def broken(word: str, chance: Random) -> str:
    """Parted at the end of a line."""
    at = chance.randint(2, len(word) - 2)
    return f"{word[:at]}-\n{word[at:]}" if word.isalpha() else word


KINDS: Mapping[str, Disguise] = {
    "case": case, "dress": dress, "lookalikes": _each_word(lookalikes, 3), "marks": _each_word(marks_light, 2),
    "zalgo": marks_heavy, "bidi": _each_word(bidi, 2), "zero width": _each_word(zero_width, 3), "leet": _each_word(leet),
    "repeated": _each_word(repeated), "separated": separated, "separated by several": _each_word(separated_by_several),
    "separated once": _each_word(separated_once), "joined": joined, "hashtag": hashtag,
    "censored vowel": _each_word(censored_vowel), "censored inside": _each_word(censored_inner), "typo": _each_word(typo),
    "parentheses": parentheses, "emoji": emoji, "vertical": vertical,
    "emoji between": _each_word(between("🔥", "⭐", "🌊", "❤️")), "thin spaces": _each_word(between(*"\u2009\u200a\u202f\u3000")),
    "quotes between": _each_word(between(*'";')), "bracketed": _each_word(bracketed), "filled": _each_word(filled),
    "upside down": _each_word(upside_down), "drawn": _each_word(drawn), "coded": _each_word(coded),
    "unescaped space": unescaped_space, "broken": _each_word(broken),
}  # fmt: skip
GLUED = "glued"
"""Written together with the words before and after it."""
TWO = (
    ("leet", "repeated"), ("leet", "separated"), ("lookalikes", "zero width"), ("repeated", "case"), ("marks", "leet"),
    ("lookalikes", "marks"), ("joined", "leet"), ("hashtag", "lookalikes"), ("dress", "bidi"), ("leet", "zero width"),
    ("censored vowel", "case"), ("joined", "repeated"), ("case", "separated"), ("separated", "parentheses"),
    ("typo", "case"), ("lookalikes", "separated"),
)  # fmt: skip
LEAST_LETTERS = {"case": 2, "parentheses": 3, "joined": 8, "hashtag": 8, GLUED: 8}


def _disguised(phrase: str, kind: str, chance: Random) -> str:
    """The phrase in this kind of disguise, which may be two kinds with a plus; the phrase itself if it cannot be."""
    for one in kind.split("+"):
        before = phrase
        phrase = KINDS[one](phrase, chance)
        if phrase == before:
            return ""
    return phrase


def kinds() -> Iterator[str]:
    """All kinds by name."""
    yield from KINDS
    yield GLUED
    yield from ("+".join(two) for two in TWO)


def posts_with(rules: Mapping[str, Indicator], each: int, chance: Random) -> Iterator[Post]:
    """`each` posts of every kind, over the forms that need nothing around them."""
    forms = sorted((rule, form) for rule, indicator in rules.items()
                   if not indicator.needs and not {*indicator.languages} - CARRIERS.keys()
                   for form in indicator.forms if re.fullmatch(r"[\w' -]+", form))  # fmt: skip
    written = {form for indicator in rules.values() for form in indicator.forms}
    for kind in kinds():
        made = 0
        while made < each:
            rule, form = chance.choice(forms)
            if len(form) < max(LEAST_LETTERS.get(one, 4) for one in kind.split("+")) and not form.isdigit():
                continue
            before, after = chance.choice(CARRIERS[(*rules[rule].languages, "en")[0]]).split("{}")
            plain = before + form + after
            if kind == GLUED:
                if " " not in form and len(form) < 8:
                    continue
                before, after, hidden = before.rstrip(" "), after.lstrip(" "), form.replace(" ", "")
            else:
                hidden = _disguised(form, kind, chance)
            if not hidden or (hidden in written and kind != "case"):
                continue
            made += 1
            yield Post(kind, rule, form, before + hidden + after, len(before), len(before + hidden), plain)


def innocent_posts(count: int, chance: Random) -> Iterator[str]:
    """Everyday posts that look disguised: the same done to everyday words, code, names, numbers."""
    made = 0
    while made < count:
        if chance.random() < 0.2:
            yield chance.choice(ODD_BUT_INNOCENT)
        else:
            lang = chance.choice(list(EVERYDAY_WORDS))
            words: Sequence[str] = EVERYDAY_WORDS[lang].split()
            phrase = " ".join(chance.sample(words, chance.choice((1, 1, 2))))
            kind = chance.choice(
                [kind for kind in kinds() if kind not in {"parentheses", "separated+parentheses", GLUED}]
            )
            yield chance.choice(CARRIERS[lang]).format(_disguised(phrase, kind, chance) or phrase)
        made += 1
