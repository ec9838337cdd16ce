"""Talking to an authorisation server (RFC 6749, 7636, 8252, 8628). Only this file imports authlib, and httpx2.

They are imported with the first token that is asked for, as most desks and command lines ask for none.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from daemon.config.secrets import SecretError, holds_control_character
from daemon.oauth.account import TokenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.oauth.account import OAuthAccount

#: Seconds for each step of a request.
PATIENCE = 20.0
LONGEST_REASON = 200
#: Where the server does not say how long a token lasts.
USUAL_LIFE = 3600.0
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
#: The server has said neither yes nor no (RFC 8628, 3.5).
NOT_YET = ("authorization_pending", "slow_down")

#: Where the browser is sent with the code (RFC 8252, 7.3). Nobody listens there: the browser may run on another machine
#: than deskd, so that the person hands on the address himself. Providers take any port of the loopback; nothing else
#: should have this one.
BROUGHT_TO: Final = "http://127.0.0.1:47553/"

#: What to do about an error of RFC 6749, 5.2.
REMEDIES = {
    "invalid_grant": "the refresh token is no longer good (expired, revoked, or the password was changed): "
    "log in again with deskd oauth login, or bring a new refresh token",
    "invalid_client": "the client secret is wrong or has expired: make a new one where the application is registered",
    "unauthorized_client": "the application may not use this grant: allow it where the application is registered",
    "invalid_scope": "the scope is not one this server gives: see scope",
}


def ask_for_token(account: OAuthAccount, refresh_token: str) -> dict[str, Any]:
    """A new access token by the account's grant, as the server's answer; blocks. Raises TokenError."""
    with _talking(account) as client:
        if account.grant == "client_credentials":
            answer = client.fetch_token(account.token_url, grant_type="client_credentials", scope=account.scope)
        else:
            answer = client.refresh_token(account.token_url, refresh_token=refresh_token)
    return _checked(answer)


def ask_for_device_code(account: OAuthAccount) -> dict[str, Any]:
    """The codes of RFC 8628, 3.2: `user_code` and `verification_uri` are for the person. Raises TokenError."""
    form = {"client_id": account.client_id, "scope": account.scope}
    with _talking(account) as client:
        answer = client.request("POST", account.device_url, data=form, withhold_token=True).json()
    if not isinstance(answer, dict) or not isinstance(answer.get("device_code"), str):
        raise TokenError(f"{account.device_url} gives no device code: {_line(str(answer))}")
    return answer


def ask_for_device_token(account: OAuthAccount, device_code: str) -> dict[str, Any] | None:
    """The tokens once the person has agreed, None before that. Raises TokenError where he has not, or came too late."""
    try:
        with _talking(account) as client:
            answer = client.fetch_token(account.token_url, grant_type=DEVICE_CODE, device_code=device_code)
            return _lasting(_checked(answer))
    except _StillWaitingError:
        return None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person is to agree to, and what proves that the answer belongs to it (RFC 6749, 10.12; RFC 7636)."""

    url: str
    state: str
    verifier: str


def write_agreement(account: OAuthAccount) -> Agreement:
    """The address of the page on which a person agrees. Raises TokenError."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _talking(account) as client:
        url, _ = client.create_authorization_url(
            account.authorize_url, state=state, code_verifier=verifier, redirect_uri=BROUGHT_TO
        )
    return Agreement(url, state, verifier)


def ask_for_agreed_token(account: OAuthAccount, agreement: Agreement, address: str) -> dict[str, Any]:
    """The tokens for the address to which a person's browser was sent. Raises TokenError, also where he has refused."""
    code = _code_in(address, agreement)
    with _talking(account) as client:
        answer = client.fetch_token(
            account.token_url,
            grant_type="authorization_code",
            code=code,
            code_verifier=agreement.verifier,
            redirect_uri=BROUGHT_TO,
        )
    return _lasting(_checked(answer))


def _code_in(address: str, agreement: Agreement) -> str:
    """The code in an address such as `http://127.0.0.1:47553/?state=...&code=...` (RFC 6749, 4.1.2)."""
    # urlsplit raises ValueError for what is no address; a person may bring anything
    query = address.strip().partition("?")[2].partition("#")[0]
    told = {key: values[0] for key, values in parse_qs(query).items()}
    if told.get("state") != agreement.state:
        raise TokenError(f"this is not the address that belongs to the page: it begins with {BROUGHT_TO}?")
    if "code" not in told:
        raise TokenError(f"the authorisation server says: {_line(told.get('error', 'no code'))}")
    return told["code"]


class _StillWaitingError(TokenError):
    """The person has not answered yet."""


@contextmanager
def _talking(account: OAuthAccount) -> Iterator[Any]:
    import httpx2  # noqa: PLC0415 - see above
    from authlib.integrations.base_client.errors import OAuthError  # noqa: PLC0415
    from authlib.integrations.httpx_client import OAuth2Client  # noqa: PLC0415

    try:
        secret = account.client_secret.reveal() if account.client_secret else None
        method = "client_secret_post" if secret else "none"
        settings = {"scope": account.scope, "code_challenge_method": "S256", "timeout": PATIENCE, "leeway": 0}
        with OAuth2Client(account.client_id, secret, method, **settings) as client:
            yield client
    except SecretError as error:
        raise TokenError(str(error)) from error
    except OAuthError as error:
        raise _refusal(account, error) from error
    except httpx2.HTTPStatusError as error:
        raise TokenError(f"{account.token_url}: {error.response.status_code}", passes=True) from error
    # ValueError: an answer that is no JSON, such as the error page of a proxy.
    except (httpx2.HTTPError, ValueError) as error:
        raise TokenError(f"{account.token_url}: {_line(str(error) or type(error).__name__)}", passes=True) from error


def _refusal(account: OAuthAccount, error: Any) -> TokenError:
    if error.error in NOT_YET:
        return _StillWaitingError(error.error)
    said = _line(f"{error.error}: {error.description}" if error.description else str(error.error))
    remedy = REMEDIES.get(error.error, "")
    away = error.error in ("temporarily_unavailable", "server_error")
    return TokenError(f"{account.token_url}: {said}" + (f" ({remedy})" if remedy else ""), passes=away)


def _checked(answer: Any) -> dict[str, Any]:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token or holds_control_character(token):
        raise TokenError("the authorisation server answered without an access token", passes=True)
    return dict(answer)


def _lasting(tokens: dict[str, Any]) -> dict[str, Any]:
    """What a person agreed to once is to last: without a refresh token it ends within the hour."""
    if not tokens.get("refresh_token"):
        raise TokenError("the authorisation server gave no refresh token: it must be asked for access offline")
    return tokens


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_REASON]
