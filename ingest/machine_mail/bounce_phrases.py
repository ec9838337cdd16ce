"""The words of delivery reports that follow no standard. Regular expressions, lower case."""

from __future__ import annotations

#: Local parts that belong to mail systems.
MACHINES = (
    r"mail(?:er|delivery)?[._-]?(?:daemon|system|subsystem|robot)", r"mdaemon", r"mta[._-]?daemon", r"scanmail",
    r"microsoftexchange[0-9a-f]+", r"symantec_antivirus\S*", r"ecelerity", r"mmail", r"dts",
    r"[\w.+-]*(?:mailer-?daemon|post_?master|bounce|undeliver)[\w.+-]*",
)  # fmt: skip

#: Local parts, and names that are shown, of mail systems and of people.
PERHAPS_MACHINES = (
    r"(?:mail|e-?mail|system|internet)?[._-]?admin(?:istrator)?",
    r"(?:e?mail|mx|mds|mta|smtp)[._-]?\w{0,8}",
)
PERHAPS_NAMED = (
    (r"^(?:internet )?(?:e-?mail|mail|message|delivery)(?: \w+)? ?"
     r"(?:system|service|server|router|subsystem|daemon|agent)\b"),
    r"^system administrator\b", r"^microsoft outlook$", r"系统(?:管理员|退信)", r"系統管理員",
    r"邮件(?:系统|投递|管理员)", r"郵件系統",
)  # fmt: skip

#: What their subjects say.
SUBJECTS = (
    r"undeliver", r"non[- ]?deliver", r"not (?:be )?delivered",
    r"delivery (?:status|report|notification|fail|problem|error|has|incomplete)",
    r"deliver\w* (?:\w+ )?(?:fail|problem|error)", r"fail\w* (?:to )?(?:mail |message )?deliver",
    r"returned (?:mail|to sender)", r"returning (?:mail |message )?to sender",
    r"(?:mail|message)\W+(?:\w+ ){0,3}(?:returned|rejected|refused|bounce)",
    r"failure (?:notice|notification|delivery)",
    r"(?:mail|message|delivery|send\w*) (?:\w+ )?(?:failure|failed|error)", r"bounce",
    r"warning: (?:could not send|message)", r"(?:could|can) ?not (?:be )?(?:sen[dt]|deliver)", r"unable to deliver",
    r"user unknown", r"unknown user", r"rejected mail", r"mail system error", r"unzustell", r"nicht zugestellt",
    r"zustell", r"nicht erfolgreich", r"non remis", r"échec", r"no entregad", r"não entreg",
    r"mancato recapito", r"no se (?:puede|pudo) entregar", r"não (?:é|foi) possível entregar", r"non recapitabil",
    r"onbestelbaar", r"olevererbar", r"kan ikke leveres", r"niedostarcz", r"nie można dostarczyć", r"недоставлен",
    r"не удалось доставить", r"teslim edilemedi", r"nedoručiteln", r"kézbesíthetetlen", r"배달되지", r"전송 실패",
    r"delayed mail", r"delivery delayed", r"verzögert", r"(?:传递|傳遞)(?:延迟|延遲|已延迟|已延遲)",
    r"配信", r"返送", r"エラーメール", r"不達", r"メール.{0,8}(?:エラー|届)", r"退信", r"退回",
    r"(?:无法|無法)(?:投递|投遞|送达|傳遞)", r"未(?:送达|传递)", r"(?:投递|发送|發送|傳送|遞送)失(?:败|敗)",
)  # fmt: skip

#: What their texts say.
TROUBLES = (
    r"user unknown", r"unknown user", r"invalid user", r"no such (?:user|recipient|address|person|mailbox)",
    r"transcript of session", r"host (?:unknown|not found)",
    (r"(?:mailbox|account|user|address|recipient|destination)[^.\n]{0,60}(?:unavailable"
     r"|not found|unknown|does(?:n't| not) exist|disabled|inactive|full|over ?quota|rejected"
     r"|not exist|invalid)"),
    r"(?:could not|couldn't|cannot|can't|unable to|was not|not) (?:be )?deliver", r"undeliver",
    r"permanent (?:fatal )?error", r"fatal error", r"delivery (?:to|failed|of|has|attempt|failure|error|status)",
    r"failed (?:permanently|to deliver|recipient)", r"no valid recipients", r"has been (?:rejected|returned)",
    r"returned (?:to sender|mail|message)", r"over quota", r"quota exceed",
    r"message (?:was )?(?:rejected|refused|undeliver)", r"following (?:address|recipient|destination)", r"不存在",
    r"(?:无法|無法)投(?:递|遞)", r"退信", r"拒收", r"用户未知", r"邮箱已满", r"投递失败", r"配送できません",
    r"(?<!\d)[45]\d\d[ -]#?[45]\.\d{1,2}\.\d{1,3}(?!\d)", r"お届けできません", r"送信できません", r"見つかりません",
    r"宛先",
)  # fmt: skip

#: How list managers say in a subject that they took no mail of ours.
REFUSED_BY_LISTS = (
    r"are not (?:a )?member", r"not (?:a )?(?:member|subscribe[rd])", r"loop alert",
    r"(?:post|message)[^\n]{0,40} rejected",
    r"(?:post|posting)[^\n]{0,40} not (?:allowed|permitted)",
)  # fmt: skip

#: What says that a failure may pass, where no status code does.
PASSING = (
    "delayed", "will (?:be retried|retry|keep trying|continue)", "temporar", "still trying", "warning message only",
    "not yet been delivered", "over ?quota", "quota exceed", "mailbox (?:is )?full", "try again later",
    "timed? ?out", "timeout exceeded", "failing for a long time", "邮箱已满", "空间不足",
)  # fmt: skip

#: The line over the mail that came back.
RETURNED = (
    (r"[ \t]*-{2,}[^\n]{0,10}(?:original message|this is a copy|returned message"
     r"|undelivered message|below this line|message header|unsent message|included is|this copy)"),
    r"[ \t]*(?:received|return-path):[ \t]",
)  # fmt: skip
