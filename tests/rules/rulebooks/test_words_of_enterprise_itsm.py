"""What the shipped rulebook takes mails and alerts for, in the words people use."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import pytest
from immutables import Map

from rules.judging.priority import judge
from rules.report import Alert, Mail
from rules.rulebook_files.reading import read_rulebook

RULEBOOK = read_rulebook(
    (files("rules") / "rulebooks" / "enterprise-itsm.toml").read_text("utf-8"), name="enterprise-itsm.toml"
)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def mail(subject: str, text: str) -> Mail:
    return Mail(source="support", key="1.1", received_at=NOW, subject=subject, text=text)


def alert(name: str, severity: str = "critical", *, summary: str = "") -> Alert:
    return Alert(
        source="prod",
        key=name,
        received_at=NOW,
        status="firing",
        fingerprint=name,
        starts_at=NOW,
        labels=Map({"alertname": name, "severity": severity}),
        annotations=Map({"summary": summary}),
    )


#: A subject, a text, and what must be seen in them; what is left out may be either.
MAILS: list[tuple[str, str, dict[str, str]]] = [
    (
        "打印机卡纸",
        "三楼打印机一直提示卡纸，重启也没用",
        {"category": "hardware", "kind": "incident", "impact": "small"},
    ),
    ("电脑开不了机", "早上来按电源键没有反应", {"category": "hardware", "kind": "incident", "impact": "small"}),
    ("显示器花屏", "外接显示器闪烁，换了线也不行", {"category": "hardware", "kind": "incident"}),
    ("申请领用笔记本", "新来的设计师需要一台笔记本电脑，请安排", {"category": "hardware", "kind": "request"}),
    ("鼠标失灵", "無線滑鼠點擊沒反應，請協助更換", {"category": "hardware"}),
    ("笔记本电池鼓包", "电池鼓起来了，有点担心", {"category": "hardware"}),
    (
        "会议室投影仪没有信号",
        "下午客户来访，会议马上开始，很急",
        {"category": "hardware", "kind": "incident", "urgency": "high"},
    ),
    (
        "Laptop won't turn on",
        "My laptop is dead since this morning, the battery light is off",
        {"category": "hardware", "kind": "incident", "impact": "small"},
    ),
    (
        "Second monitor",
        "I need a new monitor and a docking station for my desk please",
        {"category": "hardware", "kind": "request"},
    ),
    ("Paper jam on 3rd floor printer", "The printer keeps jamming", {"category": "hardware", "kind": "incident"}),
    ("Keyboard keys sticking", "Some keys of my keyboard do not respond", {"category": "hardware", "kind": "incident"}),
    ("Headset broken", "no sound in my headset, can I get a replacement?", {"category": "hardware"}),
    ("Excel 闪退", "打开大文件就闪退，报错内存不足", {"category": "software", "kind": "incident"}),
    ("ERP系统报错", "提交采购单时提示错误代码500", {"category": "software", "kind": "incident"}),
    ("OA 打不开", "OA系统审批页面一直转圈", {"category": "software", "kind": "incident"}),
    ("请帮忙安装 Photoshop", "设计需要，麻烦安装一下", {"category": "software", "kind": "request"}),
    ("Outlook 收不到邮件", "从昨天开始客户端一直没有新邮件", {"category": "software", "kind": "incident"}),
    (
        "财务系统登录后白屏",
        "其他同事正常，只有我这边白屏",
        {"category": "software", "kind": "incident", "impact": "small"},
    ),
    ("系統升級後報表無法匯出", "匯出報表時出現錯誤", {"category": "software", "kind": "incident"}),
    (
        "Outlook crashes on start",
        "Outlook crashes every time I open it, error 0x80070057",
        {"category": "software", "kind": "incident"},
    ),
    ("License for AutoCAD expired", "AutoCAD says the license is invalid", {"category": "software"}),
    (
        "Please install Visual Studio",
        "I need Visual Studio for the new project",
        {"category": "software", "kind": "request"},
    ),
    ("SAP error when posting invoice", "We get a runtime error in SAP", {"category": "software", "kind": "incident"}),
    ("Windows update stuck", "The update hangs at 30%", {"category": "software", "kind": "incident"}),
    ("忘记密码", "我的域账号密码忘记了，请帮忙重置", {"category": "account", "kind": "request"}),
    ("账号被锁定", "输错几次密码之后账号被锁了，登录不了", {"category": "account", "kind": "incident"}),
    ("申请共享文件夹权限", "需要访问财务共享盘的读写权限", {"category": "account", "kind": "request"}),
    ("新员工入职开通账号", "下周一有新同事入职，请开通邮箱和OA账号", {"category": "account", "kind": "request"}),
    ("離職員工帳號停用", "請停用王小明的帳號", {"category": "account", "kind": "request"}),
    ("无法登录邮箱", "提示用户名或密码错误", {"category": "account", "kind": "incident"}),
    ("Password reset", "I forgot my password, please reset it", {"category": "account", "kind": "request"}),
    (
        "Locked out of my account",
        "My account is locked after too many attempts",
        {"category": "account", "kind": "incident"},
    ),
    (
        "Access to shared folder",
        "Please grant me access to the finance folder",
        {"category": "account", "kind": "request"},
    ),
    (
        "MFA not working on my new phone",
        "The authenticator app does not accept the code",
        {"category": "account", "kind": "incident"},
    ),
    (
        "New starter on Monday",
        "Please create an account and mailbox for our new colleague",
        {"category": "account", "kind": "request"},
    ),
    ("Permission denied on Confluence", "I cannot see the project space, access denied", {"category": "account"}),
    ("VPN 连不上", "在家办公 VPN 连接失败，提示超时", {"category": "network", "kind": "incident"}),
    ("WiFi 很慢", "会议室无线网络很慢，经常掉线", {"category": "network", "kind": "incident"}),
    (
        "全公司断网",
        "所有人都上不了网，无法工作，请马上处理",
        {"category": "network", "kind": "incident", "impact": "large", "urgency": "high"},
    ),
    ("整层楼无法上网", "四楼整层都没有网络", {"category": "network", "kind": "incident", "impact": "large"}),
    ("无线网络连不上", "手機連不上辦公室WiFi", {"category": "network", "kind": "incident"}),
    ("DNS 解析失败", "内网域名解析不了，ping不通", {"category": "network", "kind": "incident"}),
    ("网线坏了", "工位网口没有信号，需要换网线", {"category": "network"}),
    (
        "VPN disconnects",
        "My VPN disconnects every 5 minutes when working from home",
        {"category": "network", "kind": "incident"},
    ),
    (
        "No internet on the whole floor",
        "Nobody on our floor can reach the internet",
        {"category": "network", "kind": "incident", "impact": "large"},
    ),
    (
        "Wifi very slow in building B",
        "packet loss and high latency since this morning",
        {"category": "network", "kind": "incident"},
    ),
    ("Firewall request", "Please open port 443 to 10.1.2.3", {"category": "network", "kind": "request"}),
    ("咨询", "请问公司打印机耗材的采购流程是什么？", {"kind": "question"}),
    (
        "请教会议软件使用",
        "请问如何使用腾讯会议的录制功能，有没有操作手册？",
        {"category": "consulting", "kind": "question"},
    ),
    ("如何设置邮件签名", "想了解一下怎么操作", {"kind": "question"}),
    (
        "How do I book a training?",
        "Is there a user guide for the new travel process?",
        {"category": "consulting", "kind": "question"},
    ),
    (
        "Question about office hours",
        "What are the opening hours of the service desk?",
        {"category": "consulting", "kind": "question"},
    ),
    ("投诉", "报修三天了一直没人处理，态度恶劣，要投诉", {"kind": "complaint"}),
    ("Complaint about last ticket", "I am very unhappy with the poor service, nobody answers", {"kind": "complaint"}),
    ("建议", "建议增加自助重置密码功能", {"kind": "suggestion"}),
    ("Suggestion", "It would be nice to have dark mode in the portal", {"kind": "suggestion"}),
    ("您好", "今天天气不错", {"category": "other"}),
    ("Hello", "Just saying hi to the team", {"category": "other"}),
    ("食堂菜单", "本周食堂菜单见附件", {"category": "other"}),
    ("Lunch", "Who is joining for lunch on Friday?", {"category": "other"}),
    ("生产系统宕机", "生产系统全部瘫痪，业务中断，紧急！", {"kind": "incident", "impact": "large", "urgency": "high"}),
    ("我们部门的ERP都打不开", "部门好几个人都不行", {"category": "software", "kind": "incident", "impact": "medium"}),
    (
        "Everyone is offline",
        "The whole company cannot work, urgent",
        {"category": "network", "kind": "incident", "impact": "large", "urgency": "high"},
    ),
    (
        "production is down",
        "All users get error 500 in the order system",
        {"category": "software", "kind": "incident", "impact": "large", "urgency": "high"},
    ),
    (
        "Printer",
        "No rush, when you have time please look at the printer, it prints with stripes",
        {"category": "hardware", "impact": "small", "urgency": "low"},
    ),
    ("换鼠标", "不急，有空的时候帮我换个鼠标", {"category": "hardware", "kind": "request", "urgency": "low"}),
    (
        "Urgent: cannot print contract",
        "deadline today, customer is waiting",
        {"category": "hardware", "kind": "incident", "urgency": "high"},
    ),
    (
        "Several colleagues cannot open the shared drive",
        "many of us in the department see an error",
        {"kind": "incident", "impact": "medium"},
    ),
    ("Email not working", "I cannot send or receive emails since 9am", {"category": "software", "kind": "incident"}),
    ("邮箱收不到外部邮件", "客户说发了邮件但是我收不到", {"category": "software", "kind": "incident"}),
    ("电话没有声音", "座机拿起来没有声音", {"category": "hardware", "kind": "incident"}),
    ("Phone has no dial tone", "my desk phone is dead", {"category": "hardware", "kind": "incident"}),
    ("電腦藍屏", "筆電開機後藍屏，無法開機", {"category": "hardware", "kind": "incident"}),
    ("請問VPN怎麼申請", "想在家辦公，請問VPN怎麼申請？", {"kind": "question"}),
    ("权限申请", "申请ERP系统采购模块的审批权限", {"category": "account", "kind": "request"}),
    ("Teams camera black", "My camera shows black in Teams meetings", {"kind": "incident"}),
    ("Need admin rights", "I need local admin rights to install drivers", {"category": "account", "kind": "request"}),
    ("中了勒索病毒", "文件全部被加密了", {"kind": "incident", "urgency": "high"}),
    ("文件误删", "共享盘里的文件被误删，能恢复吗", {}),
    ("电脑很慢", "电脑运行特别慢，打开软件要几分钟", {"category": "hardware", "kind": "incident"}),
    ("Computer is very slow", "my computer takes ten minutes to boot", {"category": "hardware", "kind": "incident"}),
    ("求助：電腦無法連線到印表機", "印表機顯示離線，列印工作卡在佇列", {"category": "hardware", "kind": "incident"}),
    ("申請重設密碼", "我忘記 ERP 的密碼，麻煩協助重設", {"category": "account", "kind": "request"}),
    ("網路斷線", "辦公室網路今天早上開始一直斷線", {"category": "network", "kind": "incident"}),
    ("會議室電視無法投影", "HDMI 接上去沒畫面", {"category": "hardware", "kind": "incident"}),
    ("Outlook 無法開啟", "開啟時顯示錯誤，重新安裝也一樣", {"category": "software", "kind": "incident"}),
    ("新進人員帳號申請", "下週一有新進同仁報到，請建立帳號與信箱", {"category": "account", "kind": "request"}),
    ("请教一下", "请问加班申请在哪个系统提交？怎么操作", {"category": "consulting", "kind": "question"}),
    ("财务软件崩溃", "用友点击保存后就崩溃了", {"category": "software", "kind": "incident"}),
    ("U盘识别不了", "插上U盘电脑没反应", {"category": "hardware", "kind": "incident"}),
    ("远程连不上公司", "出差在外，VPN拨号提示691错误", {"category": "network", "kind": "incident"}),
    ("钉钉登录不上", "提示账号不存在", {"category": "account", "kind": "incident"}),
    ("网速特别慢", "下载文件只有几十K，视频会议卡", {"category": "network", "kind": "incident"}),
    ("领导电脑坏了", "总经理的电脑开不了机，马上要开会", {"category": "hardware", "kind": "incident"}),
    ("数据导出错误", "报表导出来的数据不对", {"category": "software", "kind": "incident"}),
    ("权限问题", "我看不到共享文件夹里的项目资料，提示没有权限", {"category": "account", "kind": "incident"}),
    ("员工离职", "张三本月底离职，请关闭其所有账号", {"category": "account", "kind": "request"}),
    ("采购申请", "需要采购两台显示器和一个扩展坞", {"category": "hardware", "kind": "request"}),
    ("报修", "饮水机旁边的复印机卡纸了", {"category": "hardware", "kind": "incident"}),
    (
        "My screen flickers",
        "Since the update yesterday my external monitor flickers",
        {"category": "hardware", "kind": "incident"},
    ),
    (
        "Can't log in to Windows",
        "It says my password has expired and I can't change it",
        {"category": "account", "kind": "incident"},
    ),
    ("Teams keeps crashing", "Teams closes itself during calls", {"category": "software", "kind": "incident"}),
    (
        "No wifi in room 402",
        "The wifi network does not show up in the meeting room",
        {"category": "network", "kind": "incident"},
    ),
    (
        "Request: new laptop for Anna",
        "Anna starts on 1 December and needs a laptop",
        {"category": "hardware", "kind": "request"},
    ),
    (
        "Need access to Salesforce",
        "Could you give me access to the sales dashboard?",
        {"category": "account", "kind": "request"},
    ),
    (
        "Shared drive not reachable",
        "I cannot reach the S: drive from home via VPN",
        {"category": "network", "kind": "incident"},
    ),
    ("Printer offline", "The printer on floor 2 shows as offline for me", {"category": "hardware", "kind": "incident"}),
    (
        "Excel macro error",
        "Run-time error 1004 when I run the monthly macro",
        {"category": "software", "kind": "incident"},
    ),
    ("Mouse not working", "The scroll wheel does not react", {"category": "hardware", "kind": "incident"}),
    ("Install Adobe Acrobat", "Please install Adobe Acrobat on my PC", {"category": "software", "kind": "request"}),
    ("Leaver: John Smith", "Please disable his account on Friday", {"category": "account", "kind": "request"}),
    ("Internet slow", "Pages take ages to load in the Berlin office", {"category": "network", "kind": "incident"}),
    (
        "Cannot open PDF",
        "Acrobat shows an error when I open the contract",
        {"category": "software", "kind": "incident"},
    ),
    ("Ethernet port dead", "The ethernet port at desk 14 has no link", {"category": "network", "kind": "incident"}),
    ("Docking station", "My docking station does not charge the laptop", {"category": "hardware", "kind": "incident"}),
    (
        "ERP slow for everyone",
        "Posting invoices takes minutes for all users since 9",
        {"category": "software", "kind": "incident"},
    ),
    ("键盘坏了", "生产部 王五", {"impact": "small"}),
    ("上不了网", "大家都能上网，就我不能", {"category": "network", "impact": "small"}),
    ("无法打印", "everyone else can print, only me not", {"impact": "small"}),
    ("Outlook", "Outlook crashes whenever I open it", {"category": "software", "urgency": "medium"}),
    ("报销申请提交不了", "点击提交没有反应", {"kind": "incident"}),
    ("Office 安装失败", "安装 Office 提示错误", {"category": "software", "kind": "incident"}),
    ("請教印表機", "印表機很舊了，請問有什麼建議嗎", {"kind": "question"}),
    ("帳號鎖定", "帳號被鎖定無法登入，急", {"category": "account", "urgency": "high"}),
    ("not urgent: mouse", "my mouse wheel is a bit stiff", {"category": "hardware", "urgency": "low"}),
    ("VPN down", "VPN is down for the whole office", {"category": "network", "impact": "large", "urgency": "high"}),
    ("伺服器連不上", "同事們都連不上檔案伺服器", {"kind": "incident", "impact": "medium"}),
]


@pytest.mark.parametrize(("subject", "text", "wanted"), MAILS, ids=[subject for subject, _, _ in MAILS])
def test_a_mail_is_taken_for_what_its_writer_means(subject: str, text: str, wanted: dict[str, str]) -> None:
    judgement = judge(mail(subject, text), RULEBOOK, people=1)
    assert {name: getattr(judgement, name) for name in wanted} == wanted, judgement.reasons


@pytest.mark.parametrize(
    ("name", "summary", "category"),
    [
        pytest.param("TargetDown", "3 targets of job node are down", "network", id="a target that is gone"),
        pytest.param("HostUnreachable", "cannot be reached by ping", "network", id="a host out of reach"),
        pytest.param("KubePodCrashLooping", "Pod is restarting", "software", id="a pod that crashes"),
        pytest.param("PostgresqlDown", "PostgreSQL instance is down", "software", id="a database"),
        pytest.param("HardwareTemperatureHigh", "the sensor shows 90 degrees", "hardware", id="a hot machine"),
    ],
)
def test_the_name_of_an_alert_tells_its_category(name: str, summary: str, category: str) -> None:
    assert judge(alert(name, summary=summary), RULEBOOK, people=0).category == category


@pytest.mark.parametrize(
    ("severity", "priority"),
    [
        pytest.param("critical", "P1", id="critical"),
        pytest.param("error", "P2", id="error"),
        pytest.param("warning", "P3", id="warning"),
        pytest.param("Warning", "P3", id="capitals make no difference"),
        pytest.param("info", "P4", id="info"),
        pytest.param("purple", "P3", id="a severity nobody declared"),
    ],
)
def test_the_severity_of_an_alert_tells_its_level(severity: str, priority: str) -> None:
    assert judge(alert("TargetDown", severity), RULEBOOK, people=0).priority == priority


@pytest.mark.parametrize(
    ("subject", "text", "priority"),
    [
        pytest.param("生产系统宕机", "全公司都用不了", "P1", id="core business is down"),
        pytest.param("No network", "the whole company is offline, urgent", "P1", id="everybody is offline"),
        pytest.param("部门系统打不开", "我们部门好几个人都打不开", "P2", id="a part of the business"),
        pytest.param("打印机坏了", "打印机没有反应", "P3", id="something that is not the core"),
        pytest.param("怎么设置邮件签名", "请问怎么设置", "P4", id="a question"),
        pytest.param("Scratch on my monitor", "a minor issue, no rush", "P4", id="a minor fault"),
    ],
)
def test_the_levels_are_those_of_the_standard(subject: str, text: str, priority: str) -> None:
    assert judge(mail(subject, text), RULEBOOK, people=1).priority == priority


def test_who_greets_everybody_does_not_say_that_everybody_is_hit() -> None:
    judgement = judge(mail("Mouse", "Hello everyone, my mouse is broken"), RULEBOOK, people=1)
    assert judgement.impact == "small"


def test_the_words_of_an_alert_say_nothing_of_its_urgency() -> None:
    judgement = judge(alert("WriterBlocked", "info", summary="urgent: all users are affected"), RULEBOOK, people=0)
    assert (judgement.impact, judgement.urgency) == ("small", "low")
    assert not any(reason.startswith(("impact", "urgency")) for reason in judgement.reasons)
