"""The words in which people report problems: what says nothing, and what says the same in other words.

All are folded (`rules.language.writing`). A meaning starts with `#`; no term read from a text can.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Greetings, thanks, pleading, scope, times and grammar. Between them lies what a report is about.
SILENT_PHRASES: Final = _words(
    """
    你好 您好 大家好 各位 老师 尊敬的 领导 同事 同事们 早上好 上午好 下午好 晚上好 谢谢 感谢 多谢 辛苦 辛苦了
    麻烦 拜托 劳驾 打扰 请问 请 帮忙 帮助 帮我 协助 帮 看看 看一下 看下 处理一下 处理下 处理 解决一下 解决 尽快
    尽速 马上 立刻 急急急 紧急 急 一下 问题 情况 求助 求救 反馈 报修 报障 如题 如下 如图 附件 截图 图片 联系我
    联系 电话 回复 答复 转发 主题 收到 祝好 此致 敬礼 顺颂商祺 我们 我的 我 你们 你 您 他们 自己 这个 那个 这边
    那边 这里 那里 这 那 哪 什么 怎么 怎样 为什么 是不是 有没有 能不能 可不可以 全公司 公司 整个 所有人 所有
    每个人 大家 全部 全体 部门 办公室 楼层 整层 同样 也是 别人 其他人 很多人 好多人 多人 几个人 今天 今早 昨天
    早上 上午 中午 下午 晚上 现在 目前 刚才 刚刚 刚 一直 突然 忽然 已经 从 开始 又 还是 还 再次 再 仍然 依然
    依旧 可以 应该 好像 似乎 可能 因为 所以 但是 而且 或者 如果 之后 之前 以后 以前 时候 的时候 进行 出现 发生
    提示 显示 使用 用 的 了 吗 呢 啊 吧 呀 哦 是 在 和 与 及 都 也 就 很 非常 太 把 被 对 给 让 到 有 会 要 想
    个 些 着 过 地 得 之 其 等 并 而 以 为 于
"""
)

#: Chinese phrases by what they mean. Regional words of Taiwan stand beside those of the mainland.
MEANING_PHRASES: Final = {
    "#failing": """
        无法 不能 没法 没办法 打不开 开不了 用不了 连不上 连接不上 连不到 上不去 上不了 进不去 进不了 收不到
        发不出去 发不出 发不了 不了 不上 不去 不出来 不可用 不正常 没反应 没有反应 无反应 无响应 没响应 失败
        失灵 失效 崩溃 崩了 挂了 挂掉 宕机 当机 死机 瘫痪 断了 蓝屏 黑屏 花屏 中断 坏了 坏掉 异常 故障 出错 报错
        错误 有误 起不来 启动不了 动不了 停了 停摆 不工作 不动 掉线 断线 断网 不通 没了
    """,
    "#slow": "很慢 太慢 变慢 缓慢 好慢 特别慢 慢 卡顿 很卡 太卡 延迟 超时 逾时 转圈 卡住",
    "#login": "登录 登入 登陆 登不进去 登不上 登不了 登出",
    "#connecting": "连接 连线 连上 联机",
    "#opening": "打开 开启 启动",
    "#system": "系统 软件 软体 程序 程式 平台 网站 网页 页面 应用",
    "#computer": "电脑 计算机 主机 笔记本 笔电 键盘 鼠标 滑鼠 显示器 荧幕 屏幕 耳机",
    "#network": "网络 网路 上网 互联网 网际网路 因特网",
    "#mail": "电子邮件 电子邮箱 邮件 邮箱 信箱 电邮",
    "#printer": "打印机 印表机 打印 列印",
    "#server": "服务器 伺服器",
    "#password": "密码",
    "#account": "账号 帐号 账户 帐户",
    "#wireless": "无线网络 无线网路 无线网 无线",
    "#file": "文件 档案",
    "#shared drive": "共享盘 共享文件夹 共用资料夹 网络硬盘 网络盘 网路硬碟 公共盘",
    "#database": "数据库 资料库",
    "#permission": "权限",
    "#own": "忘记 忘了 重置 解锁 申请 开通 新员工 新同事 入职 离职 订购 采购 更换",
    "#installing": "安装",
}

#: English words that say nothing about what is broken.
SILENT_WORDS: Final = _words(
    """
    an the this that these those it its is are was were be been being am do does did done doing has have had
    having will would shall should may might must could to of in on at by for from with without within into onto
    over under about after before between during since until till when where while who whom which what why how
    and or but if then than so as also too very just only even still again already always ever never now today
    yesterday tomorrow morning afternoon evening night noon week day days hour hours minute minutes pm ago yet
    here there we us our ours you your yours he him his she her they them their me my mine myself everybody
    everyone anybody anyone somebody someone nobody people colleague colleagues user users all any some each
    every both many much more most few other others another same such own one two first last next new whole
    entire company office department floor building hi hello hey dear sir madam team support helpdesk desk help
    please pls kindly thanks thank thx regards best kind sincerely cheers greetings good urgent asap urgently
    issue issues problem problems trouble question request ticket report reported reporting see seems seem
    seemed look looks looking try tries tried trying get gets got getting give gives go goes going come comes
    use uses used using want need needs like know think says say said tell told ask asked make makes made let
    take takes took happen happens happened happening up out off back re fw fwd aw wg cc attached attachment
    screenshot below above following contact work works working worked can able http https www com
