"""Rings for what is due, as the worker does, in a process to be killed: `sender DATABASE INSTANCE ORIGINS LEASE`."""

import sys
from datetime import timedelta

from cdtteam.app import create_app
from cdtteam.jobs.chores import run_chore
from cdtteam.push import leasing, webpush
from tests.support.pushing import SUBJECT


def main(url: str, instance: str, origins: str, lease: str) -> None:
    """A lease lasts so many seconds, so that nobody has to wait for one that is left behind."""
    leasing.LEASE = timedelta(seconds=float(lease))
    webpush.TOO_LATE = timedelta(seconds=0)
    app = create_app(
        {
            "CDT_DATABASE_URL": url, "CDT_INSTANCE": instance, "CDT_VAPID_SUBJECT": SUBJECT,
            "CDT_PUSH_TEST_ENDPOINT": origins,
        }
    )  # fmt: skip
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    run_chore(app, "push")


main(*sys.argv[1:])
