"""`make corpora` on collections of our own: what it counts, and what it calls missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.corpora.every_mail import score_every_mail
from tests.corpora.through_the_desk import score_through_the_desk
from tests.servers.desk import compose_mail

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = compose_mail("Ada Ng <ada@corp.example>", "Printer on fire", "It smokes.", message_id="<1@corp.example>")
MAILS = {
    "plain.eml": PLAIN,
    "the-same-again.eml": PLAIN,
    "nothing-but-noise.eml": bytes(range(256)) * 40,
    "no-headers.eml": b"\r\n\r\nhelp\r\n",
}


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A collection of mails as other people keep them: in folders, beside pages about them."""
    folder = tmp_path / "mail-ours" / "deeper"
    folder.mkdir(parents=True)
    for name, original in MAILS.items():
        (folder / name).write_bytes(original)
    (folder / "README").write_text("no mail")
    return tmp_path


def test_every_mail_is_read_and_nothing_beside_them(corpora: Path) -> None:
    scores = {score.what: score for score in score_every_mail(corpora)}
    assert scores["read and decided"].reached == "4"
    assert scores["exceptions"].is_kept


@pytest.mark.slow
def test_every_mail_goes_through_the_real_desk(corpora: Path) -> None:
    scores = list(score_through_the_desk(corpora))
    assert scores[0].reached.startswith("4, ")
    assert [score.what for score in scores if score.is_kept is False] == []
