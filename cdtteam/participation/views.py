"""Participation: pages and the API."""

from flask import Blueprint

blueprint = Blueprint("participation", __name__)
