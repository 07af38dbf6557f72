"""The sign-ins of the demonstration: the only accounts of it that have a password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Role
from cdtteam.accounts.models import User
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.core.clock import civil_date
from cdtteam.teams.queries import duties_of

OWN_COMMUNE = "21787"  # the commune whose villages are made first and largest
NEXT_COMMUNE = "21790"


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A role, how it signs in, and where it works.

    `village` and `member` count from 0 in the sign-ins' commune; `commune` is the code of a coordinator's.
    """

    role: Role
    sign_in: str
    password: str
    name: str = ""
    village: int | None = None
    member: int | None = None
    commune: str | None = None


SIGN_INS = (
    DemoSignIn(Role.VOLUNTEER, "0900000001", "lua-vang", village=0, member=0),
    DemoSignIn(Role.VOLUNTEER, "0900000002", "lua-vang", village=0, member=1),
    DemoSignIn(Role.VOLUNTEER, "0900000003", "lua-vang", village=1, member=0),
    DemoSignIn(Role.COORDINATOR, "vinhson", "bien-xanh", "Trần Thị Minh Hoạ", commune=OWN_COMMUNE),
    DemoSignIn(Role.COORDINATOR, "vinhkim", "bien-xanh", "Đinh Văn Minh Hoạ", commune=NEXT_COMMUNE),
    DemoSignIn(Role.PROVINCE, "tinh", "bien-xanh", "Võ Ngọc Minh Hoạ"),
    DemoSignIn(Role.ADMIN, "quantri", "bien-xanh", "Lê Quang Minh Hoạ"),
)


def staff_area(areas: AreaMap, sign_in: DemoSignIn) -> UUID | None:
    """The area of a sign-in that is no volunteer's: its commune, else the province."""
    if sign_in.commune is None:
        return areas.province.id if areas.province else None
    return next((area.id for area in areas.of_level(Level.COMMUNE) if area.code == sign_in.commune), None)


def demo_accounts(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The sign-ins as `demo --json` prints them."""
    users = {user.handle: user for user in session.scalars(select(User).where(User.handle.in_(_handles())))}
    members = [user.member_id for user in users.values() if user.member_id]
    duties = duties_of(session, members)
    areas = area_map(session, civil_date(now))
    found = []
    for sign_in in SIGN_INS:
        user = users.get(sign_in.sign_in)
        if user is None:
            continue
        own = [duty for duty in duties.get(user.member_id, ()) if duty.holds(now)] if user.member_id else []
        found.append(
            {
                "role": str(sign_in.role),
                "sign_in": sign_in.sign_in,
                "password": sign_in.password,
                "member_id": str(user.member_id) if user.member_id else None,
                "team_id": str(own[0].team_id) if own else None,
                "village_ids": sorted(str(duty.village_id) for duty in own),
                "commune_code": _commune_code(areas, own[0].village_id if own else user.area_id),
            }
        )
    return found


def _handles() -> list[str]:
    return [sign_in.sign_in for sign_in in SIGN_INS]


def _commune_code(areas: AreaMap, area_id: UUID | None) -> str | None:
    above = areas.above(area_id) if area_id else ()
    return next((area.code for area in above if area.level is Level.COMMUNE), None)
