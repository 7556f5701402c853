"""What refers to a dataset from above the catalogue: the higher packages tell, the catalogue keeps and shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.datasets.models import Reference
from catalogue.search.suggest_rows import rank_by_use
from schemas.clock import Ids


@dataclass(frozen=True, slots=True)
class ReferenceDetails:
    """One reference to a dataset: its slug, the relation (a code), and the address, title and state of what refers."""

    slug: str
    relation: str
    title: str
    state: str | None


def replace_references(session: Session, address: str, references: Iterable[ReferenceDetails], ids: Ids) -> None:
    """Make these the references that come from one address, and no others. What is referred to ranks by it."""
    touched = set()
    wanted = {(reference.slug, reference.relation): reference for reference in references}
    for held in session.scalars(select(Reference).where(Reference.address == address)):
        reference = wanted.pop((held.slug, held.relation), None)
        if reference is None:
            session.delete(held)
            touched.add(held.slug)
        else:
            held.title, held.state = reference.title, reference.state
    for (slug, relation), reference in wanted.items():
        touched.add(slug)
        session.add(
            Reference(
                id=ids(),
                slug=slug,
                relation=relation,
                address=address,
                title=reference.title,
                state=reference.state,
            )
        )
    session.flush()
    if touched:
        rank_by_use(session, touched)
