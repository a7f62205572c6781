"""Invented names: hosts, onions, wallets, tripcodes, handles, slang, and small pictures. Checksums are real."""

import base64
import hashlib
import struct
import zlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

FIRST = """amber anchor ash aspen badger barn beacon birch bramble brass brook cedar chalk cinder clay cliff clover cobalt
copper coral cove crane creek dale delta dune elm ember fern field finch flint fog ford fox frost garnet gate glass gorse
granite grove gull harbor hazel heath heron hill hollow iron island ivy jade juniper kelp kettle lake lantern larch ledge
lime linden loft loom lyric maple marble marsh meadow mill mint moor moss north oak olive onyx orchard otter owl pebble
pepper pier pine plum pond poplar prairie quarry quartz quill raven reed ridge river robin rook rose rust saddle sage salt
sand shale shore silver slate snow south spruce stable star stone storm summit swan tallow tarn thicket thistle tide timber
tin tower trail tulip umber valley velvet violet walnut water west wheat willow winter wolf wren yarrow zinc""".split()
LAST = """arch bank barn bay bell bend box bridge cabin castle chapel circle city clock club corner court cross den desk
dock door drift fair farm ferry fire fold forge fort garden hall haven hearth house hut inn junction keep lab lane ledger
lodge lot manor market mast mesa mill mount nest nook notes oven park pass path pit place plaza point pool port post press
quay range rest road rock roof room row shed ship shop side site smith spring square stand station steps stop store street
table tent terrace track tree union vale view villa wagon walk wall ward well wharf wing wood works yard""".split()
OTHER_FIRST = """bantam basalt bobbin bugle cactus camphor candle caraway cello dahlia drum falcon fiddle gable ginger
hemlock indigo javelin kestrel lacquer lemon magnet mallow napkin nickel nutmeg obsidian opal orbit paprika parrot pelican
pewter pigeon puffin quince radish saffron satin sorrel sparrow teal topaz turnip vanilla walrus weasel zephyr""".split()
OTHER_LAST = """alcove annex atoll attic balcony bazaar canopy canteen cellar cloister crater depot estuary foyer gazebo
glade hangar jetty kiosk lagoon mezzanine oasis parlour pavilion pergola plateau quarter ravine rotunda studio trellis
turret vault veranda""".split()
BOARDS = {
    "tea": "Tea and kettles", "rail": "Model railways", "pol": "Politics", "b": "Random", "tech": "Technology",
    "int": "International", "g": "Gadgets", "v": "Video games", "a": "Animation", "lit": "Books", "mu": "Music",
    "k": "Tools", "diy": "Do it yourself", "out": "Outdoors", "fit": "Fitness", "sci": "Science", "his": "History",
    "x": "Strange things", "meta": "About this site", "news": "Current events", "map": "Maps", "radio": "Radio",
    "ck": "Cooking", "o": "Cars", "art": "Drawing", "film": "Film", "chess": "Chess", "eco": "Money",
    "dig": "Digging", "truth": "Hidden things", "night": "Late hours", "bunker": "Spare room",
}  # fmt: skip
OTHER_BOARDS = {
    "moss": "Mosses", "wind": "Wind and sails", "q": "Questions", "pub": "The pub", "ham": "Amateur radio",
    "z": "Everything else", "law": "Law talk", "bees": "Beekeeping", "ink": "Pens and ink", "zen": "Quiet",
    "deep": "Deep dives", "now": "What happens now", "old": "Old things", "vox": "Voices", "rust": "Restoration",
}  # fmt: skip
SYLLABLES = "bel cor dra fen gim hup jol kra lum mog nib ost pim quo rel sna tob urm vex wim yol zan".split()
PEOPLE = """alder Basil bristle Caspian corvid Dapple dorrit ember_9 Fennick gorsebush Hadley inkpot Jasper kittiwake
Larkspur mudlark Nettle oakapple Parsnip quillwort Rowan saltmarsh Tansy underhill vetch Wicket yarrow zinnia""".split()
RULES = (
    "Nothing against the law of the land.", "One thread a topic.", "No spam, no shops.", "Stay on the board's topic.",
    "Do not post addresses of people.", "The staff decides.", "English on the front boards.", "No begging for invites.",
    "Large pictures are welcome.", "Report instead of answering.", "Do not evade bans.", "Be brief in the kitchen threads.",
)  # fmt: skip
MOTTOS = (
    "Tea at any hour", "The place for quiet talk", "Speak and be brief", "Since the days of the modem", "Where the map ends",
    "No masters, many kettles", "Open all night", "For friends of small things", "Mind the gap", "We keep the lamp lit",
    "Everything is on topic", "Home of the slow train", "Less noise", "The last table in the house",
)  # fmt: skip
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
LOOKALIKES = {"o": "0", "l": "1", "i": "l", "m": "rn", "w": "vv", "e": "3", "a": "4", "u": "v", "n": "m", "t": "tt"}
T = TypeVar("T")


def pick(rng: Random, items: Sequence[T]) -> T:
    """One of them."""
    return items[int(rng.random() * len(items))]


def weighted(rng: Random, mix: dict[T, float]) -> T:
    """A key of a mix, as often as its share says."""
    at = rng.random() * sum(mix.values())
    for key, share in mix.items():
        at -= share
        if at < 0:
            return key
    return next(key for key, share in mix.items() if share)


