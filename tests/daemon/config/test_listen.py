from __future__ import annotations

import pytest

from daemon.config.listen import ListenAddress


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("127.0.0.1:9201", "127.0.0.1", 9201), ("[::1]:0", "::1", 0), ("desk.corp.example:80", "desk.corp.example", 80)],
)
def test_an_address_is_written_as_it_is_read(text: str, host: str, port: int) -> None:
    address = ListenAddress.parse(text)
    assert (address.host, address.port, str(address)) == (host, port, text)


@pytest.mark.parametrize(
    "text", ["", "9201", ":9201", "host:", "host:http", "::1:9201", "http://host:80", "host:70000"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        ListenAddress.parse(text)


@pytest.mark.parametrize(("host", "reached"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.1", "10.0.0.1")])
def test_a_listener_on_every_address_is_reached_on_loopback(host: str, reached: str) -> None:
    assert ListenAddress(host, 80).reached_at == reached
