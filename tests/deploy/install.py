"""Makes sure that there is the engine that plays the alerts: promtool, of the system's package of Prometheus."""

from tests.debian import ensure

PROMTOOL, PACKAGE = "promtool", "prometheus"

if __name__ == "__main__":
    ensure(PROMTOOL, PACKAGE)
