"""A command's refusal names the cause in Russian."""

import errno
import os

import pytest

from lk_reflex.core.disk_faults import said


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EACCES, "нет прав"), (errno.ENOSPC, "на диске нет места"), (errno.ENOENT, "нет такого файла или папки"),
     (errno.EROFS, "диск доступен только для чтения"), (errno.EISDIR, "это папка, а не файл")],
)  # fmt: skip
def test_what_is_usual_is_said_in_russian(number, words):
    assert said(OSError(number, os.strerror(number))) == words


def test_what_is_rare_keeps_the_systems_words():
    assert said(OSError(errno.EXDEV, os.strerror(errno.EXDEV))) == os.strerror(errno.EXDEV)
    assert said(OSError("no number")) == "OSError"


def test_a_real_refusal_is_recognized(tmp_path):
    with pytest.raises(OSError) as fault:
        (tmp_path / "nowhere" / "file").write_text("x")
    assert said(fault.value) == "нет такого файла или папки"
