"""Alembic's environment: our metadata, the engine that the caller gives or else the application's, offline never."""

from alembic import context

from cdtteam.accounts import models as accounts_models
from cdtteam.areas import models as areas_models
from cdtteam.core import settings
from cdtteam.core.db import Base, db
from cdtteam.households import models as households_models
from cdtteam.participation import models as participation_models
from cdtteam.replica import models as replica_models
from cdtteam.reports import models as reports_models
from cdtteam.residents import models as residents_models
from cdtteam.support import models as support_models
from cdtteam.sync import models as sync_models
from cdtteam.teams import models as teams_models
from cdtteam.visits import models as visits_models

ROOMS = (
    accounts_models, areas_models, settings, households_models, participation_models, replica_models,
    reports_models, residents_models, support_models, sync_models, teams_models, visits_models,
)  # fmt: skip


def _migrate() -> None:
    engine = context.config.attributes.get("engine") or db.engine
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()


_migrate()
