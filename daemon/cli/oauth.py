"""`deskd oauth login`: a person agrees once, in a browser anywhere, that the desk may use a mailbox.

He enters a code (RFC 8628), or where the provider has none for mail, hands on the address he was sent to (RFC 8252).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from daemon.config.settings import Config
    from daemon.oauth.account import OAuthAccount

#: Seconds (RFC 8628, 3.2 and 3.5).
USUAL_INTERVAL, LONGEST_INTERVAL, LONGEST_WAIT = 5.0, 60.0, 1800.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb, whose login it is, and the configuration file."""
    parser.add_argument("verb", choices=["login"], help="log in anew, and keep the tokens in the state folder")
    parser.add_argument("name", metavar="NAME", help='the name of a mailbox, or "smtp"')
    parser.add_argument("-c", "--config", type=Path, default=Path("deskd.toml"), help="the configuration file")


def run(arguments: argparse.Namespace) -> int:
    """Let the person agree, and keep the tokens; 1 where there is no such login, or it is refused."""
    from daemon.config.read import read_config
    from daemon.oauth.account import TokenError

    account = _account(read_config(arguments.config), arguments.name)
    if account is None or account.grant != "refresh_token" or not (account.device_url or account.authorize_url):
        sys.stderr.write(
            f"{arguments.name} is no mailbox with an oauth2 table that a person logs in to: it needs "
            'grant = "refresh_token", and a provider, device_url or authorize_url\n'
        )
        return 1
    try:
        _log_in(account)
    except TokenError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"Logged in as {account.user}. deskd check -c {arguments.config} tells whether the server agrees. "
        "A daemon that runs needs no restart: it tries again within 15 minutes.\n"
    )
    return 0


def _account(config: Config, name: str) -> OAuthAccount | None:
    if name == "smtp":
        return config.smtp.oauth2 if config.smtp else None
    return next((mailbox.oauth2 for mailbox in config.mailboxes if mailbox.name == name), None)


def _log_in(account: OAuthAccount) -> None:
    from daemon.oauth.cache import renewing
    from daemon.oauth.tokens import keep_answer

    answer = _by_code(account) if account.device_url else _by_page(account)
    with renewing(account.cache):
        keep_answer(account, answer, "", time.time())


def _by_page(account: OAuthAccount) -> dict[str, Any]:
    from daemon.oauth.account import TokenError
    from daemon.oauth.server import BROUGHT_TO, ask_for_agreed_token, write_agreement

    agreement = write_agreement(account)
    sys.stdout.write(
        f"Open in a browser, on any machine:\n\n{agreement.url}\n\n"
        f"Agree there as {account.user}. The browser then says that it cannot open {BROUGHT_TO}\n"
        "That is right: copy the whole address out of its address bar.\nThe address: "
    )
    sys.stdout.flush()
    address = sys.stdin.readline()
    if not address.strip():
        raise TokenError("no address was given")
    return ask_for_agreed_token(account, agreement, address)


def _by_code(account: OAuthAccount) -> dict[str, Any]:
    from daemon.cli.layout import one_line
    from daemon.oauth.server import ask_for_device_code

    codes = ask_for_device_code(account)
    # Google says verification_url.
    where = one_line(str(codes.get("verification_uri") or codes.get("verification_url")))
    code = one_line(str(codes.get("user_code")))
    sys.stdout.write(f"Open {where}\nand enter {code}\nas {account.user}. Waiting ...\n")
    sys.stdout.flush()
    return _wait(account, codes)


def _wait(account: OAuthAccount, codes: dict[str, Any]) -> dict[str, Any]:
    from daemon.oauth.account import TokenError
    from daemon.oauth.server import ask_for_device_token

    interval = min(_seconds(codes.get("interval"), USUAL_INTERVAL), LONGEST_INTERVAL)
    end = time.monotonic() + min(_seconds(codes.get("expires_in"), LONGEST_WAIT), LONGEST_WAIT)
    while time.monotonic() < end:
        answer = ask_for_device_token(account, codes["device_code"])
        if answer is not None:
            return answer
        time.sleep(interval)
    raise TokenError("nobody has entered the code in time")


def _seconds(told: object, usual: float) -> float:
    return float(told) if isinstance(told, int | float) else usual
