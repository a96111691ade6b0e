"""A hashed file that this build has not is looked for in the builds before it."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from lk_reflex.api.edge.headers import IMMUTABLE
from lk_reflex.api.edge.kept_assets import KeptAssets
from lk_reflex.api.edge.layer import Edge
from lk_reflex.api.routes import api
from lk_reflex.core.builds import Builds


@pytest.fixture
def client(tmp_path):
    builds = Builds(tmp_path / "builds")
    for name in ("old", "new"):
        assets = tmp_path / name / "build" / "client" / "assets"
        assets.mkdir(parents=True)
        (assets / f"page-{name}.js").write_text(f"export {{}}; // {name}")
        (assets / f"page-{name}.js.br").write_bytes(b"packed")
        (tmp_path / name / "build" / "client" / "secret.txt").write_text("secret")
        builds.keep(name, tmp_path / name)
    built = builds.serve("new") / "build" / "client"
    inner = PlainTextResponse("the application", 404)
    edge = Edge(inner, api=api(), demo=None, pages=frozenset(), private=frozenset(), built=built,
                kept=KeptAssets(built, builds))  # fmt: skip
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=edge), base_url="http://localhost")


async def test_a_file_of_the_build_before_is_served_for_ever_and_packed(client):
    answer = await client.get("/assets/page-old.js", headers={"accept-encoding": "identity"})
    assert (answer.status_code, answer.text) == (200, "export {}; // old")
    assert answer.headers["cache-control"] == IMMUTABLE
    assert answer.headers["content-type"].startswith("text/javascript")
    async with client.stream("GET", "/assets/page-old.js", headers={"accept-encoding": "br"}) as packed:
        assert packed.headers["content-encoding"] == "br"
        assert b"".join([piece async for piece in packed.aiter_raw()]) == b"packed"


@pytest.mark.parametrize(
    "path",
    ["/assets/page-new.js", "/assets/page-nowhere.js", "/assets/", "/assets/../secret.txt", "/assets/%2e%2e/secret.txt",
     "/assets/..%2fsecret.txt", "/assets/.secret", "/assets/a/b.js"],
)  # fmt: skip
async def test_all_else_is_the_applications_own(client, path):
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (404, "the application")
