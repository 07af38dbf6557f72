"""The field app's shell, worker and files."""

from flask import Flask, url_for


def init_pwa(app: Flask) -> None:
    """Serves the field app from `app`."""
    app.jinja_env.globals["asset"] = lambda path: url_for("static", filename=path)
