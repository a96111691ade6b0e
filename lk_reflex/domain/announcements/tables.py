"""Announcements and whom they concern."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class Announcement(SQLModel, table=True):
    """What an organization tells: `kind` is «news» or «outage» (from `starts_at` to `ends_at`, if known).

    Shown from `published_at` to `hidden_at`. Without places it concerns all of the organization's accounts.
    """

    __tablename__ = "announcements"
    __table_args__ = (Index(None, "organization_id", "published_at"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    organization_id: int = Field(foreign_key="organizations.id")
    kind: str
    title: str
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    starts_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    ends_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    published_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    hidden_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    #: Feed lines and letters have gone out up to this account's id; None once all have.
    told_up_to: int | None = Field(default=0, sa_column=Column(Whole))
    # No foreign key: it outlives the login.
    created_by: int


class AnnouncementPlace(SQLModel, table=True):
    """A building that an announcement concerns; a street is written down as its buildings."""

    __tablename__ = "announcement_places"

    announcement_id: int = Field(
        sa_column=Column(Whole, ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True)
    )
    building_id: int = Field(sa_column=Column(ForeignKey("buildings.id"), primary_key=True, index=True))
