"""DCAT-AP: the distributions of a dataset. `dcat_ap_form_reading` is the counterpart."""

import re

from catalogue.datasets.distribution_numbers import distribution_numbers
from catalogue.formats.converted import Losses
from catalogue.formats.dcat_ap_nodes import FORMAT, Statements, date, labelled, language, licence, title_on_one_line
from catalogue.formats.eu_tables import file_type_address, media_type_address
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.rdf import Iri, Literal, Resource, iri
from schemas.canonical import Json

_CARRIED = frozenset(
    "identifier title description accessURL downloadURL mediaType format byteSize licence rights issued modified "
    "language checksum conformsTo describedBy describedByType".split()
)
_ALGORITHMS = {
    name: f"http://spdx.org/rdf/terms#checksumAlgorithm_{name}"
    for name in "md2 md4 md5 md6 sha1 sha224 sha256 sha384 sha512 adler32".split()
}
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")


def distributions(record: DatasetRecord, losses: Losses) -> list[Resource]:
    """The distributions that have an address; the others are told. Each keeps its address here between exports."""
    forms = record.document.get("distribution", [])
    numbers = distribution_numbers(record.number, record.document) if forms else []
    written = [
        _distribution(form, f"{record.address}#{number}", f"/distribution/{position}", losses)
        for position, (form, number) in enumerate(zip(forms, numbers, strict=True))
    ]
    return [node for node in written if node is not None]


def _distribution(form: Json, address: str, pointer: str, losses: Losses) -> Resource | None:
    said = Statements()
    if not _addresses(form, pointer, said, losses):
        return None
    for name in form:
        if name not in _CARRIED:
            losses.at(f"{pointer}/{name}", f"{FORMAT} has no place for “{name}” of a distribution; it was left out.")
    said.text("dct:identifier", form.get("identifier"))
    said.text("dct:title", title_on_one_line(form, f"{pointer}/title", losses))
    said.text("dct:description", form.get("description"))
    said.add("dct:issued", date(form.get("issued")))
    said.add("dct:modified", date(form.get("modified")))
    _file(form, pointer, said, losses)
    if "licence" in form:
        said.add("dct:license", licence(form["licence"]))
    if "rights" in form:
        said.add("dct:rights", Resource(None, ("dct:RightsStatement",), (("rdfs:label", Literal(form["rights"])),)))
    for number, tag in enumerate(form.get("language", ())):
        said.add("dct:language", language(tag, f"{pointer}/language/{number}", losses))
    for standard in form.get("conformsTo", ()):
        said.add("dct:conformsTo", labelled("dct:Standard", standard))
    described_by(form, pointer, said, losses)
    return said.node(address, "dcat:Distribution")


def _addresses(form: Json, pointer: str, said: Statements, losses: Losses) -> bool:
    """The addresses, and whether the distribution has the one that is required."""
    access, download = (iri(form[name]) if name in form else None for name in ("accessURL", "downloadURL"))
    for name, found in (("accessURL", access), ("downloadURL", download)):
        if name in form and found is None:
            losses.at(f"{pointer}/{name}", f"“{form[name]}” is no address that {FORMAT} can hold; it was left out.")
    if access is None and download is None:
        losses.left_out(pointer, f"{FORMAT} requires an address of each distribution, and this has none.")
        return False
    if access is None:
        losses.at(f"{pointer}/accessURL", f"{FORMAT} requires “accessURL”; the download address stands there too.")
    said.add("dcat:accessURL", access or download)
    said.add("dcat:downloadURL", download)
    return True


def _file(form: Json, pointer: str, said: Statements, losses: Losses) -> None:
    """What the file itself is: its form, media type, size and checksum."""
    stated, media_type = form.get("format"), form.get("mediaType")
    if known := file_type_address(stated, media_type):
        said.add("dct:format", Resource(known, ("dct:MediaTypeOrExtent",)))
    elif stated:
        said.add("dct:format", labelled("dct:MediaTypeOrExtent", stated))
    if media_type:
        said.add("dcat:mediaType", _media_type(media_type, f"{pointer}/mediaType", losses))
    if "byteSize" in form:
        said.add("dcat:byteSize", Literal(str(form["byteSize"]), "xsd:nonNegativeInteger"))
    if "checksum" in form:
        said.add("spdx:checksum", _checksum(form["checksum"], f"{pointer}/checksum", losses))


def _media_type(text: str, pointer: str, losses: Losses) -> Resource:
    known = media_type_address(text)
    if known is None:
        return labelled("dct:MediaType", text)
    if ";" in text:
        losses.at(pointer, f"{FORMAT} names the media type alone; its parameters in “{text}” were left out.")
    return Resource(known, ("dct:MediaType",))


def _checksum(checksum: Json, pointer: str, losses: Losses) -> Resource | None:
    value = checksum["value"].strip()
    if _HEXADECIMAL.fullmatch(value) is None:
        losses.left_out(pointer, f"{FORMAT} requires a checksum in hexadecimal digits; “{value}” is none.")
        return None
    known = _ALGORITHMS.get(re.sub(r"[^a-z0-9]", "", checksum["algorithm"].casefold()))
    kind = ("spdx:ChecksumAlgorithm",)
    algorithm = Resource(known, kind) if known else labelled(kind[0], checksum["algorithm"])
    said = Statements()
    said.add("spdx:algorithm", algorithm)
    said.add("spdx:checksumValue", Literal(value, "xsd:hexBinary"))
    return said.node(None, "spdx:Checksum")


def described_by(stated: Json, pointer: str, said: Statements, losses: Losses) -> None:
    """The description of the data (a data dictionary), for which POWDER has the term that DCAT-US 1.1 uses too."""
    address = iri(stated["describedBy"]) if "describedBy" in stated else None
    if address is None:
        for name in ("describedBy", "describedByType"):
            if name in stated:
                losses.at(f"{pointer}/{name}", f"Without an address of the description {FORMAT} cannot hold it.")
        return
    kind = stated.get("describedByType")
    form: tuple[tuple[str, Iri | Literal | Resource], ...] = ()
    if kind:
        form = (("dcat:mediaType", _media_type(kind, f"{pointer}/describedByType", losses)),)
    said.add("wdrs:describedby", Resource(address.value, ("foaf:Document",), form))
