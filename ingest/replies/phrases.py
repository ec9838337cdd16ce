"""What mail programs write around a quoted mail, in the languages they speak. Regular expressions, lower case."""

from __future__ import annotations

#: Between hyphens, over a mail that is quoted or forwarded whole.
SEPARATORS = (
    r"original(?: message| appointment|nachricht)?", r"forwarded (?:message|mail|by [^\n]{1,80})", r"reply message",
    r"(?:please )?(?:type your )?reply above(?: this line)?", r"请在此行(?:以上|上方)回复",
    r"ursprüngliche (?:nachricht|mail|e-mail)", r"weitergeleitete nachricht",
    r"message (?:d'origine|original|transféré|initial)", r"mensaje (?:original|reenviado)",
    r"mensagem (?:original|encaminhada)", r"messaggio (?:originale|inoltrato)", r"oorspronkelijk bericht",
    r"doorgestuurd bericht", r"ursprungligt meddelande", r"originalt? meddelande",
    r"oprindelig (?:meddelelse|besked)", r"opprinnelig melding", r"oryginalna wiadomość", r"wiadomość oryginalna",
    r"původní zpráva", r"eredeti üzenet", r"исходное сообщение", r"пересылаемое сообщение", r"orijinal mesaj",
    r"原始(?:邮件|郵件|信件|信息|訊息|消息)", r"(?:邮件|郵件)原文", r"replied message",
    r"(?:回复|回覆|转发|轉發|轉寄)的?原?(?:邮件|郵件)(?:信息)?", r"原(?:邮件|郵件)", r"邮件原件", r"元のメッセージ",
    r"원본 메시지",
)  # fmt: skip

#: Over a quoted header block, also without hyphens.
BARE_SEPARATORS = (
    r"原始(?:邮件|郵件|信息|訊息)", r"回(?:复|覆)的原(?:邮件|郵件)", r"转发邮件信息", r"original(?: message)?",
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
    "man", "vào", "pada", "în", "στις", "dana", "dňa",
)  # fmt: skip

#: What an attribution ends with, before its colon: no patterns, plain endings.
WROTE = (
    "wrote", "writes", "schrieb", "schrieben", "schreef", "het volgende", "geschreven", "a écrit", "escribió",
    "lo siguiente", "escreveu", "ha scritto", "scrisse", "skrev", "följande", "har skrevet", "napisał", "napisał(a)",
    "napisała", "napsal", "napsal(a)", "napsala", "napísal", "napísal(a)", "napísala", "je napisao", "je napisala",
    "je napisao/la", "napisao je", "написал", "написала", "написал(а)", "написав", "написала(в)", "написа", "пишет",
    "пише", "yazdı", "şunu yazdı", "kirjoitti", "kirjutas", "írta", "a scris", "va escriure", "έγραψε", "rašė",
    "rakstīja", "menulis", "đã viết", "כתב", "כתב/ה", "كتب", "写道", "写到", "寫道", "來信寫道", "写了", "のメール",
    "님이 작성", "さんは書きました", "เขียนว่า",
)  # fmt: skip

#: Chinese verbs end an attribution without a colon too; "wrote" alone ends many a sentence.
WROTE_WITHOUT_COLON = ("写道", "寫道")

#: Verbs that stand before the name: "Den 15. jun. skrev Jeff:".
WROTE_BEFORE_NAME = ("skrev", "schreef", "schrieb", "escribió", "escreveu", "ha scritto", "a écrit")

#: The fields of a quoted header, by what they tell.
FIELD_NAMES = {
    "from": "from|von|de|de la|da|dari|van|från|fra|od|šalje|от|від|kimden|gönderen|lähettäjä|feladó|από|"
    "от кого|từ|发件人|寄件者|寄件人|發件人|發信人|发信人|從|差出人|送信者|送信元|보낸 사람|"
    "보낸사람|จาก",
    "date": "sent|date|sent on|send time|message du|gesendet|datum|envoyé|envoyé le|envoyé à|enviado|"
    "enviado el|enviada|enviado em|enviada em|fecha|data|inviato|verzonden|skickat|sendt|dato|"
    "dátum|wysłano|odesláno|odoslané|poslano|lähetetty|päiväys|elküldve|küldve|trimis|στάλθηκε|"
    "ημερομηνία|отправлено|надіслано|дата|tarih|gönderildi|gönderme tarihi|dikirim|tanggal|gửi|"
    "đã gửi|ngày|发送时间|发件时间|发件日期|发送日期|寄件日期|傳送日期|發送時間|發送日期|已发送|"
    "已發送|已傳送|傳送時間|传送时间|時間|时间|日期|日時|送信日時|发信时间|날짜|보낸 날짜|"
    "보낸날짜|วันที่",
    "to": "to|an|à|para|a|aan|till|til|do|komu|címzett|vastaanottaja|către|προς|кому|kime|alıcı|kepada|"
    "đến|prima|recipient|收件人|收件者|收信人|至|宛先|받는 사람|받는사람|ถึง",
    "cc": "cc|kopie|copie à|copie|con copia|kopia|kopi|dw|másolatot kap|kopio|копия|копія|bilgi|抄送|"
    "副本|副本抄送|抄送人|참조",
    "subject": "subject|sujet|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|předmět|predmet|"
    "tárgy|subiect|θέμα|тема|konu|aihe|subjek|perihal|chủ đề|主题|主旨|主題|标题|標題|件名|제목|"
    "เรื่อง",
    "other": "reply-to|importance|priority|attachments|risposta|bcc|重要性|优先级|附件|密送",
}

