"""What every migration says of itself to code that is older than it."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime


class SchemaVersion(SQLModel, table=True):
    """A migration that this database has been through, and the oldest version of the code that works after it."""

    __tablename__ = "schema_versions"

    revision: str = Field(primary_key=True)
    works_from: str
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
