"""A text that is made in many small parts goes out in fewer and larger pieces: memory stays bounded all the same."""

from collections.abc import Iterable, Iterator

PIECE = 65_536
"""So many bytes go out at once, or somewhat more."""


def in_pieces(parts: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes (texts in UTF-8), many parts at once: each piece costs a call, and a packet on the web.

    Nothing is read further ahead than the piece that is being filled; no parts make no pieces.
    """
    held: list[bytes] = []
    size = 0
    for part in parts:
        piece = part.encode() if isinstance(part, str) else part
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
