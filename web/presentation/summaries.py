"""A record in one entry of a list."""

from dataclasses import dataclass
from datetime import date

from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.search_documents import formats_of
from register.agreements.models import Agreement
from register.agreements.read import state_now
from schemas.codelists import title_of
from schemas.upgrades import upgrade
from web.presentation.agreement_state import State, show_state
from web.presentation.datasets import Access, show_access
from web.presentation.dates import show_date, show_period
from web.presentation.words import shorten

SUMMARY_LENGTH = 240


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list."""

    id: str
    title: str
    address: str
    state: State
    parties: tuple[str, ...]
    purposes: tuple[str, ...]
    summary: str
    period: str
    registered: str


@dataclass(frozen=True, slots=True)
class DatasetLine:
    """A dataset in a list."""

    title: str
    address: str
    kind: str
    publisher: str
    access: Access
    formats: tuple[str, ...]
    summary: str
    changed: str


def agreement_line(agreement: Agreement, day: date) -> AgreementLine:
    """An agreement in a list, in its state on a day."""
    document = upgrade(agreement.document)
    return AgreementLine(
        id=agreement.id,
        title=agreement.title,
        address=agreement.address,
        state=show_state(state_now(agreement, day), document, agreement.proceedings),
        parties=tuple(dict.fromkeys(party.name for party in agreement.parties)),
        purposes=tuple(title_of("purpose-category", code) for code in document.get("purposeCategories", ())),
        summary=shorten(document.get("summary") or document.get("purpose", ""), SUMMARY_LENGTH),
        period=show_period(agreement.effective_from, agreement.ends_on) or document.get("period", "").rstrip("."),
        registered=_registered(agreement),
    )


def _registered(agreement: Agreement) -> str:
    """Since when it has stood in a register; nothing for a record that was transcribed from some other page."""
    source = agreement.document.get("provenance", {}).get("source")
    if source == "imported":
        return f"In its register since {show_date(agreement.registered_on)}"
    return f"Registered {show_date(agreement.registered_on)}" if source == "official" else ""


def dataset_line(resource: CataloguedResource) -> DatasetLine:
    """A dataset in a list."""
    stated = resource.document.get("publisher", {}).get("name", "")
    return DatasetLine(
        title=resource.title,
        address=resource.address,
        kind=resource.kind,
        publisher=resource.publisher.name if resource.publisher else stated,
        access=show_access(resource.access_rights, resource.kind),
        formats=formats_of(resource.document),
        summary=shorten(resource.document.get("description", ""), SUMMARY_LENGTH),
        changed=show_date(resource.modified or resource.issued),
    )
