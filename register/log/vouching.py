"""What the log vouches for in the database, column by column, and what it does not, and why.

`gazette register verify` finds and names a change in every column of `VOUCHED`, in rows that are too few and in rows
that are too many. The same tables stand in docs/log.md.
"""

from collections.abc import Mapping

VOUCHED: Mapping[str, Mapping[str, str]] = {
    "agreement_event": {
        "number": "the place of its entry among those that tell of events",
        "agreement_id": "entry",
        "event": "entry",
        "version": "entry",
        "recorded_at": "entry",
        "registered_on": "entry",
        "effective": "entry",
        "actor_organisation": "entry",
        "body_sha256": "entry",
        "details_sha256": "entry",
        "previous_body_sha256": "entry",
        "schema_version": "entry",
        "source_entry": "entry, by a digest with the salts of the body, until a value of that is blanked",
    },
    "agreement_body": {
        "sha256": "entry",
        "schema_version": "entry",
        "sealed": "the hash that the entry names",
    },
    "log_entry": {
        "seq": "the entry itself, and its place in the tree",
        "entry": "the signed root; behind the newest checkpoint, the rows beside it",
        "leaf_hash": "the hash of the entry",
        "event_number": "the count of the entries that tell of events",
    },
    "log_node": {
        "level": "the tree over the entries",
        "idx": "the tree over the entries",
        "hash": "the tree over the entries",
    },
    "log_checkpoint": {"size": "the signed note", "note": "its signature, and the tree over the entries"},
    "log_cosignature": {
        "size": "the checkpoint that it signs",
        "line": "the witness’s signature, where its key is given (--witness-key); else told as not checked",
    },
    "log_timestamp": {
        "size": "the checkpoint that it is of",
        "token": "its own signature, where a certificate is given (--timestamp-certificate); else told as not checked",
    },
    "log_key": {
        "number": "the entries that name keys",
        "vkey": "the entry that names it; the first, by what it signed",
        "seq": "the entry that names it",
    },
    "register_head": {
        "id": "there is one row",
        "prefix": "the numbers of the agreements",
        "next_serial": "the numbers of the agreements",
        "last_number": "the events",
        "last_recorded_at": "the newest entry",
        "origin": "the signed note",
        "log_size": "the entries",
        "logged_event": "the entries",
        "codelists_sha256": "the newest entry that names codelists",
    },
}
"""The columns that the log vouches for, and what each is compared with."""

_OF_CLOCK = "when our clock said it happened; it stands in no signature"
_READ_OUT = "read out of events and bodies: “gazette register rebuild --check” compares it"
_OF_POWERS = "a list of laws and of who may use them, with a history of its own; agreements name a power by its number"

NOT_VOUCHED: Mapping[str, str] = {
    "log_checkpoint.signed_at": _OF_CLOCK,
    "log_cosignature.received_at": _OF_CLOCK,
    "log_timestamp.number": "the order in which timestamps of a checkpoint came",
    "log_timestamp.stamped_at": "read out of the token, which is what counts",
    "log_timestamp.address": "whom we asked",
    "log_timestamp.received_at": _OF_CLOCK,
    "log_key.added_at": _OF_CLOCK,
    "agreement": _READ_OUT,
    "agreement_party": _READ_OUT,
    "agreement_party.organisation_id": "which organisation of the catalogue a party was found to be",
    "agreement_number": _READ_OUT,
    "agreement_draft": "private, in no log, and it may be deleted",
    "power": _OF_POWERS,
    "power_number": _OF_POWERS,
    "power_revision": _OF_POWERS,
    "power_body": _OF_POWERS,
}
"""Tables, and columns of the tables above, that the log does not vouch for, and why."""
