"""How each command is written, and what it does: for `!help`, and for those that were not understood.

Each row is a key and its sentence in English, zh-CN and zh-TW; `rules.language.sayings` tells what stands in braces.
What a `use-` row says is a command that can be sent as it stands.
"""

from __future__ import annotations

from typing import Final

_USES: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("take", "!take", "!认领", "!認領"),
    ("resolve", "!resolve replaced the cable", "!解决 更换了网线", "!解決 更換了網路線"),
    ("assign", "!assign Wang Wei", "!转给 王伟", "!轉給 王偉"),
    ("wait", "!wait vendor", "!等待 供应商", "!等待 廠商"),
    ("line", "!line {line}", "!转线 {line}", "!轉線 {line}"),
    ("priority", "!priority {level}", "!优先级 {level}", "!優先順序 {level}"),
    ("category", "!category {category}", "!分类 {category}", "!分類 {category}"),
    ("eta", "!eta tomorrow 15:30", "!预计 明天 15:30", "!預計 明天 15:30"),
    ("diagnose", "!diagnose {category}: bad cable", "!诊断 {category}：网线损坏", "!診斷 {category}：網路線損壞"),
    ("note", "!note calls back at noon", "!备注 中午回电", "!備註 中午回電"),
    ("escalate", "!escalate we are stuck", "!升级 我们无法解决", "!升級 我們無法解決"),
    ("approve", "!approve", "!批准", "!核准"),
    ("reject", "!reject too expensive", "!驳回 费用过高", "!駁回 費用過高"),
    ("review", "!review {level} {category}", "!复核 {level} {category}", "!複核 {level} {category}"),
    ("findings", "!findings nobody called back", "!核实 无人回电", "!查證 無人回電"),
    ("decide", "!decide we apologise", "!决定 致歉", "!決定 致歉"),
    ("arrived", "!arrived building 3", "!到场 3 号楼", "!到場 3 號樓"),
    ("left", "!left two cables used", "!离场 用了两根网线", "!離場 用了兩條網路線"),
    ("report", "!report {owed} the text of it", "!报告 {owed} 正文", "!報告 {owed} 內文"),
    ("owe", "!owe {owed}", "!待写 {owed}", "!待寫 {owed}"),
    ("close", "!close confirmed by phone", "!关闭 电话确认", "!結案 電話確認"),
    ("silence", "!silence 2h", "!静默 2h", "!靜默 2h"),
    ("for", "!for alice@corp.example", "!代报 alice@corp.example", "!代報 alice@corp.example"),
    ("join", "!join", "!合并", "!合併"),
    ("split", "!split", "!拆分", "!拆分"),
    ("help", "!help", "!帮助", "!說明"),
)

_DOES: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("take", "makes the ticket yours", "由您负责本工单", "由您負責本工單"),
    (
        "resolve",
        "writes down the solution and asks the requester whether it is solved",
        "记录解决方案，并请报告人确认是否解决",
        "記錄解決方案，並請報告人確認是否解決",
    ),
    (
        "assign",
        "gives the ticket to a colleague, by name or address; a reason may follow",
        "按姓名或地址转给同事，后面可写原因",
        "依姓名或地址轉給同事，後面可寫原因",
    ),
    (
        "wait",
        "waits for the requester, whom the lines below ask, or for whom you name; clocks that may be held are held",
        "等待报告人或您写明的一方，下面各行发给报告人询问，可暂停的时限随之暂停",
        "等待報告人或您寫明的一方，下面各行發給報告人詢問，可暫停的時限隨之暫停",
    ),
    (
        "line",
        'hands over to another line, or to the next one with "up"',
        "转给另一线支持，写“上一级”即转下一线",
        "轉給另一線支援，寫「上一級」即轉下一線",
    ),
    (
        "priority",
        'sets the level, also "up" or "down"; a reason may follow',
        "修改优先级，也可写“提高”或“降低”，后面可写原因",
        "修改優先順序，也可寫「提高」或「降低」，後面可寫原因",
    ),
    (
        "category",
        "sets the category; its team gets the ticket",
        "修改分类，工单转给负责的组",
        "修改分類，工單轉給負責的組",
    ),
    (
        "eta",
        "tells the requester when to expect you or the solution (15:30, 2h, 4wh, 2026-12-01 09:00); words may follow",
        "告知报告人预计时间（15:30、2小时、4wh、2026-12-01 09:00），后面可附言",
        "告知報告人預計時間（15:30、2小時、4wh、2026-12-01 09:00），後面可附言",
    ),
    (
        "diagnose",
        "records what is wrong; a category and a colon before it set the category",
        "记录诊断结果，前面写分类和冒号即同时修改分类",
        "記錄診斷結果，前面寫分類和冒號即同時修改分類",
    ),
    ("note", "keeps words inside the desk", "只在服务台内部记录", "只在服務台內部記錄"),
    (
        "escalate",
        "asks for help from above; a reason may follow",
        "请求上级支援，后面可写原因",
        "請求上級支援，後面可寫原因",
    ),
    ("approve", "gives the approval that is asked for", "批准所请示的事项", "核准所請示的事項"),
    ("reject", "refuses the approval that is asked for", "驳回所请示的事项", "駁回所請示的事項"),
    (
        "review",
        "confirms level and category, or sets what you name",
        "复核优先级和分类，写明的即改为该值",
        "複核優先順序和分類，寫明的即改為該值",
    ),
    ("findings", "records what you found out about the complaint", "记录投诉的核实结果", "記錄客訴的查證結果"),
    (
        "decide",
        "tells the requester the decision on the complaint",
        "将投诉处理决定告知报告人",
        "將客訴處理決定告知報告人",
    ),
    ("arrived", "records that you are on site", "记录到达现场", "記錄到達現場"),
    ("left", "records that you left, and the parts used", "记录离开现场和所用配件", "記錄離開現場和所用零件"),
    ("report", "writes what is owed", "提交待写的内容", "提交待寫的內容"),
    ("owe", "has something written, by its time limit", "要求限期提交", "要求限期提交"),
    ("close", "closes the ticket, for the reason you give", "按写明的原因关闭工单", "依寫明的原因結案"),
    (
        "silence",
        'silences the ticket\'s alerts while they fire, so long at most; "off" ends it',
        "告警持续期间静默本工单的告警，最长不超过所写时间；写“结束”即解除",
        "告警持續期間靜默本工單的告警，最長不超過所寫時間；寫「結束」即解除",
    ),
    ("for", "makes somebody else the requester", "将报告人改为他人", "將報告人改為他人"),
    (
        "join",
        "makes it a part of the ticket it may be the same as, or of the one you name; confirms who joined by likeness",
        "并入所建议的或您写明的工单；也可确认因相似而并入的人",
        "併入所建議的或您寫明的工單；也可確認因相似而併入的人",
    ),
    (
        "split",
        "undoes a join; with several, a number, an address or an alert's name says which",
        "撤销合并；有多个时写明工单号、地址或告警名",
        "撤銷合併；有多個時寫明工單號、地址或告警名",
    ),
    ("help", "lists these commands", "列出这些指令", "列出這些指令"),
)

ROWS: Final = (
    *((f"use-{verb}", english, simplified, traditional) for verb, english, simplified, traditional in _USES),
    *((f"does-{verb}", english, simplified, traditional) for verb, english, simplified, traditional in _DOES),
)
