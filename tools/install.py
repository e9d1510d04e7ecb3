"""Install requirements.lock into the environment of this Python: by uv, which pip fetches from the lock itself.

    .venv/bin/python tools/install.py

uv takes a tenth of pip's time. What pip is told of indexes, certificates and proxies, in its files or by variables, is
handed on to uv; variables of uv that are set win. Where uv cannot be had or does not succeed, pip installs.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
WHOLE = ["--no-deps", "--require-hashes", "-r"]  # the lock names everything: nothing is to be resolved
# The variable of uv for each setting of pip, and what stands between several values.
VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", ""),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "no-index": ("UV_NO_INDEX", ""),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
    "client-cert": ("SSL_CLIENT_CERT", ""),
    "proxy": ("ALL_PROXY", ""),
    "keyring-provider": ("UV_KEYRING_PROVIDER", ""),
}
# As pip does: the best version of any index (the hashes decide what is let in), certificates of the system.
LIKE_PIP = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_SYSTEM_CERTS": "true", "UV_NO_CONFIG": "true"}


def variables(config: str) -> dict[str, str]:
    """The variables of uv for what `pip config list` prints; a variable of pip wins over its files.

    >>> variables(":env:.proxy='proxy:3128'\\nglobal.extra-index-url='https://a/s https://b/s'")
    {'UV_INDEX': 'https://a/s https://b/s', 'ALL_PROXY': 'http://proxy:3128'}
    """
    settings: dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        found = re.findall(rf"^{section}\.([a-z-]+)=(.+)$", config, re.MULTILINE)
        settings |= {name: ast.literal_eval(value) for name, value in found}
    if "://" not in settings.get("proxy", "://"):
        settings["proxy"] = f"http://{settings['proxy']}"
    return {variable: between.join(settings[name].split()) for name, (variable, between) in VARIABLES.items()
            if name in settings}  # fmt: skip


def by_uv() -> bool:
    """Fetch uv and let it install the lock; whether that was done."""
    [pin] = re.findall(r"^uv==.*\n(?:[ #].*\n)*", LOCK.read_text("utf-8"), re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "uv.txt")
        file.write_text(pin, "utf-8")
        if subprocess.run([*PIP, "install", "-q", "--no-user", *WHOLE, str(file)]).returncode:
            return False
    config = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=True).stdout
    environment = LIKE_PIP | variables(config) | os.environ
    command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, *WHOLE, str(LOCK)]
    return not subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    if not by_uv():
        print("uv did not succeed; pip installs, which takes longer", file=sys.stderr)
        sys.exit(subprocess.run([*PIP, "install", "--no-user", *WHOLE, str(LOCK)]).returncode)
