"""E, the desktop support of a government office: each row of its standard, and what it takes mails for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.decide import decide
from rules.people import Person
from rules.rulebook_files.examples import check_examples
from rules.ticket import IMPACTS, URGENCIES
from tests import samples
from tests.rules.rulebooks.shipped import NOW, begun, judged, promise, rung, shipped
from tests.samples import ALICE, BOB, CAROL, CHEN, HOUR, LI, MINUTE, ZHAO, a_mail

if TYPE_CHECKING:
    from tests.rules.closing_story import Story

E = shipped("desktop-events")
PRINTER = {"subject": "Printer", "text": "The printer in room 12 jams on every page."}
PEOPLE = (
    Person(address=LI, teams=("service-desk",), lines=frozenset({"first"})),
    Person(address=ZHAO, teams=("infrastructure",), lines=frozenset({"second", "third"})),
    Person(address=CHEN, role="lead", teams=("service-desk", "infrastructure")),
)


def reported() -> Story:
    """A printer that Alice reports: low, and with Li of the first line."""
    story = begun(E, *PEOPLE, **PRINTER)
    assert (story.ticket.priority, story.ticket.assignee, story.ticket.line) == ("low", LI, "first")
    return story


def test_over_the_response_limit_it_goes_one_level_up() -> None:
    story = reported().waits(samples.NOW + 4 * HOUR)
    assert story.ticket.priority == "medium"
    assert (CHEN, "escalated") in story.told


def test_after_half_an_hour_on_site_it_goes_one_level_up_and_to_the_second_line_and_the_requester_is_told() -> None:
    story = reported().hears("!arrived", by=LI).waits(samples.NOW + 30 * MINUTE)
    assert (story.ticket.priority, story.ticket.line, story.ticket.assignee) == ("medium", "second", ZHAO)
    assert (ALICE, "handed_over") in story.told


def test_the_second_and_the_third_report_of_a_fault_raise_it_one_level_each() -> None:
    story, levels = reported(), []
    for number, sender in ((20, BOB), (21, CAROL)):
        again = a_mail(sender, PRINTER["subject"], PRINTER["text"], n=number)
        story.take(decide(again, story.facts, E, story.now), again)
        levels.append(story.ticket.priority)
    assert levels == ["medium", "high"]


def test_a_complaint_is_urgent_at_once_and_its_analysis_is_owed_by_who_handled_it() -> None:
    story = reported().hears("Nobody answers. I want to complain.")
    assert story.ticket.priority == "urgent"
    assert [(owed.name, owed.by) for owed in story.ticket.owed] == [("complaint_analysis", LI)]


def test_who_solved_it_owes_the_opinion_of_the_user() -> None:
    story = reported().hears("!resolve the feed roller was cleaned", by=LI)
    assert [(owed.name, owed.by) for owed in story.ticket.owed] == [("user_opinion", LI)]


def test_its_examples_come_out_as_wanted() -> None:
    assert check_examples(E, NOW) == ()
    cells = {(example.wanted.impact, example.wanted.urgency) for example in E.examples}
    assert cells >= {(impact, urgency) for impact in IMPACTS for urgency in URGENCIES}


def test_the_matrix_is_that_of_the_standard() -> None:
    assert E.priority.matrix == {
        "large": {"high": "urgent", "medium": "high", "low": "medium"},
        "medium": {"high": "high", "medium": "high", "low": "medium"},
        "small": {"high": "medium", "medium": "medium", "low": "low"},
    }


@pytest.mark.parametrize(
    ("level", "chinese"), [("low", "低"), ("medium", "普通"), ("high", "高"), ("urgent", "紧急")], ids=str
)
def test_levels_have_the_names_of_the_standard(level: str, chinese: str) -> None:
    assert (E.priority.names[level]["zh-CN"], E.priority.names[level]["en"]) == (chinese, level)


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        ("response", ("opened", "responded", {"urgent": "30m", "high": "1h", "medium": "2h", "low": "4h"})),
        ("handling", ("arrived", "left handed_over resolved", "30m")),
    ],
    ids=str,
)
def test_clocks_have_the_limits_of_the_standard(clock: str, wanted: tuple[str, str, dict[str, str] | str]) -> None:
    assert promise(E, clock) == wanted


@pytest.mark.parametrize(
    ("name", "trigger", "raises", "lines"),
    [
        pytest.param("response-overdue", "overdue", 1, 0, id="over the response limit: one level up"),
        pytest.param("handling-overdue", "overdue", 1, 1, id="over the handling limit: one level and one line up"),
        pytest.param("second-report", "repeat", 1, 0, id="reported a second time: one level up"),
        pytest.param("third-report", "repeat", 1, 0, id="reported a third time: one level up"),
        pytest.param("complaint", "complaint", "top", 0, id="a complaint: at once the highest level"),
    ],
)
def test_the_ladder_is_that_of_the_standard(name: str, trigger: str, raises: int | str, lines: int) -> None:
    rule = rung(E, name)
    assert (rule.on, rule.raises, rule.lines) == (trigger, raises, lines)


def test_the_second_report_is_the_first_repeat() -> None:
    assert [rung(E, name).count for name in ("second-report", "third-report")] == [1, 2]


def test_who_handled_it_owes_an_analysis_of_a_complaint_and_the_opinion_of_the_user() -> None:
    owed = {rule.name: (rule.by, rule.on) for rule in E.owed}
    assert rung(E, "complaint").owes == ("complaint_analysis",)
    assert owed == {"user_opinion": ("assignee", ("resolved",)), "complaint_analysis": ("assignee", ())}


def test_a_ticket_goes_from_the_desk_to_the_team_of_its_category() -> None:
    assert [(line.name, line.team) for line in E.lines] == [
        ("first", "service-desk"),
        ("second", None),
        ("third", None),
    ]
    teams = {name: category.team for name, category in E.categories.items()}
    assert teams["software"] == "application-support"
    assert teams["network"] == teams["hardware"] == "infrastructure"


@pytest.mark.parametrize(
    ("people", "impact"),
    [
        pytest.param(3, "small", id="three people"),
        pytest.param(4, "medium", id="more than three"),
        pytest.param(9, "medium", id="under ten"),
        pytest.param(10, "large", id="ten people"),
    ],
)
def test_distinct_reporters_tell_the_impact(people: int, impact: str) -> None:
    assert judged(E, "打印机", "打印机不动", people=people).impact == impact


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        pytest.param("12个人登录不了", "large", id="twelve people"),
        pytest.param("我們科有十幾位同事連不上", "large", id="more than ten colleagues, in traditional characters"),
        pytest.param("二十名员工都受影响", "large", id="twenty employees, in Chinese numerals"),
        pytest.param("20台电脑要装补丁", "large", id="twenty computers"),
        pytest.param("全办公室打不了印", "large", id="the whole office"),
        pytest.param("25 users get an error", "large", id="25 users"),
        pytest.param("10人都登不上", "large", id="ten people, all of them"),
        pytest.param("4个同事打不开", "medium", id="four colleagues"),
        pytest.param("六位同事打不开", "medium", id="six colleagues, in a Chinese numeral"),
        pytest.param("seven colleagues see it", "medium", id="seven colleagues"),
        pytest.param("9 people see it", "medium", id="nine people"),
        pytest.param("15人的电脑连不上域", "large", id="the computers of fifteen people"),
        pytest.param("The entire third floor lost its network", "large", id="an entire floor"),
        pytest.param("整科同仁八位無法存取", "medium", id="eight colleagues, counted behind the word"),
        pytest.param("3个人打不开", "small", id="three people"),
        pytest.param("两个同事打不开", "small", id="two colleagues"),
        pytest.param("预订10人会议室的投影机", "small", id="a room for ten is no ten people"),
        pytest.param("错误代码 1012，个人电脑", "small", id="the number of an error is no number of people"),
    ],
)
def test_numbers_of_people_tell_the_impact(text: str, impact: str) -> None:
    found = judged(E, "求助", text)
    assert found.impact == impact, found.reasons


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        pytest.param("局长的电脑声音小", "high", id="a bureau leader"),
        pytest.param("處長的滑鼠不靈", "high", id="a division chief, in traditional characters"),
        pytest.param("The bureau leader's mouse is stiff", "high", id="a bureau leader, in English"),
        pytest.param("20楼茶水间旁的打印机卡纸", "high", id="floor 20"),
        pytest.param("35層的印表機卡紙", "high", id="floor 35, in traditional characters"),
        pytest.param("二十三楼打印机卡纸", "high", id="floor 23, in Chinese numerals"),
        pytest.param("printer on the 21st floor", "high", id="the 21st floor"),
        pytest.param("printer at 22/F", "high", id="22/F"),
        pytest.param("printer on level 24", "high", id="level 24"),
        pytest.param("１９楼打印机卡纸", "low", id="floor 19 is below"),
        pytest.param("2楼打印机卡纸", "low", id="floor 2"),
        pytest.param("printer on floor 3, room 2045", "low", id="a room is no floor"),
        pytest.param("完全不能用，没法办公", "high", id="cannot work at all"),
        pytest.param("My computer won't turn on", "high", id="a computer that does not turn on"),
        pytest.param("服务窗口的读卡器坏了，群众在等", "high", id="outsiders are waiting"),
        pytest.param("The service counter cannot issue receipts", "high", id="a public service"),
        pytest.param("材料今天下班前要交", "high", id="a deadline today"),
        pytest.param("明天检查组来检查，投影机没声音", "high", id="an inspection tomorrow"),
        pytest.param("U盘中毒，正在扩散", "high", id="a virus that spreads"),
        pytest.param("给领导打印的材料颜色不对", "medium", id="the work of a leader"),
        pytest.param("正在为局长准备汇报，字体不对", "medium", id="work for a bureau leader"),
        pytest.param("打开网页很慢，能用", "medium", id="works, but worse"),
        pytest.param("The screen flickers from time to time", "medium", id="works, but worse, in English"),
        pytest.param("下周有检查组来检查", "medium", id="an inspection next week"),
        pytest.param("We expect an inspection on Thursday", "medium", id="an inspection on a day"),
        pytest.param("本科室的文件服务器报错", "medium", id="the function of one department"),
        pytest.param("鼠标滚轮不太灵，不影响使用", "low", id="hardly affected"),
        pytest.param("下个月要换键盘", "low", id="the date is far off"),
        pytest.param("Order a mouse, deadline next month", "low", id="a deadline that is far off"),
        pytest.param("一两个人用的旧扫描仪换新", "low", id="one or two people"),
        pytest.param("有时间的时候帮我换个鼠标", "low", id="whenever there is time"),
        pytest.param("不急，键盘换新", "low", id="no hurry"),
        pytest.param("防病毒软件图标不见了", "low", id="an antivirus program is no virus"),
        pytest.param("键盘有一个键按不动", "low", id="nothing tells"),
        pytest.param("电脑很慢，而且今天必须交材料", "high", id="of several signals the highest wins"),
    ],
)
def test_signals_tell_the_urgency(text: str, urgency: str) -> None:
    found = judged(E, "求助", text)
    assert found.urgency == urgency, found.reasons


def test_the_people_file_tells_the_urgency_of_leaders() -> None:
    assert judged(E, "鼠标", "滚轮不灵", vip=True).urgency == "high"
    assert judged(E, "鼠標", "滾輪不靈", department="局長室").urgency == "high"
    assert judged(E, "Mouse", "stiff wheel", department="Archives").urgency == "low"


@pytest.mark.parametrize(
    ("subject", "text", "category", "kind"),
    [
        pytest.param("打印机卡纸", "五楼打印机卡纸", "hardware", "incident", id="a paper jam"),
        pytest.param("印表機沒有碳粉", "請更換碳粉匣", "hardware", "request", id="toner, in traditional characters"),
        pytest.param("Word 闪退", "打开公文就闪退", "software", "incident", id="Word crashes"),
        pytest.param("公文系统报错", "公文系统提示错误代码 500", "software", "incident", id="the document system"),
        pytest.param("登录不了", "账号被锁，密码输错三次", "account", "incident", id="a locked account"),
        pytest.param("無法上網", "辦公室沒有網路", "network", "incident", id="no network, in traditional characters"),
        pytest.param("Wi-Fi", "The wifi in room 402 keeps disconnecting", "network", "incident", id="the wifi"),
        pytest.param("申请", "申请安装软件 Visio", "software", "request", id="a request for software"),
        pytest.param("请教", "请问如何使用签章，有没有操作手册", "consulting", "question", id="a question"),
        pytest.param("New keyboard", "Please order a keyboard for me", "hardware", "request", id="a new keyboard"),
    ],
)
def test_a_mail_is_taken_for_what_its_writer_means(subject: str, text: str, category: str, kind: str) -> None:
    found = judged(E, subject, text)
    assert (found.category, found.kind) == (category, kind), found.reasons


def test_a_complaint_begins_at_the_highest_level() -> None:
    assert judged(E, "投诉", "态度恶劣，我要投诉").priority == "urgent"
