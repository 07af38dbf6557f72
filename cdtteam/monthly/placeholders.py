"""Every placeholder: its name, its meaning, and what fills it; the help page is made from this list too."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext as _l

from cdtteam.areas.models import Level
from cdtteam.monthly import words
from cdtteam.monthly.facts import Counts, Facts, Number, Row, ServiceLine, TeamLine
from cdtteam.monthly.texts import Texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Closing:
    """That a report was closed, when, and as which edition."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What a document is made of; `closing` is None while it is open."""

    facts: Facts
    texts: Texts
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Placeholder(Generic[T]):
    """A name that templates may use, what it means, and what comes in its place."""

    name: str
    meaning: Any  # a text that is translated when it is shown
    fill: Callable[[T], Any]


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list that templates may go through, with what each entry has."""

    name: str
    meaning: Any
    entries: Callable[[Report], Iterable[T]]
    fields: tuple[Placeholder[T], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of contents of support: a pillar, a national item, or a single content under a pillar."""

    ordinal: str
    name: str
    is_head: bool
    services: list[ServiceLine]

    def total(self, column: str) -> Number:
        """The sum of what was reported; None where nothing was."""
        known = [number for service in self.services if (number := getattr(service, column)) is not None]
        return sum(known) if known else None


ROMAN = ("I", "II", "III", "IV", "V")


def _lines(report: Report) -> list[Line]:
    lines: list[Line] = []
    pillars = list(dict.fromkeys(service.pillar for service in report.facts.services))
    for at, pillar in enumerate(pillars):
        own = [service for service in report.facts.services if service.pillar == pillar]
        ordinal = ROMAN[at] if at < len(ROMAN) else str(at + 1)
        lines.append(Line(ordinal, words.PILLARS.get(pillar, pillar), is_head=True, services=own))
        lines += [Line(str(number), one.name, is_head=False, services=[one]) for number, one in enumerate(own, 1)]
    return lines


def _national_items(report: Report) -> list[Line]:
    found = {service.national_item for service in report.facts.services}
    codes = [code for code in words.NATIONAL_ITEMS if code in found] + sorted(found - words.NATIONAL_ITEMS.keys())
    return [
        Line(
            str(number), words.NATIONAL_ITEMS.get(code, code), is_head=False,
            services=[service for service in report.facts.services if service.national_item == code],
        )
        for number, code in enumerate(codes, 1)
    ]  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()] or [words.TO_BE_WRITTEN]


def _state(report: Report) -> str:
    if report.closing is None:
        return f"Số liệu tính đến {words.moment(report.facts.as_of)}, chưa chốt"
    again = f" (lần {report.closing.number})" if report.closing.number > 1 else ""
    return f"Số liệu chốt lúc {words.moment(report.closing.at)}{again}"


def _counts(prefix: str, counts: Callable[[Report], Counts]) -> tuple[Placeholder[Report], ...]:
    """The figures of the period, or, with their prefix, those from the year's beginning."""

    def count(name: str, meaning: Any, attribute: str) -> Placeholder[Report]:
        return Placeholder(prefix + name, meaning, lambda report: getattr(counts(report), attribute))

    return (
        count("luot", _l("Support visits"), "visits"),
        count("nguoi", _l("People supported, counted at each visit"), "people"),
        count("ho", _l("Households supported"), "households"),
        count("ho_khong_ten", _l("Visits to households that were not named"), "households_unnamed"),
        count("to_hoat_dong", _l("Teams with at least one visit"), "active"),
        count("to_tong", _l("Teams in force"), "in_force"),
        count("to_khong_phat_sinh", _l("Teams that said that there was nothing"), "reported_nothing"),
        count("to_chua_ghi_nhan", _l("Teams of which nothing is known"), "silent"),
        Placeholder(
            f"{prefix}ty_le_to", _l("Active teams among those in force"),
            lambda report: words.percent(counts(report).active, counts(report).in_force),
        ),
        count("thanh_vien_hoat_dong", _l("Members who took part in a visit"), "members_active"),
        count("thanh_vien_tong", _l("Members of the teams in force"), "members_in_force"),
        Placeholder(
            f"{prefix}ghi_chu_doi_to", _l("That who changed teams is counted in each of them; empty where nobody did"),
            lambda report: words.movers(has_movers=counts(report).has_movers, of="năm" if prefix else "kỳ"),
        ),
    )  # fmt: skip


