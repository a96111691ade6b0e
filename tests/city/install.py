"""Makes sure that there is a Redis for the city: the machine's own, or the system's package."""

from tests.debian import ensure, program

REDIS, PACKAGE = "redis-server", "redis-server"


def redis_server() -> str:
    """The path of the server; tests that start a city can't do without."""
    found = program(REDIS)
    assert found, f"{REDIS} is missing: make test installs it"
    return found


if __name__ == "__main__":
    ensure(REDIS, PACKAGE)
