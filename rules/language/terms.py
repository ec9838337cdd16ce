"""What the fixed terms of every desk are called, where its rulebook gives them no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.letter import LetterLanguage

#: field, term, English, zh-CN, zh-TW
_ROWS: Final = (
    ("impact", "large", "large", "大", "大"),
    ("impact", "medium", "medium", "中", "中"),
    ("impact", "small", "small", "小", "小"),
    ("urgency", "high", "high", "高", "高"),
    ("urgency", "medium", "medium", "中", "中"),
    ("urgency", "low", "low", "低", "低"),
    ("kind", "incident", "incident", "故障", "故障"),
    ("kind", "request", "request", "服务请求", "服務請求"),
    ("kind", "question", "question", "咨询", "諮詢"),
    ("kind", "complaint", "complaint", "投诉", "客訴"),
    ("kind", "suggestion", "suggestion", "建议", "建議"),
    ("status", "resolved", "resolved", "已解决", "已解決"),
    ("status", "closed", "closed", "已关闭", "已結案"),
    ("role", "lead", "lead", "组长", "組長"),
    ("role", "supervisor", "supervisor", "主管", "主管"),
    ("role", "manager", "manager", "经理", "經理"),
    ("role", "head", "head", "负责人", "負責人"),
    ("clock", "response", "response", "响应", "回應"),
    ("clock", "resolution", "resolution", "解决", "解決"),
    ("clock", "progress", "progress", "进展通报", "進度回報"),
    ("clock", "acknowledgement", "acknowledgement", "确认接单", "確認接單"),
    ("clock", "acceptance", "acceptance", "受理", "受理"),
    ("clock", "assignment", "assignment", "分派", "指派"),
    ("clock", "diagnosis", "diagnosis", "初步诊断", "初步診斷"),
    ("clock", "arrival", "arrival", "到场", "到場"),
    ("clock", "handling", "handling", "处理", "處理"),
    ("clock", "confirmation", "confirmation", "用户确认", "使用者確認"),
    ("clock", "reassessment", "reassessment", "重新评估", "重新評估"),
    ("moment", "opened", "opened", "工单已建立", "工單已建立"),
    ("moment", "assigned", "assigned", "工单已分派", "工單已指派"),
    ("moment", "unassigned", "unassigned", "工单待重新分派", "工單待重新指派"),
    ("moment", "accepted", "accepted", "工单已受理", "工單已受理"),
    ("moment", "acknowledged", "acknowledged", "处理人已接单", "處理人員已接單"),
    ("moment", "responded", "first answer", "已首次回复报告人", "已首次回覆報告人"),
    ("moment", "diagnosed", "diagnosed", "已作出诊断", "已完成診斷"),
    ("moment", "arrived", "arrived on site", "工程师已到场", "工程師已到場"),
    ("moment", "left", "the visit is over", "现场服务已结束", "到場服務已結束"),
    ("moment", "handed_over", "handed over to another line", "工单已转线", "工單已轉線"),
    ("moment", "reviewed", "reviewed", "已复核", "已複核"),
    ("moment", "asked", "the requester was asked", "已请报告人补充信息", "已請報告人補充資訊"),
    ("moment", "answered", "the requester answered", "报告人已补充信息", "報告人已補充資訊"),
    ("moment", "resolved", "resolved", "工单已解决", "工單已解決"),
    ("moment", "confirmed", "confirmed as solved", "报告人已确认解决", "報告人已確認解決"),
    ("moment", "refused", "the solution was refused", "报告人表示未解决", "報告人表示未解決"),
    ("moment", "reassessed", "looked at again", "已重新评估", "已重新評估"),
    ("moment", "complained", "a complaint", "收到投诉", "收到客訴"),
    ("moment", "verified", "the complaint was verified", "投诉已核实", "客訴已查證"),
    ("moment", "decided", "the complaint was decided", "投诉已有处理决定", "客訴已有處理決定"),
    ("moment", "rated", "rated", "报告人已评价", "報告人已評價"),
    ("moment", "closed", "closed", "工单已关闭", "工單已結案"),
    ("moment", "written", "written", "已提交", "已提交"),
)

TERMS: Final[Mapping[tuple[str, str], dict[LetterLanguage, str]]] = {
    (field, term): {"en": english, "zh-CN": simplified, "zh-TW": traditional}
    for field, term, english, simplified, traditional in _ROWS
}
