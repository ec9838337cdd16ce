"""What is known of mail providers by name, so that a table needs only the account.

Every key that is written goes before what is known. NetEase takes no folder within a folder, and Tencent only folders
within its own 其他文件夹.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

PresetName = Literal["office365", "gmail", "qq", "exmail", "163", "aliyun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One provider."""

    imap: str
    smtp: str
    smtp_security: Literal["tls", "starttls"] = "tls"
    provider: Literal["microsoft", "google"] | None = None
    """Whose access tokens it takes."""
    takes_password: bool = True
    """Over IMAP."""
    folders: tuple[str, str] | None = None
    """Where mail goes that is recorded, and that could not be read; None for the usual ones."""
    login_hint: str
    """What to look at when a login is refused."""


_FLAT = ("deskd-done", "deskd-quarantine")
_TENCENT = ("其他文件夹/deskd-done", "其他文件夹/deskd-quarantine")

PRESETS: Mapping[str, Preset] = {
    "office365": Preset(
        imap="outlook.office365.com",
        smtp="smtp.office365.com",
        smtp_security="starttls",
        provider="microsoft",
        takes_password=False,
        login_hint="give the application IMAP.AccessAsApp and SMTP.SendAsApp, have an administrator consent, register "
        "it in Exchange with the mailbox (Add-MailboxPermission), and turn on SMTP AUTH for it",
    ),
    "gmail": Preset(
        imap="imap.gmail.com",
        smtp="smtp.gmail.com",
        provider="google",
        login_hint="use oauth2, or an app password, which needs two-step verification; not the account's password",
    ),
    "qq": Preset(
        imap="imap.qq.com",
        smtp="smtp.qq.com",
        folders=_TENCENT,
        login_hint="turn IMAP on in the web settings; the password is the authorisation code (授权码) shown there",
    ),
    "exmail": Preset(
        imap="imap.exmail.qq.com",
        smtp="smtp.exmail.qq.com",
        folders=_TENCENT,
        login_hint="turn IMAP on in the web settings; with secure login the password is a client password "
        "(客户端专用密码)",
    ),
    "163": Preset(
        imap="imap.163.com",
        smtp="smtp.163.com",
        folders=_FLAT,
        login_hint="turn IMAP on in the web settings; the password is the authorisation code (授权码) shown there",
    ),
    "aliyun": Preset(
        imap="imap.qiye.aliyun.com",
        smtp="smtp.qiye.aliyun.com",
        folders=_FLAT,
        login_hint="the administrator must allow IMAP and SMTP; the password may have to be a third-party client's "
        "security password (三方客户端安全密码)",
    ),
}


def login_hint(preset: str | None) -> str:
    """What to look at when a provider refuses the login; empty where nothing is known."""
    return PRESETS[preset].login_hint if preset is not None else ""


def filled(raw: Any, service: Literal["imap", "smtp"]) -> Any:
    """The raw table with what its preset knows; unchanged where it names none, or one that is not known."""
    name = raw.get("preset") if isinstance(raw, dict) else None
    preset = PRESETS.get(name) if isinstance(name, str) else None
    if preset is None:
        return raw
    known: dict[str, Any] = {"host": preset.imap, "security": "tls"}
    if preset.folders is not None:
        known["done_folder"], known["quarantine_folder"] = preset.folders
    if service == "smtp":
        known = {"host": preset.smtp, "security": preset.smtp_security}
    login = raw.get("oauth2")
    if isinstance(login, dict) and preset.provider and not {"provider", "token_url"} & set(login):
        known["oauth2"] = login | {"provider": preset.provider}
        raw = {key: value for key, value in raw.items() if key != "oauth2"}
    return known | raw
