"""The console over the service's own TLS: the cookie stays, the socket is allowed, nothing goes elsewhere."""

from pathlib import Path

from playwright.async_api import Browser, expect

from api.embedded import Engines
from tests.certificates import Authority
from tests.conftest import Seeded
from tests.service import PASSWORD, post_call, running_service


async def test_a_person_signs_in_and_listens_over_tls(
    seeded: Seeded, engines: Engines, chromium: Browser, dist: Path, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    more = {"trust": authority.trust(), "console": dist, **authority.issue("service")}
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **more) as service:
        context = await chromium.new_context(ignore_https_errors=True)  # the authority is this test's own
        page = await context.new_page()
        await page.goto(service.url)
        await page.locator("input[name=username]").fill("dispatcher.a")
        await page.locator("input[name=password]").fill(PASSWORD)
        async with page.expect_websocket() as opened:
            await page.keyboard.press("Enter")
        await expect(page.locator("header [data-phase]")).to_have_attribute("data-phase", "live")
        assert (await opened.value).url.startswith(service.url.replace("https", "wss"))
        call = (await post_call(service))["call"]
        await expect(page.locator(f'[role="row"][data-call="{call["id"]}"]')).to_be_visible()
        (cookie,) = await context.cookies()
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
        await context.close()
