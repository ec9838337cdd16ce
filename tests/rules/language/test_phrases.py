"""What short replies mean."""

from __future__ import annotations

import pytest

from rules.language.phrases import count_unknown, find_phrase, is_thanks, says_again, says_more

AGAIN = ("still", "again", "又", "还是")
THANKS = ("thanks", "thank you", "谢谢", "已解决")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("It is broken again", "again", id="English"),
        pytest.param("還是不行", "还是", id="Traditional Chinese, by folding"),
        pytest.param("打印机又卡纸了", "又", id="one character"),
        pytest.param("the distill server", None, id="a word inside a word"),
        pytest.param("here is the log", None, id="nothing of the kind"),
    ],
)
def test_a_reply_that_says_again_is_heard(text: str, word: str | None) -> None:
    assert says_again(text, AGAIN) == word


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        pytest.param("Thanks!", True, id="English"),
        pytest.param("謝謝，已解決", True, id="Traditional Chinese"),
        pytest.param("Thanks, but it still fails", False, id="thanks with a but"),
        pytest.param("谢谢，还是打不开", False, id="thanks, and it is still broken"),
        pytest.param("Thanks. How do I print?", False, id="a question"),
        pytest.param(
            "Thanks for the quick answer. The scanner in room 5 shows a red light since noon today.",
            False,
            id="more than thanks",
        ),
        pytest.param("", False, id="nothing"),
        pytest.param("It is broken again. Thanks", False, id="a report that ends politely"),
        pytest.param("The printer jams. Thanks!", False, id="another trouble, politely"),
        pytest.param("fails with error 5. Thanks, Emma", False, id="a report with thanks and a name"),
        pytest.param("Please call me, thanks", False, id="a wish"),
        pytest.param("打印机又卡了，谢谢", False, id="again in Chinese, politely"),
        pytest.param("麻烦再看一下，谢谢", False, id="a wish in Chinese"),
        pytest.param("还有一台也坏了，谢谢", False, id="one more is broken"),
        pytest.param("Thanks again, Dan!", True, id="thanks again are no problem again"),
        pytest.param("Thank you so much for the quick help.\nEmma Clark", True, id="signed by the writer"),
        pytest.param("没有问题了，谢谢李工", True, id="no problem is none"),
        pytest.param("麻烦您了，非常谢谢", True, id="politeness"),
    ],
)
def test_only_plain_thanks_are_thanks(text: str, thanks: bool) -> None:
    assert is_thanks(text, THANKS, again=AGAIN, writer="Emma Clark") is thanks


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("已解决", "已解决", id="a word"),
        pytest.param("Solved!", "solved", id="in capitals"),
        pytest.param("It is not solved", None, id="inside a longer word of the other side"),
        pytest.param("未解決", None, id="in Traditional Chinese"),
        pytest.param("not solved yesterday, solved today", "solved", id="inside one, and by itself"),
        pytest.param("unsolved", None, id="part of a word"),
    ],
)
def test_a_phrase_inside_a_longer_one_is_not_found(text: str, word: str | None) -> None:
    assert find_phrase(text, ("solved", "已解决", "解决"), hidden_by=("not solved", "未解决")) == word


@pytest.mark.parametrize(
    ("text", "more"),
    [
        pytest.param("ok", False, id="nothing"),
        pytest.param("but the light is red", True, id="a but"),
        pytest.param("请关闭工单", False, id="a wish to close it"),
        pytest.param("Please close the ticket.", False, id="the same in English"),
        pytest.param("works now, please go ahead and close it", False, id="and once more"),
        pytest.param("please close the window", True, id="a wish to close something else"),
        pytest.param("请来一下", True, id="any other wish"),
        pytest.param("很不错", False, id="not bad"),
    ],
)
def test_what_somebody_ought_to_read_says_more(text: str, more: bool) -> None:
    assert says_more(text) is more


def test_politeness_and_known_words_are_no_words() -> None:
    assert count_unknown("ok, thank you, li", known=("thank", "li")) == 0
    assert count_unknown("router 坏") == 3 + 1
