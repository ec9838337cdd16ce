"""How a ticket ends: the requester's yes, no, satisfaction, or silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.change import Change
from rules.closing.answer_words import answer_word
from rules.closing.solution import propose_solution
from rules.decide import decide
from rules.deciding.conversation import hear_requester
from rules.events import Rated
from rules.facts import apply
from tests.rules.closing_story import Story, a_rulebook, milestones, resolved
from tests.samples import ALICE, BOB, CHEN, DAY, HOUR, LI, MINUTE, NOW, a_mail, an_alert

if TYPE_CHECKING:
    from rules.letter import LetterLanguage

REMINDERS = """
[[escalations]]
name = "remind"
on = "warning"
clock = "confirmation"
reminds = true
tell = ["assignee"]
[[escalations]]
name = "silent"
on = "overdue"
clock = "confirmation"
tell = ["lead"]
"""

NEVER, BEFORE, AFTER = (a_rulebook(ask) for ask in ("never", "before_closing", "after_closing"))
ASKED = (("3", "very satisfied"), ("2", "satisfied"), ("1", "dissatisfied"))


def test_the_lead_reads_how_satisfied_an_unhappy_requester_is() -> None:
    story = Story(BEFORE).opens(language="zh-Hans").is_resolved().hears("solved").hears("1")
    (letter,) = (each for each in story.decision.letters if (each.to, each.template) == (CHEN, "message"))
    assert (letter.data["rating"], letter.data["status"]) == (
        "不满意" if letter.language == "zh-CN" else "dissatisfied",
        "closed",
    )


class TestProposal:
    def test_the_requester_is_told_the_solution_and_the_words_to_answer_with(self) -> None:
        story = Story(NEVER).opens().is_resolved("replaced it")
        data = story.letter("resolved").data
        assert (story.told, story.ticket.status) == ({(ALICE, "resolved")}, "resolved")
        assert (data["solution"], data["confirms"], data["refuses"]) == ("replaced it", "solved", "not solved")

    def test_a_chinese_requester_is_given_chinese_words(self) -> None:
        data = Story(NEVER).opens(language="zh-Hans").is_resolved().letter("resolved").data
        assert (data["confirms"], data["refuses"]) == ("已解决", "未解决")

    def test_who_was_joined_by_likeness_reads_no_words_of_staff(self) -> None:
        story = Story(NEVER).opens()
        bobs = a_mail(BOB, n=2)
        story.facts = apply(story.facts, bobs, decide(bobs, story.facts, NEVER, NOW))
        story.events = ()
        change = Change(facts=story.facts, rulebook=NEVER, now=NOW, before=story.ticket)
        person = story.facts.staff.find(LI)
        assert person is not None
        propose_solution(change, person, "replaced it")
        assert {(letter.to, letter.template) for letter in change.letters} == {(ALICE, "resolved"), (BOB, "over")}

    @pytest.mark.parametrize(
        ("words", "language", "word"),
        [
            pytest.param(("solved", "已解决", "已解決"), "zh-CN", "已解决", id="Simplified"),
            pytest.param(("solved", "已解决", "已解決"), "zh-TW", "已解決", id="Traditional"),
            pytest.param(("已解决", "solved"), "en", "solved", id="English"),
            pytest.param(("solved", "可以了"), "zh-TW", "可以了", id="Chinese of the other script before English"),
            pytest.param(("已解决",), "en", "已解决", id="none in English"),
            pytest.param((), "en", "", id="none at all"),
        ],
    )
    def test_the_word_is_in_the_readers_writing_where_there_is_one(
        self, words: tuple[str, ...], language: LetterLanguage, word: str
    ) -> None:
        assert answer_word(words, language) == word


class TestTheRequestersWord:
    @pytest.mark.parametrize(
        ("text", "status"),
        [
            pytest.param("已解决", "closed", id="yes"),
            pytest.param("Solved, thank you very much!", "closed", id="yes with thanks"),
            pytest.param("已解決，謝謝，請關閉工單", "closed", id="yes in Traditional Chinese, politely"),
            pytest.param("没有问题了", "closed", id="a longer yes hides the no inside it"),
            pytest.param("Thanks!", "closed", id="thanks"),
            pytest.param("It works again, thanks", "closed", id="working again is no trouble"),
            pytest.param("又能用了，谢谢", "closed", id="nor is it in Chinese"),
            pytest.param("未解决", "in_progress", id="no holds a yes"),
            pytest.param("It is not solved.", "in_progress", id="no in English"),
            pytest.param("没有解决", "in_progress", id="a no that the rulebook does not know"),
            pytest.param("还是有问题", "in_progress", id="again"),
            pytest.param("Is it solved?", "in_progress", id="a question"),
            pytest.param("Solved, but now the printer is gone", "in_progress", id="yes with a but"),
            pytest.param("已解决，另外打印机坏了", "in_progress", id="yes, and something else"),
            pytest.param("The light is red.", "in_progress", id="anything else"),
            pytest.param("solved " + "and so on " * 30, "in_progress", id="a long story with the word in it"),
        ],
    )
    def test_it_closes_the_ticket_or_brings_it_back_to_work(self, text: str, status: str) -> None:
        assert resolved(NEVER).hears(text).ticket.status == status

    def test_a_yes_confirms_and_stops_the_clock_of_the_confirmation(self) -> None:
        story = resolved(NEVER).hears("solved")
        assert milestones(story.decision) == ["confirmed"]
        assert (story.decision.verdict, story.clock("confirmation").outcome) == ("appended", "met")
        assert "the requester confirms that it is solved" in story.decision.reasons
        assert story.told == {(LI, "message")}

    def test_somebody_elses_yes_is_noted_and_closes_nothing(self) -> None:
        story = Story(NEVER).opens().hears("It is broken here too.", by=BOB).is_resolved()
        story.hears("solved", by=BOB)
        assert (story.ticket.status, story.decision.verdict) == ("resolved", "appended")
        assert milestones(story.decision) == []

    def test_a_no_is_handled_again_within_its_own_clock(self) -> None:
        story = resolved(NEVER).hears("not solved")
        assert (story.decision.verdict, story.ticket.reopened) == ("reopened", 1)
        assert story.told == {(ALICE, "again"), (LI, "reopened")}
        assert story.letter("again").data["due_by"] == "2026-11-23 14:00", "two hours after he said no, at noon"
        assert story.clock("confirmation").outcome == "met"
        assert (story.ticket.repeats, story.ticket.counted_repeats) == (0, 0)

    def test_a_desk_without_such_a_clock_names_no_time(self) -> None:
        rulebook = NEVER.model_copy(
            update={"clocks": tuple(rule for rule in NEVER.clocks if rule.name != "reassessment")}
        )
        assert resolved(rulebook).hears("not solved").letter("again").data["due_by"] is None

    def test_no_may_be_said_as_often_as_it_takes_and_each_counts_anew(self) -> None:
        story = resolved(NEVER)
        for times in (1, 2, 3):
            at = NOW + times * DAY
            story.later(at).hears("not solved")
            clock = story.clock("reassessment")
            assert (clock.cycle, clock.due_at) == (times, at + 2 * HOUR)
            assert story.ticket.reopened == times
            story.later(at + HOUR).hears("!take", by=LI).is_resolved(f"attempt {times}")
        story.hears("solved")
        assert story.ticket.status == "closed"

    def test_a_no_after_the_closing_is_a_no_too(self) -> None:
        story = resolved(NEVER).hears("solved").hears("not solved")
        assert (story.decision.verdict, story.ticket.status) == ("reopened", "in_progress")
        assert "refused" in milestones(story.decision)

    def test_what_an_alert_healed_is_only_reopened(self) -> None:
        story = Story(NEVER).fires(an_alert()).fires(an_alert("resolved"))
        change = Change(facts=story.facts, rulebook=NEVER, now=NOW, before=story.ticket)
        verdict = hear_requester(change, a_mail(ALICE, text="It is not solved."), why="it answers a letter")
        assert (verdict, milestones(change.decide(verdict))) == ("reopened", [])
        assert "again" not in {letter.template for letter in change.letters}


class TestSatisfactionBeforeClosing:
    def test_a_yes_is_followed_by_the_question(self) -> None:
        story = resolved(BEFORE).hears("solved")
        data = story.letter("rating").data
        assert (story.ticket.status, story.told) == ("resolved", {(ALICE, "rating"), (LI, "message")})
        assert (data["steps"], data["aspects"]) == (ASKED, ())
        assert story.clock("satisfaction").due_at == story.now + 2 * DAY

    @pytest.mark.parametrize(
        ("text", "step"),
        [("very satisfied", "happy"), ("2", "fine"), ("不满意", "sad"), ("1分，谢谢", "sad")],
    )
    def test_the_answer_closes_whatever_it_is(self, text: str, step: str) -> None:
        story = resolved(BEFORE).hears("solved").hears(text)
        assert (story.ticket.status, story.ticket.ratings) == ("closed", (("", step),))
        assert story.clock("satisfaction").outcome == "met"
        assert ((CHEN, "message") in story.told) is (step == "sad")

    @pytest.mark.parametrize("text", ["已解决，非常满意", "solved, 3", "Thanks, very satisfied!", "very satisfied"])
    def test_one_mail_may_confirm_and_rate_and_close(self, text: str) -> None:
        story = resolved(BEFORE).hears(text)
        assert (story.ticket.status, story.ticket.ratings) == ("closed", (("", "happy"),))
        assert "rating" not in {template for _, template in story.told}
        assert story.ticket.clock("satisfaction") is None

    @pytest.mark.parametrize("text", ["不满意", "1", "thanks, dissatisfied", "满意，但是打印机坏了"])
    def test_dissatisfaction_alone_or_with_a_but_is_a_no(self, text: str) -> None:
        story = resolved(BEFORE).hears(text)
        assert (story.decision.verdict, story.ticket.status) == ("reopened", "in_progress")
        assert [event for event in story.decision.events if isinstance(event, Rated)]

    def test_without_an_answer_it_closes_when_the_wait_is_over(self) -> None:
        story = resolved(BEFORE).hears("solved")
        due = story.clock("satisfaction").due_at
        assert story.waits(due - MINUTE).ticket.status == "resolved"
        story.waits(due)
        assert (story.ticket.status, story.clock("satisfaction").outcome) == ("closed", "cancelled")
        assert story.decision.letters == ()
        assert story.decision.reasons == ("confirmed as solved, and no answer to the satisfaction question",)

    def test_however_late_the_answer_nothing_is_breached(self) -> None:
        story = resolved(BEFORE).hears("solved").later(NOW + 30 * DAY).hears("3")
        assert (story.ticket.status, story.clock("satisfaction").outcome) == ("closed", "met")

    def test_a_no_instead_of_an_answer_is_handled_again(self) -> None:
        story = resolved(BEFORE).hears("solved").hears("it broke after lunch, not solved")
        assert (story.ticket.status, story.clock("satisfaction").outcome) == ("in_progress", "cancelled")
        story.is_resolved().hears("solved")
        assert (story.clock("satisfaction").cycle, story.clock("satisfaction").running) == (2, True)

    @pytest.mark.parametrize("text", ["solved", "thanks!", "ok"])
    def test_another_yes_or_politeness_asks_nothing_anew(self, text: str) -> None:
        story = resolved(BEFORE).hears("solved").hears(text)
        assert (story.ticket.status, story.told) == ("resolved", {(LI, "message")})
        assert story.clock("satisfaction").cycle == 1

    def test_somebody_elses_rating_is_no_rating_of_the_requester(self) -> None:
        story = Story(BEFORE).opens().hears("Here too.", by=BOB).is_resolved().hears("very satisfied", by=BOB)
        assert (story.ticket.status, story.ticket.ratings) == ("resolved", ())


class TestSatisfactionAfterClosing:
    def test_the_question_comes_with_the_closing(self) -> None:
        story = resolved(AFTER).hears("solved")
        assert (story.ticket.status, story.told) == ("closed", {(ALICE, "closed"), (LI, "message")})
        assert story.letter("closed").data["steps"] == ASKED

    def test_who_rated_already_is_not_asked(self) -> None:
        assert "steps" not in resolved(AFTER).hears("solved, 3").letter("closed").data

    @pytest.mark.parametrize("text", ["3", "不满意", "满意，但是等了很久"])
    def test_a_rating_never_reopens(self, text: str) -> None:
        story = resolved(AFTER).hears("solved").hears(text)
        assert (story.decision.verdict, story.ticket.status) == ("appended", "closed")
        assert story.ticket.ratings

    @pytest.mark.parametrize("text", ["7", "Good-ish, thanks", "四点五"])
    def test_an_answer_that_nobody_can_read_reopens_nothing(self, text: str) -> None:
        told = resolved(a_rulebook("after_closing")).hears("solved").hears(text)
        assert (told.decision.verdict, told.ticket.status) == ("appended", "closed")

    def test_the_lead_hears_the_words_of_who_is_not_satisfied(self) -> None:
        story = resolved(AFTER).hears("solved").hears("不满意，等了三天")
        lead = next(letter for letter in story.decision.letters if letter.to == CHEN)
        assert (lead.template, lead.data["text"]) == ("message", "不满意，等了三天")

    def test_a_second_rating_takes_the_place_of_the_first(self) -> None:
        story = resolved(AFTER).hears("solved").hears("3").hears("2")
        assert story.ticket.ratings == (("", "fine"),)
        assert [event.ratings for event in story.events if isinstance(event, Rated)] == [
            (("", "happy"),),
            (("", "fine"),),
        ]

    def test_a_plain_no_beside_the_rating_reopens(self) -> None:
        story = resolved(AFTER).hears("solved").hears("未解决，不满意")
        assert (story.ticket.status, story.ticket.ratings) == ("in_progress", (("", "sad"),))


class TestSilence:
    def test_it_is_reminded_of_then_told_to_the_lead_and_never_closes(self) -> None:
        story = resolved(a_rulebook(more=REMINDERS))
        story.waits(NOW + 13 * HOUR)
        assert story.told == {(ALICE, "reminder"), (LI, "escalated")}
        assert story.letter("reminder").data["solution"] == "replaced it"
        story.waits(NOW + 25 * HOUR)
        assert story.told == {(CHEN, "escalated")}
        for days in range(2, 60):
            story.waits(NOW + days * DAY)
            assert story.decision.events == ()
        assert story.ticket.status == "resolved"

    def test_a_late_yes_still_closes_it(self) -> None:
        story = resolved(a_rulebook(more=REMINDERS)).waits(NOW + 13 * HOUR).waits(NOW + 25 * HOUR).hears("solved")
        assert (story.ticket.status, story.clock("confirmation").outcome) == ("closed", "breached")

    def test_where_the_rulebook_says_so_it_closes(self) -> None:
        quiet = REMINDERS + "closes = true\n"
        story = resolved(a_rulebook(more=quiet)).waits(NOW + 13 * HOUR).waits(NOW + 25 * HOUR)
        assert (story.ticket.status, story.told) == ("closed", {(CHEN, "escalated"), (ALICE, "closed")})
        assert not any(clock.running for clock in story.ticket.clocks)

    def test_who_says_no_after_such_a_closing_is_heard(self) -> None:
        quiet = REMINDERS + "closes = true\n"
        story = resolved(a_rulebook(more=quiet)).waits(NOW + 25 * HOUR).hears("not solved")
        assert (story.ticket.status, story.told) == ("in_progress", {(ALICE, "again"), (LI, "reopened")})


def test_old_mail_in_an_import_writes_no_letters() -> None:
    story = Story(BEFORE).opens(imported=True).is_resolved()
    assert story.decision.letters == ()
