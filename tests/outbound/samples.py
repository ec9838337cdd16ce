"""Letters of every template, as the desk would write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

from immutables import Map

from outbound.compose import Sender
from outbound.courier import Due
from rules.letter import Letter, LetterLanguage, Template

if TYPE_CHECKING:
    from rules.letter import Value

TEMPLATES: tuple[Template, ...] = get_args(Template)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SENDER = Sender(address="desk@example.com", name="信息部服务台", instance="deskd-example-1")
MESSAGE_ID = "<d1.a.7.42.0123456789abcdef0123456789abcdef@example.com>"

COMMON: dict[str, Value] = {
    "number": "202611-042",
    "ticket_subject": "三樓印表機 E-203",
    "priority": "P2",
    "desk_name": "信息部服务台",
}

_TEXT = "打印机今天早上开始打不了。\n\n屏幕上显示 E-203。"
_DUE = (("response", "11-23 10:30"), ("resolution", "11-23 14:30"))
STEPS = (("4", "非常满意"), ("3", "满意"), ("2", "一般"), ("1", "不满意"))
ASPECTS = ("响应速度", "服务态度", "处理结果")

#: What a rulebook may add to some letters.
EXTRAS: dict[str, Value] = {
    "missing": ("哪一台打印机，编号是多少",),
    "confirms": "已解决",
    "refuses": "未解决",
    "steps": STEPS,
    "aspects": ASPECTS,
    "checklist": ("看设备", "换配件"),
    "links": (("runbook_url", "https://wiki.example.org/runbooks/high-latency"),),
    "labels": (("实例", "db1"),),
    "silences": True,
    "zone": "UTC+08:00",
    "rank": 1,
}

DATA: dict[Template, dict[str, Value]] = {
    "receipt": {
        "respond_by": "11-23 10:30",
        "resolve_by": "11-23 14:30",
        "expected_by": None,
        "joined": False,
        "quoted": _TEXT,
    },
    "assigned": {
        "requester": "王芳",
        "text": _TEXT,
        "category": "hardware",
        "impact": "medium",
        "urgency": "high",
        "due": _DUE,
        "reasons": ("“打印机”属于硬件",),
        "is_alert": False,
        "labels": (("实例", "db1"),),
        "similar": ("202611-007 打印机卡纸",),
    },
    "unassigned": {
        "requester": "王芳",
        "text": _TEXT,
        "team": "桌面支持组",
        "reason": "今天值班的人都已满额",
        "proposals": (("li@example.com", "会修打印机，手上 2 个工单"), ("zhao@example.com", "手上 3 个工单")),
    },
    "firing": {
        "text": _TEXT,
        "reason": "在未结工单的又一个目标上告警",
        "firing": (("10.0.0.1", "2026-11-23 10:00"), ("10.0.0.2", "2026-11-23 10:05")),
        "more": 3,
    },
    "storm": {
        "reason": "短时间内同一来源的告警已新建 30 个工单",
        "count": 12_400,
        "firing": (("12,000 × 主机离线", "2026-11-23 10:00"), ("300 × 磁盘将满", "2026-11-23 10:05")),
        "more": 100,
    },
    "repeated": {"reporter": "陳怡君", "text": _TEXT, "repeats": 2, "reporters": 3, "reason": "标题与描述相近"},
    "escalated": {
        "requester": "王芳",
        "text": _TEXT,
        "was": "P3",
        "reason": "第二次重复反映",
        "advice": "请查找背后的原因。",
        "assignee": "李伟",
        "due": _DUE,
    },
    "message": {"author": "王芳", "text": _TEXT, "status": "closed"},
    "answer": {"author": "李伟", "text": "请先重启打印机。\n还不行的话，下午两点我过来。"},
    "progress": {
        "status": "in_progress",
        "assignee_name": "李伟",
        "since": "11-23 10:00",
        "expected_by": "11-23 14:30",
    },
    "resolved": {"solution": "更换了硒鼓。", "by_similarity": False},
    "reopened": {"author": "王芳", "text": _TEXT, "reason": "报告人回信说没有解决"},
    "over": {"ended_at": "11-23 11:00", "is_alert": False},
    "undelivered": {"recipient": "wang@example.com", "template": "answer", "reason": "550 没有这个信箱"},
    "transcript": {"lines": (("!resolve", "工单已解决"), ("!priority P9", "没有这个优先级"))},
    "asked": {"missing": ("哪一台打印机，编号是多少", "什么时候开始的")},
    "handed_over": {"line": "二线支持", "reason": "一线没有这台打印机的权限"},
    "expected": {"expected_by": "11-23 14:30", "text": "我带新硒鼓过来。\n请留一位同事在。", "assignee_name": "李伟"},
    "reminder": {"solution": "更换了硒鼓。"},
    "joined": {"was": "202611-009"},
    "parted": {"was": "202611-009"},
    "again": {"due_by": "11-23 16:30"},
    "rating": {"steps": STEPS, "aspects": ASPECTS},
    "closed": {"reason": "您已确认解决"},
    "complained": {"decides": True},
    "decision": {"text": "处理人当天没有回复您，是我们的疏忽。\n以后由组长每天检查。"},
    "warning": {"clock": "response", "until": "11-23 10:30"},
    "review": {
        "category": "hardware",
        "impact": "medium",
        "urgency": "high",
        "reasons": ("“打印机”属于硬件",),
        "text": _TEXT,
        "assignee": "李伟",
    },
    "approval": {"requester": "王芳", "text": _TEXT, "reason": "超过解决期限", "assignee": "李伟"},
    "approved": {"granted": True, "author": "赵经理", "text": "同意请厂商来修。"},
    "complaint": {"author": "王芳", "text": "等了一天没有人来。", "verify": True},
    "findings": {"author": "周敏", "text": _TEXT, "findings": "处理人当天请假。\n没有人接手。"},
    "notice": {"address": "robot@example.net", "reason": "一小时内已自动答复 4 次"},
    "digest": {"notices": (("202611-042 三楼打印机", "repeated"), ("202611-043 邮箱满", "warning"))},
    "owed": {"owed": "投诉分析报告", "until": "11-25 18:00", "reason": "报告人投诉"},
}


def make_letter(template: Template, language: LetterLanguage = "zh-CN", /, **changes: Value) -> Letter:
    """A letter to Wang Fang, with some of its data changed."""
    return Letter(
        to="wang@example.com",
        name="王芳",
        template=template,
        language=language,
        references=("<first@example.com>", "<second@example.com>"),
        data=Map({**COMMON, **DATA[template], **changes}),
    )


def make_due(letter_id: int, letter: Letter | None = None, message: bytes | None = None) -> Due:
    """A claimed letter with a long lease."""
    return Due(
        letter_id=letter_id,
        message_id=f"<d1.a.7.{letter_id}.0123456789abcdef0123456789abcdef@example.com>",
        letter=letter or make_letter("receipt"),
        sender=SENDER,
        return_path="bounce@example.com",
        written_at=NOW,
        leased_until=NOW + timedelta(minutes=10),
        message=message,
    )
