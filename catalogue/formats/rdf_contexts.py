"""What the terms of well-known JSON-LD contexts mean, so that a file that points to one is read without fetching it.

Facts only: which term stands for which property in DCAT-AP 3's and DCAT-US 3's published contexts.
"""

from catalogue.formats.rdf import NAMESPACES
from schemas.canonical import Json

UNKNOWN = "urn:term:"
"""Under this stands a term of a known context that is not among those here: it is kept under its own name."""

_SHARED = {**NAMESPACES, "@vocab": UNKNOWN, "dcterms": NAMESPACES["dct"], "id": "@id", "type": "@type"}

_TEXTS = {
    "abstract": "dct:abstract",
    "altLabel": "skos:altLabel",
    "alternative": "dct:alternative",
    "byteSize": "dcat:byteSize",
    "bbox": "dcat:bbox",
    "centroid": "dcat:centroid",
    "checksumValue": "spdx:checksumValue",
    "created": "dct:created",
    "definition": "skos:definition",
    "description": "dct:description",
    "eastBoundingLongitude": "schema:east",
    "end": "dcat:endDate",
    "endDate": "dcat:endDate",
    "fn": "vcard:fn",
    "geometry": "locn:geometry",
    "identifier": "dct:identifier",
    "issued": "dct:issued",
    "keyword": "dcat:keyword",
    "label": "rdfs:label",
    "modified": "dct:modified",
    "name": "foaf:name",
    "notation": "skos:notation",
    "organization-name": "vcard:organization-name",
    "prefLabel": "skos:prefLabel",
    "start": "dcat:startDate",
    "startDate": "dcat:startDate",
    "title": "dct:title",
    "version": "dcat:version",
    "versionNotes": "adms:versionNotes",
}
_ADDRESSES = {
    "accessRights": "dct:accessRights",
    "accessService": "dcat:accessService",
    "accessURL": "dcat:accessURL",
    "accrualPeriodicity": "dct:accrualPeriodicity",
    "algorithm": "spdx:algorithm",
    "applicableLegislation": "dcatap:applicableLegislation",
    "catalog": "dcat:catalog",
    "checksum": "spdx:checksum",
    "conformsTo": "dct:conformsTo",
    "contactPoint": "dcat:contactPoint",
    "creator": "dct:creator",
    "dataset": "dcat:dataset",
    "distribution": "dcat:distribution",
    "downloadURL": "dcat:downloadURL",
    "endpointDescription": "dcat:endpointDescription",
    "endpointURL": "dcat:endpointURL",
    "format": "dct:format",
    "hasEmail": "vcard:hasEmail",
    "hasTelephone": "vcard:hasTelephone",
    "homepage": "foaf:homepage",
    "inSeries": "dcat:inSeries",
    "isReferencedBy": "dct:isReferencedBy",
    "landingPage": "dcat:landingPage",
    "language": "dct:language",
    "license": "dct:license",
    "mediaType": "dcat:mediaType",
    "page": "foaf:page",
    "primaryTopic": "foaf:primaryTopic",
    "publisher": "dct:publisher",
    "record": "dcat:record",
    "rights": "dct:rights",
    "servesDataset": "dcat:servesDataset",
    "service": "dcat:service",
    "spatial": "dct:spatial",
    "temporal": "dct:temporal",
    "theme": "dcat:theme",
    "themeTaxonomy": "dcat:themeTaxonomy",
}
_DCAT_AP_TEXTS = {"modificationDate": "dct:modified", "releaseDate": "dct:issued"}
_DCAT_AP_ADDRESSES = {
    "datasetDistribution": "dcat:distribution",
    "frequency": "dct:accrualPeriodicity",
    "geographicalCoverage": "dct:spatial",
    "next": "dcat:next",
    "previous": "dcat:prev",
    "temporalCoverage": "dct:temporal",
}
_TYPES = {
    **{name: f"dcat:{name}" for name in ("Catalog", "CatalogRecord", "DataService", "Dataset", "DatasetSeries")},
    **{name: f"dct:{name}" for name in ("Location", "PeriodOfTime", "Standard")},
    "Agent": "foaf:Agent",
    "Document": "foaf:Document",
    "Kind": "vcard:Kind",
    "Organization": "foaf:Agent",
    "Distribution": "dcat:Distribution",
    "Checksum": "spdx:Checksum",
}
_IN_LANGUAGES = ("description", "keyword", "label", "name", "prefLabel", "title")


def _addresses(terms: dict[str, str]) -> Json:
    return {term: {"@id": name, "@type": "@id"} for term, name in terms.items()}


_DCAT_US_OTHERS = {
    "address": "vcard:hasAddress",
    "otherIdentifier": "adms:identifier",
    **{name: f"adms:{name}" for name in ("sample", "schemaAgency", "status", "supportedSchema")},
    **{name: f"dcat:{name}" for name in ("first", "hadRole", "hasVersion", "last", "previousVersion", "seriesMember")},
    **{name: f"dcat:{name}" for name in ("qualifiedRelation", "spatialResolutionInMeters", "temporalResolution")},
    **{name: f"dct:{name}" for name in ("contributor", "hasPart", "provenance", "relation", "replaces")},
    **{name: f"dct:{name}" for name in ("rightsHolder", "source", "subject")},
    **{name: f"locn:{name}" for name in ("adminUnitL1", "adminUnitL2", "postCode", "postName", "thoroughfare")},
    **{name: f"prov:{name}" for name in ("agent", "qualifiedAttribution", "wasAttributedTo")},
    **{name: f"prov:{name}" for name in ("wasGeneratedBy", "wasUsedBy")},
    **{name: f"vcard:{name}" for name in ("country-name", "family-name", "given-name", "locality", "postal-code")},
    **{name: f"vcard:{name}" for name in ("region", "street-address", "tel")},
    "Address": "vcard:Address",
    "Identifier": "adms:Identifier",
    "Organization": "org:Organization",
    "scopeNote": "skos:scopeNote",
    "subOrganizationOf": "org:subOrganizationOf",
}
"""More terms of DCAT-US 3, as its shapes have them; a text under them is one."""

_DCAT_US: Json = {
    **_SHARED,
    **_TYPES,
    **_TEXTS,
    **_DCAT_US_OTHERS,
    **_addresses({**_ADDRESSES, "describedBy": "wdrs:describedby"}),
    **{f"{term}Map": {"@id": _TEXTS[term], "@container": "@language"} for term in _IN_LANGUAGES},
}
_DCAT_AP: Json = {
    **_SHARED,
    **_TYPES,
    **_TEXTS,
    **_DCAT_AP_TEXTS,
    **_addresses({**_ADDRESSES, **_DCAT_AP_ADDRESSES}),
    **{term: {"@id": _TEXTS[term], "@container": "@language"} for term in _IN_LANGUAGES},
    "nal-frequency": "http://publications.europa.eu/resource/authority/frequency/",
    "DatasetMemberOfADatasetSeries": "dcat:Dataset",
}

KNOWN_CONTEXTS = {"dcat-us": _DCAT_US, "DCAT-AP": _DCAT_AP, "dcat-ap": _DCAT_AP}
"""What the address of a context holds, and what its terms mean."""
