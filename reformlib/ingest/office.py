"""Files that only an office program reads (.doc, .rtf, .odt, .xlsb, .ods), through LibreOffice where it is installed.

It turns texts into Word files and workbooks into those of Excel, whose readers know looks, deleted text and footnotes;
it runs no macro and follows no link.
"""

import os
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from reformlib.errors import ReformError
from reformlib.ingest import guard
from reformlib.ingest.guard import KINDS
from reformlib.ingest.sandbox import limit

MEMORY = 6 << 30  # bytes of address space that the program reserves, most of which it never uses
SECONDS = 90
_PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = Path(__file__).with_name("office.xcu")  # no macro runs, no link is followed


def converted(content: bytes, kind: str, path: Path) -> tuple[str, bytes]:
    """The content of a file of that kind as one that is read: its new kind (docx, xlsx) and its bytes.

    Raises ReformError where no LibreOffice is installed, and for a file that it does not open or takes too long over.
    """
    row = KINDS[kind]
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise ReformError(
            f"{path.name} is {row['what']}, which is read through LibreOffice; none is installed",
            where=str(path),
            fix=f"install it (such as `apt install libreoffice-writer libreoffice-calc`), or {row['fix']}",
        )
    with tempfile.TemporaryDirectory() as folder:
        file, profile = Path(folder) / f"form{row['suffixes'].split()[0]}", Path(folder) / "profile"
        file.write_bytes(content)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_bytes(_SETTINGS.read_bytes())
        options = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile.as_uri()}"]
        command = [program, *options, "--convert-to", row["through"], "--outdir", folder, str(file)]
        try:
            more = partial(limit, MEMORY) if os.name == "posix" else None
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, preexec_fn=more)
        except subprocess.TimeoutExpired:
            raise guard.damaged(path, f"not opened by LibreOffice within {SECONDS} seconds") from None
        made = file.with_suffix(f".{row['through']}")
        if not made.is_file():
            raise guard.damaged(path, "not opened by LibreOffice: locked, cut off or damaged")
        return row["through"], made.read_bytes()
