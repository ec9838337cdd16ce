"""A whole configuration in a folder, and how to change one thing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
[desk]
name = "IT Service Desk"
address = "support@corp.example"
also = ["helpdesk@corp.example"]
rulebook = "small.toml"
state = "state"

[[mailboxes]]
name = "support"
host = "imap.corp.example"
port = 993
security = "tls"
user = "support"
password_file = "imap.password"

[smtp]
host = "smtp.corp.example"
user = "support"
password_file = "smtp.password"

[http]
webhooks = "127.0.0.1:9201"
admin = "[::1]:9202"

[[alertmanagers]]
name = "prod"
token_files = ["prod.token"]

[staff]
known = ["@partner.example"]

[[people]]
address = "Li.Wei@corp.example"
name = "李伟"
teams = ["service-desk"]

[[roster]]
team = "service-desk"
people = ["li.wei@corp.example"]
days = ["mon", "tue"]
hours = "22:00-06:00"
"""

RULEBOOK = """\
name = "small"
language = "en"
timezone = "Asia/Shanghai"
desk_team = "service-desk"
[teams.service-desk]
[teams.network]
[categories.other]
team = "service-desk"
[categories.network]
team = "network"
skill = "network"
[classification]
otherwise = "other"
[priority]
levels = ["P1", "P2"]
[priority.matrix]
large = { high = "P1", medium = "P1", low = "P2" }
medium = { high = "P1", medium = "P2", low = "P2" }
small = { high = "P2", medium = "P2", low = "P2" }
[repeats]
window = "2d"
[alerts]
reopen_window = "4h"
"""


def write_config(folder: Path, text: str = WHOLE) -> Path:
    """Write the configuration with its secrets beside it, all of them for us alone."""
    for name in ("imap.password", "smtp.password", "prod.token"):
        write_secret(folder / name, f"{name} of {folder.name}\n")
    (folder / "small.toml").write_text(RULEBOOK, "utf-8")
    path = folder / "deskd.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def write_secret(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def changed(*changes: tuple[str, str]) -> str:
    """The whole configuration with each first text replaced by the second; each must be there."""
    text = WHOLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
