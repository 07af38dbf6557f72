"""The month as a picture and a message: offered by the phone itself, without a network, and without anybody's name."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.field_app import await_offline, await_sent, first_service, open_screen, save, sign_in
from tests.support.axe import axe_findings
from tests.support.browser import NETWORK_ERRORS, ContextFactory, http_errors
from tests.support.field_server import NAMES, FieldServer

SHEET = """
  window.shared = []; window.drawn = []; window.refusal = null;
  navigator.canShare = ({ files }) => files.every(({ type }) => type === "image/png");
  navigator.share = async (content) => {
    if (window.refusal) throw new DOMException("no", window.refusal);
    window.shared.push(content);
  };
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    window.drawn.push(text);
    return fillText.call(this, text, ...rest);
  };
"""
"""The phone's own way of sharing, and what is written into pictures."""

LOOK = """async () => {
  const [{ text, files: [file] }] = window.shared;
  const image = await createImageBitmap(file);
  const paper = new OffscreenCanvas(image.width, image.height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const { data } = paper.getImageData(0, 0, image.width, image.height);
  const pixels = new Uint32Array(data.buffer);
  const colours = new Map();
  for (const pixel of pixels) colours.set(pixel, (colours.get(pixel) || 0) + 1);
  const plain = Math.max(...colours.values()) / pixels.length;
  return { text, name: file.name, size: [image.width, image.height], plain };
}"""


def message(page: Page) -> str:
    return page.get_by_label("Tin nhắn", exact=True).input_value()


def test_the_month_is_shared_offline_as_counts_alone(
    phone: ContextFactory, field_server: FieldServer, tmp_path: Path
) -> None:
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)])
    context.add_init_script(SHEET)
    page = context.new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    await_offline(page)
    context.set_offline(True)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)
    open_screen(page, "/")
    visits = page.locator(".tile").first.locator(".figure").inner_text()
    page.get_by_role("link", name="Chia sẻ").click()
    expect(page.locator("canvas")).to_be_visible()
    expect(page.get_by_role("button", name="Chia sẻ")).to_be_in_viewport()
    page.screenshot(path=tmp_path / "share.png", full_page=True)
    assert axe_findings(page) == []
    page.get_by_role("button", name="Chia sẻ").click()
    found = page.evaluate(LOOK)
    assert found["size"] == [1080, 1350]
    assert found["plain"] < 0.9, "the picture is blank"
    assert found["name"].endswith(".png")
    for said in (found["text"], "\n".join(page.evaluate("window.drawn"))):
        assert visits in said
        assert "lượt hỗ trợ" in said
        assert "Trong đó 1 lượt chưa gửi" in said
        assert "Dữ liệu minh họa" in said
        assert not any(name in said for name in NAMES)
    assert f"• {visits} lượt hỗ trợ" in found["text"]
    assert message(page) == found["text"]


def test_where_the_phone_cannot_share_picture_and_message_are_taken_singly(
    phone: ContextFactory, field_server: FieldServer
) -> None:
    context = phone(allow=[NETWORK_ERRORS, http_errors(401)], permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(SHEET)
    page = context.new_page()
    sign_in(page, field_server.url, field_server.sign_in, field_server.password)
    open_screen(page, "/visit/new/unnamed")
    first_service(page).click()
    save(page)  # on the first of a month there would be nothing to share
    await_sent(page)
    open_screen(page, "/share")
    # What is told changes once more when the phone has heard that all was sent.
    expect(page.get_by_label("Tin nhắn", exact=True)).not_to_have_value(re.compile("chưa gửi"))
    share = page.get_by_role("button", name="Chia sẻ")
    page.evaluate("window.refusal = 'AbortError'")
    share.click()
    expect(share).to_be_visible()
    page.evaluate("window.refusal = 'NotAllowedError'")
    share.click()
    expect(share).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu ảnh").click()
    assert download.value.suggested_filename.endswith(".png")
    page.get_by_role("button", name="Sao chép tin nhắn").click()
    expect(page.locator("#say")).to_have_text("Đã sao chép tin nhắn")
    assert page.evaluate("navigator.clipboard.readText()").replace("\r", "") == message(page)
