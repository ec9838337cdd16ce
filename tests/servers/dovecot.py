"""A throw-away Dovecot 2.3 on loopback: IMAP, IMAPS, STARTTLS and LMTP, started by root or by anybody."""

from __future__ import annotations

import grp
import imaplib
import itertools
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from tests.servers.process import PATIENCE, Child, ServerFailedError, find_program, free_port, make_certificate
from tests.servers.process import short_folder as new_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

#: Every part that would chroot has it taken away: only root may chroot, and the tests must run for anybody.
#: Without the penalty's socket a refused login does not slow down the next ones from the same address.
CONFIGURATION = """\
base_dir = {base}/run
state_dir = {base}/state
instance_name = {base}
log_path = {base}/dovecot.log
auth_verbose = yes
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {owner.internal}
default_internal_group = {owner.group}
default_login_user = {owner.login}
default_process_limit = 200
first_valid_uid = 1
mail_uid = {owner.mail_uid}
mail_gid = {owner.mail_gid}
mail_home = {base}/home/%u
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 50
shutdown_clients = yes
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
imap_id_log = *
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
ssl_min_protocol = TLSv1.2
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/passwd
}}
userdb {{
  driver = static
  args = uid={owner.mail_uid} gid={owner.mail_gid} home={base}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
protocol lmtp {{
  auth_username_format = %Ln
}}
"""

PASSWORD = "secret"
START_ATTEMPTS = 3
#: Made in advance: Dovecot looks whether its list of users has changed only once a second.
FRESH_USERS = 2000


@dataclass(frozen=True, slots=True)
class Owner:
    """Which system users Dovecot's parts run as."""

    internal: str
    group: str
    login: str
    mail_uid: int
    mail_gid: int


def _owner() -> Owner:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return Owner("dovecot", "dovecot", "dovenull", nobody.pw_uid, nobody.pw_gid)
    me = pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(os.getegid()).gr_name
    return Owner(me.pw_name, group, me.pw_name, me.pw_uid, os.getegid())


#: Dovecot reads the token back to the authorisation server (its passdb driver `oauth2`).
OAUTH2_FILE = """\
introspection_mode = get
introspection_url = {url}/introspect?token=
username_attribute = username
active_attribute = active
active_value = true
"""
OAUTH2_PASSDB = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""


@dataclass(frozen=True, slots=True)
class TokenLogin:
    """Log in with access tokens: the URL of the server that vouches for them, and the one SASL mechanism offered."""

    url: str
    mechanism: str


