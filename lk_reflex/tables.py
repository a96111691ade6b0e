"""Imports every table, so that migrations see one schema."""

from sqlmodel import SQLModel

from lk_reflex.core import schema as _schema  # isort: skip  # noqa: F401  naming convention comes first
from lk_reflex.core import leases as _leases  # noqa: F401
from lk_reflex.core import schema_versions as _schema_versions  # noqa: F401
from lk_reflex.core import signals as _signals  # noqa: F401
from lk_reflex.domain.accounts import access_tables as _access  # noqa: F401
from lk_reflex.domain.accounts import tables as _accounts  # noqa: F401
from lk_reflex.domain.announcements import tables as _announcements  # noqa: F401
from lk_reflex.domain.audit import tables as _audit  # noqa: F401
from lk_reflex.domain.billing import tables as _billing  # noqa: F401
from lk_reflex.domain.exchange_log import tables as _exchange  # noqa: F401
from lk_reflex.domain.files import tables as _files  # noqa: F401
from lk_reflex.domain.identity import entry_tables as _entry  # noqa: F401
from lk_reflex.domain.identity import tables as _identity  # noqa: F401
from lk_reflex.domain.identity.esia import tables as _esia  # noqa: F401
from lk_reflex.domain.mail import tables as _mail  # noqa: F401
from lk_reflex.domain.metering import tables as _metering  # noqa: F401
from lk_reflex.domain.notifications import tables as _notifications  # noqa: F401
from lk_reflex.domain.payments import tables as _payments  # noqa: F401
from lk_reflex.domain.push import tables as _push  # noqa: F401
from lk_reflex.domain.requests import tables as _requests  # noqa: F401

METADATA = SQLModel.metadata
