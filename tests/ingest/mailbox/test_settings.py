from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.mailbox.settings import MailboxSettings


def settings(**changes: Any) -> MailboxSettings:
    usual: dict[str, Any] = {
        "name": "support",
        "host": "mail.example.com",
        "port": 993,
        "security": "tls",
        "user": "support",
        "password": "secret",
        "since": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return MailboxSettings(**(usual | changes))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"folder": "IN\r\nBOX"}, "folder holds a control", id="a folder name cannot end a command"),
        pytest.param({"done_folder": "Done\x00"}, "done_folder holds a control", id="no folder name holds a NUL"),
        pytest.param({"quarantine_folder": ""}, "quarantine_folder is empty", id="every folder has a name"),
        pytest.param({"done_folder": "Done*"}, "wildcard", id="a folder name is no LIST pattern"),
        pytest.param({"done_folder": "INBOX"}, "three different", id="done mail leaves the folder"),
        pytest.param({"user": "a\r\nb"}, "user holds a control", id="a user name cannot end a command"),
        pytest.param({"password": "a\nb"}, "password holds a control", id="a password cannot end a command"),
        pytest.param({"security": "plain"}, "loopback", id="no password goes readable over a network"),
        pytest.param({"since": datetime(2026, 11, 1)}, "time zone", id="since is a moment, not a local time"),  # noqa: DTZ001
    ],
)
def test_unsafe_settings_are_refused_with_their_name(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        settings(**changes)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_plain_is_for_loopback(host: str) -> None:
    assert settings(security="plain", host=host).security == "plain"


def test_a_folder_may_be_named_in_any_script() -> None:
    assert settings(done_folder="已处理").done_folder == "已处理"


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(settings())
