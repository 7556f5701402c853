"""The EU's authority tables that DCAT-AP asks for, by the words in which records are written, and IANA's media types.

Languages are the ISO 639 codes, for which the EU's table has three letters (ISO 639-3) in capitals.
"""

import re
from collections.abc import Iterable
from functools import cache

from catalogue.formats.media_types import format_name

AUTHORITY = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"

_FILE_TYPES = {
    "Atom": "ATOM",
    "CSV": "CSV",
    "DOC": "DOC",
    "DOCX": "DOCX",
    "GeoJSON": "GEOJSON",
    "GeoPackage": "GPKG",
    "GIF": "GIF",
    "GML": "GML",
    "GPX": "GPX",
    "GZIP": "GZIP",
    "HTML": "HTML",
    "iCalendar": "ICS",
    "JPEG": "JPEG",
    "JSON": "JSON",
    "JSON-LD": "JSON_LD",
    "KML": "KML",
    "KMZ": "KMZ",
    "NETCDF": "NETCDF",
    "ODS": "ODS",
    "ODT": "ODT",
    "Parquet": "PARQUET",
    "PDF": "PDF",
    "PNG": "PNG",
    "PPT": "PPT",
    "PPTX": "PPTX",
    "RDF": "RDF",
    "RSS": "RSS",
    "RTF": "RTF",
    "SHP": "SHP",
    "SQL": "SQL",
    "TIFF": "TIFF",
    "TSV": "TSV",
    "Turtle": "RDF_TURTLE",
    "TXT": "TXT",
    "XLS": "XLS",
    "XLSX": "XLSX",
    "XML": "XML",
    "ZIP": "ZIP",
}
"""Forms as `format_name` calls them, and the EU's codes."""

_LANGUAGES = (
    "aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bi:bis "
    "bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym da:dan de:deu "
    "dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry "
    "ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina "
    "id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz "
    "kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao "
    "lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde "
    "ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol "
    "ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk sl:slv "
    "sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk "
    "tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln "
    "wo:wol xh:xho yi:yid yo:yor za:zha zh:zho zu:zul"
)
_OF_LIBRARIES = dict(
    pair.split(":")
    for pair in (
        "alb:sqi arm:hye baq:eus bur:mya chi:zho cze:ces dut:nld fre:fra geo:kat ger:deu gre:ell ice:isl mac:mkd "
        "mao:mri may:msa per:fas rum:ron slo:slk tib:bod wel:cym"
    ).split()
)
"""The codes that ISO 639-2 has for libraries beside its others."""

_MEDIA_TYPE = re.compile(r"([A-Za-z]+/[A-Za-z0-9][A-Za-z0-9.+_-]*)\s*(?:;.*)?", re.DOTALL)


def language_address(tag: str) -> str | None:
    """The EU's address of a language by its code (`en`, `eng`) or tag (`en-GB`, of which the region is lost)."""
    if tag.startswith(f"{AUTHORITY}language/"):
        return tag
    code = tag.strip().casefold().replace("_", "-").partition("-")[0]
    three = _three_letters().get(code, code if code in _two_letters() else "")
    return f"{AUTHORITY}language/{three.upper()}" if three else None


def language_code(address: str) -> str | None:
    """The code of a language (`en`) by the EU's address of it; of a language without two letters, three (`gsw`)."""
    three = _local(address, "language").casefold()
    return _two_letters().get(three, three) or None


def language_tag(text: str) -> str:
    """A language as it is recorded: the code for an address (the EU's, the Library of Congress's, Lexvo's) or three
    letters (`eng`, and `fre` as libraries have it); any other text as it is.
    """
    if text.startswith("http"):
        return language_code(text) or (language_tag(text.rpartition("/")[2]) if "iso639" in text else text)
    code = text.casefold()
    return _two_letters().get(_OF_LIBRARIES.get(code, code), text) if len(code) == 3 else text


def languages(stated: Iterable[str]) -> list[str]:
    """Languages as they are recorded, each once."""
    return list(dict.fromkeys(map(language_tag, stated)))


def file_type_address(form: str | None, media_type: str | None = None) -> str | None:
    """The EU's address of a form of files by its name or media type; None where neither is certain."""
    code = _FILE_TYPES.get(format_name(form, media_type) or "")
    return f"{AUTHORITY}file-type/{code}" if code else None


def file_type_name(address: str) -> str | None:
    """How people call a form, by the EU's address of it."""
    code = _local(address, "file-type").upper()
    return _by_file_type().get(code, code) or None


def media_type_address(media_type: str) -> str | None:
    """IANA's address of a media type, without parameters; None for what is not written as one."""
    match = _MEDIA_TYPE.fullmatch(media_type.strip())
    return f"{IANA}{match[1]}" if match else None


def media_type_name(address: str) -> str | None:
    """The media type by IANA's address of it."""
    bare = re.sub(r"^https?://(www\.)?", "", address)
    space = IANA.removeprefix("https://www.")
    return bare.removeprefix(space).strip("/") or None if bare.startswith(space) else None


def _local(address: str, table: str) -> str:
    return address.rpartition("/")[2] if re.match(rf"https?:{AUTHORITY[5:]}{table}/", address) else ""


@cache
def _three_letters() -> dict[str, str]:
    return dict(pair.split(":") for pair in _LANGUAGES.split())


@cache
def _two_letters() -> dict[str, str]:
    return {three: two for two, three in _three_letters().items()}


@cache
def _by_file_type() -> dict[str, str]:
    return {code: name for name, code in _FILE_TYPES.items()}
