"""A database with the application's tables, made by the command that an operator would use."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def migrate(url: str) -> None:
    """Brings the database at `url` to the newest schema."""
    environment = {**os.environ, "CDT_DATABASE_URL": url}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment)
    if done.returncode:
        raise AssertionError(f"The migrations failed:\n{done.stdout}\n{done.stderr}")
