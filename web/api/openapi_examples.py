"""Examples in the description of the API: an invented ministry and its one dataset, one power and one agreement."""

from schemas.bundle import AGREEMENT_VERSION, DATASET_VERSION
from schemas.canonical import Json
from schemas.contract import load_part

_SITE = "https://register.example"
_API = f"{_SITE}/api/v1"
_DATASET_ID, _MINISTRY_ID = "5f0c8a52b3f14c0f9d0e6c1a7b2d3e4f", "0b9f4d1e2c3a4b5c6d7e8f9012345678"
_ADDED, _CHANGED = "2026-03-02T09:00:00+00:00", "2026-03-09T14:30:00+00:00"

_MINISTRY: Json = {
    "slug": "ministry-of-rivers",
    "name": "Ministry of Rivers",
    "address": f"{_SITE}/organisations/ministry-of-rivers",
    "kind": "department",
}
_DOCUMENT: Json = {
    "schemaVersion": DATASET_VERSION,
    "kind": "dataset",
    "title": "Bathing waters",
    "description": "How clean the water is at each bathing place.",
    "publisher": {"organisation": "ministry-of-rivers", "name": "Ministry of Rivers"},
    "accessRights": "open",
    "provenance": {"source": "official"},
}
DATASET: Json = {
    "id": _DATASET_ID,
    "slug": "bathing-waters",
    "address": f"{_SITE}/datasets/bathing-waters",
    "source": "ministry-of-rivers",
    "identifier": "BW-1",
    "kind": "dataset",
    "title": "Bathing waters",
    "state": "active",
    "revision": 2,
    "firstRecordedAt": _ADDED,
    "changedAt": _CHANGED,
    "publisher": _MINISTRY,
    "contact": {"name": "Data desk", "email": "data@rivers.example"},
    "references": [
        {
            "relation": "shared-under",
            "address": f"{_SITE}/agreements/dg-1",
            "title": "Warnings for swimmers",
            "state": "signed",
        }
    ],
    "document": _DOCUMENT,
    "terms": {
        "title": "Creative Commons Attribution 4.0",
        "address": "https://creativecommons.org/licenses/by/4.0/",
    },
    "links": {
        "page": f"{_SITE}/datasets/bathing-waters",
        "document": f"{_SITE}/datasets/bathing-waters.json",
        "record": f"{_API}/datasets/bathing-waters",
        "revisions": f"{_API}/datasets/bathing-waters/revisions",
    },
}
DATASETS: Json = {"total": 1, "items": [DATASET]}

_REVISION_LINE: Json = {
    "dataset": "bathing-waters",
    "revision": 2,
    "newestRevision": 2,
    "change": "changed",
    "reason": None,
    "by": "ministry-of-rivers",
    "recordedAt": _CHANGED,
    "contentSha256": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
    "address": f"{_SITE}/datasets/bathing-waters/revisions/2",
    "record": f"{_API}/datasets/bathing-waters/revisions/2",
}
REVISIONS: Json = {"items": [_REVISION_LINE]}
REVISION: Json = {**_REVISION_LINE, "document": _DOCUMENT}

_ORGANISATION: Json = {
    "id": _MINISTRY_ID,
    "slug": "ministry-of-rivers",
    "name": "Ministry of Rivers",
    "kind": "department",
    "kindTitle": "Government department",
    "jurisdiction": "GB",
    "parent": None,
    "address": f"{_SITE}/organisations/ministry-of-rivers",
    "record": f"{_API}/organisations/ministry-of-rivers",
}
ORGANISATIONS: Json = {"total": 1, "items": [{**_ORGANISATION, "datasets": 1, "agreements": 1}]}
_BY_IT = "organisation=ministry-of-rivers"
ORGANISATION: Json = {
    **_ORGANISATION,
    "names": [{"name": "Ministry of Rivers", "language": None}, {"name": "Gweinidogaeth Afonydd", "language": "cy"}],
    "identifiers": [{"scheme": "government-organisation", "value": "D99"}],
    "parts": [],
    "area": None,
    "website": "https://rivers.example/",
    "startedOn": "2001",
    "endedOn": None,
    "addedAt": _ADDED,
    "changedAt": _ADDED,
    "publishes": {"count": 1, "record": f"{_API}/datasets?{_BY_IT}"},
    "agreements": {"count": 1, "record": f"{_API}/agreements?{_BY_IT}"},
    "sends": {"count": 1, "record": f"{_API}/agreements?{_BY_IT}&part=sends"},
    "receives": {"count": 0, "record": f"{_API}/agreements?{_BY_IT}&part=receives"},
}

