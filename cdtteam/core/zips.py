"""Archives that somebody sent: what Python's reader of them raises, and parts of XML that no office program writes."""

import zipfile
from typing import Final
from xml.parsers import expat

BROKEN: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError)
"""What is raised where an archive is broken, coded or cut short."""

PREAMBLE: Final = 64 * 1024
"""So many bytes of a part are enough to tell what it declares; a longer preamble is no office program's."""


class DeclaringError(Exception):
    """A part declares a document type, in which entities could stand, or does not come to its first element."""


class UnreadableError(Exception):
    """A part is no XML, or in an encoding that no office program writes."""


class _Begun(Exception):
    """The first element has come, after which no declaration can."""


def refuse_declarations(part: bytes) -> None:
    """Looks at the first PREAMBLE bytes of a part of XML, an empty one being harmless. Raises DeclaringError and
    UnreadableError."""

    def refuse(*_: object) -> None:
        raise DeclaringError

    def begin(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        parser.Parse(part[:PREAMBLE], len(part) < PREAMBLE)
    except _Begun:
        return
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two for encodings it does not know
        if part:
            raise UnreadableError from error
        return
    raise DeclaringError
