"""This register in RSF, the text in which GOV.UK Registers were published, as `catalogue.formats.rsf` reads it.

An item is the canonical JSON (RFC 8785) of one version's deal, an entry the event that made the version. A register
in RSF is called by the name of its key field, which is `id` here. Roots stand at the head (of no entry) and at the
end (of all). What events decided beyond the text (withdrawn, rejected, suspended, ended) stands in system entries
`standing:NUMBER`, which readers that do not know them pass over.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from catalogue.formats.rsf import entry_leaf
from register.formats.exported import VersionEntry
from schemas.canonical import Json, canonical_bytes, sha256_hex
from schemas.merkle import EMPTY_ROOT, leaf_hash, root_hash

KEY_FIELD = "id"


def write_rsf(
    title: str,
    registry: str,
    fields: Sequence[str],
    made: datetime,
    standings: Iterable[tuple[str, str, datetime]],
    versions: Iterable[VersionEntry],
) -> Iterator[str]:
    """The lines of a register in RSF: the same register gives the same lines.

    `fields` are the names of the members a deal may have. The definition of the register bears the time of its first
    entry, or `made` where it has none.
    """
    entries = iter(versions)
    first = next(entries, None)
    made = first.moment if first else made
    definition = {"fields": list(fields), "phase": "beta", "register": KEY_FIELD, "registry": registry, "text": title}
    yield f"assert-root-hash\tsha-256:{EMPTY_ROOT.hex()}\n"
    yield from _system("name", {"name": KEY_FIELD}, made)
    yield from _system(f"register:{KEY_FIELD}", definition, made)
    yield from _system("register-name", {"register-name": title}, made)
    for number, standing, changed_at in standings:
        yield from _system(f"standing:{number}", {"agreement": number, "standing": standing}, changed_at)
    leaves: list[bytes] = []
    written: set[str] = set()
    for entry in chain([first] if first else [], entries):
        item = canonical_bytes(entry.document)
        name = f"sha-256:{sha256_hex(item)}"
        if name not in written:
            written.add(name)
            yield f"add-item\t{item.decode()}\n"
        moment = _moment(entry.moment)
        leaves.append(leaf_hash(entry_leaf(len(leaves) + 1, entry.agreement_id, moment, [name])))
        yield f"append-entry\tuser\t{entry.agreement_id}\t{moment}\t{name}\n"
    yield f"assert-root-hash\tsha-256:{root_hash(leaves).hex()}\n"


def _system(key: str, item: Json, moment: datetime) -> Iterator[str]:
    text = canonical_bytes(item)
    yield f"add-item\t{text.decode()}\n"
    yield f"append-entry\tsystem\t{key}\t{_moment(moment)}\tsha-256:{sha256_hex(text)}\n"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
