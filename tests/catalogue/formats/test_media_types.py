import pytest

from catalogue.formats.media_types import format_name


@pytest.mark.parametrize(
    ("form", "media_type", "name"),
    [
        ("csv", None, "CSV"),
        (None, "text/csv; charset=utf-8", "CSV"),
        ("Zip", "application/zip", "ZIP"),
        ("Excel", None, "XLS"),
        (".xlsx", None, "XLSX"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", None, "CSV"),
        ("application/unknown", "text/html", "HTML"),
        ("Interactive on-screen", "text/html", "Interactive on-screen"),
        (None, "application/vnd.pmi.widget", "application/vnd.pmi.widget"),
        (None, "application/octet-stream", None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_one_form_has_one_name(form: str | None, media_type: str | None, name: str | None) -> None:
    assert format_name(form, media_type) == name
