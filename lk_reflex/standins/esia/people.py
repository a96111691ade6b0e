"""The people whom the stand-in knows, one for each way that a sign-in may go."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody with an entry at Госуслуги; `about` tells what trying them out shows."""

    oid: int
    surname: str
    first_name: str
    patronymic: str
    about: str
    trusted: bool = True
    email: str = ""
    email_verified: bool = True
    mobile: str = ""

    @property
    def name(self) -> str:
        """«Иванова Мария Петровна»."""
        return f"{self.surname} {self.first_name} {self.patronymic}"

    def entry(self, *, contacts: bool) -> dict[str, Any]:
        """The answer of `rs/prns/{oid}`."""
        found: dict[str, Any] = {
            "stateFacts": ["EntityRoot"],
            "eTag": f"{self.oid:X}",
            "firstName": self.first_name,
            "lastName": self.surname,
            "middleName": self.patronymic,
            "trusted": self.trusted,
            "status": "REGISTERED",
            "verifying": False,
            "rIdDoc": self.oid + 1,
            "containsUpCfmCode": False,
        }
        if contacts:
            elements = list(self._contacts())
            found["contacts"] = {"stateFacts": ["hasSize"], "size": len(elements), "elements": elements}
        return found

    def _contacts(self) -> list[dict[str, Any]]:
        given = [("MBT", self.mobile, True), ("EML", self.email, self.email_verified)]
        return [
            {
                "stateFacts": ["Identifiable"],
                "id": self.oid * 10 + place,
                "type": kind,
                "vrfStu": "VERIFIED" if verified else "NOT_VERIFIED",
                "value": value,
            }
            for place, (kind, value, verified) in enumerate(given)
            if value
        ]


CITIZENS = (
    Citizen(
        1000500001, "Иванова", "Мария", "Петровна", "Подтверждённая учётная запись",
        email="maria.ivanova@example.org", mobile="+7(912)3450001",
    ),
    Citizen(
        1000500002, "Смирнов", "Олег", "Игоревич", "Неподтверждённая учётная запись и почта",
        trusted=False, email="oleg.smirnov@example.org", email_verified=False,
    ),
    Citizen(
        1000500003, "Кузнецова", "Татьяна", "Львовна", "Без адреса электронной почты",
        mobile="+7(912)3450003",
    ),
    Citizen(
        1000500004, "Здетовецкий", "Сергей", "Владимирович", "Владелец лицевого счета 1234567899",
        email="sergey.zdetovetsky@example.org", mobile="+7(912)3450004",
    ),
    Citizen(
        1000500005, "Здетовецкая", "Анна", "Сергеевна", "Почта та же, что у логина anna@example.org",
        email="anna@example.org", mobile="+7(912)3450005",
    ),
)  # fmt: skip


def citizen(oid: str) -> Citizen | None:
    """The person with that number, or None."""
    return next((one for one in CITIZENS if str(one.oid) == oid), None)
