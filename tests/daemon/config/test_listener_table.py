"""Where a mail server may hand mail over, as it is written."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from daemon.config.listen import ListenAddress, ListenPath
from daemon.config.problems import ConfigError
from daemon.config.read import read_config
from tests.daemon.config.samples import WHOLE, write_config

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.config.settings import MailListener


def listener(folder: Path, *lines: str) -> MailListener:
    table = "\n".join(('[[listeners]]\nname = "mx"', *lines))
    (found,) = read_config(write_config(folder, f"{WHOLE}\n{table}\n")).listeners
    return found


def complaint(folder: Path, *lines: str) -> str:
    with pytest.raises(ConfigError) as refused:
        listener(folder, *lines)
    (problem,) = refused.value.problems
    return f"{problem.key}: {problem.says}"


def test_left_out_is_this_machine_and_our_own_addresses(tmp_path: Path) -> None:
    found = listener(tmp_path, 'listen = "127.0.0.1:2424"')
    assert found.listen == ListenAddress("127.0.0.1", 2424)
    assert found.protocol == "lmtp"
    assert found.recipients == {"support@corp.example", "helpdesk@corp.example"}
    assert found.peers == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def test_a_path_is_a_unix_socket_from_the_folder_of_the_file(tmp_path: Path) -> None:
    assert listener(tmp_path, 'listen = "./lmtp.sock"').listen == ListenPath(tmp_path / "lmtp.sock")


def test_a_trusted_net_is_declared(tmp_path: Path) -> None:
    found = listener(
        tmp_path, 'listen = "0.0.0.0:2424"', 'peers = ["10.1.2.3", "fd00::/8"]', 'recipients = ["@Corp.example"]'
    )
    assert found.peers == (ip_network("10.1.2.3/32"), ip_network("fd00::/8"))
    assert found.recipients == {"@corp.example"}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(
            ['listen = "0.0.0.0:2424"'],
            "listeners[0].peers: 0.0.0.0:2424 can be reached from other machines: write peers, those that may connect",
            id="the whole net was not meant",
        ),
        pytest.param(
            ['listen = "127.0.0.1:2424"', "peers = []"],
            "listeners[0].peers: it is empty: nobody could hand mail over",
            id="nobody may",
        ),
        pytest.param(
            ['listen = "127.0.0.1:2424"', 'peers = ["10.1.2.3/8"]'],
            "listeners[0].peers[0]: '10.1.2.3/8' is no address and no network: write 10.1.2.3 or 10.1.2.0/24 "
            "(10.1.2.3/8 has host bits set)",
            id="a net with host bits",
        ),
        pytest.param(
            ['listen = "2424"'],
            "listeners[0].listen: '2424' is not an address to listen on: write HOST:PORT, such as 127.0.0.1:9201",
            id="a port alone",
        ),
    ],
)
def test_what_cannot_be_meant_is_named(lines: list[str], says: str, tmp_path: Path) -> None:
    assert complaint(tmp_path, *lines) == says


def test_a_path_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    assert "its whole path may have 107 bytes" in complaint(tmp_path, f'listen = "./{"x" * 107}"')


def test_no_listener_is_called_as_a_mailbox(tmp_path: Path) -> None:
    assert (
        complaint(tmp_path, 'listen = "127.0.0.1:2424"\n[[listeners]]\nname = "support"\nlisten = "127.0.0.1:2425"')
        == "listeners[1].name: 'support' is taken by mailboxes[0] already"
    )
