"""An authorisation server on loopback: gives tokens, rotates refresh tokens, and vouches for tokens to Dovecot."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.process import PATIENCE

SECRET = "client secret"


class AuthorisationServer:
    """Use it as a context manager; everything it knows may be changed by a test."""

    def __init__(self, user: str = "user1") -> None:
        self.user = user
        self.refresh_token = "refresh-1"
        self.live: set[str] = set()
        """The access tokens it vouches for."""
        self.expires_in = 3600
        self.error: str | None = None
        """Refuse every request for a token with this."""
        self.waits = 0
        """How often a device code is asked for in vain."""
        self.lasting = True
        """Give refresh tokens."""
        self.challenge = ""
        """Of the page on which a person agreed (RFC 7636, 4.3)."""
        self.requests: list[dict[str, str]] = []
        self._numbers = itertools.count(1)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="authorisation server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join(PATIENCE)
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """What a POST brings."""
        if path == "/device":
            codes = {"device_code": "device-1", "user_code": "WDJB-MJHT", "verification_uri": "https://login.example"}
            return 200, {**codes, "expires_in": 900, "interval": 0}
        self.requests.append(form)
        if error := self.error or self._refusal(form):
            return 400, {"error": error, "error_description": f"described {error}"}
        return 200, self._tokens(rotate=self.lasting and form["grant_type"] != "client_credentials")

    def agree(self, page: str) -> str:
        """Where the browser is sent of a person who agrees on this page."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(page).query).items()}
        assert asked["code_challenge_method"] == "S256"
        self.challenge = asked["code_challenge"]
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': 'agreed-1'})}"

    def vouch(self, token: str) -> dict[str, object]:
        """What RFC 7662 calls introspection."""
        return {"active": token in self.live, "username": self.user}

    def _refusal(self, form: dict[str, str]) -> str | None:
        match form["grant_type"]:
            case "client_credentials":
                return None if form.get("client_secret") == SECRET else "invalid_client"
            case "refresh_token":
                return None if form.get("refresh_token") == self.refresh_token else "invalid_grant"
            case "authorization_code":
                return None if form["code"] == "agreed-1" and self._proves(form["code_verifier"]) else "invalid_grant"
            case _:
                self.waits -= 1
                return "authorization_pending" if self.waits >= 0 else None

    def _proves(self, verifier: str) -> bool:
        digest = hashlib.sha256(verifier.encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=") == self.challenge

    def _tokens(self, *, rotate: bool) -> dict[str, object]:
        number = next(self._numbers)
        token = f"access-{number}"
        self.live.add(token)
        answer: dict[str, object] = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        if rotate:
            self.refresh_token = f"refresh-{number + 1}"
            answer["refresh_token"] = self.refresh_token
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                form = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
                self._say(*server.answer(self.path, form))

            def do_GET(self) -> None:
                # Dovecot's `introspection_mode = get` puts the token behind the URL.
                token = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
                self._say(200, server.vouch(token))

            def log_message(self, *_: object) -> None:
                return

            def _say(self, status: int, answer: dict[str, object]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler
