"""What may go wrong at Госуслуги, to be chosen on the sign-in page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as it stands in an address or in JSON."""

    error: str
    number: str
    words: str

    @property
    def description(self) -> str:
        """«ESIA-007004: The resource owner …»."""
        return f"ESIA-{self.number}: {self.words}"


DECLINED = Refusal("access_denied", "007004", "The resource owner or authorization server denied the request.")
NOT_ALLOWED = Refusal("unauthorized_client", "007005", "The client is not authorized to request an access token.")
SCOPE_WRONG = Refusal("invalid_scope", "007006", "The requested scope is invalid, unknown, or malformed.")
CODE_WRONG = Refusal("invalid_grant", "007011", "The authorization code is invalid, expired or was used already.")
INCOMPLETE = Refusal("invalid_request", "007014", "The request doesn't contain the mandatory parameter")
TIME_WRONG = Refusal("invalid_request", "007015", "The request's timestamp is wrong.")
SECRET_WRONG = Refusal("access_denied", "007053", "OAuthErrorEnum.clientSecretWrong")
UNKNOWN = Refusal("access_denied", "007999", "Something that nobody has written down yet.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One that a visitor may choose: `refusal` comes back at once, the others wait for the cabinet's own call."""

    key: str
    title: str
    refusal: Refusal | None = None


OUTAGE, SILENCE = "503", "silence"
TROUBLES = (
    Trouble("007005", "Системе не разрешён вход (007005)", NOT_ALLOWED),
    Trouble("007053", "Неверная подпись запроса (007053)", SECRET_WRONG),
    Trouble("007014", "Нет обязательного параметра (007014)", INCOMPLETE),
    Trouble("unknown", "Неизвестная ошибка", UNKNOWN),
    Trouble(OUTAGE, "Госуслуги отвечают «503»"),
    Trouble(SILENCE, "Госуслуги не отвечают"),
)


def trouble(key: str) -> Trouble | None:
    """The one with that key, or None."""
    return next((one for one in TROUBLES if one.key == key), None)
