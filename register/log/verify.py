"""Check a copy of a Data Gazette register with this file and Python 3.9 or newer: no network, and nobody's word.

A register is a list of entries; each names, by SHA-256, what was put into the register then (a “body”). The entries
are the leaves of a tree of hashes (RFC 6962), kept in files called tiles (C2SP tlog-tiles); the tree's root stands in
the checkpoint, which the publisher signs (C2SP tlog-checkpoint, Ed25519). One changed byte anywhere changes the root.
A value that the law took out leaves its salted digest behind, and an entry that says so. `Check` reads all of it once.
"""

# ruff: noqa: ANN401, B905, BLE001, D102, D103, E401, I001, PTH100, PTH112, PTH113, PTH116, PTH118, PTH120, PTH123
# ruff: noqa: SIM115, T201, UP035
# fmt: off
import argparse, base64, hashlib, importlib.util, json, os, re, sqlite3, sys, zipfile
from collections import Counter
from typing import Any, Iterator
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
NOTE = re.compile(r"(([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]{44})\n)\n((?:— [^ \n]+ [^ \n]+\n)+)")
written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode  # canonical: RFC 8785
BESIDE = ("README.txt", "SHA256SUMS", "verify.py")  # files of a bundle; folders and sites that are published have none
OTHERS = ("cryptography.hazmat.primitives.asymmetric.ed25519", "jsonschema")  # used where they are there
library, jsonschema = (importlib.util.find_spec(n.split(".")[0]) and importlib.import_module(n) for n in OTHERS)
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519 in plain Python: RFC 8032, 5.1
D = -121665 * pow(121666, -1, P) % P
def _add(p: tuple[int, int], q: tuple[int, int]) -> tuple[int, int]:
    k = D * p[0] * p[1] * q[0] * q[1]
    return (p[0] * q[1] + q[0] * p[1]) * pow(1 + k, -1, P) % P, (p[1] * q[1] + p[0] * q[0]) * pow(1 - k, -1, P) % P
def _times(n: int, p: tuple[int, int]) -> tuple[int, int]:
    return _add(_times(n >> 1, _add(p, p)), p if n & 1 else (0, 1)) if n else (0, 1)
