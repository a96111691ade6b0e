"""Makes sure that there are the proxies that stand in front of the cabinet: nginx and Caddy, the system's packages."""

from tests.debian import ensure

NGINX, CADDY = "nginx", "caddy"

if __name__ == "__main__":
    for name in (NGINX, CADDY):
        ensure(name, name)
