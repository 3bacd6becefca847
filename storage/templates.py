"""Templates: texts with fields that a person uses again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.db import Session, upsert
from storage.tables import Template

#: So many a person may have.
MOST = 50


async def put(session: Session, person_id: int, name: str, text: str, *, now: datetime) -> bool:
    """Keep a template, in small letters; one of the same name gets this text. False: there are too many."""
    known = await of_name(session, person_id, name)
    if known is None and await count(session, person_id) >= MOST:
        return False
    kept = upsert(session, Template).values(person_id=person_id, name=name.lower(), text=text, created_at=now)
    await session.execute(
        kept.on_conflict_do_update(index_elements=["person_id", "name"], set_={"text": text})
    )
    return True


async def of_name(session: Session, person_id: int, name: str) -> Template | None:
    """Find somebody's template, however its name's letters were typed."""
    found: Template | None = await session.scalar(
        select(Template).where(Template.person_id == person_id, Template.name == name.lower())
    )
    return found


async def get(session: Session, template_id: int, *, person_id: int) -> Template | None:
    """Find somebody's own template."""
    found = await session.get(Template, template_id)
    return found if found is not None and found.person_id == person_id else None


async def all_of(session: Session, person_id: int) -> Sequence[Template]:
    """List somebody's templates by name."""
    found = await session.scalars(
        select(Template).where(Template.person_id == person_id).order_by(Template.name)
    )
    return found.all()


async def count(session: Session, person_id: int) -> int:
    """Count what `all_of` lists."""
    found = select(func.count()).select_from(Template).where(Template.person_id == person_id)
    return await session.scalar(found) or 0


async def remove(session: Session, template_id: int, *, person_id: int) -> None:
    """Remove somebody's own template."""
    await session.execute(delete(Template).where(Template.id == template_id, Template.person_id == person_id))
