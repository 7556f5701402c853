"""Forms of files as people call them: one name for “csv”, “CSV” and “text/csv”, so that they count together."""

_BY_MEDIA_TYPE = {
    "application/atom+xml": "Atom",
    "application/csv": "CSV",
    "application/geo+json": "GeoJSON",
    "application/geopackage+sqlite3": "GeoPackage",
    "application/gml+xml": "GML",
    "application/gzip": "GZIP",
    "application/json": "JSON",
    "application/ld+json": "JSON-LD",
    "application/msword": "DOC",
    "application/octet-stream": "",
    "application/pdf": "PDF",
    "application/rdf+xml": "RDF",
    "application/rss+xml": "RSS",
    "application/unknown": "",
    "application/vnd.apache.parquet": "Parquet",
    "application/vnd.geo+json": "GeoJSON",
    "application/vnd.google-earth.kml+xml": "KML",
    "application/vnd.google-earth.kmz": "KMZ",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/x-gzip": "GZIP",
    "application/x-shapefile": "SHP",
    "application/x-zip-compressed": "ZIP",
    "application/xml": "XML",
    "application/zip": "ZIP",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "text/calendar": "iCalendar",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "TXT",
    "text/tab-separated-values": "TSV",
    "text/turtle": "Turtle",
    "text/xml": "XML",
}
_BY_NAME = {
    "excel": "XLS",
    "excel (xlsx)": "XLSX",
    "esri shapefile": "SHP",
    "shapefile": "SHP",
    "geojson": "GeoJSON",
    "geopackage": "GeoPackage",
    "gpkg": "GeoPackage",
    "htm": "HTML",
    "jsonld": "JSON-LD",
    "json-ld": "JSON-LD",
    "jpg": "JPEG",
    "parquet": "Parquet",
    "plain text": "TXT",
    "text": "TXT",
    "rdf/xml": "RDF",
    "rss+xml": "RSS",
    "atom": "Atom",
    "ttl": "Turtle",
    "turtle": "Turtle",
    "web page": "HTML",
    "webpage": "HTML",
    "tif": "TIFF",
}
_EU_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_IANA = "https://www.iana.org/assignments/media-types/"


def format_name(form: str | None, media_type: str | None = None) -> str | None:
    """How people call a form, from what a source says of its format and media type; None where it says nothing.

    A format that stands in no table is called as the source calls it.
    """
    for stated in (form, media_type):
        if stated and (name := _named(stated.strip())):
            return name
    return None


def _named(stated: str) -> str:
    short = stated.removeprefix(_EU_FILE_TYPE).removeprefix(_IANA).removeprefix(".")
    folded = short.partition(";")[0].strip().casefold()
    if folded in _BY_MEDIA_TYPE:
        return _BY_MEDIA_TYPE[folded]
    if folded in _BY_NAME:
        return _BY_NAME[folded]
    # Abbreviations are written in capitals: csv, Zip, xlsx.
    return short.upper() if short.isalnum() and len(short) <= 5 else short
