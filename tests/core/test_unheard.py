"""What nobody waits for goes wrong in the log, and nowhere else."""

import pytest

from lk_reflex.core.errors import Conflict
from lk_reflex.core.unheard import unheard


@pytest.mark.parametrize(("fault", "told"), [(Conflict("Занято"), "order 5: Занято"), (KeyError("x@y.ru"), "KeyError")])
def test_what_goes_wrong_is_logged_and_raised_no_further(caplog, fault, told):
    def work():
        raise fault

    unheard("order 5", work)
    assert told in caplog.text and "order 5" in caplog.text
    assert "x@y.ru" not in caplog.text


def test_the_work_is_done_with_what_it_is_given():
    done = []
    unheard("order 5", lambda *given, **named: done.append((given, named)), 1, two=2)
    assert done == [((1,), {"two": 2})]
