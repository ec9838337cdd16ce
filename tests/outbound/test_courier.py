from __future__ import annotations

import asyncio
import email
import email.policy
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from outbound.channel import Delivery, Outgoing, Refused, Sent, TryAgain, Unknown
from outbound.courier import Courier, Due, Outcome
from outbound.smtp import SmtpChannel, SmtpSettings
from rules.attachment import TicketAttachment
from tests.outbound.samples import NOW, make_due, make_letter
from tests.servers.smtp import Reply, SmtpSink, Stall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outbound.channel import Channel


class KeptOutbox:
    """An outbox in memory that keeps the order of what happened."""

    def __init__(self, *letters: Due) -> None:
        self.waiting = deque(letters)
        self.happened: list[str] = []
        self.merged = 0
        self.contents: dict[str, bytes] = {}
        self.messages: dict[int, bytes] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.settled = asyncio.Event()

    async def claim(self, limit: int) -> Sequence[Due]:
        return [self.waiting.popleft() for _ in range(min(limit, len(self.waiting)))]

    async def fetch(self, attachments: Sequence[TicketAttachment]) -> Sequence[bytes | None]:
        return [self.contents.get(each.name) for each in attachments]

    async def merge(self) -> None:
        self.merged += 1

    async def store(self, messages: Sequence[tuple[int, bytes]]) -> None:
        self.happened.append(f"stored {len(messages)}")
        self.messages |= dict(messages)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        self.happened.append(f"settled {len(outcomes)}")
        self.outcomes |= {outcome.letter_id: outcome for outcome in outcomes}
        self.settled.set()

    def come_due_again(self, due: Due) -> None:
        """What the store does: the letter is due with its bytes and its history."""
        self.waiting.append(
            replace(due, message=self.messages[due.letter_id], attempts=due.attempts + 1, first_attempt_at=NOW)
        )


class ScriptedChannel:
    """Answers each letter as told; sends everything else."""

    def __init__(self, answers: dict[int, Delivery | Exception] | None = None, connections: int = 4) -> None:
        self.answers = answers or {}
        self.connections = connections
        self.budget = timedelta(minutes=5)
        self.delivered: list[Outgoing] = []
        self.under_way = 0
        self.most_under_way = 0

    async def deliver(self, outgoing: Outgoing) -> Delivery:
        self.delivered.append(outgoing)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        answer = self.answers.get(outgoing.letter_id, Sent("250 ok"))
        if isinstance(answer, Exception):
            raise answer
        return answer


def _courier(outbox: KeptOutbox, channel: Channel, now: datetime = NOW) -> Courier:
    return Courier(outbox, channel, now=lambda: now, jitter=lambda: 0.0, grace=0.2)


def _step(outbox: KeptOutbox, channel: Channel, now: datetime = NOW) -> bool:
    return asyncio.run(_courier(outbox, channel, now).step())


def test_an_empty_outbox_is_no_work() -> None:
    assert not _step(KeptOutbox(), ScriptedChannel())


def test_bytes_are_stored_together_before_the_first_attempt() -> None:
    outbox = KeptOutbox(make_due(1), make_due(2), make_due(3))
    channel = ScriptedChannel()
    assert _step(outbox, channel)
    assert outbox.happened == ["stored 3", "settled 3"]
    assert {one.letter_id: one.message for one in channel.delivered} == outbox.messages
    assert {type(outcome.delivery) for outcome in outbox.outcomes.values()} == {Sent}


def test_stored_bytes_are_sent_as_they_are() -> None:
    outbox = KeptOutbox(make_due(1, message=b"Subject: as it was\r\n\r\n"))
    channel = ScriptedChannel()
    _step(outbox, channel)
    assert channel.delivered[0].message == b"Subject: as it was\r\n\r\n"
    assert outbox.happened == ["settled 1"]


def test_a_letter_that_cannot_be_rendered_does_not_hold_up_the_others() -> None:
    broken = make_letter("answer")
    broken = replace(broken, data=broken.data.delete("text"))
    outbox = KeptOutbox(make_due(1, broken), make_due(2))
    _step(outbox, ScriptedChannel())
    assert isinstance(outbox.outcomes[1].delivery, Refused)
    assert "text" in outbox.outcomes[1].reason
    assert outbox.outcomes[1].next_attempt_at is None
    assert isinstance(outbox.outcomes[2].delivery, Sent)


