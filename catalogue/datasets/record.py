"""Putting a dataset into the catalogue, changing it, withdrawing it: every change is a revision."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.datasets.distribution_numbers import distribution_numbers
from catalogue.datasets.models import CataloguedResource, Distribution, ResourceRevision
from catalogue.datasets.search_documents import dataset_search_document
from catalogue.licences import licence_code
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import find_organisation
from catalogue.search.service import enqueue_document, enqueue_removal
from catalogue.slugs import free_slug
from schemas.actor import Actor
from schemas.bundle import DATASET_VERSION, OLDER_DATASET_VERSIONS
from schemas.canonical import Json, fingerprint
from schemas.checking import check
from schemas.clock import Clock, Ids
from schemas.errors import InvalidInput, Refused
from schemas.outcomes import Action
from schemas.problems import Problem, errors_in


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a dataset: the action, and the resource as it now is."""

    action: Action
    resource: CataloguedResource


def check_dataset(document: Json) -> list[Problem]:
    """Every problem of a dataset with the published schema: the newest, or an older one that it says it is in."""
    stated = document.get("schemaVersion")
    return check(document, "dataset", stated if stated in OLDER_DATASET_VERSIONS else DATASET_VERSION)


def resource_keyed(session: Session, source: str, identifier: str) -> CataloguedResource | None:
    """The resource that a source calls by an identifier."""
    return session.scalar(
        select(CataloguedResource).where(
            CataloguedResource.source == source, CataloguedResource.identifier == identifier
        )
    )


def record_dataset(
    session: Session,
    actor: Actor,
    document: Json,
    *,
    source: str,
    identifier: str,
    clock: Clock,
    ids: Ids,
    slug: str = "",
) -> Recorded:
    """Take one dataset in: add it, make a revision where its content changed, or find that nothing did.

    `source` and `identifier` are its key. A withdrawn dataset that its source has again is restored, at its address.
    Raises InvalidInput with every problem where the document breaks the schema.
    """
    problems = errors_in(check_dataset(document))
    if problems:
        raise InvalidInput(" ".join(str(problem) for problem in problems))
    content = fingerprint(document)
    resource = resource_keyed(session, source, identifier)
    if resource is None:
        resource = _new(session, document, source, identifier, slug, clock, ids)
        action, change = Action.ADDED, "added"
    elif resource.state == "withdrawn":
        action, change = Action.RESTORED, "restored"
    elif resource.content_sha256 == content or _says_the_same(resource.document, document):
        return Recorded(Action.UNCHANGED, resource)
    else:
        action, change = Action.CHANGED, "changed"
    resource.state, resource.withdrawn_reason = "active", None
    resource.document, resource.content_sha256 = document, content
    _project(session, resource, document)
    _revise(session, resource, actor, change, None, clock)
    return Recorded(action, resource)


def withdraw_dataset(session: Session, actor: Actor, resource: CataloguedResource, reason: str, clock: Clock) -> None:
    """Withdraw a dataset: its address goes on to answer with its last record and the reason.

    Raises Refused where it is withdrawn already or no reason is given.
    """
    if not reason.strip():
        raise Refused(f"“{resource.title}” cannot be withdrawn without a reason.", "Say why, for its readers.")
    if resource.state == "withdrawn":
        raise Refused(f"“{resource.title}” is withdrawn already.", "Nothing needs to be done.")
    resource.state, resource.withdrawn_reason = "withdrawn", reason
    _revise(session, resource, actor, "withdrawn", reason, clock)


def _says_the_same(before: Json, after: Json) -> bool:
    """Whether two records differ in nothing but the version of the schema that they are written in."""
    return {**before, "schemaVersion": None} == {**after, "schemaVersion": None}


def _new(
    session: Session, document: Json, source: str, identifier: str, slug: str, clock: Clock, ids: Ids
) -> CataloguedResource:
    now = clock()
    return CataloguedResource(
        id=ids(),
        slug=free_slug(session, CataloguedResource.slug, slug or document["title"]),
        source=source,
        identifier=identifier,
        revision=0,
        first_seen_at=now,
        metadata_modified_at=now,
        distributions=[],
        references=[],
    )


def _project(session: Session, resource: CataloguedResource, document: Json) -> None:
    """Read the columns and distributions out of the document."""
    resource.kind = document["kind"]
    resource.title = document["title"]
    resource.access_rights = document.get("accessRights")
    resource.issued = document.get("issued")
    resource.modified = document.get("modified")
    resource.publisher = _publisher(session, document)
    session.add(resource)
    resource.distributions.clear()
    session.flush()
    resource.distributions.extend(
        Distribution(
            position=position,
            number=number,
            title=form.get("title"),
            access_url=form.get("accessURL"),
            download_url=form.get("downloadURL"),
            format=form.get("format"),
            media_type=form.get("mediaType"),
            licence=licence_code(form.get("licence")),
            byte_size=form.get("byteSize"),
        )
        for position, (number, form) in enumerate(
            zip(distribution_numbers(resource.id, document), document.get("distribution", []), strict=True)
        )
    )


def _publisher(session: Session, document: Json) -> Organisation | None:
    named = document.get("publisher", {}).get("organisation")
    return find_organisation(session, named) if named else None


def _revise(
    session: Session, resource: CataloguedResource, actor: Actor, change: str, reason: str | None, clock: Clock
) -> None:
    resource.revision += 1
    resource.metadata_modified_at = clock()
    session.add(
        ResourceRevision(
            resource_id=resource.id,
            revision=resource.revision,
            change=change,
            reason=reason,
            document=resource.document,
            content_sha256=resource.content_sha256,
            recorded_at=resource.metadata_modified_at,
            actor_organisation=actor.organisation,
        )
    )
    session.flush()
    search_document = dataset_search_document(resource)
    if resource.state == "active":
        enqueue_document(session, search_document, clock)
    else:
        enqueue_removal(session, search_document.id, resource.revision, clock)
