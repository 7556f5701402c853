"""How often something may be tried: counted in the database, so that all web workers count together."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from web.accounts.models import AttemptCount

_KEPT = timedelta(hours=1)


def count_attempt(session: Session, subject: str, now: datetime, within: timedelta) -> int:
    """Count one more attempt, and say which it is since the first one `within` that time.

    The edge commits it whatever becomes of the attempt. Counts that are over are deleted.
    """
    session.execute(delete(AttemptCount).where(AttemptCount.since < now - max(within, _KEPT)))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    over = AttemptCount.since <= now - within
    statement = insert(AttemptCount).values(subject=subject, since=now, number=1)
    counted = statement.on_conflict_do_update(
        index_elements=[AttemptCount.subject],
        set_={
            "number": case((over, 1), else_=AttemptCount.number + 1),
            "since": case((over, statement.excluded.since), else_=AttemptCount.since),
        },
    ).returning(AttemptCount.number)
    return int(session.execute(counted).scalar_one())
