"""What the desk's own terms are called in letters. A term without a name here is shown as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.letter import LetterLanguage

#: term, zh-CN, zh-TW, en
_ROWS = (
    ("new", "已登记", "已建立", "new"),
    ("assigned", "已分派", "已指派", "assigned"),
    ("in_progress", "处理中", "處理中", "in progress"),
    ("waiting", "等待回复", "等待回覆", "waiting"),
    ("waiting_for_requester", "等待您补充信息", "等待您補充資訊", "waiting for your answer"),
    ("waiting_for_others", "等待其他方处理", "等待其他單位處理", "waiting for somebody outside the desk"),
    ("resolved", "已解决，待确认", "已解決，待確認", "resolved, to be confirmed"),
    ("closed", "已关闭", "已結案", "closed"),
    ("incident", "故障", "故障", "incident"),
    ("request", "服务请求", "服務請求", "request"),
    ("question", "咨询", "諮詢", "question"),
    ("complaint", "投诉", "客訴", "complaint"),
    ("suggestion", "建议", "建議", "suggestion"),
    ("hardware", "硬件", "硬體", "hardware"),
    ("software", "软件", "軟體", "software"),
    ("account", "账号与权限", "帳號與權限", "account and permission"),
    ("network", "网络", "網路", "network"),
    ("consulting", "咨询", "諮詢", "consulting"),
    ("other", "其他", "其他", "other"),
    ("large", "大", "大", "large"),
    ("medium", "中", "中", "medium"),
    ("small", "小", "小", "small"),
    ("high", "高", "高", "high"),
    ("low", "低", "低", "low"),
    ("response", "响应期限", "回應期限", "Respond by"),
    ("resolution", "解决期限", "解決期限", "Resolve by"),
    ("progress", "进展通报期限", "進度回報期限", "Report progress by"),
    ("acknowledgement", "确认期限", "確認期限", "Acknowledge by"),
    ("acceptance", "受理期限", "受理期限", "Accept by"),
    ("assignment", "分派期限", "指派期限", "Assign by"),
    ("diagnosis", "诊断期限", "診斷期限", "Diagnose by"),
    ("arrival", "到场期限", "到場期限", "Arrive by"),
    ("handling", "处理期限", "處理期限", "Finish handling by"),
    ("confirmation", "报告人确认期限", "報告人確認期限", "Requester confirms by"),
    ("reassessment", "重新评估期限", "重新評估期限", "Reassess by"),
    ("review", "复核期限", "複核期限", "Review by"),
    ("verification", "核实期限", "查證期限", "Verify by"),
    ("decision", "决定期限", "決定期限", "Decide by"),
    ("answer", "答复期限", "答覆期限", "Answer by"),
    ("letter receipt", "收件确认", "收件確認", "receipt"),
    ("letter assigned", "分派通知", "指派通知", "assignment"),
    ("letter unassigned", "待分派通知", "待指派通知", "call for an assignee"),
    ("letter firing", "新增告警通知", "新增告警通知", "notice of a further alert"),
    ("letter storm", "告警风暴通知", "告警風暴通知", "notice of a storm of alerts"),
    ("letter repeated", "重复反映通知", "重複反映通知", "notice of a repeat"),
    ("letter escalated", "升级通知", "升級通知", "escalation"),
    ("letter message", "来信转达", "來信轉達", "message passed on"),
    ("letter answer", "回复", "回覆", "answer"),
    ("letter complained", "投诉受理", "客訴受理", "word that a complaint has come"),
    ("letter progress", "进展通知", "進度通知", "progress"),
    ("letter resolved", "解决通知", "解決通知", "resolution"),
    ("letter reopened", "重新打开通知", "重新開啟通知", "notice of reopening"),
    ("letter over", "恢复通知", "恢復通知", "all clear"),
    ("letter undelivered", "未送达通知", "未送達通知", "notice of non-delivery"),
    ("letter transcript", "指令结果", "指令結果", "results of commands"),
    ("letter asked", "补充信息请求", "補充資訊請求", "question"),
    ("letter handed_over", "转交通知", "轉交通知", "notice of a hand-over"),
    ("letter expected", "预计时间通知", "預計時間通知", "expected time"),
    ("letter reminder", "解决确认提醒", "解決確認提醒", "reminder"),
    ("letter again", "继续处理通知", "繼續處理通知", "notice that work goes on"),
    ("letter rating", "满意度调查", "滿意度調查", "satisfaction question"),
    ("letter closed", "关闭通知", "結案通知", "notice of closing"),
    ("letter decision", "投诉处理决定", "客訴處理決定", "decision about a complaint"),
    ("letter warning", "到期提醒", "到期提醒", "warning"),
    ("letter review", "复核请求", "複核請求", "call for a review"),
    ("letter approval", "审批请求", "簽核請求", "request for approval"),
    ("letter approved", "审批结果", "簽核結果", "outcome of an approval"),
    ("letter complaint", "投诉通知", "客訴通知", "complaint"),
    ("letter findings", "投诉核实结果", "客訴查證結果", "findings about a complaint"),
    ("letter notice", "提醒", "提醒", "notice"),
    ("letter digest", "通知汇总", "通知彙總", "digest"),
    ("letter joined", "合并通知", "合併通知", "notice of joining"),
    ("letter parted", "更正通知", "更正通知", "correction"),
    ("letter owed", "待写通知", "待寫通知", "notice of what is owed"),
)

_NAMES: Mapping[LetterLanguage, Mapping[str, str]] = {
    "zh-CN": {term: name for term, name, _, _ in _ROWS},
    "zh-TW": {term: name for term, _, name, _ in _ROWS},
    "en": {term: name for term, _, _, name in _ROWS},
}

#: How a name ends that says itself that a due time follows.
_SAYS_DUE = ("限", "时间", "時間", " by", "deadline")


def name_term(term: str | None, language: LetterLanguage) -> str | None:
    """The name of a status, kind, category, impact, urgency or clock; None stays None."""
    return None if term is None else _NAMES[language].get(term, term)


def name_clock(clock: str, language: LetterLanguage) -> str:
    """What is written before a clock's due time. The names that rulebooks give their clocks do not say that it is one.

    `处理：14:30` would read as the time at which it was done.
    """
    name = _NAMES[language].get(clock, clock)
    if name != clock or name.endswith(_SAYS_DUE):
        return name
    return f"{name[:1].upper()}{name[1:]} by" if language == "en" else f"{name}期限"
