"""Browsers inside other apps: what they store is not what the phone's own browser finds later."""

import re

# The names that these apps put into the user agent; Android's own mark of a web view is "; wv".
_MARKS = re.compile(
    r"; wv\)|\bzalo|\bfban\b|\bfbav\b|\bfb_iab\b|\bmessenger|\borca-android|\binstagram|\bline/|\bviber|\btelegram"
    r"|\bmicromessenger|\btiktok|\bmusical_ly|\bbytedance",
    re.IGNORECASE,
)
_APPLE = re.compile(r"\biphone|\bipad|\bipod", re.IGNORECASE)


def is_in_app(user_agent: str) -> bool:
    """Whether a page is shown inside another app."""
    return bool(_MARKS.search(user_agent))


def is_apple(user_agent: str) -> bool:
    """Whether the phone's own browser is Safari."""
    return bool(_APPLE.search(user_agent))
