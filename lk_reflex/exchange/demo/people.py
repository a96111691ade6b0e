"""Names of made-up people, with endings that agree."""

from random import Random
from typing import NamedTuple

_SURNAMES = (  # noqa: SIM905
    "ИВАНОВ СМИРНОВ КУЗНЕЦОВ ПОПОВ ВАСИЛЬЕВ ПЕТРОВ СОКОЛОВ МИХАЙЛОВ НОВИКОВ ФЁДОРОВ МОРОЗОВ ВОЛКОВ АЛЕКСЕЕВ ЛЕБЕДЕВ "
    "СЕМЁНОВ ЕГОРОВ ПАВЛОВ КОЗЛОВ СТЕПАНОВ НИКОЛАЕВ ОРЛОВ АНДРЕЕВ МАКАРОВ НИКИТИН ЗАХАРОВ ЗАЙЦЕВ СОЛОВЬЁВ БОРИСОВ "
    "ЯКОВЛЕВ ГРИГОРЬЕВ РОМАНОВ ВОРОБЬЁВ СЕРГЕЕВ ФРОЛОВ АЛЕКСАНДРОВ ДМИТРИЕВ КОРОЛЁВ ГУСЕВ КИСЕЛЁВ ИЛЬИН МАКСИМОВ "
    "ПОЛЯКОВ СОРОКИН ВИНОГРАДОВ КОВАЛЁВ БЕЛОВ МЕДВЕДЕВ АНТОНОВ ТАРАСОВ ЖУКОВ БАРАНОВ ФИЛИППОВ КОМАРОВ ДАВЫДОВ "
    "БЕЛЯЕВ ГЕРАСИМОВ БОГДАНОВ ОСИПОВ СИДОРОВ МАТВЕЕВ ТИТОВ МАРКОВ МИРОНОВ КРЫЛОВ КАРПОВ ВЛАСОВ МЕЛЬНИКОВ ДЕНИСОВ "
    "ГАВРИЛОВ ТИХОНОВ КАЗАКОВ АФАНАСЬЕВ ДАНИЛОВ САВЕЛЬЕВ ТИМОФЕЕВ ФОМИН ЧЕРНОВ АБРАМОВ МАРТЫНОВ ЕФИМОВ ФЕДОТОВ "
    "ЩЕРБАКОВ НАЗАРОВ КАЛИНИН ИСАЕВ ЧЕРНЫШЕВ БЫКОВ МАСЛОВ РОДИОНОВ ГАЛИМОВ ШАЯХМЕТОВ УРАЛЬСКИЙ ЗАРЕЦКИЙ ГОРСКИЙ"
).split()
_MEN = (  # noqa: SIM905
    "АЛЕКСАНДР СЕРГЕЙ ВЛАДИМИР АНДРЕЙ АЛЕКСЕЙ ДМИТРИЙ НИКОЛАЙ МИХАИЛ ЕВГЕНИЙ ИВАН ВИКТОР ЮРИЙ ОЛЕГ ИГОРЬ ПАВЕЛ РУСЛАН"
).split()
_WOMEN = (  # noqa: SIM905
    "ЕЛЕНА ОЛЬГА НАТАЛЬЯ ТАТЬЯНА ИРИНА СВЕТЛАНА АННА МАРИЯ ГАЛИНА ЛЮДМИЛА ЕКАТЕРИНА НАДЕЖДА ВАЛЕНТИНА ЮЛИЯ МАРИНА"
).split()
_FATHERS = (  # noqa: SIM905
    "АЛЕКСАНДРО СЕРГЕЕ ВЛАДИМИРО АНДРЕЕ АЛЕКСЕЕ НИКОЛАЕ МИХАЙЛО ИВАНО ВИКТОРО ПЕТРО ПАВЛО БОРИСО РИНАТО ЕВГЕНЬЕ"
).split()


class Person(NamedTuple):
    """Surname, name, patronymic, in capitals as billing has them."""

    surname: str
    name: str
    patronymic: str


def feminine(surname: str) -> str:
    """ИВАНОВ → ИВАНОВА, ЗАРЕЦКИЙ → ЗАРЕЦКАЯ."""
    return f"{surname[:-2]}АЯ" if surname.endswith(("СКИЙ", "ЦКИЙ")) else f"{surname}А"


def make_person(random: Random) -> Person:
    """Somebody, the same for the same state of `random`."""
    surname, father = random.choice(_SURNAMES), random.choice(_FATHERS)
    if random.random() < 0.5:
        return Person(feminine(surname), random.choice(_WOMEN), f"{father}ВНА")
    return Person(surname, random.choice(_MEN), f"{father}ВИЧ")
