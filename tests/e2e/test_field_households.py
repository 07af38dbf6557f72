"""Households on the phone: found, entered, counted."""

from playwright.sync_api import Page, expect

from cdtteam.core.text import fold
from tests.e2e.field_app import await_offline, first_service, open_screen, save, stored


def test_counts_of_a_household_are_steppers(member: Page) -> None:
    household = stored(member, "households")[0]["id"]
    open_screen(member, f"/household/{household}/edit")
    member.get_by_text("Thêm chi tiết").click()
    count = member.get_by_label("Số người trưởng thành có VNeID mức 2")
    around = member.locator(".stepper").filter(has=count)
    around.get_by_role("button", name="Thêm một").click()
    around.get_by_role("button", name="Thêm một").click()
    expect(count).to_have_value("2")
    member.get_by_role("button", name="Lưu").click()
    expect(member.locator("#say")).to_have_text("Đã lưu trên máy")
    assert [row["indicators"] for row in stored(member, "households") if row["id"] == household] == [
        {"adults_vneid2": 2}
    ]


def test_a_new_household_and_a_visit_to_it_without_a_network(volunteer: Page) -> None:
    await_offline(volunteer)
    volunteer.context.set_offline(True)
    volunteer.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    volunteer.get_by_role("link", name="Hộ mới").click()
    volunteer.get_by_label("Họ và tên chủ hộ").fill("Nguyễn Thị Ưng Ửng")
    volunteer.get_by_role("button", name="Lưu").click()
    said = volunteer.locator("#say")
    expect(said).to_have_text("Đã lưu hộ. Chọn nội dung hỗ trợ.")
    expect(volunteer.get_by_role("heading", level=1)).to_have_text("Nguyễn Thị Ưng Ửng")
    words, save_button = said.bounding_box(), volunteer.get_by_role("button", name="Lưu", exact=True).bounding_box()
    heading = volunteer.get_by_role("heading", level=1).bounding_box()
    assert words
    assert save_button
    assert heading
    assert heading["y"] + heading["height"] <= words["y"], "whom it is about stays to be read"
    assert words["y"] + words["height"] <= save_button["y"], "and the way on stays free"
    first_service(volunteer).click()
    save(volunteer)
    assert stored(volunteer, "myVisits")[0]["household_name"] == "Nguyễn Thị Ưng Ửng"
    open_screen(volunteer, "/households")
    volunteer.get_by_role("searchbox").fill("ung ung nguyen")
    expect(volunteer.locator(".rows a")).to_have_count(1)


def test_search_finds_words_in_any_order_without_accents(member: Page) -> None:
    household = stored(member, "households")[7]
    words = household["head_name"].split()
    open_screen(member, "/households")
    expect(member.locator(".rows .title").first).to_be_visible()
    everybody = member.locator(".rows .title").count()
    find = member.get_by_role("searchbox")
    find.fill(" ".join(reversed(words)))
    titles = member.locator(".rows .title")
    expect(titles).not_to_have_count(everybody)
    expect(titles.filter(has_text=household["head_name"])).not_to_have_count(0)
    assert all(fold(word) in fold(title) for title in titles.all_inner_texts() for word in words)
    find.fill("zzzz")
    expect(member.get_by_text("Không thấy hộ nào")).to_be_visible()


def test_a_search_is_forgotten_when_the_list_is_opened_anew_and_kept_on_the_way_back(member: Page) -> None:
    find = member.get_by_placeholder("Tìm hộ")
    member.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    expect(member.locator(".rows li").first).to_be_visible()
    everybody = member.locator(".rows li").count()
    name = member.locator(".rows .title").last.inner_text()
    find.fill(name)
    expect(member.locator(".rows li")).not_to_have_count(everybody)
    member.locator(".rows a").first.click()
    expect(first_service(member)).to_be_visible()
    member.go_back()
    expect(find).to_have_value(name)
    member.locator(".rows a").first.click()
    first_service(member).click()
    save(member)
    member.get_by_role("link", name="Ghi hộ khác").click()
    expect(find).to_have_value("")
    expect(member.locator(".rows li")).to_have_count(everybody)
    find.fill(name)
    open_screen(member, "/")
    member.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    expect(find).to_have_value("")


def test_never_visited_households_come_first(member: Page) -> None:
    households = stored(member, "households")
    open_screen(member, "/households")
    expect(member.locator(".rows .detail").first).to_be_visible()
    shown = member.locator(".rows .detail").all_inner_texts()
    never = sum(1 for household in households if not household["last_visit_at"])
    expected = [at < never for at in range(len(shown))]
    assert ["Chưa thăm" in text for text in shown] == expected
