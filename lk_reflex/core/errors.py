"""The small tree of errors that a service may raise; each carries the Russian sentence a person reads."""


class DomainError(Exception):
    """Base of all expected refusals.

    `message` is a complete Russian sentence, safe to show to the person who acted.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def sentence(self) -> str:
        """The message with its full stop, for where it stands alone: most are written to be led on."""
        return self.message if self.message.endswith(".") else f"{self.message}."


class NotFound(DomainError):
    """What was asked for doesn't exist, or isn't the asker's: the two are never told apart."""


class Refused(DomainError):
    """The person may not do this, or not now."""


class Conflict(DomainError):
    """Somebody else changed the same thing in the meantime."""


class Unavailable(DomainError):
    """An outside system or the database can't answer at the moment; trying again may help."""


class Invalid(DomainError):
    """One or more fields are wrong; `fields` maps a field's name to its sentence."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("Исправьте ошибки")
        self.fields = fields
