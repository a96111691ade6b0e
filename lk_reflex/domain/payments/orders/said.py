"""Sentences about a payment that its payer reads in more than one place: a page, a link's page, a letter. Pure."""

from typing import Final

#: What a page calls where a payment stands.
PAID_TITLE: Final = "Оплачено"
REFUNDED_TITLE: Final = "Возвращено"
NOT_PAID_TITLE: Final = "Не оплачено"
CHECKING_TITLE: Final = "Проверяем платёж"

NOT_TAKEN: Final = "Деньги с карты не списаны."
UNSAID: Final = "Банк ещё не сказал, прошёл ли платёж."
#: True of 3-D Secure as well as of money that is held.
UNFINISHED: Final = (
    "Банк ещё не закончил платёж: деньги могут быть заблокированы на карте, но, по его последнему ответу, не списаны."
)
ONCE: Final = "Не платите второй раз, пока здесь не появится ответ."
BY_ITSELF: Final = "Страница обновится сама, как только банк ответит."
PATIENCE: Final = "Если вы уже заплатили, подождите: страница обновится сама."
BACK_TERM: Final = (
    "Когда деньги появятся на карте, зависит от банка, который её выдал: обычно это несколько рабочих дней."
)
AS_ADVANCE: Final = (
    "За это уже был платёж, поэтому новые деньги зачтутся авансом: они уменьшат следующие начисления. "
    "Если хотите их вернуть, обратитесь в организацию."
)