"""
)

#: English words by what they mean. A word of several languages' mails is here too: `vpn` is nobody's synonym.
_MEANING_WORDS: Final = {
    "#failing": """
        not no cannot cant unable doesnt dont didnt isnt arent wont wasnt couldnt havent hasnt down fail fails
        failed failing failure broken break breaks unavailable unreachable inaccessible unresponsive dead outage
        offline error errors crash crashes crashed bluescreen crashing stopped stops refused refuses denied
    """,
    "#slow": """
        slow slowly slower slowness lag lags lagging hang hangs hanging freeze freezes frozen timeout timeouts
        sluggish
    """,
    "#login": "login logon log logging signin sign signing logins",
    "#connecting": """
        connect connects connected connecting connection connections disconnect disconnected disconnects
    """,
    "#opening": "open opens opened opening start starts started starting launch launches boot boots",
    "#system": """
        system systems software program programs application applications app apps website site webpage page
        platform portal
    """,
    "#computer": """
        computer computers pc laptop laptops desktop workstation notebook machine keyboard mouse monitor screen
        headset
    """,
    "#network": "network networks internet lan",
    "#mail": "mail mails email emails mailbox mailboxes",
    "#printer": "print prints printer printers printing printed",
    "#server": "server servers",
    "#password": "password passwords",
    "#account": "account accounts",
    "#wireless": "wifi wlan wireless",
    "#file": "file files",
    "#shared drive": "share shares shared",
    "#database": "database databases",
    "#permission": "permission permissions",
    "#own": "forgot forgotten reset unlock order grant requesting joiner newcomer",
    "#installing": "install installation",
}

MEANING_OF_WORD: Final = {word: meaning for meaning, words in _MEANING_WORDS.items() for word in words.split()}
MEANING_OF_PHRASE: Final = {
    phrase: meaning for meaning, phrases in MEANING_PHRASES.items() for phrase in phrases.split()
}

#: English words of everybody's screen and desk: they tell more than nothing, and less than a name.
PLAIN_WORDS: Final = _words(
    """
    save saves saved saving document documents text line lines table tables cell cells row rows column columns number
    numbers numbering bullet bullets font fonts page pages format formats formatting menu menus button buttons dialog
    window windows icon icons bar toolbar view views default style styles image images picture pictures color colors
    insert inserting delete deleting deleted add adding added remove removed removing change changes changed changing
    set sets setting settings option options feature function select selected selecting copy paste edit editing
    create created creating update updates updated upgrade load loads loading loaded import importing export exporting
    exported send sent sending receive received receiving read reading write writing show shows shown display
    displays displayed find search close closes closed closing exit quit click clicking key shortcut mode type types
    size width height left right top bottom wrong incorrect incorrectly missing lost empty blank bad test message
    messages data list lists name names value values field fields form forms object objects item items order orders
    invoice invoices report attach attachment link links version
    language support general input output space memory disk full free time date long short large big small old hard
    special character characters symbol symbols border borders frame frames spacing template templates spreadsheet
    spreadsheets presentation slide slides wizard cursor zoom preview ignore ignored
    """
)

#: What is wrong, or a thing everybody has one of: alone it does not make two reports one problem.
COMMON_MEANINGS: Final = frozenset(
    {"#failing", "#slow", "#login", "#connecting", "#opening", "#system", "#computer", "#own", "#installing"}
)

#: One of these tells a report of trouble from a question or a wish.
FAILING_MEANINGS: Final = frozenset({"#failing", "#slow"})

#: What many use together: it fails for all of them at once.
SERVICES: Final = frozenset({"#network", "#mail", "#server", "#wireless", "#shared drive", "#database"})

#: Systems by their names, which are the same in every language; each is one thing for all who use it. Two of them in
#: two reports are two problems.
NAMED_SYSTEMS: Final = _words(
    """
    vpn erp crm oa sap wms mes plm srm hrms bi jira confluence sharepoint exchange outlook teams onedrive gitlab github
    jenkins citrix rdp ldap dns dhcp proxy intranet oracle mysql postgresql kubernetes skype wechat dingtalk feishu
    salesforce servicenow tableau kingdee yonyou
    """
)

#: What fails for all of its users at once.
SYSTEMS: Final = NAMED_SYSTEMS | (SERVICES - {"#database"})
