"""LibreOffice and Poppler where they are installed: what a file looks like to whoever prints it."""

import shutil
import subprocess
from pathlib import Path

from tests.support.availability import give_up

_OFFICES = ("soffice", "libreoffice")
_READERS = ("pdftotext", "pdftoppm")
_DOTS_PER_INCH = 80


def require_office() -> None:
    """Ends a test that cannot go on, for want of an office program or a reader of PDF files."""
    if _office() is None or not all(map(shutil.which, _READERS)):
        give_up("LibreOffice", "apt install libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils")


def printed(file: Path, folder: Path) -> Path:
    """The PDF that an office program makes of a Word file or workbook, in `folder`."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [_office(), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file]
    _run(command, seconds=120)
    return folder / f"{file.stem}.pdf"


def pages(pdf: Path) -> list[str]:
    """The text of each page, laid out as it stands there."""
    return _run(["pdftotext", "-layout", pdf, "-"]).decode().split("\f")[:-1]


def pictures(pdf: Path) -> list[Path]:
    """A picture of each page, beside the file."""
    _run(["pdftoppm", "-png", "-r", str(_DOTS_PER_INCH), pdf, pdf.with_suffix("")], seconds=60)
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))


def _office() -> str | None:
    return next(filter(None, map(shutil.which, _OFFICES)), None)


def _run(command: list[str | Path | None], seconds: float = 20) -> bytes:
    given = [part for part in command if part is not None]
    return subprocess.run(given, check=True, capture_output=True, timeout=seconds).stdout
