"""Loading the sample records: organisations, datasets, powers and agreements that say what their public sources say."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext
from catalogue.commands.progress import in_small_batches
from catalogue.contacts import hold_contact
from catalogue.datasets.record import record_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from catalogue.samples import SOURCE, SampleOrganisation, sample_datasets, sample_organisations
from register.importing import Importer, import_documents
from register.powers.importing import PowersImporter, import_powers
from register.samples import SampleAgreement, sample_agreements, sample_powers
from schemas.canonical import Json
from schemas.outcomes import Outcome
from schemas.reading import Read


def sample_total() -> int:
    """How many sample records there are."""
    return len(sample_organisations()) + len(sample_datasets()) + len(sample_powers()) + len(sample_agreements())


def load_samples(context: CommandContext) -> Iterator[Outcome]:
    """Take every sample record in. A second time, it changes nothing."""
    for load in (_organisations, _datasets, _powers, _agreements):
        yield from in_small_batches(context.database, partial(load, context))


def _organisations(context: CommandContext, session: Session) -> Iterator[Outcome]:
    for sample in sample_organisations():
        action, body = record_organisation(session, _details(sample), context.clock, context.ids)
        yield Outcome(action, "samples", sample.slug, body.name, f"/organisations/{body.slug}")


def _details(sample: SampleOrganisation) -> OrganisationDetails:
    return OrganisationDetails(
        name=sample.name,
        slug=sample.slug,
        aliases=tuple((alias, None) for alias in sample.aliases),
        identifiers=sample.identifiers,
        kind=sample.kind,
        jurisdiction=sample.jurisdiction,
        parent=sample.parent,
        website=sample.website,
        source=SOURCE,
    )


def _datasets(context: CommandContext, session: Session) -> Iterator[Outcome]:
    for sample in sample_datasets():
        contact = hold_contact(session, sample.contact, sample.source, context.clock, context.ids)
        recorded = record_dataset(
            session,
            context.actor,
            {**sample.document, "contactPoint": contact} if contact else sample.document,
            source=sample.source,
            identifier=sample.identifier,
            slug=sample.slug,
            clock=context.clock,
            ids=context.ids,
        )
        yield Outcome(recorded.action, "samples", sample.slug, recorded.resource.title, recorded.resource.address)


def _powers(context: CommandContext, session: Session) -> Iterator[Outcome]:
    importer = PowersImporter(context.actor, context.clock, context.ids)
    reads = [Read("samples", power["id"], power) for power in sample_powers()]
    return import_powers(session, importer, reads)


def _agreements(context: CommandContext, session: Session) -> Iterator[Outcome]:
    importer = Importer(context.actor, context.clock, context.ids, context.randomness)
    numbers: dict[str, str] = {}
    for sample in _related_first(sample_agreements()):
        document = _with_numbers(sample.document, numbers)
        for outcome in import_documents(session, importer, [Read("samples", f"{SOURCE}:{sample.key}", document)]):
            numbers[sample.document["title"]] = outcome.address.rpartition("/")[2]
            yield outcome


def _related_first(samples: Sequence[SampleAgreement]) -> list[SampleAgreement]:
    """The samples in an order in which one comes after those it names, so that it can name their numbers."""
    titled = {sample.document["title"]: sample for sample in samples}
    ordered: dict[str, SampleAgreement] = {}

    def place(sample: SampleAgreement, above: frozenset[str]) -> None:
        if sample.key in ordered or sample.key in above:
            return
        for related in sample.document.get("relatedAgreements", ()):
            if named := titled.get(related.get("name", "")):
                place(named, above | {sample.key})
        ordered[sample.key] = sample

    for sample in samples:
        place(sample, frozenset())
    return list(ordered.values())


def _with_numbers(document: Json, numbers: Mapping[str, str]) -> Json:
    """The document with the numbers of related agreements, beside their titles, where they are known here."""
    related = document.get("relatedAgreements")
    if not related:
        return document
    numbered = [{**one, "agreement": numbers[one["name"]]} if one.get("name") in numbers else one for one in related]
    return {**document, "relatedAgreements": numbered}
