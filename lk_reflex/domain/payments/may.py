"""Who may look at payments, and who may move money."""

from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.access import ADMIN, Actor

NOT_STAFF = "Эта страница для сотрудников"
NOT_ADMIN = "Вернуть деньги может только администратор кабинета: передайте ему номер заказа"


def staff_only(actor: Actor) -> None:
    """Raises Refused for a resident, whatever let them come this far."""
    if not actor.is_staff():
        raise Refused(NOT_STAFF)


def admin_only(actor: Actor) -> None:
    """Raises Refused for everybody but an administrator: money goes out at nobody else's press."""
    staff_only(actor)
    if actor.role != ADMIN:
        raise Refused(NOT_ADMIN)