def test_a_delay_is_settled_with_the_next_moment() -> None:
    outbox = KeptOutbox(make_due(1))
    _step(outbox, ScriptedChannel({1: TryAgain("busy", 451)}))
    assert outbox.outcomes[1].next_attempt_at == NOW + timedelta(minutes=1)


def test_a_refusal_ends_the_letter_with_its_reason() -> None:
    outbox = KeptOutbox(make_due(1), make_due(2))
    _step(outbox, ScriptedChannel({1: Refused("no such user", 550)}))
    assert outbox.outcomes[1].next_attempt_at is None
    assert outbox.outcomes[1].reason == "no such user"


def test_when_all_are_refused_none_is_lost() -> None:
    outbox = KeptOutbox(*map(make_due, range(20)))
    _step(outbox, ScriptedChannel(dict.fromkeys(range(20), Refused("blocked", 554))))
    assert {outcome.next_attempt_at for outcome in outbox.outcomes.values()} == {NOW + timedelta(minutes=1)}


def test_a_defect_in_a_channel_is_an_unknown_outcome_of_that_letter_only() -> None:
    outbox = KeptOutbox(make_due(1), make_due(2))
    _step(outbox, ScriptedChannel({1: RuntimeError("defect")}))
    assert outbox.outcomes[1].delivery == Unknown("RuntimeError: defect")
    assert isinstance(outbox.outcomes[2].delivery, Sent)


@pytest.mark.parametrize(("minutes", "attempted"), [(6, 0), (4, 1)])
def test_no_attempt_begins_that_could_outlive_its_lease(minutes: int, attempted: int) -> None:
    outbox = KeptOutbox(make_due(1))
    channel = ScriptedChannel()
    _step(outbox, channel, NOW + timedelta(minutes=minutes))
    assert len(channel.delivered) == attempted
    assert len(outbox.outcomes) == attempted


def test_no_more_letters_are_under_way_than_there_are_connections() -> None:
    channel = ScriptedChannel(connections=3)
    _step(KeptOutbox(*map(make_due, range(30))), channel)
    assert channel.most_under_way == 3


def test_a_batch_has_its_limit() -> None:
    outbox = KeptOutbox(*map(make_due, range(5)))
    courier = Courier(outbox, ScriptedChannel(), now=lambda: NOW, jitter=lambda: 0.0, limit=2)
    assert asyncio.run(courier.step())
    assert len(outbox.outcomes) == 2


def test_a_server_that_is_away_is_asked_once_for_a_batch() -> None:
    outbox = KeptOutbox(*map(make_due, range(30)))
    away = TryAgain("connect: refused", away=True)
    channel = ScriptedChannel(dict.fromkeys(range(30), away), connections=2)
    _step(outbox, channel)
    assert len(channel.delivered) == 2
    assert {outcome.delivery for outcome in outbox.outcomes.values()} == {away}
    assert len(outbox.outcomes) == 30


def test_a_server_that_takes_few_connections_is_still_used() -> None:
    outbox = KeptOutbox(*map(make_due, range(30)))
    channel = ScriptedChannel({0: TryAgain("connect: 421 too many connections", 421, away=True)})
    _step(outbox, channel)
    assert len(channel.delivered) == 30


def _full_outbox() -> KeptOutbox:
    """500 letters that stay ours for a day."""
    return KeptOutbox(*(replace(make_due(n), leased_until=NOW + timedelta(days=1)) for n in range(500)))


def _ticking(outbox: KeptOutbox, channel: ScriptedChannel, clock: list[datetime]) -> Courier:
    return Courier(outbox, channel, now=lambda: clock[-1], jitter=lambda: 0.0)


async def _steps(courier: Courier, clock: list[datetime], seconds: int) -> None:
    """One step a second."""
    for _ in range(seconds):
        await courier.step()
        clock.append(clock[-1] + timedelta(seconds=1))


