"""The plain page that a stand-in shows: the cabinet's own styles, no script."""

from html import escape

_SHEET = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{mark}{title} — Демонстрация</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles/tokens.css"><link rel="stylesheet" href="/styles/base.css">
<link rel="stylesheet" href="/styles/things.css"><link rel="stylesheet" href="/styles/forms.css">
<link rel="stylesheet" href="/styles/demo.css">
</head>
<body>
<main class="plain demo-sheet">
<nav aria-label="Демонстрация"><ul class="sheets">
<li><a href="/">← В личный кабинет</a></li>
<li><a href="/demo/mail">Почта</a></li>
<li><a href="/demo/sms">Телефон</a></li>
<li><a href="/demo/push">Пуш-уведомления</a></li>
<li><a href="/demo/esia">Госуслуги</a></li>
<li><a href="/demo/bank">Банк</a></li>
</ul></nav>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def sheet(title: str, body: str, *, mark: str = "") -> str:
    """A whole page; `body` is HTML whose texts its maker has escaped. `mark` goes before the browser's title."""
    return _SHEET.format(title=escape(title), body=body, mark=escape(mark))
