"""Russian sentences, and room for fingers, in what Reflex shows by itself. Imports no page: `rxconfig.py` uses it."""

from typing import Any, Final

from reflex_base.plugins.base import Plugin

_TEXTS: Final = {
    '"A new version of this app is available."': '"Вышла новая версия личного кабинета."',
    'button.textContent = "Reload";': 'button.textContent = "Обновить";',
    # A finger finds it, and with large letters on a phone it goes to a line of its own.
    '"padding:0.25rem 0.75rem;border:1px solid': '"min-height:44px;padding:0.25rem 1rem;border:1px solid',
    '"position:fixed;top:0;left:0;right:0;z-index:2147483647;display:flex;"': (
        '"position:fixed;top:0;left:0;right:0;z-index:2147483647;display:flex;flex-wrap:wrap;"'
    ),
}


class RussianTexts(Plugin):
    """For `rx.Config(plugins=[RussianTexts()])`; stops the build when a new Reflex has reworded itself."""

    def pre_compile(self, **context: Any) -> None:
        """Put the replacement among the tasks of the build."""
        context["add_modify_task"]("utils/state.js", translated)


def translated(script: str) -> str:
    """The script with its sentences in Russian. Raises RuntimeError when one isn't found."""
    for english, russian in _TEXTS.items():
        if english not in script and russian not in script:
            raise RuntimeError(f"Reflex changed its text: {english}")
        script = script.replace(english, russian)
    return script
