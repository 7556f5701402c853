"""What the search hears of a dataset."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalogue.datasets.models import CataloguedResource
from catalogue.formats.media_types import format_name
from catalogue.licences import licence_code
from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.search.document import InState, SearchDocument
from catalogue.search.periods import Period, period, years_of
from catalogue.search.place_names import place_codes, places_covered
from catalogue.search.time_in_text import periods_told
from schemas.canonical import Json
from schemas.codelists import title_of


def dataset_search_id(resource: CataloguedResource) -> str:
    """The id of a dataset in the index."""
    return f"dataset:{resource.id}"


def dataset_search_document(resource: CataloguedResource) -> SearchDocument:
    """A dataset as the index holds it: stored words for the list of results, and everything it can be found by."""
    document = resource.document
    publisher = resource.publisher
    covers = covered(document.get("temporal", ()), resource.title, resource.metadata_modified_at.year)
    licences = [document.get("licence"), *(form.get("licence") for form in document.get("distribution", []))]
    return SearchDocument(
        id=dataset_search_id(resource),
        revision=resource.revision,
        kind=resource.kind,
        title=resource.title,
        summary=document.get("description", ""),
        text=" \n".join(_words(document)),
        address=resource.address,
        organisations=(publisher.slug,) if publisher else (),
        organisation_names=(publisher.name,) if publisher else (),
        organisation_aliases=aliases_of([publisher] if publisher else []),
        themes=tuple(document.get("theme", ())),
        purposes=(),
        keywords=tuple(document.get("keyword", ())),
        formats=formats_of(document),
        forms=len(document.get("distribution", ())),
        access=resource.access_rights,
        licence=next((code for licence in licences if (code := licence_code(licence))), None),
        covers=covers,
        years=years_of(covers),
        powers=(),
        places=places_covered(document.get("spatial", ()), resource.title),
        place_codes=place_codes(document.get("spatial", ())),
        states=(InState(resource.state),),
        issued=resource.issued,
        modified=resource.modified,
        recorded_at=resource.metadata_modified_at.isoformat(),
        first_recorded_at=resource.first_seen_at.isoformat(),
    )


def aliases_of(bodies: Iterable[Organisation]) -> tuple[str, ...]:
    """What else some organisations are called than by their names."""
    return tuple(dict.fromkeys(name.name for body in bodies for name in body.names if name.name != body.name))


def names_digest(session: Session) -> str:
    """A digest of what all organisations are called: another one once any of them is called otherwise."""
    query = select(Organisation.slug, Organisation.name, OrganisationName.name).outerjoin(Organisation.names)
    digest = hashlib.sha256()
    for row in session.execute(query.order_by(Organisation.slug, OrganisationName.name)):
        digest.update("\t".join(map(str, row)).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def formats_of(document: Json) -> tuple[str, ...]:
    """The formats a dataset can be had in, each once, as people call them."""
    names = (format_name(form.get("format"), form.get("mediaType")) for form in document.get("distribution", ()))
    return tuple(dict.fromkeys(name for name in names if name))


def covered(stated: Iterable[Json], title: str, this_year: int) -> tuple[Period, ...]:
    """The periods that data cover: as stated, else as the title tells (see `time_in_text`)."""
    periods = [found for one in stated if (found := period(one.get("start"), one.get("end")))]
    if not periods:
        texts = [one["text"] for one in stated if "text" in one]
        periods = [found for text in (*texts, title) for found in periods_told(text, this_year)]
    return tuple(dict.fromkeys(periods))


def _words(document: Json) -> Iterator[str]:
    yield from (document.get("identifier", ""), *document.get("alternativeTitle", ()), *document.get("keyword", ()))
    stated = document.get("publisher", {})
    yield from (stated.get("name", ""), *stated.get("partOf", ()))
    yield from (title_of("theme", code) for code in document.get("theme", ()))
    yield from document.get("sourceTheme", ())
    yield from (
        document.get("rights", ""),
        *document.get("accessRequest", {}).values(),
        *document.get("legalBasis", ()),
    )
    yield from (place.get("name", "") for place in document.get("spatial", ()))
    for form in document.get("distribution", ()):
        yield from (form.get("title", ""), form.get("description", ""), form.get("format", ""))


class DatasetDocuments:
    """Every dataset that belongs into the index, for a rebuild and for finding drift."""

    prefix = "dataset:"

    def documents(self, session: Session, ids: Collection[str] | None) -> Iterator[SearchDocument]:
        """The search documents of all active datasets, or of those with these index ids."""
        query = (
            select(CataloguedResource)
            .where(CataloguedResource.state == "active")
            .options(selectinload(CataloguedResource.publisher).selectinload(Organisation.names))
            .order_by(CataloguedResource.id)
        )
        bodies: Sequence[Organisation] = ()
        if ids is not None:
            query = query.where(CataloguedResource.id.in_([number.removeprefix(self.prefix) for number in ids]))
        else:  # held while all are read, or they would be read again for every batch
            bodies = session.scalars(select(Organisation).options(selectinload(Organisation.names))).all()
        for resource in session.scalars(query.execution_options(yield_per=500)):
            yield dataset_search_document(resource)
        del bodies

    def revisions(self, session: Session) -> Iterator[tuple[str, int]]:
        """The index id and revision of every active dataset."""
        query = select(CataloguedResource.id, CataloguedResource.revision).where(CataloguedResource.state == "active")
        for number, revision in session.execute(query.execution_options(yield_per=5000)):
            yield f"{self.prefix}{number}", revision

    def basis(self, session: Session) -> str:
        """The names of all organisations."""
        return names_digest(session)
