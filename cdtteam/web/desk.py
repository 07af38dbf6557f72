"""What all pages of the desk do alike."""

from http import HTTPStatus

from flask import Response, redirect, request, url_for

from cdtteam.core.problems import Problem
from cdtteam.web.answers import problem_answer


def send_to_sign_in(problem: Problem) -> Response:
    """A page asked for by nobody is asked for again after signing in; every other Problem is shown."""
    if problem.code != "signed_out" or request.path.startswith("/api/"):
        return problem_answer(problem)
    place = url_for("accounts.sign_in_page")
    if request.headers.get("HX-Request"):
        # The browser would follow a redirect by itself, and htmx look in vain for its part of that page.
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": place})
    answer = redirect(place, HTTPStatus.SEE_OTHER)
    assert isinstance(answer, Response)
    return answer
