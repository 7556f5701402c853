"""The whole register as one zip that anyone can check alone and offline, with the program for it inside.

It is made of the log's own files, so the same log gives the same zip, byte for byte.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from typing import IO, Protocol

from register.log.tiles import tiles_of
from register.log.zip_writing import ZipWriter
from schemas.canonical import canonical_bytes, sha256_hex

README = """\
{origin}: a copy of a register of data-sharing agreements
{underline}

Anyone can check this copy, without a network and without asking its publisher. With Python 3.9 or newer:

    python3 verify.py --key FILE

FILE holds the register's public key. Get it elsewhere than with this copy: from the publisher's site, a newspaper, an
archive. Without --key the key in this copy is used: that shows that the copy is whole, not who made it.
Whoever trusts nothing in this copy gets verify.py elsewhere too; it is short enough to be read.
Keep the file “checkpoint”. With a later copy, --since CHECKPOINT shows that nothing was changed or dropped since.
“python3 verify.py bundle.zip” checks the zip itself, and “python3 verify.py --help” tells the rest.

  checkpoint                    name, size and root of the log, signed (C2SP tlog-checkpoint)
  key                           the public key, the newest first where there were several
  tile/entries/                 the entries: what was put into the register, and when (C2SP tlog-tiles)
  tile/0/, tile/1/ ...          the tree of hashes over the entries
  bodies/                       agreements and what was said of them, each under its hash
  schemas/agreement/            what the fields of an agreement mean, by version
  codelists/, codelists.json    the codes that fields use, and the hash of each list
  SHA256SUMS                    for “sha256sum --check SHA256SUMS”: the files that the log itself does not vouch for
  verify.py                     the program that checks all of this

A value that had to be taken out by law is gone from its body, and an entry says so. The rest still verifies.
"""


class LogCopy(Protocol):
    """A log with everything that lies beside it, as its newest signed checkpoint covers it.

    `checkpoint` is the signed note, `keys` the lines of the public keys, the newest first.
    """

    @property
    def checkpoint(self) -> str:
        """The signed note, as it is served."""

    @property
    def size(self) -> int:
        """How many entries the checkpoint covers."""

    @property
    def keys(self) -> str:
        """The public keys, each line ended by a newline, the newest first."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The bytes of a tile. Raises KeyError or NotFound, as all that follow do."""

    def entries(self, index: int, width: int) -> bytes:
        """The bytes of a bundle of entries."""

    def bodies(self) -> Iterable[tuple[str, bytes]]:
        """All bodies that entries name, each once, by its hash: as files, in the order of the hashes."""

    def timestamps(self) -> Mapping[str, bytes]:
        """The files of the timestamps of its checkpoints, by their paths."""

    def schema(self, version: str) -> bytes:
        """A version of the contract without its codelists, in canonical form."""

    def schema_versions(self) -> Sequence[str]:
        """The versions of the contract."""

    def codelist(self, name: str) -> bytes:
        """The CSV of a codelist."""

    def codelist_names(self) -> Sequence[str]:
        """The names of all codelists."""


def write_bundle(source: LogCopy, out: IO[bytes]) -> None:
    """Write the zip. `out` may be a pipe. Raises what `source` raises for a file that it cannot give."""
    beside = dict(files_beside(source))
    sums = "".join(f"{sha256_hex(data)}  {path}\n" for path, data in sorted(beside.items()))
    with ZipWriter(out) as bundle:
        for path, data in beside.items():
            bundle.add(path, data)
        bundle.add("SHA256SUMS", sums.encode())
        bundle.add("checkpoint", source.checkpoint.encode())
        for tile in tiles_of(source.size):
            if tile.level == 0:
                bundle.add(replace(tile, level=None).path, source.entries(tile.n, tile.width))
            if tile.level is not None:
                bundle.add(tile.path, source.tile(tile.level, tile.n, tile.width), packed=False)
        for sha256, data in source.bodies():
            bundle.add(f"bodies/{sha256}", data)


def files_beside(source: LogCopy) -> Iterator[tuple[str, bytes]]:
    """The files of a bundle that are neither tiles nor bodies nor the checkpoint, by their paths."""
    origin = source.checkpoint.partition("\n")[0]
    yield "README.txt", README.format(origin=origin, underline="=" * (len(origin) + 49)).encode()
    yield "verify.py", resources.files("register.log").joinpath("verify.py").read_bytes()
    yield "key", source.keys.encode()
    for version in source.schema_versions():
        yield f"schemas/agreement/{version}.json", source.schema(version)
    yield "codelists.json", codelists_file(source)
    for name in source.codelist_names():
        yield f"codelists/{name}.csv", source.codelist(name)
    yield from source.timestamps().items()


def codelists_file(source: LogCopy) -> bytes:
    """The hash of each codelist by its name, in canonical form: an entry of the log names the hash of this."""
    return canonical_bytes({name: sha256_hex(source.codelist(name)) for name in source.codelist_names()})
