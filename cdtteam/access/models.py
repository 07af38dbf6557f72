"""Permissions, roles, and the actor on whose behalf something is done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Role(StrEnum):
    """What an account is for."""

    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    PROVINCE = "province"
    ADMIN = "admin"


class Permission(StrEnum):
    """`<object>.<verb>`; each route and each public operation names one."""

    SYNC = "replica.sync"
    HOUSEHOLD_READ = "household.read"
    HOUSEHOLD_WRITE = "household.write"
    HOUSEHOLD_MANAGE = "household.manage"
    VISIT_READ = "visit.read"
    VISIT_RECORD = "visit.record"
    VISIT_CORRECT = "visit.correct"
    VISIT_REVIEW = "visit.review"
    REPORT_NOTHING = "report.nothing"
    ATTENDANCE_RECORD = "attendance.record"
    TASK_MANAGE = "task.manage"
    TASK_PROGRESS = "task.progress"
    REQUEST_RAISE = "request.raise"
    REQUEST_ANSWER = "request.answer"
    NOTICE_SEND = "notice.send"
    PAPER_MANAGE = "paper.manage"
    PARTICIPATION_READ = "participation.read"
    TEAM_MANAGE = "team.manage"
    MEMBER_INVITE = "member.invite"
    ACCOUNT_MANAGE = "account.manage"
    AREA_MANAGE = "area.manage"
    CATALOGUE_MANAGE = "catalogue.manage"
    INBOX_READ = "inbox.read"
    DESK_READ = "desk.read"
    REPORT_READ = "report.read"
    REPORT_CLOSE = "report.close"
    TEMPLATE_MANAGE = "template.manage"


_FIELD = {
    Permission.SYNC,
    Permission.HOUSEHOLD_READ,
    Permission.HOUSEHOLD_WRITE,
    Permission.VISIT_READ,
    Permission.VISIT_RECORD,
    Permission.VISIT_CORRECT,
    Permission.REPORT_NOTHING,
    Permission.ATTENDANCE_RECORD,
    Permission.INBOX_READ,
}
_DESK = {Permission.DESK_READ, Permission.PARTICIPATION_READ, Permission.REPORT_READ, Permission.INBOX_READ}
_REPORTS = {Permission.REPORT_CLOSE, Permission.TEMPLATE_MANAGE}
_PEOPLE = {Permission.TEAM_MANAGE, Permission.MEMBER_INVITE}
_PAPER = {Permission.PAPER_MANAGE}
_REVIEW = {Permission.VISIT_REVIEW}
_TASKS = {Permission.TASK_MANAGE}
_HOMES = {Permission.HOUSEHOLD_MANAGE}
_REQUESTS = {Permission.REQUEST_ANSWER}
_NOTICES = {Permission.NOTICE_SEND}
_OFFICE = (
    _DESK | _PEOPLE | _REPORTS | _TASKS | _REQUESTS | _HOMES | _NOTICES
)  # of a commune's officer and the province's alike

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: frozenset(_FIELD | {Permission.TASK_PROGRESS, Permission.REQUEST_RAISE}),
    Role.COORDINATOR: frozenset((_FIELD - {Permission.SYNC}) | _OFFICE | _PAPER | _REVIEW),
    Role.PROVINCE: frozenset(_OFFICE | {Permission.AREA_MANAGE, Permission.CATALOGUE_MANAGE}),
    Role.ADMIN: frozenset(
        _DESK | _PEOPLE | {Permission.ACCOUNT_MANAGE, Permission.AREA_MANAGE, Permission.CATALOGUE_MANAGE}
    ),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A member's service of a village through a team, from `started_at` until before `ended_at`."""

    team_id: UUID
    village_id: UUID
    started_at: datetime
    ended_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the duty was in force at an instant."""
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf something is done: a value, passed in, never ambient.

    `area_id` is the coordinator's commune or the province; `duties` are a member's, past ones included.
    """

    role: Role
    user_id: UUID | None = None
    member_id: UUID | None = None
    area_id: UUID | None = None
    duties: tuple[Duty, ...] = ()

    def may(self, permission: Permission) -> bool:
        """Whether the role has the permission anywhere at all."""
        return permission in PERMISSIONS[self.role]

    def team_at(self, village_id: UUID, at: datetime) -> UUID | None:
        """The team through which the actor served a village at an instant."""
        return next((duty.team_id for duty in self.duties if duty.village_id == village_id and duty.holds(at)), None)

    def served_through(self, team_id: UUID, village_id: UUID, at: datetime) -> bool:
        """Whether the actor served a village through one team at an instant."""
        return any(duty.holds(at) for duty in self.duties if (duty.team_id, duty.village_id) == (team_id, village_id))

    def villages_at(self, at: datetime) -> frozenset[UUID]:
        """The villages that the actor served at an instant."""
        return frozenset(duty.village_id for duty in self.duties if duty.holds(at))


SYSTEM = Actor(Role.ADMIN)  # the command line, whose operator has the database anyway


class Place(NamedTuple):
    """A village at an instant: what most permissions are asked about."""

    village_id: UUID
    at: datetime