_POWER_LINE: Json = {
    "id": "rivers-act-2001-s4",
    "title": "Warning the public of unclean water",
    "instrument": "Rivers Act 2001",
    "provision": "section 4",
    "url": "https://laws.example/rivers-act-2001/4",
    "jurisdiction": "GB",
    "kind": "may-share",
    "identifiers": [],
    "standing": "in-force",
    "standingSentence": "“Warning the public of unclean water” has been in force since 1 May 2001.",
    "bodiesComplete": False,
    "revision": 1,
    "changedAt": _ADDED,
    "address": f"{_SITE}/powers/rivers-act-2001-s4",
    "record": f"{_API}/powers/rivers-act-2001-s4",
}
_POWER_DOCUMENT: Json = {
    "title": "Warning the public of unclean water",
    "instrument": "Rivers Act 2001",
    "provision": "section 4",
    "inForce": [{"from": "2001-05-01"}],
}
POWERS: Json = {"total": 1, "items": [_POWER_LINE]}
POWER: Json = {
    **_POWER_LINE,
    "document": _POWER_DOCUMENT,
    "bodies": [
        {
            "name": "Ministry of Rivers",
            "class": False,
            "organisation": "ministry-of-rivers",
            "from": "2001-05-01",
            "until": None,
            "note": None,
            "number": None,
            "listedOn": _ADDED,
            "unlistedOn": None,
        }
    ],
    "reliedOnBy": [
        {
            "id": "dg-1",
            "title": "Warnings for swimmers",
            "address": f"{_SITE}/agreements/dg-1",
            "record": f"{_API}/agreements/dg-1",
        }
    ],
    "history": [
        {
            "revision": 1,
            "event": "added",
            "reason": None,
            "registeredOn": _ADDED,
            "recordedAt": _ADDED,
            "document": _POWER_DOCUMENT,
        }
    ],
}

CHANGES: Json = {
    "items": [
        {
            "number": 17,
            "kind": "dataset",
            "id": _DATASET_ID,
            "name": "bathing-waters",
            "title": "Bathing waters",
            "change": "changed",
            "deleted": False,
            "event": None,
            "revision": 2,
            "reason": None,
            "by": "ministry-of-rivers",
            "recordedAt": _CHANGED,
            "address": f"{_SITE}/datasets/bathing-waters",
            "record": f"{_API}/datasets/bathing-waters",
            "then": f"{_API}/datasets/bathing-waters/revisions/2",
        },
        {
            "number": 18,
            "kind": "agreement",
            "id": "dg-1",
            "name": "dg-1",
            "title": "Warnings for swimmers",
            "change": "withdrawn",
            "deleted": True,
            "event": "withdrawn",
            "revision": None,
            "reason": None,
            "by": "ministry-of-rivers",
            "recordedAt": _CHANGED,
            "address": f"{_SITE}/agreements/dg-1",
            "record": f"{_API}/agreements/dg-1",
            "then": None,
        },
    ],
    "more": False,
    "cursor": "18-5c1f0a9e",
    "next": f"{_API}/changes?cursor=18-5c1f0a9e",
}


def sent_examples() -> Json:
    """What is sent, by the name of the example: the record is the published one, as an official would hand it in."""
    record = load_part(AGREEMENT_VERSION, "examples", "complete")
    record = {**record, "provenance": {**record["provenance"], "source": "official"}}
    document = {name: value for name, value in record.items() if name != "id"}
    return {
        "Record": {"summary": "A complete record", "value": {"document": document}},
        "Confirmation": {
            "summary": "A party confirms the first version",
            "value": {"event": "confirmed", "details": {"version": 1}},
        },
        "Publication": {"summary": "It becomes public as a proposal", "value": {"event": "proposed"}},
        "Question": {
            "summary": "What a record lacks",
            "value": {"documents": [{"title": "Levels of rivers, from the Ministry to councils"}]},
        },
    }
