"""The demonstration's fixtures give what other tests stand on."""

import urllib.request
from collections.abc import Callable
from typing import Any

from flask import Flask


def test_app_signs_in_every_account(app: Flask, accounts: list[dict[str, Any]]) -> None:
    for account in accounts:
        answer = app.test_client().post(
            "/api/v1/session", json={"sign_in": account["sign_in"], "password": account["password"]}
        )
        assert answer.status_code == 200
        assert (answer.json["role"], answer.json["synthetic"]) == (account["role"], True)


def test_accounts_tell_the_ids_of_each_database(
    app: Flask, small_demo_url: str, accounts_of: Callable[[str], list[dict[str, Any]]]
) -> None:
    for account in accounts_of(small_demo_url):
        client = app.test_client()
        given = {"sign_in": account["sign_in"], "password": account["password"]}
        answer = client.post("/api/v1/session", json=given).json
        assert {key: answer[key] for key in ("member_id", "team_id", "village_ids")} == {
            key: account[key] for key in ("member_id", "team_id", "village_ids")
        }


def test_server_answers(server: str) -> None:
    with urllib.request.urlopen(f"{server}/healthz", timeout=10) as answer:
        assert answer.status == 200
