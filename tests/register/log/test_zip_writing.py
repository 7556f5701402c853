"""The zips that we write, read by the standard library: also beyond the numbers that the first format could hold."""

import io
import zipfile
from pathlib import Path

from register.log.zip_writing import ZipWriter


def test_what_is_written_is_what_is_read() -> None:
    out = io.BytesIO()
    files = {"a": b"", "b/c": b"x" * 5_000, "tile/0/x001/000": bytes(range(256)) * 32}
    with ZipWriter(out) as bundle:
        for place, (name, data) in enumerate(files.items()):
            bundle.add(name, data, packed=place != 2)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.getinfo("b/c").compress_size < 100
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.external_attr >> 16 for one in archive.infolist()} == {0o100644}


def test_more_files_than_the_first_format_counts() -> None:
    out = io.BytesIO()
    with ZipWriter(out) as bundle:
        for number in range(66_000):
            bundle.add(f"{number:x}", b"", packed=False)
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == 66_000
        assert archive.read(f"{65_999:x}") == b""


def test_a_zip_of_more_than_four_thousand_million_bytes(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with path.open("wb") as out, ZipWriter(out) as bundle:
        bundle.add("first", b"x", packed=False)
        out.seek(1 << 32)  # nothing lies between, and the file system keeps no room for it
        bundle._at = 1 << 32
        bundle.add("last", b"y")
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("last").header_offset == 1 << 32
        assert (archive.read("first"), archive.read("last")) == (b"x", b"y")


def test_what_failed_half_way_is_no_zip() -> None:
    out = io.BytesIO()
    try:
        with ZipWriter(out) as bundle:
            bundle.add("first", b"x")
            raise KeyError("the second")
    except KeyError:
        pass
    assert not zipfile.is_zipfile(out)
