"""From the configuration to what the desk knows before any report comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from immutables import Map

from daemon.store.gather import Standing

if TYPE_CHECKING:
    from daemon.config.settings import Config, DeskSettings
    from rules.token import TokenKeys


def standing_of(config: Config, keys: TokenKeys, *, believing: DeskSettings | None = None) -> Standing:
    """Who works at a desk, whom it believes, and how it is called.

    `believing` are the settings with which mail is read, where these are others: a reader of mail keeps its own.
    """
    desk = config.desk
    trust = believing or desk
    return Standing(
        staff=config.staff,
        keys=keys,
        desk_name=desk.name,
        domain=desk.domain,
        commands_by_mail=trust.commands_by_mail,
        senders_are_proven=bool(trust.authserv_ids),
        own=trust.own_addresses,
        alertmanagers=Map({address: source.name for source in config.alert_sources for address in source.mails_from}),
        directory=config.directory,
        silencing=frozenset(source.name for source in config.alert_sources if source.api.urls),
    )