def _point(data: bytes) -> tuple[int, int]:
    y, sign = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    x = pow((y * y - 1) * pow(D * y * y + 1, -1, P), (P + 3) // 8, P)
    for root in (x, -x % P, x * pow(2, (P - 1) // 4, P) % P, -x * pow(2, (P - 1) // 4, P) % P):
        if y < P and root % 2 == sign and (root * root * (D * y * y + 1) - y * y + 1) % P == 0:
            return root, y
    raise ValueError("not a point of the curve")
def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    s, base = int.from_bytes(signature[32:], "little"), _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    return s < ORDER and _times(s, base) == _add(_point(signature[:32]), _times(h, _point(public)))
def plain(text: str) -> str:  # without what a terminal would obey
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:500])
def from_base64(text: str) -> bytes:  # only what is in its one right spelling
    if base64.b64encode(data := base64.b64decode(text, validate=True)).decode() != text:
        raise ValueError("not in plain base64")
    return data

class Key:
    """A public key of a log, from its line “name+number+base64”."""
    def __init__(self, line: str) -> None:
        self.line, (self.name, number, data) = line, line.split("+", 2)
        kind, self.public = from_base64(data)[:1], from_base64(data)[1:]
        self.number = hashlib.sha256(f"{self.name}\n".encode() + kind + self.public).digest()[:4]
        if number != self.number.hex() or kind != b"\x01" or len(self.public) != 32:
            raise ValueError("not an Ed25519 key with its right number")
    def signed(self, text: str, signatures: list[tuple[str, bytes]]) -> bool:  # (name; key's number and signature)
        try:
            (blob,) = {blob for name, blob in signatures if (name, blob[:4]) == (self.name, self.number)}
            if library:
                return library.Ed25519PublicKey.from_public_bytes(self.public).verify(blob[4:], text.encode()) is None
            return len(blob) == 68 and is_signed(self.public, blob[4:], text.encode())
        except Exception:  # `cryptography` has errors of its own
            return False
class Checkpoint:
    """A signed checkpoint: name of the log, size and root; a blank line; signature lines “— name base64”."""
    def __init__(self, raw: bytes) -> None:
        if not (note := NOTE.fullmatch(raw.decode("utf-8"))):
            raise ValueError("not a signed checkpoint")
        self.text, self.origin, self.size, self.root = note[1], note[2], int(note[3]), from_base64(note[4])
        self.signatures = [(line.split(" ")[1], from_base64(line.split(" ")[2])) for line in note[5].split("\n")[:-1]]
def tree_root(items: list[bytes]) -> bytes:  # over roots of subtrees of one size, the last perhaps smaller (RFC 6962)
    if len(items) < 2:
        return items[0] if items else hashlib.sha256().digest()
    half = 1 << (len(items) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_root(items[:half]) + tree_root(items[half:])).digest()
def tile_name(number: int, width: int) -> str:  # 1234067 is x001/x234/067; one that holds 5 and not 256 ends in .p/5
    *parts, last = f"{number:,}".split(",")
    return "".join(f"x{part:0>3}/" for part in parts) + f"{last:0>3}" + (f".p/{width}" if width < 256 else "")
def split_bundle(raw: bytes) -> Iterator[bytes]:  # entries; before each stands its length, in two bytes
    end = 0
    while end < len(raw):
        start, end = end + 2, end + 2 + int.from_bytes(raw[end : end + 2], "big")
        yield raw[start:end]
def read_body(raw: bytes, name: str) -> tuple[str, dict[str, Any]]:
    """The schema and values of a body. Its name is SHA-256 over the sorted digests of [pointer, salt, value]."""
    body, digests = json.loads(raw, parse_float=int, parse_constant=int), list[str]()
    for one in body["values"]:  # a blanked value is [pointer, null, null, digest]
        text = f"[{','.join(map(json.encoder.encode_basestring, one))}]" if type(one[2]) is str else written(one)
        digests.append("".join(one[3:]) if one[1:3] == [None, None] else hashlib.sha256(text.encode()).hexdigest())
    values, text = {one[0]: one[2] for one in body["values"]}, "".join(sorted(digests))
    right = body["sha256"] == name == hashlib.sha256(bytes.fromhex(text)).hexdigest() and text == text.lower()
    if not right or written(body).encode() != raw or sorted(values) != [one[0] for one in body["values"]]:
        raise ValueError("altered: its values do not have the hash that is its name")
    return body["schema"], values
def nested(values: dict[str, Any]) -> Any:  # the document that values at their pointers (RFC 6901) make
    groups: dict[str, dict[str, Any]] = {}
    for pointer, value in values.items():
        name, slash, rest = pointer[1:].partition("/")
        groups.setdefault(name.replace("~1", "/").replace("~0", "~"), {})[slash + rest] = value
    members = {name: inner[""] if "" in inner else nested(inner) for name, inner in groups.items()}
    return [members[n] for n in sorted(members, key=int)] if "".join(members).isdecimal() else members
class Copy:
    """A copy in a folder or a zip, which is never unpacked to the disk."""
    def __init__(self, path: str) -> None:
        self.root = os.path.realpath(path)
        self.zip = None if os.path.isdir(path) else zipfile.ZipFile(path)
        if self.zip and len(set(self.zip.namelist())) < len(self.zip.namelist()):
            raise ValueError("two files in the zip have the same name")
    def names(self, folder: str = "") -> Iterator[str]:  # of all files that lie in it
        for one in [] if self.zip else os.scandir(os.path.join(self.root, folder)):
            yield from self.names(f"{folder}{one.name}/") if one.is_dir(follow_symlinks=False) else [folder + one.name]
        yield from (name for name in (self.zip.namelist() if self.zip else []) if not name.endswith("/"))
    def read(self, name: str, sha256: str = "", limit: int = 1 << 25) -> bytes:  # a plain file; its hash, where given
        path = os.path.join(self.root, *name.split("/"))
        if not self.zip and (os.path.realpath(path) != path or not os.path.isfile(path)):
            raise ValueError("not there, or not a plain file of this copy")
        with self.zip.open(name) if self.zip else open(path, "rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit or (sha256 and hashlib.sha256(data).hexdigest() != sha256):
            raise ValueError(f"altered: its SHA-256 is not {sha256}" if sha256 else "too large")
        return data

class Check:
    """Reads a whole copy; `faults` tells what is wrong with it."""
    def __init__(self, opened: Any, given: list[Key], older: list[bytes]) -> None:
        self.opened, self.given, self.older, self.faults = opened, given, older, list[str]()
        self.roots = {0: tree_root([])}  # of the tree at the sizes that checkpoints tell of
        self.rotations, self.lists, self.schemas = list[dict[str, Any]](), dict[str, Any](), dict[Any, Any]()
        self.blanked, self.declared = Counter[tuple[str, int, str]](), Counter[tuple[str, int, str]]()
        self.unchecked, self.events, self.shift, self.before, self.jsonschema = list[str](), 0, 0, "", jsonschema
        self.newest = sqlite3.connect("")  # on disk where it grows, so that memory stays small
        self.newest.executescript("CREATE TABLE newest (agreement PRIMARY KEY, version, body);"
                                  "CREATE TABLE read (name PRIMARY KEY) WITHOUT ROWID;")
    def fault(self, text: str) -> None:  # told once; beyond a thousand there is nothing more to learn
        self.faults += [plain(text)] if len(self.faults) < 1000 and plain(text) not in self.faults else []
    def told(self, subject: str, act: Any, *arguments: Any) -> Any:
        try:
            return act(*arguments)
        except Exception as error:  # whatever a hostile copy brings about
            return self.fault(f"{subject}: {error}")
    def read(self, name: str, sha256: str = "") -> bytes:
        self.newest.execute("INSERT OR IGNORE INTO read VALUES (?)", [name])
        return self.copy.read(name, sha256)  # type: ignore[no-any-return]
    def run(self) -> "Check":
        self.copy = self.told("copy", self.opened)
        self.here = here = self.copy and self.told("checkpoint", lambda: Checkpoint(self.read("checkpoint")))
        olds = [old for old in (self.told("older checkpoint", Checkpoint, raw) for raw in self.older) if old]
        if here:
            self.roots.update({one.size: b"" for one in (here, *olds) if one.size})
            self.walk(here.size)
            if self.roots[here.size] != here.root:
                self.fault("checkpoint: its root is not that of the entries: one was altered, moved, added or dropped")
            self.told("key", self.signatures, here, olds)
            self.told("codelists.json", self.codelists)
            for what in self.blanked - self.declared:
                self.fault("{} version {}: {} is blanked, and no entry here declares it".format(*what))
            for what in self.declared - self.blanked:
                self.fault("{} version {}: {} is declared blanked, and is not".format(*what))
            self.told("SHA256SUMS", self.rest)
        return self
    def walk(self, size: int) -> None:  # read all entries in order, and build the tree again beside its tiles
        row, level = list[bytes](), 1  # the root of every 256 entries
        for first in range(0, size, 256):
            width = min(256, size - first)
            path = f"tile/entries/{tile_name(first // 256, width)}"
            entries = list(split_bundle(self.told(path, self.read, path) or b""))
            if len(entries) != width:
                self.fault(f"{path}: holds {len(entries)} entries, not {width}")
            if not entries:
                break  # what comes after cannot be placed
            for place, raw in enumerate(entries[:width], first):
                self.told(f"entry {place}", self.entry, place, raw)
            hashes = [hashlib.sha256(b"\x00" + raw).digest() for raw in entries[:width]]
            self.tile(f"tile/0/{tile_name(first // 256, width)}", hashes, first)
            for end in self.roots:
                if first < end <= first + width:
                    self.roots[end] = tree_root([*row, tree_root(hashes[: end - first])])
            row.append(tree_root(hashes))
        row = row[: size // 256]
        while row:
            parts = [row[first : first + 256] for first in range(0, len(row), 256)]
            for number, hashes in enumerate(parts):
                self.tile(f"tile/{level}/{tile_name(number, len(hashes))}", hashes, 256 * number)
            row, level = [tree_root(hashes) for hashes in parts if len(hashes) == 256], level + 1
    def tile(self, path: str, hashes: list[bytes], first: int) -> None:  # compare it with the hashes of what lies below
        raw = self.told(path, self.read, path)
        if raw not in (None, b"".join(hashes)):
            wrong = [raw[32 * i : 32 * i + 32] != digest for i, digest in enumerate([*hashes, b"end"])].index(True)
            self.fault(f"{path}: not the tile of these entries, from number {first + wrong} on: it or one was altered")
    def entry(self, place: int, raw: bytes) -> None:
        entry: dict[str, Any] = json.loads(raw, parse_float=int, parse_constant=int)
        right = type(entry["seq"]) is int and TIME.fullmatch(entry["recorded_at"]) and entry["event"].isprintable()
        if not right or len(raw) > 1024 or written(entry).encode() != raw or written(entry["v"]) != "1":
            raise ValueError("not an entry of at most 1,024 bytes in canonical form (RFC 8785)")
        version = f" version {entry['version']}" if "version" in entry else ""
        what = f"entry {place} ({entry.get('agreement', 'the log itself')}{version}, {entry['event']})"
        if entry["seq"] - place not in (0, self.shift):
            self.fault(f"{what}: says it is entry {entry['seq']}: one was dropped, added or moved")
        if entry["recorded_at"] < self.before:
            self.fault(f"{what}: dated {entry['recorded_at']}, before the entry in front of it ({self.before})")
        self.shift, self.before = entry["seq"] - place, entry["recorded_at"]
        if entry["event"] == "key-rotated":
            self.rotations.append(entry)
        elif entry["event"] == "codelists-changed":
            self.lists = entry
        else:
            self.events += 1
            version = self.told(what, self.chain, what, entry)
            for member in sorted({"body_sha256", "details_sha256"} & entry.keys()):
                self.told(f"{what}: bodies/{entry[member]}", self.body, what, entry, member, version)
    def chain(self, what: str, entry: dict[str, Any]) -> int:  # each version names the body of the one before it
        agreement, sha256 = entry["agreement"], entry.get("body_sha256")
        query = "SELECT version, body FROM newest WHERE agreement = ?"
        last, before = self.newest.execute(query, [agreement]).fetchone() or (0, None)
        version: int = entry.get("version", max(last, 1))
        if sha256 and (entry.get("prev_body_sha256") != before or version != last + ("version" in entry)):
            self.fault(f"{what}: it does not follow version {last}, or does not name its body {before}")
        if sha256 and "version" in entry:
            self.newest.execute("INSERT OR REPLACE INTO newest VALUES (?, ?, ?)", [agreement, version, sha256])
        return version
    def body(self, what: str, entry: dict[str, Any], member: str, version: int) -> None:
        agreement, key, is_deal = entry["agreement"], (entry["schema"], entry["schema_sha256"]), member == "body_sha256"
        if key not in self.schemas:  # read once, and told once where it is wrong
            path = f"schemas/agreement/{key[0]}.json"
            self.schemas[key] = json.loads(self.told(f"{what}: {path}", self.read, path, key[1]) or "null")
        schema, values = read_body(self.read(f"bodies/{entry[member]}"), entry[member])
        if schema != key[0] or (is_deal and (values.get("/id"), values.get("/schemaVersion")) != (agreement, schema)):
            raise ValueError(f"of another agreement, or not in version {key[0]} of the schema")
        if entry["event"] == "redacted" and not is_deal:
            self.declared[agreement, values["/version"], values["/pointer"]] += 1
        gone = [pointer for pointer, value in values.items() if value is None]
        self.blanked.update((agreement, version, name if is_deal else f"/events/{self.events}{name}") for name in gone)
        if self.jsonschema and self.schemas[key] and not gone:
            part = self.schemas[key]["schema"] if is_deal else self.schemas[key]["events"].get(entry["event"], {})
            for error in self.jsonschema.Draft202012Validator(part).iter_errors(nested(values)):
                self.fault(f"{what}: bodies/{entry[member]}: {error.json_path}: {error.message}")
    def codelists(self) -> None:  # those that the newest entry about them names
        for name, sha256 in json.loads(self.read("codelists.json", self.lists.get("codelists_sha256", ""))).items():
            self.told(f"codelists/{name}.csv", self.read, f"codelists/{name}.csv", sha256)
    def rest(self) -> None:  # a bundle has a list of what the log does not name, and holds nothing beyond that
        if [name for name in self.copy.names() if name in BESIDE[:2]]:
            for sha256, name in (line.split("  ") for line in self.read("SHA256SUMS").decode().split("\n")[:-1]):
                self.told(name, self.copy.read if name.startswith(("bodies/", "tile/")) else self.read, name, sha256)
            for name in self.copy.names():
                ours = self.copy.zip or name.startswith((*BESIDE, "bodies/", "codelists/", "schemas/", "tile/"))
                if ours and not self.newest.execute("SELECT 1 FROM read WHERE name = ?", [name]).fetchone():
                    self.fault(f"{name}: added: no part of this copy, for neither the log nor SHA256SUMS names it")
    def signatures(self, here: Checkpoint, olds: list[Checkpoint]) -> None:  # by a trusted key, or the heir of one
        keys = [Key(line) for line in self.read("key").decode().split("\n")[:-1]]
        trusted = {key.line for key in self.given or keys}
        if [key.line for key in keys[:-1]] != [entry["key"] for entry in self.rotations[::-1]]:
            self.fault("key: its lines are not the first key and those that the log names since")
        for entry, key in zip(self.rotations, keys[::-1]):
            heir, signature = entry["key"], [(key.name, from_base64(entry.get("signature", "")))]
            vouched = key.signed(f"key-rotated\n{heir}\n", signature)
            if "signature" in entry and not vouched:
                self.fault(f"key: entry {entry['seq']} names a new key, and the key before it did not sign that")
            trusted |= {heir} if key.line in trusted and vouched else set()
        self.unchecked = [name for name, _ in here.signatures if name != here.origin]
        if keys[0].line not in trusted or keys[0].name != here.origin or not keys[0].signed(here.text, here.signatures):
            self.fault(f"checkpoint: not signed by the {'key you gave' if self.given else 'newest key in the copy'}")
        elif not all(any(k.signed(here.text, [one]) for k in keys) for one in here.signatures if one[0] == here.origin):
            self.fault("checkpoint: it has a signature of the log itself that none of the log's keys made")
        for old in olds:
            if old.origin != here.origin or not any(k.signed(old.text, old.signatures) for k in [*keys, *self.given]):
                self.fault(f"older checkpoint: of {old.origin}, and not signed by a key of this log, {here.origin}")
            if self.roots[old.size] != old.root:
                self.fault(f"older checkpoint: its {old.size} entries are not the first of the {here.size} here")
    def remarks(self) -> list[str]:  # what a reader should know besides
        here = [f"{one.origin}: {one.size:,} entries, root {one.text.split()[-1]}" for one in [self.here] if one]
        here += [f"Not checked: the signature of {name}, a witness perhaps" for name in dict.fromkeys(self.unchecked)]
        here += [] if self.given else ["Checked with the key found here: this shows that it is whole, not who made it."]
        here += [] if self.jsonschema else ["Not compared with the schema (--quick, or no library jsonschema here)."]
        here += ["ALTERED is what is not as it was signed, or damaged: get another copy."] if self.faults else []
        return [plain(one) for one in here]
    def sentence(self) -> str:
        (agreements,) = self.newest.execute("SELECT COUNT(*) FROM newest").fetchone()
        told = f"{self.events:,} events, {agreements:,} agreements, {len(self.faults):,} altered"
        return f"{told}, {sum((self.blanked & self.declared).values()):,} values blanked as declared"

def main() -> int:
    parser = argparse.ArgumentParser(description="Check a copy of a register of data-sharing agreements.")
    parser.add_argument("copy", nargs="?", default=os.path.dirname(os.path.abspath(__file__)), help="its folder or zip")
    parser.add_argument("--key", metavar="FILE", help="the register's public key, from elsewhere than the copy")
    parser.add_argument("--since", metavar="FILE", help="a checkpoint of the register kept from an earlier day")
    parser.add_argument("--quick", action="store_true", help="do not compare with the schema, which takes the longest")
    options = parser.parse_args()
    try:
        given = [Key(line) for line in open(options.key).read().split() or [""]] if options.key else []
        older = [open(options.since, "rb").read()] if options.since else []
        os.stat(options.copy)
    except (OSError, ValueError) as error:
        parser.error(f"what was named cannot be read: {error}")
    check = Check(lambda: Copy(options.copy), given, older)
    check.jsonschema = None if options.quick else jsonschema
    print(*[f"ALTERED  {fault}" for fault in check.run().faults], *check.remarks(), check.sentence(), sep="\n")
    return 1 if check.faults else 0
if __name__ == "__main__":
    sys.exit(main())
