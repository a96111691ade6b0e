"""Why an order wasn't paid, in words: by the codes of the gateways, of which one may call the same thing otherwise."""

#: What to do is said beside it, on the page and in the letter; these sentences say what happened.
UNKNOWN = "Банк не провёл платёж и не назвал причину."
_FUNDS = "На карте не хватило денег, или превышен её лимит."
_CARD = "Номер, срок действия или код карты введены неверно."
_EXPIRED_CARD = "Срок действия карты истёк."
_SECURE = "Платёж не подтверждён кодом из СМС или в приложении банка."
_REFUSED = "Банк, который выдал карту, отказал в платеже."
_TIME = "Время на оплату вышло: на странице банка никто не заплатил."
_CANCELLED = "Платёж отменён до оплаты."
_BUSY = "Банк, который выдал карту, не ответил вовремя."
_FRAUD = "Банк счёл платёж подозрительным и не провёл его."
_UNREGISTERED = "Банк не принял платёж: до ввода карты дело не дошло."
WORDS = {
    # RBS/BPC: actionCode.
    "-20010": _REFUSED,
    "-2016": _SECURE,
    "-2007": _TIME,
    "-2006": _SECURE,
    "-2003": _CANCELLED,
    "-2005": _SECURE,
    "-2001": _FRAUD,
    "-2000": _FRAUD,
    "1": _REFUSED,
    "4": _REFUSED,
    "5": _REFUSED,
    "14": _CARD,
    "51": _FUNDS,
    "54": _EXPIRED_CARD,
    "61": _FUNDS,
    "82": _CARD,
    "100": _REFUSED,
    "101": _EXPIRED_CARD,
    "109": _UNREGISTERED,
    "110": _REFUSED,
    "111": _CARD,
    "116": _FUNDS,
    "117": _SECURE,
    "120": _REFUSED,
    "121": _FUNDS,
    "123": _FUNDS,
    "125": _CARD,
    "151017": _SECURE,
    "151018": _BUSY,
    "208": _REFUSED,
    "209": _REFUSED,
    "341014": _SECURE,
    "71015": _CARD,
    "902": _REFUSED,
    "903": _FUNDS,
    "907": _BUSY,
    "910": _BUSY,
    # A JSON gateway's cancellation_details.reason.
    "3d_secure_failed": _SECURE,
    "call_issuer": _REFUSED,
    "canceled_by_merchant": _CANCELLED,
    "card_expired": _EXPIRED_CARD,
    "expired_on_confirmation": _TIME,
    "expired_on_capture": _TIME,
    "fraud_suspected": _FRAUD,
    "general_decline": _REFUSED,
    "insufficient_funds": _FUNDS,
    "invalid_card_number": _CARD,
    "invalid_csc": _CARD,
    "issuer_unavailable": _BUSY,
    "payment_method_limit_exceeded": _FUNDS,
    "payment_method_restricted": _REFUSED,
    # Our own.
    "cancelled": _CANCELLED,
    "expired": _TIME,
    "replaced": "Вместо этого платежа вы начали другой.",
    "rejected": _UNREGISTERED,
}


def reason_words(code: str) -> str:
    """The sentence for a code; one that nobody knows says so and no more."""
    return WORDS.get(code, UNKNOWN)