#: Lines that a telephone or a program adds under a mail.
PROGRAM_SIGNATURES = (
    (r"(?:sent|envoyé|gesendet|enviado|inviato|verzonden|verstuurd|skickat|sendt|wysłan[eo]|odesláno|odoslané|lähetetty"
     r"|elküldve|trimis|отправлено|надіслано) (?:mobile )?(?:mit|desde|depuis|de|do|da|dal|from|via|using|von|vanaf|met"
     r"|från|fra|z|zo|с|із|with|by|din|mobil)\b[^\n]{1,90}"),
    r"(?:von meinem|from my|de mon|desde mi|dal mio|van mijn) [^\n]{1,40} (?:gesendet|verschickt|verzonden)",
    r"diese nachricht wurde von meinem [^\n]{1,60} gesendet[^\n]{0,20}",
    (r"(?:get|holen sie sich|laden sie|téléchargez|obtenez|obtener|descargar|obter o|baixe o|scarica|ottieni|pobierz"
     r"|download) outlook (?:for|für|pour|para|per|voor|dla) [^\n]{1,60}"),
    r"(?:this )?(?:email|message|mail) (?:was )?sent (?:from|via|using|with) [^\n]{1,80}",
    r"(?:获取|取得|下载|下載) ?(?:适用于|適用於)?[^\n]{0,20}outlook[^\n]{0,60}",
    r"(?:发送|發送|傳送|发|發)自 ?(?:我的)? ?[^\n。，,]{1,60}", r"(?:来|來)自 ?我的[^\n。，,]{1,60}",
    (r"(?:来|來)自[^\n。，,]{0,30}(?:iphone|ipad|android|安卓|手机|手機|邮箱|郵箱|邮件|郵件|qq|微信|钉钉|outlook|foxmail|飞书"
     r"|华为|小米|荣耀)[^\n。，,]{0,20}"),
    r"(?:从|從|通过|通過|用)我的[^\n。，,]{1,30}(?:发|發|傳)[送出]",
    r"从 ?(?:windows|outlook)[^\n]{0,30}(?:邮件|发送)[^\n]{0,30}",
    r"(?:使用|由|通过|通過)[^\n。，,]{1,30}(?:发送|傳送|發送|发出)", r"i?(?:phone|pad)から送信",
    r"나의 [^\n]{1,20}에서 보냄", r"[^\n]{1,30}(?:から送信されました|に送信されました)",
)  # fmt: skip

#: How a notice about confidence or viruses begins that a company sets under every mail.
NOTICES = (
    r"disclaimer\b", r"(?:confidentiality|privacy|legal|important) (?:notice|note|disclaimer)\b",
    (r"(?:this|the) (?:e-?mail|message|communication|information|transmission)\b"
     r"(?=[^\n]{0,390}(?:recipient|addressee|intended|privileged|exclusive use|sole use))[^\n]{0,160}"
     r"(?:confidential|privileged|intended (?:only|solely|exclusively)|for the (?:sole|exclusive) use)"),
    r"(?:this )?(?:e-?mail|message) (?:has been|was) (?:scanned|checked) (?:for|by)\b",
    r"virus-free\.", r"please consider the environment", r"think before you print",
    r"(?:diese|die) (?:e-?mail|nachricht|information)[^\n]{0,120}vertraulich",
    r"(?:ce|le présent) (?:message|courriel|e-?mail)[^\n]{0,160}confidentiel",
    r"(?:este|el presente) (?:mensaje|correo|e-?mail)[^\n]{0,160}confidencial",
    r"(?:le informazioni contenute|questo messaggio)[^\n]{0,160}riservat",
    (r"(?:本|此|这封|這封)(?:电子|電子)?(?:邮件|郵件|信息|訊息)[^\n]{0,20}"
     r"(?:(?:含有|包含|属于|屬於)[^\n]{0,40}(?:保密|机密|機密|专有|專有)"
     r"|(?:仅限|僅限|只限|仅供|僅供)[^\n]{0,20}(?:收件人|接收|个人|個人|发送给|發送給))"),
    r"(?:免责|免責)(?:声明|聲明)", r"(?:保密|机密|機密)(?:声明|聲明|提示|说明)",
)  # fmt: skip

#: How the warning begins that a gateway sets above every mail from outside.
BANNERS = (
    (r"(?:(?:caution|warning|attention|notice|external (?:email|mail|sender)|achtung|vorsicht)\b[^\w\n]{1,9})?"
     r"(?:this|the) (?:e-?mail|message|sender)[^\n]{0,20}(?:originat\w+|came|comes|was sent|is|sent) from (?:an? )?"
     r"(?:outside|external)"),
    r"you don't often get (?:e-?mail|messages?) from\b",
    r"diese (?:e-?mail|nachricht) (?:kommt|stammt|wurde) von (?:einem )?(?:extern|außerhalb)",
    r"(?:注意|警告|提醒|安全提示)[：:!！][^\n]{0,10}(?:此|本|该|這封|这封|該)(?:邮件|郵件)[^\n]{0,10}(?:外部|组织外|組織外|公司外)",
    r"外部(?:邮件|郵件)[】\]][^\n]{0,9}(?:注意|警告|提醒|谨慎|謹慎|(?:此|本|该|該)(?:邮件|郵件))",
    r"(?:此|本|该|該|這封|这封)(?:邮件|郵件)(?:来自|來自|由)(?:公司|组织|組織|企业|企業)?(?:外部|外网)",
)  # fmt: skip

#: The last line of the card that NetEase's app sets under a mail, a table that begins with an empty cell.
CARD_END = "签名由网易邮箱大师定制"
CARD_BEGIN = "| |"
