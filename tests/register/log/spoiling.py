"""Ways to spoil each file of a copy, and a program that tries them all on a bare Python in one process."""

import random
from collections.abc import Iterable, Iterator

from tests.register.log.checking import Files

PROGRAM = """
import contextlib, functools, importlib.util, io, json, os, sys
folder, copy = sys.argv[1:]
spec = importlib.util.spec_from_file_location("verify", os.path.join(folder, "verify.py"))
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)
assert not verify.library and not verify.jsonschema
verify.is_signed = functools.cache(verify.is_signed)  # slow in plain Python, and always of the same few signatures
def tell():
    sys.argv = ["verify.py", copy]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = verify.main()
    lines = [line for line in out.getvalue().splitlines() if line.startswith("ALTERED  ")]
    print(json.dumps({"code": code, "lines": lines}))
tell()
for name, changed in json.load(open(os.path.join(folder, "plan.json"))):
    path = os.path.join(copy, name)
    whole = open(path, "rb").read()
    os.unlink(path)
    if changed is not None:
        open(path, "wb").write(bytes.fromhex(changed))
    tell()
    open(path, "wb").write(whole)
"""


def spoilt(whole: Files) -> Iterator[tuple[str, str, bytes | None]]:
    """Each file, how it is spoilt, and its bytes then; None where it is gone."""
    chance = random.Random(11)
    for name, data in sorted(whole.items()):
        for place in sorted({0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(2))}):
            changed = bytearray(data)
            changed[place] ^= 1 << chance.randrange(7)
            yield name, f"byte {place}", bytes(changed)
        yield name, "cut by a byte", data[:-1]
        yield name, "cut in half", data[: len(data) // 2]
        yield name, "gone", None
        kind = name.rpartition("/")[0]
        same = [other for other in whole if other != name and other.rpartition("/")[0] == kind]
        if kind and same:
            yield name, "another of its kind", whole[chance.choice(same)]


def named(name: str, faults: Iterable[str]) -> bool:
    """Whether faults name a file, or the entries in it, or the list of sums against the files it names."""
    if name.startswith("tile/entries/"):
        return any(name in fault or fault.startswith(("entry ", "tile/0/")) for fault in faults)
    return any(name in fault for fault in faults) or (name == "SHA256SUMS" and bool(list(faults)))