def test_while_the_server_is_away_one_letter_is_tried_now_and_then_and_the_rest_spend_no_attempt() -> None:
    outbox, clock = _full_outbox(), [NOW]
    away = TryAgain("connect: refused", away=True)
    channel = ScriptedChannel(dict.fromkeys(range(500), away), connections=1)
    courier = _ticking(outbox, channel, clock)
    asyncio.run(_steps(courier, clock, 60))
    assert courier.trouble == "connect: refused"
    assert len(channel.delivered) == 4
    assert len(outbox.waiting) == 500 - 64 - 3


def test_once_the_server_is_back_all_go_at_once() -> None:
    outbox, clock = _full_outbox(), [NOW]
    channel = ScriptedChannel(dict.fromkeys(range(64), TryAgain("connect: refused", away=True)))
    courier = _ticking(outbox, channel, clock)
    asyncio.run(_steps(courier, clock, 30))
    assert courier.trouble is None
    assert not outbox.waiting


def test_a_wrong_password_is_trouble_and_not_a_burnt_attempt_for_each_letter() -> None:
    outbox, clock = _full_outbox(), [NOW]
    refused = TryAgain("login: 535 authentication failed", 535, away=True)
    channel = ScriptedChannel(dict.fromkeys(range(500), refused))
    courier = _ticking(outbox, channel, clock)
    asyncio.run(_steps(courier, clock, 60))
    assert courier.trouble == "login: 535 authentication failed"
    assert len(channel.delivered) == 64 + 2


def test_a_wrong_password_is_tried_less_and_less_often() -> None:
    outbox, clock = _full_outbox(), [NOW]
    refused = TryAgain("login: 535 authentication failed", 535, away=True)
    channel = ScriptedChannel(dict.fromkeys(range(500), refused))
    asyncio.run(_steps(_ticking(outbox, channel, clock), clock, 3600))
    assert len(channel.delivered) == 64 + 8, "after 15, 30, 60, 120, 240, 480, 900 and 900 seconds"


def test_while_nearly_all_are_refused_one_is_tried_now_and_then_and_none_is_lost() -> None:
    outbox, clock = _full_outbox(), [NOW]
    channel = ScriptedChannel(dict.fromkeys(range(500), Refused("blocked", 554)))
    courier = _ticking(outbox, channel, clock)
    asyncio.run(_steps(courier, clock, 3600))
    assert courier.trouble
    assert "were refused" in courier.trouble
    assert len(channel.delivered) <= 64 + 3600 // 15
    assert all(outcome.next_attempt_at is not None for outcome in outbox.outcomes.values())


def test_what_waits_for_long_is_merged_at_the_start_and_in_trouble() -> None:
    outbox, clock = _full_outbox(), [NOW]
    channel = ScriptedChannel(dict.fromkeys(range(500), TryAgain("connect: refused", away=True)))
    asyncio.run(_steps(_ticking(outbox, channel, clock), clock, 1300))
    assert outbox.merged == 3


class PatientChannel(ScriptedChannel):
    """Answers when told to."""

    def __init__(self) -> None:
        super().__init__(connections=1)
        self.asked = asyncio.Event()
        self.answer = asyncio.Event()

    async def deliver(self, outgoing: Outgoing) -> Delivery:
        self.asked.set()
        await self.answer.wait()
        return await super().deliver(outgoing)


def test_a_cancelled_courier_waits_for_the_answer_under_way_and_begins_no_other() -> None:
    async def run(outbox: KeptOutbox, channel: PatientChannel) -> None:
        step = asyncio.create_task(_courier(outbox, channel).step())
        await channel.asked.wait()
        step.cancel()
        await asyncio.sleep(0)
        channel.answer.set()
        with pytest.raises(asyncio.CancelledError):
            await step

    outbox, channel = KeptOutbox(make_due(1), make_due(2)), PatientChannel()
    asyncio.run(run(outbox, channel))
    assert [one.letter_id for one in channel.delivered] == [1]
    assert set(outbox.outcomes) == {1}


def _smtp(sink: SmtpSink, verdict_timeout: float = 60.0) -> SmtpChannel:
    return SmtpChannel(
        SmtpSettings(host="127.0.0.1", port=sink.port, security="plain", verdict_timeout=verdict_timeout)
    )


async def _step_and_close(outbox: KeptOutbox, channel: SmtpChannel) -> None:
    await _courier(outbox, channel).step()
    await channel.close()


