"""The field app's shell, worker and files."""

import os

from flask import Flask

from cdtteam.pwa.views import Shell, blueprint


def init_pwa(app: Flask) -> None:
    """Serves the field app from `app`; templates get `asset(name)`, the address of a static file."""
    app.config.setdefault("CDT_SERVICE_WORKER", os.environ.get("CDT_SERVICE_WORKER", "on"))
    shell = Shell(app)
    app.extensions["cdtteam_pwa"] = shell
    app.jinja_env.globals["asset"] = shell.assets.url
    app.register_blueprint(blueprint)
