"""Which reports of different people are one problem, and which only sound alike."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.similarity import OTHER_PEOPLE, SAME_REQUESTER, likeness, sketch, terms

ERP_OF_ZHANG_WEI = """ERP系统打不开了
您好，从今天早上9点开始，ERP系统一直打不开，页面提示 502 Bad Gateway，财务部这边没法做账，麻烦尽快处理，谢谢。
张伟 财务部"""
ERP_OF_LI_NA = """全公司ERP系统无法登录
IT部门您好：我们销售部所有人都登录不了ERP，输入密码以后一直转圈。客户订单录不进去，很急！
李娜"""
ERP_OF_WANG_XIAOMING = """ERP系統登入不了
您好，請問ERP是不是掛了？我這邊登入不了，畫面顯示連線逾時。
王小明"""
ERP_REPORT_OF_LIU_YANG = "ERP里3月的报表数字不对\nERP系统里三月份的销售报表合计金额不对，跟财务的差了200块。"
ERP_PASSWORD_OF_CHEN_JING = "ERP密码忘了\n您好，我的ERP账号密码忘记了，登录不了，麻烦重置一下。谢谢！\n陈静"
VPN_OF_ANNA = """VPN is down for everybody in Berlin
Hi team,
none of us can connect since 8:30. The client says 'gateway not responding'.
Best regards
Anna"""
VPN_OF_BEN = """cannot connect to the VPN since this morning
Hello, I work from home and the VPN client just hangs at connecting. Rebooted twice. Thanks, Ben"""
VPN_OF_HE_LI = "VPN连不上\n您好，在家办公，VPN客户端一直连接中，连不上公司。"
VPN_FOR_MARIA = (
    "VPN access for new colleague\nHi, Maria Lopez starts on Monday in Berlin, please give her VPN access.\nThanks"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ERP系统打不开了", "全公司ERP系统无法登录", id="other words for the same outage"),
        pytest.param("ERP系统打不开了", "ERP系統登入不了", id="in Traditional Chinese"),
        pytest.param("全公司ERP系统无法登录", "ERP系統登入不了", id="and the words of Taiwan"),
        pytest.param(ERP_OF_ZHANG_WEI, ERP_OF_LI_NA, id="two whole mails with different details"),
        pytest.param(ERP_OF_ZHANG_WEI, ERP_OF_WANG_XIAOMING, id="whole mails in two scripts"),
        pytest.param(VPN_OF_ANNA, VPN_OF_BEN, id="two English mails"),
        pytest.param(VPN_OF_ANNA, VPN_OF_HE_LI, id="an English and a Chinese one"),
        pytest.param("打印机卡纸了", "印表機卡紙", id="a printer by its two names"),
        pytest.param("邮件发不出去", "E-mail cannot be sent", id="mail by its two names"),
        pytest.param("ERP报错 ORA-12541", "ERP error ORA-12541 when saving orders", id="an error code"),
        pytest.param("共享盘打不开", "無法開啟共用資料夾", id="a share by its two names"),
        pytest.param("求助！急急急\nVPN连不上", "VPN is down", id="a subject that says nothing"),
    ],
)
def test_another_person_reports_the_same_problem(one: str, other: str) -> None:
    assert likeness(one, other) >= OTHER_PEOPLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ERP系统打不开了", "打印机卡纸", id="another thing"),
        pytest.param("ERP系统打不开了", "电脑蓝屏", id="both fail, nothing else in common"),
        pytest.param("邮箱打不开", "网页打不开", id="the same verb"),
        pytest.param(ERP_OF_LI_NA, ERP_REPORT_OF_LIU_YANG, id="the same system, working"),
        pytest.param(ERP_OF_LI_NA, ERP_PASSWORD_OF_CHEN_JING, id="the same system, a password forgotten"),
        pytest.param(VPN_OF_ANNA, VPN_FOR_MARIA, id="a wish about what fails for others"),
        pytest.param("db-01 disk full", "db-02 disk full", id="another host"),
        pytest.param("ERP报错 ORA-12541", "CRM error ORA-00942", id="another error code"),
        pytest.param("三楼打印机没墨了", "五楼打印机卡纸了", id="another fault of such a thing"),
        pytest.param(
            "您好，打印机卡纸了，麻烦尽快帮忙处理一下，谢谢！",
            "您好，电脑很慢，麻烦尽快帮忙处理一下，谢谢！",
            id="the same politeness",
        ),
        pytest.param(
            "Hello team,\nthe scanner is broken.\nBest regards\nAnna Schmidt\nContoso GmbH, Berlin, Tel 030 12345",
            "Hello team,\nOutlook shows an error.\nBest regards\nBen Meyer\nContoso GmbH, Berlin, Tel 030 12345",
            id="the same signature",
        ),
        pytest.param("", "", id="two empty texts"),
    ],
)
def test_what_only_sounds_alike_is_another_problem(one: str, other: str) -> None:
    assert likeness(one, other) < SAME_REQUESTER


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("无法登录", id="no system is named"),
        pytest.param("电脑蓝屏了", id="everybody has a computer of his own"),
        pytest.param("密码忘了，请重置", id="everybody forgets a password of his own"),
        pytest.param("Please reset my password", id="a wish for oneself"),
        pytest.param("crash when saving a document", id="plain words name no application"),
    ],
)
def test_the_same_words_of_two_people_may_be_two_problems(text: str) -> None:
    assert SAME_REQUESTER <= likeness(text, text) < OTHER_PEOPLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("VPN很慢", "VPN连不上", id="it got worse"),
        pytest.param("财务系统报销单提交不了", "报销系统无法提交单据", id="told anew"),
        pytest.param("Jira is very slow today", "Jira pages take ages to load, timeouts", id="told anew in English"),
    ],
)
def test_the_same_requester_is_recognised_by_less(one: str, other: str) -> None:
    assert SAME_REQUESTER <= likeness(one, other) < OTHER_PEOPLE


def test_the_thresholds_leave_room_between_them() -> None:
    assert SAME_REQUESTER < OTHER_PEOPLE


@given(one=st.text(max_size=80), other=st.text(max_size=80))
def test_likeness_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) >= likeness(one, other)


def test_terms_are_names_pairs_and_meanings() -> None:
    assert terms("您好，财务的ERP打不开了，报错 0x80070005") == {
        *("财务", "erp", "#failing", "0x80070005"),
        *("^财务", "^erp", "^#failing", "^0x80070005"),
    }


def test_what_follows_the_sign_off_is_not_read() -> None:
    assert terms("VPN down\nBest regards\nAnna Schmidt, Contoso") == terms("VPN down")
    assert terms("谢谢\nVPN连不上") == terms("VPN连不上")


def test_addresses_are_no_terms() -> None:
    assert terms("VPN down anna.schmidt@contoso.example") == terms("VPN down")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(ERP_OF_ZHANG_WEI, ERP_OF_LI_NA, id="Chinese"),
        pytest.param(ERP_OF_ZHANG_WEI, ERP_OF_WANG_XIAOMING, id="two scripts"),
        pytest.param(VPN_OF_ANNA, VPN_OF_HE_LI, id="two languages"),
        pytest.param(VPN_OF_ANNA, VPN_OF_ANNA + " details" * 40, id="a longer telling"),
    ],
)
def test_sketches_of_one_problem_share_a_value(one: str, other: str) -> None:
    assert set(sketch(one)) & set(sketch(other))


def test_sketches_of_different_problems_share_none() -> None:
    assert not set(sketch("ERP系统打不开了")) & set(sketch("电脑打不开，鼠标坏了"))


@given(st.text(max_size=300))
def test_a_sketch_is_eight_numbers_that_fit_a_column(text: str) -> None:
    values = sketch(text)

    assert len(values) <= 8
    assert list(values) == sorted(set(values))
    assert all(-(2**63) <= value < 2**63 for value in values)


def test_a_sketch_is_the_same_in_every_process() -> None:
    code = "import sys; from rules.language.similarity import sketch; print(sketch(sys.argv[1]))"
    told = subprocess.run([sys.executable, "-c", code, "ERP down"], capture_output=True, text=True, check=True).stdout

    assert told.strip() == str(sketch("ERP down"))


def test_hostile_text_takes_bounded_time() -> None:
    assert len(sketch("a" * 20_000 + "@" * 20_000 + "不" * 20_000 + "-\n" * 20_000)) <= 8
