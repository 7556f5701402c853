"""What refers to a dataset from above the catalogue: the higher packages tell, the catalogue keeps and shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.datasets.models import Reference
from schemas.clock import Ids


@dataclass(frozen=True, slots=True)
class ReferenceDetails:
    """One reference to a dataset: its id, the relation (a code), and the address, title and state of what refers."""

    resource_id: str
    relation: str
    title: str
    state: str | None


def replace_references(session: Session, address: str, references: Iterable[ReferenceDetails], ids: Ids) -> None:
    """Make these the references that come from one address, and no others."""
    wanted = {(reference.resource_id, reference.relation): reference for reference in references}
    for held in session.scalars(select(Reference).where(Reference.address == address)):
        reference = wanted.pop((held.resource_id, held.relation), None)
        if reference is None:
            session.delete(held)
        else:
            held.title, held.state = reference.title, reference.state
    for (resource_id, relation), reference in wanted.items():
        session.add(
            Reference(
                id=ids(),
                resource_id=resource_id,
                relation=relation,
                address=address,
                title=reference.title,
                state=reference.state,
            )
        )
    session.flush()
