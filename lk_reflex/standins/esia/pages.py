"""The stand-in's pages: signing in as one of its people, and what it says where it can't send anybody back."""

from html import escape

from lk_reflex.standins.esia.people import CITIZENS, Citizen
from lk_reflex.standins.esia.troubles import TROUBLES
from lk_reflex.standins.sheet import sheet

TITLE = "Госуслуги для демонстрации"
ABOUT = (
    "В рабочем режиме здесь открываются настоящие Госуслуги. Все люди ниже вымышлены: выберите, кем войти. Пароль не "
    "нужен."
)
FRONT = (
    "Сюда ведут кнопки «Вход через Госуслуги» на главной странице и «Привязать +» в настройках. Войти можно за одного "
    "из вымышленных людей:"
)
ENTER, REFUSE = "enter", "refuse"


def sign_in_page(number: str, action: str) -> str:
    """Whom to be, and what to let go wrong; `action` is where the form is sent to."""
    people = "".join(_choice(one, checked=place == 0) for place, one in enumerate(CITIZENS))
    troubles = "".join(
        f'<li><button class="button quiet" name="do" value="{one.key}">{escape(one.title)}</button></li>'
        for one in TROUBLES
    )
    return sheet(
        TITLE,
        f"""<p>{escape(ABOUT)}</p>
<form class="stack" method="post" action="{escape(action, quote=True)}">
<input type="hidden" name="request" value="{escape(number, quote=True)}">
<div class="card" role="radiogroup" aria-labelledby="who"><h2 id="who">Кем войти</h2>{people}</div>
<div class="row"><button class="button" name="do" value="{ENTER}">Войти</button>
<button class="button quiet" name="do" value="{REFUSE}">Отказаться</button></div>
<details><summary>Что может пойти не так</summary><ul class="stack">{troubles}</ul></details>
</form>""",
    )


def front_page() -> str:
    """What there is to try, for who comes by the banner."""
    people = "".join(f"<li><b>{escape(one.name)}</b><br>{escape(one.about)}</li>" for one in CITIZENS)
    return sheet(
        TITLE,
        f"""<p>{escape(FRONT)}</p><ul class="stack card">{people}</ul>
<p><a class="button" href="/api/esia/start">Вход через Госуслуги</a></p>""",
    )


def message_page(text: str) -> str:
    """One sentence."""
    return sheet(TITLE, f"<p>{escape(text)}</p>")


def _choice(one: Citizen, *, checked: bool) -> str:
    field = f"person-{one.oid}"
    mark = " checked" if checked else ""
    radio = f'<input type="radio" name="person" id="{field}" value="{one.oid}"{mark}>'
    about = f'<b>{escape(one.name)}</b><br><span class="small muted">{escape(one.about)}</span>'
    return f'<div class="check">{radio}<label for="{field}">{about}</label></div>'
