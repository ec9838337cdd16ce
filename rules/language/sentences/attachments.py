"""What becomes of attachments.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
"""

from __future__ import annotations

from typing import Final

ROWS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("attachments-refused", "not taken: {refused}", "未接收附件：{refused}", "未接收附件：{refused}"),
    ("attachment-refused", "{file} ({size}): {why}", "{file}（{size}）：{why}", "{file}（{size}）：{why}"),
    (
        "attachment-refused-by-place",
        "attachment {place} ({size}): {why}",
        "第 {place} 个附件（{size}）：{why}",
        "第 {place} 個附件（{size}）：{why}",
    ),
    (
        "attachment-enclosed",
        "{file} ({size}), attached to this mail",
        "{file}（{size}），已附在本邮件中",
        "{file}（{size}），已附在本郵件中",
    ),
    (
        "attachment-left",
        "{file} ({size}), too large to attach here: it is in the original mail",
        "{file}（{size}），超出本邮件的附件上限，请在原始邮件中查看",
        "{file}（{size}），超出本郵件的附件上限，請在原始郵件中查看",
    ),
    ("refused-program", "programs are not taken", "不接收程序文件", "不接收程式檔"),
    ("refused-type", "only {types} are taken", "只接收 {types}", "只接收 {types}"),
    (
        "refused-contents",
        "it is not what its name says",
        "文件内容与文件名或类型不符",
        "檔案內容與檔名或類型不符",
    ),
    ("refused-size", "larger than {largest}", "超过 {largest}", "超過 {largest}"),
    (
        "refused-count",
        "one mail may bring {most} attachments",
        "一封邮件最多 {most} 个附件",
        "一封郵件最多 {most} 個附件",
    ),
)
