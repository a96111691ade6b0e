"""What an operator is told of a build that failed, and what a build leaves of the release's own files."""

from contextlib import suppress
from pathlib import Path

from lk_reflex.launch.build import BuildError, unchanged, what_matters


def test_the_cause_is_not_lost_in_npms_diary():
    diary = "\n".join(f"npm silly unfinished npm timer reifyNode:node_modules/n{n} 1795444168415" for n in range(500))
    cause = "npm error code SELF_SIGNED_CERT_IN_CHAIN"
    said = what_matters(f"Installing base frontend packages failed\n{cause}\n\n{diary}\nnpm verbose exit 1\n")
    assert said == f"Installing base frontend packages failed\n{cause}"


def test_what_the_builder_changes_in_the_lock_is_put_back_also_where_it_fails(tmp_path: Path):
    lock, other = tmp_path / "package.json", tmp_path / "package-lock.json"
    lock.write_text("leaflet")
    other.write_text("leaflet 1.9")
    with suppress(BuildError), unchanged(tmp_path):
        lock.write_text("")
        other.unlink()
        raise BuildError("npm error")
    assert (lock.read_text(), other.read_text()) == ("leaflet", "leaflet 1.9")