class Namer:
    """Hosts that no other place of the world has."""

    def __init__(self, rng: Random, *, unseen: bool = False) -> None:
        """`unseen`: of words that worlds of the usual kind never use."""
        self.rng = rng
        self.first, self.last = (OTHER_FIRST, OTHER_LAST) if unseen else (FIRST, LAST)
        self.boards = OTHER_BOARDS if unseen else BOARDS
        self.taken: set[str] = set()

    def take(self, label: str, ending: str | None = None) -> str:
        """`label.example`, or with a number behind it where that is taken."""
        ending = ending or ("example" if self.rng.random() < 0.7 else "test")
        host, more = f"{label}.{ending}", 2
        while host in self.taken:
            host, more = f"{label}{more}.{ending}", more + 1
        self.taken.add(host)
        return host

    def label(self) -> str:
        """Two words, joined in one of the ways that names are."""
        rng = self.rng
        joint = pick(rng, ("", "", "", "", "-"))
        name = f"{pick(rng, self.first)}{joint}{pick(rng, self.last)}"
        return name if rng.random() < 0.85 else f"{name}{pick(rng, ('hub', 'net', 'online', '24', 'app', 'hq', '9'))}"

    def host(self) -> str:
        """A new host with nothing behind its name."""
        return self.take(self.label())

    def after(self, old: str, style: str, nick: str) -> str:
        """A host named after another, in one of the documented styles."""
        rng = self.rng
        label, ending = old.split(".")[-2:]
        other = "test" if ending == "example" else "example"
        match style:
            case "hop":
                return self.take(label, other)
            case "digit":
                return self.take(f"{rng.randint(0, 9)}{label}")
            case "increment":
                return self.take(f"{label}{rng.randint(2, 4)}", ending)
            case "truncation":
                cut = "".join(c for i, c in enumerate(label) if i == 0 or c not in "aeiou-")
                return self.take(cut if rng.random() < 0.5 and len(cut) > 3 else label[: max(4, len(label) // 2)])
            case "community":
                return self.take(f"{nick}{pick(rng, ('den', 'hideout', 'spot', 'home', '-folk', 's', 'land'))}")
            case "brand":
                return self.take(f"{label[:6].rstrip('-')}{pick(rng, ('kun', 'ka', 'ling', 'berg', '-san', 'x'))}")
            case "suffix":
                return self.take(f"{label}{pick(rng, ('-back', 'reborn', '-next', 'again', '-two'))}")
            case "initials":
                return self.take(f"{label[0]}{label[len(label) // 2]}{pick(rng, self.last)}")
            case _:
                return self.host()

    def lookalike(self, old: str) -> str:
        """A host that a reader may take for another: a changed letter, a double, a hyphen, a prefix."""
        rng = self.rng
        label = old.split(".")[-2]
        for _ in range(9):
            at = rng.randrange(len(label))
            made = pick(rng, (
                label[:at] + LOOKALIKES.get(label[at], label[at] * 2) + label[at + 1 :],
                label[:at] + label[at + 1 :],
                f"{label[: max(2, at)]}-{label[max(2, at) :]}",
                f"{pick(rng, ('my', 'the', 'get', 'new', 'official-', 'real'))}{label}",
                f"{label}{pick(rng, ('-official', '-login', 'app', '-new', 's'))}",
            ))  # fmt: skip
            if made.strip("-") == made and "--" not in made and made != label:
                return self.take(made)
        return self.take(f"{label}-new")


def slang(rng: Random) -> list[str]:
    """Words that only one community uses."""
    return ["".join(pick(rng, SYLLABLES) for _ in range(pick(rng, (2, 2, 3)))) for _ in range(6)]


def handle(rng: Random) -> str:
    """A user's name."""
    base = pick(rng, PEOPLE)
    return base if rng.random() < 0.3 else f"{base}{pick(rng, ('', '_', '-'))}{rng.randint(1, 999)}"


def tripcode(rng: Random) -> str:
    """As imageboards write one."""
    return "!" + base64.b64encode(rng.randbytes(8), b"./").decode()[:10]


def onion(rng: Random) -> str:
    """A version 3 onion name with its checksum (Tor rend-spec-v3, 6)."""
    key = rng.randbytes(32)
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + check + b"\x03").decode().lower() + ".onion"


def wallet(rng: Random) -> str:
    """A Bitcoin address with its checksum: base58check, or bech32 (BIP 173)."""
    return _bech32(rng.randbytes(20)) if rng.random() < 0.5 else _base58(b"\0" + rng.randbytes(20))


def _base58(payload: bytes) -> str:
    whole = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    value, made = int.from_bytes(whole), ""
    while value:
        value, digit = divmod(value, 58)
        made = BASE58[digit] + made
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + made


def _bech32(program: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in program)
    data = [0, *(int(bits[at : at + 5], 2) for at in range(0, len(bits), 5))]
    prefix = [3, 3, 0, 2, 3]  # "bc" expanded
    check = _polymod([*prefix, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    return "bc1" + "".join(BECH32[v] for v in [*data, *((check >> 5 * (5 - i)) & 31 for i in range(6))])


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> i) & 1 else 0
    return check


def tracker(rng: Random) -> str:
    """A customer's number of one of the services that count visitors."""
    return pick(
        rng,
        (
            f"G-{rng.getrandbits(50):010X}"[:12],
            f"UA-{rng.randrange(10**7, 10**8)}-1",
            f"ym{rng.randrange(10**7, 10**8)}",
            f"cf{rng.getrandbits(128):032x}",
        ),
    )


def icon(seed: int) -> bytes:
    """A 16 by 16 picture made from a number, as a PNG in an ICO; the same for the same number."""
    rng = Random(seed)
    back, ink = rng.randbytes(3), rng.randbytes(3)
    half = [[rng.random() < 0.45 for _ in range(4)] for _ in range(8)]
    rows = []
    for line in half:
        row = b"".join((ink if on else back) * 2 for on in [*line, *reversed(line)])
        rows += [b"\0" + row] * 2
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"".join(rows), 9)),
            (b"IEND", b""),
        )
    )
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 24, len(png), 22) + png