class DovecotServer:
    """A running Dovecot; use it as a context manager.

    `settings` are further lines of dovecot.conf, such as an `imap_capability` without MOVE; `users` are people with
    a mailbox, name to password, beside those of new_mailbox().
    """

    def __init__(
        self,
        settings: Mapping[str, str] | None = None,
        users: Mapping[str, str] | None = None,
        tokens: TokenLogin | None = None,
    ) -> None:
        self._tokens = tokens
        self._program = find_program("dovecot", "dovecot")
        self._doveadm = find_program("dovecot", "doveadm")
        self._settings = dict(settings or {})
        self._users = {f"user{number}": PASSWORD for number in range(1, FRESH_USERS + 1)} | dict(users or {})
        self._user_numbers = itertools.count(1)
        self._owner = _owner()
        self._child: Child | None = None
        self.base = new_folder("dc-")
        self.imap_port = self.imaps_port = self.lmtp_port = 0

    def __enter__(self) -> Self:
        for name in ("run", "state", "home"):
            (self.base / name).mkdir()
        if os.geteuid() == 0:
            os.chown(self.base / "home", self._owner.mail_uid, self._owner.mail_gid)
        make_certificate(self.base)
        lines = (f"{name}:{{PLAIN}}{password}::::::\n" for name, password in self._users.items())
        (self.base / "passwd").write_text("".join(lines))
        self._start_on_free_ports()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def cafile(self) -> Path:
        """The certificate that proves this server, for `localhost` and `127.0.0.1`."""
        return self.base / "cert.pem"

    def start(self) -> None:
        """Start it on the ports it has; for coming back after stop()."""
        self._child = Child([str(self._program), "-F", "-c", str(self._configuration)], self.base / "output")
        self._child.wait_until(self._greets)

    def stop(self) -> None:
        """End it at once, as a crash would: SIGTERM takes more than a second to reach every child."""
        if self._child is not None:
            self._child.kill()

    def mailbox_of(self, user: str) -> ServedMailbox:
        """The mailbox of one of `users`."""
        return ServedMailbox(self, user, self._users[user])

    def new_mailbox(self) -> ServedMailbox:
        """A mailbox of a user nobody has used: cheaper than emptying one."""
        return self.mailbox_of(f"user{next(self._user_numbers)}")

    def deliver(self, recipients: str | Sequence[str], original: bytes, sender: str = "lin@example.com") -> None:
        """Hand a mail over by LMTP; the part before the @ names the user."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            client.sendmail(sender, recipients, original)

    def doveadm(self, *arguments: str) -> str:
        """Run one doveadm command against this server and return what it prints."""
        command = [str(self._doveadm), "-c", str(self._configuration), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def log(self) -> str:
        """What Dovecot has logged so far."""
        path = self.base / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def _configuration(self) -> Path:
        return self.base / "dovecot.conf"

    def _start_on_free_ports(self) -> None:
        for attempt in range(1, START_ATTEMPTS + 1):
            self.imap_port, self.imaps_port, self.lmtp_port = free_port(), free_port(), free_port()
            self._write_configuration()
            try:
                self.start()
            except ServerFailedError as failed:
                # Another test run may have taken a port between the choice and the bind.
                if attempt == START_ATTEMPTS:
                    raise ServerFailedError(f"{failed}\n{self.log()}") from failed
            else:
                return

    def _write_configuration(self) -> None:
        ports = {"imap_port": self.imap_port, "imaps_port": self.imaps_port, "lmtp_port": self.lmtp_port}
        text = CONFIGURATION.format(base=self.base, owner=self._owner, **ports)
        extra = "".join(f"{key} = {value}\n" for key, value in self._settings.items())
        self._configuration.write_text(text + extra + self._token_lines())

    def _token_lines(self) -> str:
        if self._tokens is None:
            return ""
        file = self.base / "oauth2.conf"
        file.write_text(OAUTH2_FILE.format(url=self._tokens.url))
        return f"auth_mechanisms = plain {self._tokens.mechanism}\n" + OAUTH2_PASSDB.format(file=file)

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.imap_port), timeout=1) as connection:
                return connection.recv(64).startswith(b"* OK")
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class ServedMailbox:
    """One user's mail on the server, seen through a second client as a colleague's mail program would see it."""

    server: DovecotServer
    user: str
    password: str = PASSWORD

    @contextmanager
    def session(self, folder: str | None = None) -> Iterator[imaplib.IMAP4]:
        """A logged-in connection, with `folder` selected where it is given (in modified UTF-7)."""
        with imaplib.IMAP4("127.0.0.1", self.server.imap_port, timeout=PATIENCE) as client:
            client.login(self.user, self.password)
            if folder is not None:
                _expect_ok(client.select(f'"{folder}"'))
            yield client

    def append(
        self, *originals: bytes, folder: str = "INBOX", received_at: datetime | None = None, flags: str = ""
    ) -> None:
        """Put mails into the folder, oldest first; `received_at` becomes their INTERNALDATE."""
        date = imaplib.Time2Internaldate(received_at) if received_at else ""
        with self.session() as client:
            for original in originals:
                _expect_ok(client.append(folder, flags, date, original))

    def deliver(self, original: bytes) -> None:
        """Let a mail arrive through LMTP."""
        self.server.deliver(f"{self.user}@desk.example", original)

    def uids(self, folder: str = "INBOX", criterion: str = "ALL") -> list[int]:
        """The UIDs in the folder that match an IMAP SEARCH criterion."""
        with self.session(folder) as client:
            found = _expect_ok(client.uid("SEARCH", criterion))[0]
            return [int(uid) for uid in found.split()]

    def originals(self, folder: str = "INBOX") -> list[bytes]:
        """The bytes of every mail in the folder, oldest first; no flag is changed."""
        with self.session(folder) as client:
            parts = _expect_ok(client.fetch("1:*", "(BODY.PEEK[])")) if self._count(client) else []
            return [part[1] for part in parts if isinstance(part, tuple)]

    def folders(self) -> list[str]:
        """The names of all folders, in modified UTF-7."""
        with self.session() as client:
            return [line.decode().split(' "/" ')[1].strip('"') for line in _expect_ok(client.list()) if line]

    def expunge(self, *uids: int, folder: str = "INBOX") -> None:
        """Remove mails for good, as a person at another mail program would."""
        with self.session(folder) as client:
            chosen = ",".join(map(str, uids))
            _expect_ok(client.uid("STORE", chosen, "+FLAGS", "(\\Deleted)"))
            _expect_ok(client.uid("EXPUNGE", chosen))

    def flag(self, uid: int, flag: str, folder: str = "INBOX") -> None:
        """Set one flag, such as `\\Seen`."""
        with self.session(folder) as client:
            _expect_ok(client.uid("STORE", str(uid), "+FLAGS", f"({flag})"))

    def change_uidvalidity(self, value: int, folder: str = "INBOX") -> None:
        """Give the folder another UIDVALIDITY, as a restore from backup does; the UIDs stay."""
        self.server.doveadm("mailbox", "update", "-u", self.user, "--uid-validity", str(value), folder)

    def kick(self) -> None:
        """Cut every connection of this user."""
        self.server.doveadm("kick", self.user)

    @staticmethod
    def _count(client: imaplib.IMAP4) -> int:
        return len(_expect_ok(client.search(None, "ALL"))[0].split())


def _expect_ok(answer: tuple[str, Any]) -> list[Any]:
    """The data of a tagged OK; imaplib types it differently for every command."""
    status, data = answer
    if status != "OK":
        raise AssertionError(f"the server answered {status}: {data!r}")
    return list(data)
