"""From the tables of the file to the settings the daemon uses."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from immutables import Map

from daemon.config.alert_source import AlertSource, ApiAccess
from daemon.config.mail_tables import IMAP_PORTS, SMTP_PORTS
from daemon.config.secrets import Secret
from daemon.config.settings import (
    Config,
    DatabaseSettings,
    DeskSettings,
    HttpSettings,
    LogSettings,
    MailboxAccount,
    MailListener,
    Retention,
    SmtpAccount,
)
from daemon.oauth.account import OAuthAccount
from rules.calendar.wall_clock import instant
from rules.directory import Directory
from rules.people import Away, Person, Rotation, Shift, Staff

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.config.alert_table import AlertmanagerTable
    from daemon.config.listener_table import ListenerTable
    from daemon.config.mail_tables import MailboxTable, SmtpTable
    from daemon.config.oauth_table import OAuth2Table
    from daemon.config.people_tables import PersonTable, RosterTable
    from daemon.config.problems import FileProblem
    from daemon.config.tables import (
        ConfigFile,
        DatabaseTable,
        DeskTable,
        HttpTable,
    )
    from rules.directory import Contact
    from rules.rulebook import Rulebook

DATABASE_FILE = "deskd.sqlite3"
DAYS_OF_A_TURN = {"day": 1, "week": 7}


def build_config(
    file: ConfigFile,
    path: Path,
    rulebook_at: Path,
    rulebook: Rulebook,
    contacts: Map[str, Contact],
    warnings: tuple[FileProblem, ...],
) -> Config:
    """Put together what the daemon runs with; every table has been checked."""
    return Config(
        path=path,
        desk=_desk(file.desk, rulebook_at),
        database=_database(file.database, file.desk.state),
        mailboxes=tuple(_mailbox(table, file.desk.state) for table in file.mailboxes),
        listeners=tuple(_listener(table, file.desk) for table in file.listeners),
        smtp=_smtp(file.smtp, file.desk) if file.smtp else None,
        http=_http(file.http),
        alert_sources=tuple(map(_alert_source, file.alertmanagers)),
        staff=_staff(file, rulebook),
        directory=Directory(contacts, frozenset(file.requesters.internal_domains)),
        rulebook=rulebook,
        retention=Retention(file.retention.originals, file.retention.letters),
        log=LogSettings(file.log.format, file.log.level),
        warnings=warnings,
    )


def _desk(table: DeskTable, rulebook_at: Path) -> DeskSettings:
    return DeskSettings(
        name=table.name,
        address=table.address,
        also=frozenset(table.also),
        rulebook=rulebook_at,
        state=table.state,
        senders_are_checked=table.senders_are_checked,
        authserv_ids=frozenset(table.authserv_id),
        plus_addressing=table.plus_addressing,
    )


def _database(table: DatabaseTable, state: Path) -> DatabaseSettings:
    return DatabaseSettings(table.url_file or table.url or Secret(f"sqlite:///{state / DATABASE_FILE}"))


def _mailbox(table: MailboxTable, state: Path) -> MailboxAccount:
    return MailboxAccount(
        name=table.name,
        host=table.host,
        port=table.port or IMAP_PORTS[table.security],
        security=table.security,
        user=table.user,
        password=table.password_file or table.password or Secret(),
        folder=table.folder,
        done_folder=table.done_folder,
        quarantine_folder=table.quarantine_folder,
        since=table.since,
        poll_seconds=table.poll,
        page_messages=table.page_messages,
        largest_mail=table.largest_mail,
        ca_file=table.ca_file,
        preset=table.preset,
        oauth2=_oauth2(table.oauth2, table.user, state),
    )


def _oauth2(table: OAuth2Table | None, user: str | None, state: Path) -> OAuthAccount | None:
    if table is None or user is None:
        return None
    urls = table.urls
    return OAuthAccount(
        user=user,
        token_url=urls.token,
        device_url=urls.device,
        authorize_url=urls.authorize,
        client_id=table.client_id,
        client_secret=table.secret,
        grant=table.grant,
        scope=table.asked_scope,
        refresh_token=table.refresh_token_file,
        state=state,
    )


def _listener(table: ListenerTable, desk: DeskTable) -> MailListener:
    return MailListener(
        name=table.name,
        listen=table.listen,
        protocol=table.protocol,
        recipients=frozenset(table.recipients or (desk.address, *desk.also)),
        peers=table.peers,
        largest_mail=table.largest_mail,
        connections=table.connections,
    )


def _smtp(table: SmtpTable, desk: DeskTable) -> SmtpAccount:
    return SmtpAccount(
        host=table.host,
        port=table.port or SMTP_PORTS[table.security],
        security=table.security,
        user=table.user,
        password=table.password_file or table.password,
        connections=table.connections,
        ca_file=table.ca_file,
        local_name=desk.address.rpartition("@")[2],
        bounce_address=table.bounce_address,
        preset=table.preset,
        oauth2=_oauth2(table.oauth2, table.user, desk.state),
    )


def _http(table: HttpTable) -> HttpSettings:
    return HttpSettings(webhooks=table.webhooks, admin=table.admin or table.webhooks, largest_body=table.largest_body)


def _alert_source(table: AlertmanagerTable) -> AlertSource:
    access = ApiAccess(
        urls=table.api,
        user=table.api_user,
        secret=table.api_token_file or table.api_token or table.api_password_file or table.api_password,
        ca_file=table.api_ca_file,
        receivers=frozenset(table.receivers),
        every=table.reconcile_every,
        correct_after=timedelta(seconds=table.correct_after),
    )
    secrets = table.token_files or ((table.token,) if table.token else ())
    return AlertSource(table.name, secrets, access, table.mails_from)


def _staff(file: ConfigFile, rulebook: Rulebook) -> Staff:
    zone = ZoneInfo(file.staff.timezone or rulebook.timezone)
    return Staff(
        people=Map({table.address: _person(table, zone) for table in file.people}),
        roster=tuple(map(_shift, file.roster)),
        timezone=zone,
        known=frozenset(file.staff.known),
    )


def _person(table: PersonTable, zone: ZoneInfo) -> Person:
    return Person(
        address=table.address,
        name=table.name or "",
        role=table.role,
        teams=table.teams,
        skills=frozenset(table.skills),
        areas=frozenset(table.areas),
        lines=frozenset(table.lines),
        language=table.language,
        limit=table.limit,
        away=tuple(Away(instant(away.begins, zone), instant(away.ends, zone)) for away in table.away),
    )


def _shift(table: RosterTable) -> Shift:
    return Shift(
        team=table.team,
        people=table.people,
        days=frozenset(table.days),
        begins=_time_of_day(table.hours.opens),
        ends=_time_of_day(table.hours.closes),
        rotation=_rotation(table),
    )


def _rotation(table: RosterTable) -> Rotation | None:
    if table.rotates is None or table.since is None:
        return None
    days = table.rotates if isinstance(table.rotates, int) else DAYS_OF_A_TURN[table.rotates]
    return Rotation(days, table.since)


def _time_of_day(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
