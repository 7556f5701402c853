"""The log's static files: tiles of the tree and bundles of entries (C2SP tlog-tiles), 256 to a tile.

A tile at (level, n) holds the nodes from n × 256 on of the tree's level × 8. A partial one, at the right edge, holds
the first `width` of them. Bundles of entries are cut as the tiles of level 0 are.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from register.log.encoding import HASH_BYTES, LARGEST
from register.log.tree import Nodes
from schemas.merkle import root_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
TOP_LEVEL = 63
LARGEST_ENTRY = 0xFFFF
"""The most bytes of an entry: its length stands in two."""

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the tree (`level` 0 to 63), or a bundle of entries (`level` None): its place and width (1 to 256)."""

    level: int | None
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's address."""
        return entries_path(self.n, self.width) if self.level is None else tile_path(self.level, self.n, self.width)

    @property
    def is_full(self) -> bool:
        """Whether it can never change any more."""
        return self.width == WIDTH


def tile_path(level: int, n: int, width: int = WIDTH) -> str:
    """`tile/<level>/<n>`, with `.p/<width>` where it is partial. Raises ValueError."""
    if not 0 <= level <= TOP_LEVEL:
        raise ValueError(f"no tile has level {level}")
    return f"tile/{level}/{_place(n, width)}"


def entries_path(n: int, width: int = WIDTH) -> str:
    """`tile/entries/<n>`, with `.p/<width>` where it is partial. Raises ValueError."""
    return f"tile/entries/{_place(n, width)}"


def read_path(text: str) -> Tile:
    """The tile or bundle at a path as `tile_path` and `entries_path` write it. Raises ValueError for any other text."""
    match = _PATH.fullmatch(text)
    if match is None:
        raise ValueError("that is not the path of a tile")
    kind, place, width = match.groups()
    level = None if kind == "entries" else int(kind)
    tile = Tile(level, int(place.replace("x", "").replace("/", "")), int(width) if width else WIDTH)
    if tile.path != text:
        raise ValueError("that is not how the path of a tile is written")
    return tile


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of the tree of `size` entries that the tree of `since` did not have, each level's in order.

    The bundles of entries are those of level 0 with `level=None`. Raises ValueError where `since` is the larger.
    """
    if not 0 <= since <= size:
        raise ValueError(f"a tree of {size} entries did not grow from {since}")
    level, nodes, before = 0, size, since
    while nodes > before:
        for n in range(before // WIDTH, nodes // WIDTH):
            yield Tile(level, n)
        if nodes % WIDTH:
            yield Tile(level, nodes // WIDTH, nodes % WIDTH)
        level, nodes, before = level + 1, nodes // WIDTH, before // WIDTH


def tile_bytes(level: int, n: int, width: int, node: Nodes) -> bytes:
    """The bytes of a tile: `width` hashes of 32 bytes."""
    _place(n, width)
    return b"".join(node(level * HEIGHT, n * WIDTH + position) for position in range(width))


def nodes_of_tiles(size: int, read: Callable[[int, int, int], bytes]) -> Nodes:
    """The nodes of the tree of `size` entries out of its tiles; `read` gives the bytes of (level, n, width).

    The result raises ValueError for a node that the tree does not have, and for a tile of another length. The tiles
    are taken as they are: compare `tree.root_of` with a signed root before trusting what comes out of them.
    """

    def node(level: int, index: int) -> bytes:
        if not 0 <= index < size >> level:
            raise ValueError(f"a tree of {size} entries has no node {index} at level {level}")
        tile_level, height = divmod(level, HEIGHT)
        first = index << height
        n = first // WIDTH
        width = min(WIDTH, (size >> tile_level * HEIGHT) - n * WIDTH)
        tile = read(tile_level, n, width)
        if len(tile) != width * HASH_BYTES:
            raise ValueError(f"{tile_path(tile_level, n, width)} has {len(tile)} bytes, not {width * HASH_BYTES}")
        begin = first % WIDTH * HASH_BYTES
        hashes = tile[begin : begin + (HASH_BYTES << height)]
        return root_hash([hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)])

    return node


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle: each entry behind its length in two bytes, the higher first.

    Raises ValueError for an entry above 65,535 bytes, and for none or more than 256 of them.
    """
    if not 1 <= len(entries) <= WIDTH:
        raise ValueError(f"a bundle has 1 to {WIDTH} entries, not {len(entries)}")
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise ValueError(f"an entry has at most {LARGEST_ENTRY} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_entry_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ValueError where it is cut short, empty, or has more than 256."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            raise ValueError("the bundle of entries is cut short")
        if len(entries) == WIDTH:
            raise ValueError(f"the bundle has more than {WIDTH} entries")
        entries.append(data[at + 2 : end])
        at = end
    if not entries:
        raise ValueError("the bundle has no entry")
    return entries


def _place(n: int, width: int) -> str:
    if not 0 <= n <= LARGEST:
        raise ValueError(f"no tile has the number {n}")
    if not 1 <= width <= WIDTH:
        raise ValueError(f"a tile is 1 to {WIDTH} wide, not {width}")
    digits = str(n)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "".join(f"x{group}/" for group in groups[:-1]) + groups[-1]
    return path if width == WIDTH else f"{path}.p/{width}"
