"""What Reflex's own script says in English, taken out of it. Imports no page: `rxconfig.py` uses it."""

from typing import Any, Final

from reflex_base.plugins.base import Plugin

_SAID: Final = {
    # The cabinet says it by itself, in its own look, for every new build: ui/new_version.py.
    '  console.warn(message + " Reload the page to get the new version.");\n  showNewVersionBanner();\n': (
        '  console.warn(message + " Reload the page to get the new version.");\n'
    ),
    '"A new version of this app is available."': '"Вышла новая версия личного кабинета."',
    'button.textContent = "Reload";': 'button.textContent = "Обновить";',
}


class RussianTexts(Plugin):
    """For `rx.Config(plugins=[RussianTexts()])`; stops the build when a new Reflex has reworded itself."""

    def pre_compile(self, **context: Any) -> None:
        """Put the replacement among the tasks of the build."""
        context["add_modify_task"]("utils/state.js", translated)


def translated(script: str) -> str:
    """The script with its sentences in Russian. Raises RuntimeError when one isn't found."""
    for english, russian in _SAID.items():
        if english not in script and russian not in script:
            raise RuntimeError(f"Reflex changed its text: {english}")
        script = script.replace(english, russian)
    return script