def test_a_retry_sends_the_same_bytes(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("BODY", Stall(kept=True))
    due = make_due(1)
    outbox = KeptOutbox(due)
    asyncio.run(_step_and_close(outbox, _smtp(smtp_sink, verdict_timeout=0.2)))
    assert isinstance(outbox.outcomes[1].delivery, Unknown)
    assert outbox.outcomes[1].next_attempt_at == NOW + timedelta(minutes=10)
    outbox.come_due_again(due)
    asyncio.run(_step_and_close(outbox, _smtp(smtp_sink)))
    first, second = smtp_sink.wait_for(2)
    assert first.original == second.original
    assert isinstance(outbox.outcomes[1].delivery, Sent)


def test_one_refused_recipient_does_not_touch_the_others(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("RCPT", Reply("550 5.1.1 no such user"), containing="nobody@")
    letters = [make_due(number) for number in range(1, 6)]
    letters[2] = make_due(3, replace(make_letter("receipt"), to="nobody@example.com"))
    outbox = KeptOutbox(*letters)
    asyncio.run(_step_and_close(outbox, _smtp(smtp_sink)))
    assert {number for number, outcome in outbox.outcomes.items() if isinstance(outcome.delivery, Refused)} == {3}
    assert len(smtp_sink.submissions) == 4


def test_a_cancelled_courier_settles_what_was_sent_and_what_may_have_been(smtp_sink: SmtpSink) -> None:
    smtp_sink.fail("BODY", Stall(), times=1)

    async def run(outbox: KeptOutbox) -> None:
        channel = _smtp(smtp_sink)
        step = asyncio.create_task(_courier(outbox, channel).step())
        while len(outbox.outcomes) < 2:
            await outbox.settled.wait()
            outbox.settled.clear()
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        await channel.close()

    outbox = KeptOutbox(make_due(1), make_due(2), make_due(3))
    asyncio.run(run(outbox))
    told = sorted((type(outcome.delivery).__name__, outcome.next_attempt_at) for outcome in outbox.outcomes.values())
    assert told == [("Sent", None), ("Sent", None), ("Unknown", NOW + timedelta(minutes=10))]


PHOTO = TicketAttachment(source="support", key="9.1", number=1, name="photo.jpg", type="image/jpeg", size=3)


def test_what_goes_along_is_fetched_once_and_sent_again_unchanged() -> None:
    due = make_due(1, replace(make_letter("assigned"), enclosed=(PHOTO,)))
    outbox, channel = KeptOutbox(due), ScriptedChannel({1: TryAgain("busy", 451)})
    outbox.contents["photo.jpg"] = b"\xff\xd8\xff"
    _step(outbox, channel)
    outbox.contents.clear()
    outbox.come_due_again(due)
    _step(outbox, channel)
    first, second = (email.message_from_bytes(outgoing.message) for outgoing in channel.delivered)
    assert first.as_bytes() == second.as_bytes()
    assert [part.get_payload(decode=True) for part in first.walk() if part.get_filename()] == [b"\xff\xd8\xff"]


def test_what_is_no_longer_kept_is_named_and_holds_nothing_up() -> None:
    due = make_due(1, replace(make_letter("assigned", "en"), enclosed=(PHOTO,)))
    channel = ScriptedChannel()
    _step(KeptOutbox(due), channel)
    mail = email.message_from_bytes(channel.delivered[0].message, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Could not be attached:\r\n- photo.jpg" in body.get_content()
    assert list(mail.iter_attachments()) == []


def test_a_letter_that_is_refused_with_its_files_is_tried_once_more_without() -> None:
    due = make_due(1, replace(make_letter("assigned"), enclosed=(PHOTO,)))
    outbox = KeptOutbox(due)
    _step(outbox, ScriptedChannel({1: Refused("552 5.3.4 too large", 552)}))
    outcome = outbox.outcomes[1]
    assert (outcome.next_attempt_at, outcome.without_files) == (NOW, True)


def test_a_letter_without_files_that_is_refused_is_given_up() -> None:
    outbox = KeptOutbox(make_due(1))
    _step(outbox, ScriptedChannel({1: Refused("552 5.3.4 too large", 552)}))
    assert (outbox.outcomes[1].next_attempt_at, outbox.outcomes[1].without_files) == (None, False)
