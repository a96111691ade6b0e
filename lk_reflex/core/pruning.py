"""Removing what has had its time, a portion at a time: nobody who writes waits long behind it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, bindparam, delete, select
from sqlalchemy.sql import Executable
from sqlmodel import SQLModel, col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime

PORTION = 500


def older_than(table: type[SQLModel], moment: Any) -> Delete:
    """A statement that deletes a portion of the rows whose column `moment` lies before the parameter `before`."""
    row_id = col(table.id)  # pyright: ignore[reportAttributeAccessIssue]
    old = select(row_id).where(moment < bindparam("before", type_=UtcTime())).limit(PORTION)
    return delete(table).where(row_id.in_(old.scalar_subquery()))


def prune(db: Writer, statement: Executable, before: datetime) -> int:
    """Delete one portion; returns how many rows went."""
    return db.change(statement, before=before)
