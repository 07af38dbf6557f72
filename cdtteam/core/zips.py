"""Archives that somebody sent: what Python's reader of them raises where one is broken, coded or cut short."""

import zipfile
from typing import Final

BROKEN: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError)
