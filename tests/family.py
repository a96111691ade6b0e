"""Which processes belong together: for tests that kill one with all that it has started."""

from contextlib import suppress
from pathlib import Path


def family(process: int) -> list[int]:
    """The numbers of all that this process has started, and of what they have."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found = [process]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found[1:]
