"""The language a text is written in, told from its script and its commonest words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.report import Language

#: So much of a text tells its language; more only costs.
_SAMPLE = 4000

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]+|\w{1,10}://[!-~]+", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]{2,}")

#: Characters that are written otherwise in the other script, the commonest of a thousand service requests first.
_ONLY_SIMPLIFIED = re.compile(
    "["
    "们这说时会过还没让请问题应现见长东车马门间开关闻阅读书电脑网络户码误错显务处类联统录从发机单号对动为业产个无"
    "设备给经认证软连断试帐账图头带进远选输结线练组终缩级约纪词话语译谢诉诚详谁调贵买卖费资质贸购赶跃转轻达迁运违"
    "适邮释钟钱铁锁键镜闭难预频顾须颜额风飞饭馆驱验齐两丢严亚压厂历听启员响团园围国场坏块声够夹奖妇娱学宁实审宽导"
    "将尔尘层岁师帮库废张归当忆态总恶悬惊惯战扫扩护报担拟择损换据摄数斗昼暂术权杂条来杨极构枪标栏树样桥检楼横欢毁"
    "气汇汉汤沟泪济测浏润温湾满滚滞滤灭灯灵点炼热爱状独环疗监盖盘确离种积称稳穷窃竞笔简签篮粮紧纯纸细绍绕绘绝继续"
    "维综绿缓编罗职肃胜脉脏脚脱药荐获营虑补装览观规视觉触订计记许论访评识询该诸课谈谱负财责败货贩贴赔赛赞踪轨轮载"
    "较辅辆辑边迟递逻遥邻郑针钥钮钻铃银链销闪闹队阳阴阶际陆陈险随隐雾静页顶项顺领饮鱼鸟麦黄齿龙"
    "]"
)
_ONLY_TRADITIONAL = re.compile(
    "["
    "們這說時會過還沒讓請問題應現見長東車馬門間開關聞閱讀書電腦網絡戶碼誤錯顯務處類聯繫統錄從發機單號對動為業產個"
    "無設備給經認證軟連斷試帳賬圖頭帶進遠選輸結線練組終縮級約紀詞話語譯謝訴誠詳誰調貴買賣費資質貿購趕躍轉輕達遷運"
    "違適郵釋鐘錢鐵鎖鍵鏡閉難預頻顧須顏額風飛飯館驅驗齊兩丟嚴亞壓廠歷聽啟員響團園圍國場壞塊聲復夠夾獎婦娛學寧實審"
    "寬導將爾塵層歲師幫庫廢張歸當憶態總惡懸驚慣戰掃擴護報擔擬擇損換據攝數鬥晝暫術權雜條來楊極構槍標欄樹樣橋檢樓歡"
    "毀氣匯漢湯溝淚濟測瀏潤溫灣滿滾滯濾滅燈靈點煉熱愛狀獨環療監蓋盤確離種積稱穩窮竊競筆簡簽籃糧緊純紙細紹繞繪絕繼"
    "續維綜綠緩編羅職肅勝脈臟腳脫藥薦獲營慮補裝覽觀規視覺觸訂計記許論訪評識詢該諸課談譜負財責敗貨販貼賠賽讚蹤軌輪"
    "載較輔輛輯邊遲遞邏遙鄰鄭針鑰鈕鑽鈴銀鏈銷閃鬧隊陽陰階際陸陳險隨隱霧靜頁頂項順領飲魚鳥麥黃齒龍麼裡後"
    "]"
)
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("fa", re.compile("[پچژگ]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("vi", re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")),
)
#: Small words that hardly occur in another language written in Latin letters, and for English those of support mail.
_WORDS = {
    "en": "the and is are was no you your my we our this that it not with for have has from please can cannot when "
    "there would what been will help thanks thank hello hi dear error broken fails failed working work "
    "works password printer screen still again does did but be at an of to after since how why request "
    "server down slow issue problem nobody account",
    "de": "der die das und ist nicht ich wir sie mit für ein eine auf dem den haben kann bitte vielen dank "
    "hallo sehr geehrte grüße auch noch aber wird wurde mein unser von zum zur bei",
    "fr": "le la les et est pas je nous vous avec pour une dans sur bonjour merci mais que qui ne des du mon "
    "notre votre cordialement",
    "es": "el los las y es no con para una por que hola gracias pero mi nuestro está del al se puedo tengo "
    "buenos saludos",
    "pt": "o os as não com para uma por que olá obrigado obrigada mas meu nosso está do da em são você bom",
    "it": "il lo gli è non con per una che ciao grazie ma mio nostro del della sono buongiorno cordiali saluti ho",
    "nl": "het een en is niet ik wij met voor van op de hallo bedankt maar mijn onze kan zijn groeten geen",
    "sv": "och är inte jag vi med för ett på det som hej tack men min vår kan hälsningar har att",
    "da": "og er ikke jeg vi med for et på det som hej tak men min vores kan hilsen har at til",
    "pl": "i jest nie się z do na to że dzień dobry dziękuję ale mój nasz proszę pozdrawiam mam czy",
    "tr": "ve bir bu için değil ile merhaba teşekkürler ama benim olarak var yok çok",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _line in _WORDS.items():
    for _each in _line.split():
        _LANGUAGES_OF.setdefault(_each, []).append(_language)


def language_of(text: str, charset: str = "") -> Language:
    """BCP 47 of the text: `zh-Hans`, `zh-Hant`, another primary subtag, or `und` where neither script nor words tell.

    Where Chinese text uses only characters common to both scripts, the declared charset decides.
    """
    sample = _without_addresses(text[:_SAMPLE])
    if sample.isascii():
        return _by_words(sample)
    han = len(_HAN.findall(sample))
    latin = len(_LATIN_WORD.findall(sample))
    if han + len(_KANA.findall(sample)) > latin // 2:
        return _east_asian(sample, han, charset)
    return _by_script(sample, latin) or _by_words(sample)


def _without_addresses(sample: str) -> str:
    """Without web and mail addresses, whose words are of no language."""
    if "@" not in sample and "://" not in sample:
        return sample
    return _ADDRESS.sub(" ", sample)


def _east_asian(sample: str, han: int, charset: str) -> Language:
    if len(_KANA.findall(sample)) * 6 > han:
        return "ja"
    if len(_SCRIPTS[0][1].findall(sample)) > han:
        return "ko"
    simplified, traditional = len(_ONLY_SIMPLIFIED.findall(sample)), len(_ONLY_TRADITIONAL.findall(sample))
    if simplified == traditional:
        return "zh-Hant" if charset.startswith(("big5", "cn-big5", "x-big5")) else "zh-Hans"
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _by_script(sample: str, latin: int) -> Language | None:
    for language, letters in _SCRIPTS:
        if len(letters.findall(sample)) > latin // 2:
            return language
    return None


def _by_words(sample: str) -> Language:
    counts: dict[str, int] = {}
    for word in _WORD.findall(sample.lower()):
        for language in _LANGUAGES_OF.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    if not counts:
        return "und"
    return max(counts, key=lambda language: (counts[language], language == "en"))