HEAD: tuple[Placeholder[Report], ...] = (
    Placeholder("dia_ban", _l("The area's name"), lambda r: r.facts.area_name),
    Placeholder("dia_ban_hoa", _l("The area's name in capitals, for the heading"), lambda r: r.facts.area_name.upper()),
    Placeholder(
        "dia_ban_thuong", _l("The area's name in a sentence"), lambda r: words.in_a_sentence(r.facts.area_name)
    ),
    Placeholder("noi_lap", _l("The place where the report is written"), lambda r: r.texts.place),
    Placeholder("ngay_lap", _l("The day of the report"), lambda r: words.long_day(r.texts.dated_on, r.facts.as_of)),
    Placeholder("ten_ky", _l("The period"), lambda r: words.period_name(r.facts.period)),
    Placeholder("tu_ngay", _l("First day of the period"), lambda r: words.day(r.facts.from_on)),
    Placeholder("den_ngay", _l("Last day of the period"), lambda r: words.day(r.facts.to_on)),
    Placeholder("nam_tu_ngay", _l("First day of the year that is cumulated"), lambda r: words.day(r.facts.year_from)),
    Placeholder("trang_thai", _l("As of when the figures are, and whether they are closed"), _state),
    Placeholder("ngay_ban_do", _l("The day whose areas are reported"), lambda r: words.day(r.facts.map_on)),
)
FOOT: tuple[Placeholder[Report], ...] = (
    Placeholder(
        "kho_khan", _l("Difficulties, as typed at the desk"), lambda r: r.texts.difficulties or words.TO_BE_WRITTEN
    ),
    Placeholder("kien_nghi", _l("Proposals, as typed at the desk"), lambda r: r.texts.proposals or words.TO_BE_WRITTEN),
    Placeholder("noi_nhan", _l("Recipients"), lambda r: r.texts.recipients),
    Placeholder("ky_thay", _l("For whom is signed"), lambda r: r.texts.sign_for),
    Placeholder("chuc_danh", _l("Who signs: the office"), lambda r: r.texts.sign_title),
    Placeholder("nguoi_ky", _l("Who signs: the name"), lambda r: r.texts.sign_name),
)
PERIOD = _counts("", lambda report: report.facts.counts)
YEAR = _counts("nam_", lambda report: report.facts.year)

_NumberedRow = tuple[int, Row, bool]
_NumberedTeam = tuple[int, TeamLine]
_Cause = tuple[str, list[TeamLine]]


def _numbered_rows(report: Report) -> Iterable[_NumberedRow]:
    is_village = report.facts.level is Level.COMMUNE
    return [(number, row, is_village) for number, row in enumerate(report.facts.rows, 1)]


def _causes(report: Report) -> Iterable[_Cause]:
    """The teams of which nothing is known, under each reason that there is."""
    silent = report.facts.silent
    groups = [
        (cause, [team for team in silent if team.standing == standing]) for standing, cause in words.CAUSES.items()
    ]
    return [group for group in groups if group[1]]


_LINE: tuple[Placeholder[Line], ...] = (
    Placeholder("tt", _l("Ordinal"), lambda line: line.ordinal),
    Placeholder("ten", _l("Name"), lambda line: line.name),
    Placeholder("luot", _l("Visits of the period"), lambda line: line.total("visits")),
    Placeholder("nguoi", _l("People of the period"), lambda line: line.total("people")),
    Placeholder("nam_luot", _l("Visits from the year's beginning"), lambda line: line.total("visits_of_year")),
    Placeholder("nam_nguoi", _l("People from the year's beginning"), lambda line: line.total("people_of_year")),
    Placeholder("la_tru_cot", _l("Whether the row is a pillar's; for conditions"), lambda line: line.is_head),
)
_ROW: tuple[Placeholder[_NumberedRow], ...] = (
    Placeholder("tt", _l("Ordinal"), lambda of: str(of[0])),
    Placeholder("ten", _l("The team, or the commune in a report of the province"), lambda of: _row_name(of[1])),
    Placeholder("dia_ban", _l("The village or commune"), lambda of: of[1].name),
    Placeholder("luot", _l("Visits there"), lambda of: of[1].counts.visits),
    Placeholder("nguoi", _l("People there"), lambda of: of[1].counts.people),
    Placeholder("ho", _l("Households there"), lambda of: of[1].counts.households),
    Placeholder(
        "ho_khong_ten", _l("Visits there to households that were not named"), lambda of: of[1].counts.households_unnamed
    ),
    Placeholder("thanh_vien", _l("Members who took part, of all"), lambda of: _of_all(of[1].counts)),
    Placeholder("trang_thai", _l("How the team stood"), lambda of: words.row_standing(of[1], is_village=of[2])),
)
_TEAM: tuple[Placeholder[_NumberedTeam], ...] = (
    Placeholder("tt", _l("Ordinal"), lambda of: str(of[0])),
    Placeholder("ten", _l("The team"), lambda of: of[1].name),
    Placeholder("dia_ban", _l("Where it stands"), lambda of: of[1].place),
    Placeholder("ly_do", _l("Why nothing is known"), lambda of: words.CAUSES.get(of[1].standing, "")),
)
_CAUSE: tuple[Placeholder[_Cause], ...] = (
    Placeholder("ly_do", _l("Why nothing is known, to begin a line"), lambda of: words.to_begin_with(of[0])),
    Placeholder("so_to", _l("How many teams"), lambda of: len(of[1])),
    Placeholder("cac_to", _l("The teams in a row"), lambda of: ", ".join(words.team_at_place(team) for team in of[1])),
)
_TEXT: tuple[Placeholder[str], ...] = (Placeholder("dong", _l("A line"), lambda line: line),)

