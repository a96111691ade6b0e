"""The plain page that a stand-in shows: the cabinet's own styles, no script."""

from html import escape

_SHEET = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} — Демонстрация</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles/tokens.css"><link rel="stylesheet" href="/styles/base.css">
<link rel="stylesheet" href="/styles/things.css">
</head>
<body>
<main class="plain">
<h1>{title}</h1>
{body}
<p><a class="button quiet" href="/">В личный кабинет</a></p>
</main>
</body>
</html>
"""


def sheet(title: str, body: str) -> str:
    """A whole page; `body` is HTML whose texts its maker has escaped."""
    return _SHEET.format(title=escape(title), body=body)
