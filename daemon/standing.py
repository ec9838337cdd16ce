"""From the configuration to what the desk knows before any report comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.store.gather import Standing

if TYPE_CHECKING:
    from daemon.config.settings import Config
    from rules.token import TokenKeys


def standing_of(config: Config, keys: TokenKeys) -> Standing:
    """Who works at a desk, whom it believes, and how it is called."""
    desk = config.desk
    return Standing(
        staff=config.staff,
        keys=keys,
        desk_name=desk.name,
        domain=desk.domain,
        commands_by_mail=desk.commands_by_mail,
        senders_are_proven=bool(desk.authserv_ids),
        own=desk.own_addresses,
        directory=config.directory,
    )
