"""Into the desk, and its navigation: a row of places where there is room, a menu on a phone."""

from playwright.sync_api import Page

from tests.support.world import PASSWORD


def enter_desk(page: Page, name: str, password: str = PASSWORD) -> None:
    """Signs in, unless a password is given with an account of the small province."""
    page.goto("/desk/sign-in")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def open_place(page: Page, name: str) -> None:
    """Goes to a place of the navigation, through the menu where it is folded."""
    page.locator("#menu").wait_for(state="attached")
    page.wait_for_load_state()  # without its styles a desk has a menu to be opened as well
    unfold(page)
    page.get_by_role("navigation", name="Các trang").get_by_role("link", name=name, exact=True).click()


def unfold(page: Page) -> None:
    """Opens the menu of a phone; nothing to do where all of it stands there."""
    button = page.get_by_role("button", name="Menu")
    if button.is_visible() and not page.locator("#menu").is_visible():
        button.click()
        page.locator("#menu").wait_for()
