"""What deserved a look is left as it is. Putting a visit right and not counting it are operations of visits."""

from uuid import UUID

from cdtteam.access.models import Actor, Permission, Place
from cdtteam.access.policy import require
from cdtteam.replica.work import Work
from cdtteam.reviewing.models import Review
from cdtteam.reviewing.signs import Look


def keep_as_it_is(actor: Actor, work: Work, look: Look) -> None:
    """Somebody has looked: what it is about is not shown again for this sign."""
    require(actor, Permission.VISIT_REVIEW)
    of_village: dict[UUID, list[str]] = {}
    for subject, village in look.places:
        of_village.setdefault(UUID(village), []).append(subject)
    for village_id, subjects in of_village.items():
        require(actor, Permission.VISIT_REVIEW, Place(village_id, work.now), session=work.session, now=work.now)
        said = {"sign": look.sign, "subjects": subjects, "on": look.on}
        work.session.add(Review(village_id=village_id, decided_at=work.now, decided_by=actor.user_id, **said))
