"""Writing a zip file by file, in the memory of one of them however many there are.

`zipfile` keeps an object of about a kilobyte for each file until the end; a register has as many files as bodies.
The format is that of PKWARE's APPNOTE 6.3.10, with its 64-bit records only where a number needs them.
"""

import struct
import zlib
from tempfile import SpooledTemporaryFile
from typing import IO, Self

_STORED, _DEFLATED = 0, 8
_FIRST_DAY = 0x21
"""1980-01-01, the first day that a zip can name: a date would make each zip of the same files another one."""

_UNIX, _PLAIN_FILE = 3, 0o100644 << 16
_16_BITS, _32_BITS = 0xFFFF, 0xFFFFFFFF
_IN_MEMORY = 1 << 20


class ZipWriter:
    """A zip that is being written to a file or a pipe; leaving the block without an error ends it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._directory = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed in __exit__
        self._at = self._count = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, failed: type[BaseException] | None, *_error: object) -> None:
        """Write the list of the files, unless something failed."""
        try:
            if failed is None:
                self._end()
        finally:
            self._directory.close()

    def add(self, path: str, data: bytes, *, packed: bool = True) -> None:
        """Write a file of less than 4 GB, deflated where it is to be packed. Paths are ASCII, and each comes once."""
        name, check = path.encode("ascii"), zlib.crc32(data)
        held, method = data, _STORED
        if packed:
            deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            held, method = deflate.compress(data) + deflate.flush(), _DEFLATED
        facts = struct.pack("<HHHHHLLL", 20, 0, method, 0, _FIRST_DAY, check, len(held), len(data))
        extra = struct.pack("<HHQ", 1, 8, self._at) if self._at >= _32_BITS else b""
        rest = struct.pack("<HHHHHLL", len(name), len(extra), 0, 0, 0, _PLAIN_FILE, min(self._at, _32_BITS))
        needed = struct.pack("<H", 45) + facts[2:] if extra else facts
        self._directory.write(b"PK\x01\x02" + bytes([20, _UNIX]) + needed + rest + name + extra)
        self._write(b"PK\x03\x04" + facts + struct.pack("<HH", len(name), 0) + name + held)
        self._count += 1

    def _end(self) -> None:
        start, size, count = self._at, self._directory.tell(), self._count
        self._directory.seek(0)
        while piece := self._directory.read(1 << 16):
            self._write(piece)
        if start >= _32_BITS or size >= _32_BITS or count >= _16_BITS:
            where = self._at
            self._write(
                struct.pack("<LQHHLLQQQQ", 0x06064B50, 44, 45 | _UNIX << 8, 45, 0, 0, count, count, size, start)
            )
            self._write(struct.pack("<LLQL", 0x07064B50, 0, where, 1))
        many, bytes_, begin = min(count, _16_BITS), min(size, _32_BITS), min(start, _32_BITS)
        self._write(struct.pack("<LHHHHLLH", 0x06054B50, 0, 0, many, many, bytes_, begin, 0))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)