LISTINGS: tuple[Listing[Any], ...] = (
    Listing(
        "bang_noi_dung", _l("Contents of support under their pillars, pillars as rows of their own"), _lines, _LINE
    ),
    Listing("muc_quoc_gia", _l("Contents of support by national item"), _national_items, _LINE),
    Listing("cac_to", _l("Teams, or communes in a report of the province"), _numbered_rows, _ROW),
    Listing("to_im_lang", _l("Teams of which nothing is known"), lambda r: enumerate(r.facts.silent, 1), _TEAM),
    Listing("to_im_lang_theo_ly_do", _l("Teams of which nothing is known, by the reason"), _causes, _CAUSE),
    Listing(
        "kho_khan_doan", _l("Difficulties, paragraph by paragraph"), lambda r: _paragraphs(r.texts.difficulties), _TEXT
    ),
    Listing("kien_nghi_doan", _l("Proposals, paragraph by paragraph"), lambda r: _paragraphs(r.texts.proposals), _TEXT),
    Listing("noi_nhan_dong", _l("Recipients, line by line"), lambda r: _paragraphs(r.texts.recipients), _TEXT),
)


def _row_name(row: Row) -> str:
    return "; ".join(team.name for team in row.teams) or row.name


def _of_all(counts: Counts) -> str:
    if not counts.in_force:
        return "–"
    return "–" if counts.silent == counts.in_force else f"{counts.members_active}/{counts.members_in_force}"


def filled(report: Report) -> dict[str, Any]:
    """The data of a report by the names of placeholders: texts, numbers (None: nobody reported) and lists of such."""
    data: dict[str, Any] = {one.name: one.fill(report) for one in (*HEAD, *PERIOD, *YEAR, *FOOT)}
    for listing in LISTINGS:
        data[listing.name] = [
            {one.name: one.fill(entry) for one in listing.fields} for entry in listing.entries(report)
        ]
    return data


def _example() -> Report:
    """A report of a commune that does not exist, with something in every placeholder."""
    counts = Counts(9, 6, 1, 2, 33, 21, 1176, 2310, 540, 12, has_movers=True)
    year = Counts(9, 8, 1, 0, 33, 30, 9804, 18020, 2110, 95, has_movers=True)
    active = TeamLine("Tổ CNSCĐ thôn 1", "active", 120, 3, 4)
    silent = TeamLine("Tổ CNSCĐ thôn 2", "no_contact", 0, 0, 3, "Thôn 2")
    return Report(
        Facts(
            area_code="00000", area_name="Xã Hoa Mai", level=Level.COMMUNE, period="2026-01", calendar="report",
            from_on=date(2025, 12, 15), to_on=date(2026, 1, 14), map_on=date(2026, 2, 5),
            as_of=datetime(2026, 2, 5, 1, 30, tzinfo=UTC), year_from=date(2025, 12, 15), counts=counts, year=year,
            services=[
                ServiceLine("dvc_online", "Sử dụng dịch vụ công trực tuyến", "government", "dvc", 320, 410, 2904, 3650),
                ServiceLine("traceability", "Truy xuất nguồn gốc nông sản", "economy", "other", None, None, 4, 9),
            ],
            rows=[
                Row("v1", "Thôn 1", Counts(1, 1, 0, 0, 4, 3, 120, 260, 58, 2), [active]),
                Row("v2", "Thôn 2", Counts(1, 0, 0, 1, 3, 0), [silent]),
            ],
            silent=[silent],
        ),
        Texts(
            place="Hoa Mai", dated_on=date(2026, 2, 5), sign_name="Nguyễn Văn An",
            difficulties="Một số thôn sóng yếu.\nNhiều người cao tuổi chưa có điện thoại thông minh.",
            proposals="Đề nghị lắp thêm trạm phát sóng tại thôn 2.",
        ),
        Closing(1, datetime(2026, 2, 5, 1, 30, tzinfo=UTC)),
    )  # fmt: skip


EXAMPLE: dict[str, Any] = filled(_example())
