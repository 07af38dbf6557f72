"""What officers do to households and several rooms must follow: visits, the quarantine, lists that wait, notices."""

from typing import Any
from uuid import UUID

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.queries import communes_ever
from cdtteam.attendance.operations import forget_in_attendance
from cdtteam.campaigns.forgetting import forget_in_campaigns
from cdtteam.core.clock import civil_date, wire_instant
from cdtteam.core.problems import Problem
from cdtteam.households.consents import NOTICE
from cdtteam.households.erasing import Forgotten, erase_household, known_as, refuses_contact
from cdtteam.households.fields import CONTACT, field_of
from cdtteam.households.forgetting import forget_in_households
from cdtteam.households.group import decision_on, hold, standing, with_merged
from cdtteam.households.merging import merge_households, undo_merger
from cdtteam.households.models import Decided, Household, HouseholdDecision
from cdtteam.households.operations import correct_at_desk
from cdtteam.imports.forgetting import forget_in_waiting
from cdtteam.jobs.forgetting import forget_in_jobs
from cdtteam.monthly.forgetting import forget_in_drafts
from cdtteam.notices.forgetting import forget_in_notices
from cdtteam.notify.forgetting import forget_named
from cdtteam.replica.work import Work
from cdtteam.requests.operations import forget_words as forget_in_requests
from cdtteam.sync.quarantine import forget_named_in_refused, forget_notes, forget_numbers, forget_refused
from cdtteam.tasks.forgetting import forget_in_tasks
from cdtteam.tasks.operations import tell_lists_again
from cdtteam.visits.forgetting import forget_in_visits
from cdtteam.visits.operations import forget_words, leave_unnamed, tell_again

_FORGET_BY_NAME = (
    forget_in_households, forget_in_requests, forget_in_visits, forget_in_tasks, forget_in_campaigns,
    forget_in_attendance,
)  # fmt: skip


def merge(actor: Actor, work: Work, household: Household, into: Household) -> HouseholdDecision:
    """Makes two households one, in the figures and on phones as well; Problem `withdrawn` unless both stand."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    known = _hold_all(actor, work, household, into)
    decision = merge_households(actor, work, household, into)
    tell_again(actor, work, known.ids, known.village_ids)
    tell_lists_again(actor, work, known.ids, known.village_ids)
    if refuses_contact({CONTACT: field_of(into, CONTACT)}):
        forget_numbers(work.session, {one.id for one in with_merged(work.session, into)})
    return decision


def correct(actor: Actor, work: Work, household: Household, fields: dict[str, Any]) -> None:
    """Sets fields of a household; where it does not want to be called its number goes from what waits as well."""
    require(actor, Permission.HOUSEHOLD_MANAGE)
    correct_at_desk(actor, work, household, fields)
    if refuses_contact(fields):
        forget_numbers(work.session, {one.id for one in with_merged(work.session, household)})


def undo(actor: Actor, work: Work, decision: HouseholdDecision) -> Household:
    """Makes them two again; the visits made to the merged one before are its own once more.

    Problem `changed_meanwhile` where something else came since.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    household = work.session.get_one(Household, decision.household_id)
    known = _hold_all(actor, work, household, work.session.get_one(Household, decision.into_id))
    undo_merger(actor, work, decision)
    tell_again(actor, work, known.ids, known.village_ids)
    tell_lists_again(actor, work, known.ids, known.village_ids)
    return household


def erase_on_request(actor: Actor, work: Work, household: Household) -> int:
    """Forgets a household because a resident asked for it, those that were merged with it included, for good.

    Its visits stay and count as made to a household not named. Answers in how many drafts of reports it was named, for
    somebody to read over. Problem `withdrawn` when it was erased already.
    """
    require(actor, Permission.HOUSEHOLD_MANAGE)
    household = standing(work.session, household)
    known = _hold_all(actor, work, household)
    if household.erased_at:
        raise Problem("withdrawn")
    forget_words(actor, work, known.ids, known.village_ids)
    erase_household(work, household, {"given": False, "notice": NOTICE, "at": wire_instant(work.now)})
    leave_unnamed(actor, work, known.ids, known.village_ids)
    for forget_in in _FORGET_BY_NAME:
        forget_in(actor, work, known.village_ids, known.is_named_in)
    forget_named(work, known.village_ids, known.is_named_in)
    forget_in_notices(work, known.village_ids, known.is_named_in)
    forget_in_jobs(work.session, known.is_named_in)
    drafts = forget_in_drafts(work, known.village_ids, known.is_named_in)
    forget_refused(work.session, known, work.now)
    forget_notes(work.session, known)
    forget_named_in_refused(work.session, known)
    today = civil_date(work.now)
    forget_in_waiting(work.session, communes_ever(work.session, known.village_ids, today), known.names, today)
    work.session.add(decision_on(actor, work, household, Decided.ERASED))
    return drafts


def _hold_all(actor: Actor, work: Work, *households: Household) -> Forgotten:
    """Holds households with all villages to which they or those merged with them ever belonged.

    Answers what the first of them is known by.
    """
    hold(actor, work, households)
    while True:
        known = [known_as(work, one) for one in households]
        villages: set[UUID] = set().union(*(one.village_ids for one in known))
        if all(work.is_locked(village_id) for village_id in villages):
            return known[0]
        hold(actor, work, households, *villages)
