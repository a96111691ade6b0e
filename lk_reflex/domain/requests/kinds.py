"""The electronic services: what people apply for, and what each is called."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A service; its value stands in the database and in addresses."""

    SEALING = "sealing"
    EMERGENCY = "emergency"
    APPEAL = "appeal"


#: «Тип обращения» of lists, letters and the desk.
TITLES: Final = {
    Kind.SEALING: "Заявка на опломбировку",
    Kind.EMERGENCY: "Заявка на ремонт",
    Kind.APPEAL: "Обращение",
}
