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
)

TERMS: Final[Mapping[tuple[str, str], dict[LetterLanguage, str]]] = {
    (field, term): {"en": english, "zh-CN": simplified, "zh-TW": traditional}
    for field, term, english, simplified, traditional in _ROWS
}
