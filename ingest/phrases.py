"""What mail programs write around a quoted mail, in the languages they speak. Regular expressions, lower case."""

from __future__ import annotations

#: Between hyphens, over a mail that is quoted or forwarded whole.
SEPARATORS = (
    r"original(?: message| appointment|nachricht)?", r"forwarded (?:message|mail|by [^\n]{1,80})",
    r"reply (?:message|above)", r"ursprüngliche (?:nachricht|mail|e-mail)", r"weitergeleitete nachricht",
    r"message (?:d'origine|original|transféré|initial)", r"mensaje (?:original|reenviado)",
    r"mensagem (?:original|encaminhada)", r"messaggio (?:originale|inoltrato)", r"oorspronkelijk bericht",
    r"doorgestuurd bericht", r"ursprungligt meddelande", r"originalt? meddelande",
    r"oprindelig (?:meddelelse|besked)", r"opprinnelig melding", r"oryginalna wiadomość", r"wiadomość oryginalna",
    r"původní zpráva", r"eredeti üzenet", r"исходное сообщение", r"пересылаемое сообщение", r"orijinal mesaj",
    r"原始(?:邮件|郵件|信件|訊息|消息)", r"(?:回复|回覆|转发|轉發|轉寄)的?原?(?:邮件|郵件)(?:信息)?",
    r"原(?:邮件|郵件)", r"邮件原件", r"元のメッセージ", r"원본 메시지",
)  # fmt: skip

#: Over a quoted header block, also without hyphens.
BARE_SEPARATORS = (
    r"原始(?:邮件|郵件)", r"回(?:复|覆)的原(?:邮件|郵件)", r"转发邮件信息", r"original(?: message)?",
    r"begin forwarded message", r"-{6,}", r"_{6,}", r"={10,}", r"-{3,}[\w .]{0,40}-{3,}",
)  # fmt: skip

#: The marks that stand over a forwarded mail and over no other.
FORWARDED = (
    r"forwarded (?:message|mail|by )", r"weitergeleitete (?:nachricht|mail|e-mail)", r"message transféré",
    r"mensaje reenviado", r"mensagem encaminhada", r"messaggio inoltrato", r"doorgestuurd bericht",
    r"vidarebefordrat (?:mail|meddelande)", r"videresendt (?:melding|meddelelse|besked)", r"пересылаемое сообщение",
    r"пересланное сообщение", r"wiadomość przekazana", r"(?:转发|轉發|轉寄|转寄)的?(?:邮件|郵件|信息|訊息)",
    r"転送されたメッセージ", r"전달된 메시지",
)  # fmt: skip

#: How an attribution opens, before its date.
OPENINGS = (
    "on", "op", "am", "le", "el", "em", "il", "at", "den", "på", "dne", "dnia", "w dniu", "ons", "tor", "fre", "tir",
    "man",
)  # fmt: skip

#: What an attribution ends with, before its colon: no patterns, plain endings.
WROTE = (
    "wrote", "writes", "schrieb", "schrieben", "schreef", "het volgende", "geschreven", "a écrit", "escribió",
    "lo siguiente", "escreveu", "ha scritto", "scrisse", "skrev", "följande", "har skrevet", "napisał", "napisał(a)",
    "napisała", "napsal", "napsal(a)", "napsala", "написал", "написала", "написал(а)", "написав", "пишет", "yazdı",
    "kirjoitti", "írta", "写道", "写到", "寫道", "來信寫道", "写了", "のメール", "님이 작성",
)  # fmt: skip

#: Chinese verbs end an attribution without a colon too; "wrote" alone ends many a sentence.
WROTE_WITHOUT_COLON = ("写道", "寫道")

#: Verbs that stand before the name: "Den 15. jun. skrev Jeff:".
WROTE_BEFORE_NAME = ("skrev", "schreef", "schrieb", "escribió", "escreveu", "ha scritto", "a écrit")

#: The fields of a quoted header, by what they tell.
FIELD_NAMES = {
    "from": "from|von|de|da|van|från|fra|od|от|kimden|gönderen|lähettäjä|发件人|寄件者|寄件人|發件人|"
    "發信人|发信人|差出人|送信者|送信元|보낸 사람",
    "date": "sent|date|message du|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviada|enviado em|enviada em|"
    "fecha|data|inviato|verzonden|skickat|sendt|dato|dátum|wysłano|отправлено|дата|tarih|"
    "发送时间|发件时间|发送日期|寄件日期|傳送日期|發送時間|發送日期|已发送|已發送|已傳送|傳送時間|传送时间|時間|时间|日期|日時|"
    "送信日時|发信时间|날짜|보낸 날짜",
    "to": "to|an|à|para|a|aan|till|til|do|кому|kime|收件人|收件者|收信人|宛先|받는 사람",
    "cc": "cc|kopie|copie à|copie|con copia|kopia|kopi|dw|копия|bilgi|抄送|副本|副本抄送|抄送人|참조",
    "subject": "subject|sujet|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|konu|aihe|主题|"
    "主旨|主題|标题|標題|件名|제목",
    "other": "reply-to|importance|priority|attachments|risposta|bcc|重要性|优先级|附件|密送",
}

#: Lines that a telephone or a program adds under a mail.
PROGRAM_SIGNATURES = (
    (r"(?:sent|envoyé|gesendet|enviado|inviato|verzonden|verstuurd|skickat|sendt|wysłan[eo]"
     r"|отправлено) (?:mobile )?(?:mit|desde|depuis|de|do|da|dal|from|via|using|von|vanaf|met"
     r"|från|fra|с|z|with|by)\b[^\n]{1,90}"),
    r"diese nachricht wurde von meinem [^\n]{1,60} gesendet[^\n]{0,20}",
    r"(?:get|holen sie sich|téléchargez|obtener|obter o|scarica) outlook (?:for|für|pour|para|per) [^\n]{1,60}",
    r"(?:this )?(?:email|message|mail) (?:was )?sent (?:from|via|using|with) [^\n]{1,80}",
    r"(?:获取|取得) ?(?:适用于|適用於)?[^\n]{0,20}outlook[^\n]{0,60}",
    r"(?:发送|發送|傳送|发|發|来|來)自 ?(?:我的)? ?[^\n。，,]{1,60}", r"(?:从|從)我的[^\n。，,]{1,30}(?:发|發|傳)送",
    r"从 ?(?:windows|outlook)[^\n]{0,30}(?:邮件|发送)[^\n]{0,30}",
    r"(?:使用|由|通过|通過)[^\n。，,]{1,30}(?:发送|傳送|發送|发出)", r"i?(?:phone|pad)から送信",
    r"나의 [^\n]{1,20}에서 보냄",
)  # fmt: skip

#: The last line of the card that NetEase's app sets under a mail, a table that begins with an empty cell.
CARD_END = "签名由网易邮箱大师定制"
CARD_BEGIN = "| |"
