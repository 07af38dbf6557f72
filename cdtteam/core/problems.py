"""The one catalogue of errors: code, HTTP status and message; problem+json on the wire (RFC 9457)."""

from http import HTTPStatus

from flask_babel import lazy_gettext as _l

# code -> (HTTP status, message). Codes of refused mutations are those of the sync protocol.
CATALOGUE = {
    "malformed": (HTTPStatus.BAD_REQUEST, _l("The request could not be read.")),
    "unsupported_protocol": (HTTPStatus.BAD_REQUEST, _l("Please update the app.")),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _l("This is too large to send at once.")),
    "signed_out": (HTTPStatus.UNAUTHORIZED, _l("Please sign in.")),
    "bad_credentials": (HTTPStatus.UNAUTHORIZED, _l("The sign-in name or the password is not right.")),
    "slow_down": (HTTPStatus.TOO_MANY_REQUESTS, _l("Too many tries. Please wait a moment.")),
    "too_many_requests": (HTTPStatus.TOO_MANY_REQUESTS, _l("Too many requests. Please wait a moment.")),
    "busy": (HTTPStatus.SERVICE_UNAVAILABLE, _l("The system is busy. Please try again shortly.")),
    "not_a_member": (HTTPStatus.FORBIDDEN, _l("This account belongs to no team.")),
    "cross_site": (HTTPStatus.FORBIDDEN, _l("This request came from another site.")),
    "forbidden": (HTTPStatus.FORBIDDEN, _l("You may not do this.")),
    "not_found": (HTTPStatus.NOT_FOUND, _l("There is nothing here.")),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, _l("This cannot be done here.")),
    "invalid_field": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("Something in this entry is not right.")),
    "changed_meanwhile": (HTTPStatus.CONFLICT, _l("Somebody else has changed this meanwhile.")),
    "push_off": (HTTPStatus.NOT_FOUND, _l("Notifications on the screen are not set up on this system.")),
    "unknown_invitation": (HTTPStatus.NOT_FOUND, _l("This invitation is not known. Please look at it again.")),
    "invitation_expired": (HTTPStatus.GONE, _l("This invitation has expired. Please ask the commune for a new one.")),
    "invitation_revoked": (HTTPStatus.GONE, _l("This invitation holds no more. Please use the newest one.")),
    "invitation_used": (HTTPStatus.GONE, _l("This invitation has been used. Please ask the commune for a new one.")),
    "in_app_browser": (HTTPStatus.FORBIDDEN, _l("Please open this in the phone's own browser.")),
    "invalid_file": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("The file could not be used.")),
    "id_reused": (HTTPStatus.CONFLICT, _l("This entry clashes with another one.")),
    "unknown_type": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("The system does not know this kind of entry yet.")),
    "unknown_service": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("This support topic is not in the catalogue.")),
    "implausible_time": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("Please check the date and time.")),
    "wrong_author": (HTTPStatus.FORBIDDEN, _l("Whoever made this entry did not work in this village then.")),
    "depends_on_refused": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("This waits for another entry to be put right.")),
    "unknown_household": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("This household has not arrived yet.")),
    "unknown_row": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("What this entry changes has not arrived yet.")),
    "out_of_scope": (HTTPStatus.FORBIDDEN, _l("You did not work in this village at that time.")),
    "not_author": (HTTPStatus.FORBIDDEN, _l("Only who made this visit can change it.")),
    "too_late": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("More than 72 hours have passed. Please ask the commune.")),
    "withdrawn": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("This has been withdrawn.")),
    "device_revoked": (
        HTTPStatus.FORBIDDEN,
        _l("The commune has signed this phone out. Only a new invitation opens it again."),
    ),
    "unreadable_seal": (HTTPStatus.UNPROCESSABLE_ENTITY, _l("This sealed entry could not be opened. It is kept.")),
    "job_failed": (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _l("Something went wrong on our side, and nothing was done by halves. Please try again."),
    ),
    "server_fault": (HTTPStatus.INTERNAL_SERVER_ERROR, _l("The system could not take this entry. It is kept.")),
}


class Problem(Exception):
    """An expected failure; `code` is in CATALOGUE, `field` names the part of the input at fault.

    `retry_after` is in whole seconds; `detail` is text for an operator (a line of a file, say).
    """

    def __init__(
        self, code: str, *, field: str | None = None, retry_after: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(code if field is None else f"{code}: {field}")
        if code not in CATALOGUE:
            raise KeyError(code)
        self.code = code
        self.field = field
        self.retry_after = retry_after
        self.detail = detail

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(CATALOGUE[self.code][0])

    @property
    def message(self) -> str:
        """The sentence for the user, in the current locale."""
        return str(CATALOGUE[self.code][1])
