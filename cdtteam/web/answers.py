"""How answers leave: problem+json for the API, a page for people, security headers, request ids."""

import json
import logging
from http import HTTPStatus

import msgspec
from flask import Flask, Response, g, render_template, request
from flask_compress import Compress
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from cdtteam.core.ids import new_id
from cdtteam.core.problems import Problem

log = logging.getLogger("cdtteam")

PROTOCOL = "1"
API = "/api/v1/"
CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_WHOLE = "body"  # the field where no part of a request can be told from another
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "too_many_requests", 403: "forbidden"}


class Gzip(Compress):
    """Compressed answers for those alone who accept gzip: “gzip;q=0” says no (RFC 9110, 12.5.3)."""

    def after_request(self, response: Response | None) -> Response:
        """The answer, with or without compression, and in caches apart from the other."""
        if response is None or request.accept_encodings["gzip"]:
            return super().after_request(response)
        response.vary.add("Accept-Encoding")
        return response


def json_answer(value: object, status: int = HTTPStatus.OK, content_type: str = "application/json") -> Response:
    """`value` as a JSON response."""
    try:
        body = msgspec.json.encode(value)
    except UnicodeEncodeError:  # a lone surrogate in an id that we only give back: escaped, as it came
        body = json.dumps(msgspec.to_builtins(value)).encode()
    return Response(body, status, content_type=content_type)


def problem_answer(problem: Problem, status: int | None = None) -> Response:
    """A Problem as RFC 9457 for the API, as a page elsewhere; with its own HTTP status unless told another."""
    status = status or problem.status
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": problem.message, "status": status, "code": problem.code}
        if problem.field or problem.code == "malformed":  # which always says where (sync protocol, "Transport")
            body["field"] = problem.field or _WHOLE
        answer = json_answer(body, status, "application/problem+json")
    else:
        answer = Response(render_template("web/problem.html", problem=problem), status)
        if request.headers.get("HX-Request"):  # else htmx would look in it for the part that it had asked for
            answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    if problem.retry_after is not None:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def init_answers(app: Flask) -> None:
    """Gives `app` its error handlers and headers."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Problem, problem_answer)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _fault)


def _begin() -> None:
    g.request_id = str(new_id())


def _finish(answer: Response) -> Response:
    if request.path.startswith(API):
        answer.headers["Cdt-Protocol"] = PROTOCOL
        answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Request-Id"] = g.get("request_id", "")
    answer.headers.setdefault("Content-Security-Policy", CSP)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "geolocation=(), microphone=(), camera=()"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return answer


def _http_error(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    name = _BY_STATUS.get(code) or ("server_fault" if code >= 500 else "malformed")
    retry = {HTTPStatus.TOO_MANY_REQUESTS: 1, HTTPStatus.SERVICE_UNAVAILABLE: 5}.get(HTTPStatus(code))
    return problem_answer(Problem(name, retry_after=retry), code)


def _database_error(error: OperationalError) -> Response:
    # No room on the disk, a lost server, a lock that did not come: nothing was acknowledged, so come back later.
    log.error("database unavailable, request %s: %s", g.get("request_id"), type(error.orig).__name__)
    return problem_answer(Problem("busy", retry_after=5))


def _fault(error: Exception) -> Response:
    log.error("fault, request %s", g.get("request_id"), exc_info=error)
    return problem_answer(Problem("server_fault"))
