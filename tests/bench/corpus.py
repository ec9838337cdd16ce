"""The mails and webhook bodies that everything is measured with: always the same ones, made from a fixed seed.

Where the study this project was planned from lies beside it, its corpus is used, so that figures can be compared with
those of the peers measured there. Elsewhere an own one of the same mix is made.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

SEED = 20261121
STUDY = Path(__file__).resolve().parents[3] / "shared" / "bench" / "gen_corpus.py"
LARGEST = 2000

CHINESE, HTML, ATTACHED, REPLY = 0.35, 0.53, 0.02, 0.2
MEAN_ALERTS, MOST_ALERTS, RESOLVED = 5, 20, 0.3
BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is sent to the desk, in this order."""

    mails: tuple[bytes, ...]
    bodies: tuple[bytes, ...]
    origin: str


def find_corpus(size: int = LARGEST) -> Corpus:
    """So many mails and as many webhook bodies; from the study where it lies beside the project."""
    return _from_study(size) if STUDY.exists() else make_corpus(size)


def _from_study(size: int) -> Corpus:
    with TemporaryDirectory(prefix="corpus-") as folder:
        subprocess.run([sys.executable, STUDY, folder], check=True, stdout=subprocess.DEVNULL)
        mails = sorted(Path(folder, "mail").iterdir())[:size]
        return Corpus(
            mails=tuple(mail.read_bytes() for mail in mails),
            bodies=tuple(Path(folder, "hooks.jsonl").read_bytes().splitlines()[:size]),
            origin="the study's corpus",
        )


def make_corpus(size: int) -> Corpus:
    """The same mix in our own words."""
    random = Random(SEED)
    attachment = random.randbytes(100 * 1024)
    sent: list[tuple[str, str]] = []
    return Corpus(
        mails=tuple(_mail(random, number, sent, attachment) for number in range(size)),
        bodies=tuple(_body(random) for _ in range(size)),
        origin="an own corpus",
    )


_ENGLISH = """
the printer on our floor prints blank pages again my password has expired and the portal does not let me in
since this morning outlook asks for it every minute could you please install the new version of the drawing tool
wireless drops whenever I leave my desk the shared folder of the project is gone nobody in accounting can open it
"""
_WORDS = tuple(_ENGLISH.split())
_CHINESE = (
    "打印机卡纸了麻烦来看一下密码过期无法登录门户网站今天上午开始"
    "网络时断时续共享文件夹打不开请尽快处理多谢会议室投影仪没有信号"
)
_PEOPLE = ("Anna Berg", "Tom Okafor", "林小雨", "Marta Silva", "何志强", "Yuki Mori", "郑晓彤", "Paul Weiss")
_DOMAINS = ("corp.example", "example.org", "mail.example.net")


def _sentence(random: Random, *, chinese: bool) -> str:
    if chinese:
        start = random.randrange(len(_CHINESE))
        return (_CHINESE * 2)[start : start + random.randint(8, 30)] + "。"
    return " ".join(random.choices(_WORDS, k=random.randint(6, 18))).capitalize() + "."


def _mail(random: Random, number: int, sent: list[tuple[str, str]], attachment: bytes) -> bytes:
    chinese = random.random() < CHINESE
    name = random.choice(_PEOPLE)
    when = format_datetime(BEGIN + timedelta(seconds=37 * number))
    mail = EmailMessage(policy=SMTP)
    for hop in range(random.randint(2, 5)):
        mail.add_header(
            "Received", f"from mx{hop}.example.net by in{hop}.desk.example with ESMTPS id {number:08X}; {when}"
        )
    mail["From"] = f"{name} <person{random.randrange(300):03}@{random.choice(_DOMAINS)}>"
    mail["To"], mail["Date"] = "support@desk.example", when
    mail["Message-ID"] = identity = f"<{random.getrandbits(64):016x}.{number}@corp.example>"
    mail["Subject"] = subject = _subject(random, mail, sent, number, chinese=chinese)
    sent.append((subject, identity))
    _fill(random, mail, f"{name}\n", attachment, chinese=chinese)
    return mail.as_bytes()


def _subject(random: Random, mail: EmailMessage, sent: list[tuple[str, str]], number: int, *, chinese: bool) -> str:
    if len(sent) > 20 and random.random() < REPLY:
        subject, parent = random.choice(sent[-400:])
        mail["In-Reply-To"] = mail["References"] = parent
        return "Re: " + subject.removeprefix("Re: ")
    return f"{_sentence(random, chinese=chinese)[:40]} #{number:05}"


def _fill(random: Random, mail: EmailMessage, signature: str, attachment: bytes, *, chinese: bool) -> None:
    paragraphs = [
        " ".join(_sentence(random, chinese=chinese) for _ in range(random.randint(2, 6)))
        for _ in range(random.randint(1, 6))
    ]
    charset = "gb18030" if chinese and random.random() < 0.3 else "utf-8"
    mail.set_content("\n\n".join((*paragraphs, f"-- \n{signature}")), charset=charset)
    if random.random() < HTML + ATTACHED:
        styles = "".join(f"p.Plain{n} {{margin:0; font-family:Calibri}}\r\n" for n in range(random.randint(3, 40)))
        written = "".join(f"<p class=Plain{n}><span lang=EN>{text}</span></p>\r\n" for n, text in enumerate(paragraphs))
        mail.add_alternative(
            f"<html><head><style>{styles}</style></head><body>{written}</body></html>", subtype="html", charset=charset
        )
    if random.random() < ATTACHED:
        mail.add_attachment(attachment, maintype="application", subtype="pdf", filename="report.pdf")


_ALERTS = (
    ("DiskAlmostFull", "warning"),
    ("HostGone", "critical"),
    ("QueueGrows", "warning"),
    ("ReplicaLags", "warning"),
    ("ErrorsRise", "critical"),
    ("CertificateEnds", "info"),
)
_NEVER = "0001-01-01T00:00:00Z"


def _body(random: Random) -> bytes:
    name, severity = random.choice(_ALERTS)
    cluster = random.choice(("east", "west", "lab"))
    count = min(MOST_ALERTS, int(random.expovariate(1 / MEAN_ALERTS)) + 1)
    alerts = [_alert(random, name, severity, cluster) for _ in range(count)]
    firing = any(alert["status"] == "firing" for alert in alerts)
    common = {"alertname": name, "severity": severity, "cluster": cluster, "job": "node"}
    notification = {
        "version": "4",
        "groupKey": f'{{}}:{{alertname="{name}", cluster="{cluster}"}}',
        "truncatedAlerts": 0,
        "status": "firing" if firing else "resolved",
        "receiver": "deskd",
        "groupLabels": {"alertname": name, "cluster": cluster},
        "commonLabels": common,
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example:9093",
        "alerts": alerts,
    }
    return json.dumps(notification, separators=(",", ":")).encode()


def _alert(random: Random, name: str, severity: str, cluster: str) -> dict[str, Any]:
    host = f"10.{random.randrange(10)}.{random.randrange(256)}.{random.randrange(1, 255)}:9100"
    resolved = random.random() < RESOLVED
    began = BEGIN + timedelta(seconds=random.randrange(36_000))
    return {
        "status": "resolved" if resolved else "firing",
        "labels": {"alertname": name, "severity": severity, "cluster": cluster, "instance": host, "job": "node"},
        "annotations": {"summary": f"{name} on {host}", "runbook_url": f"https://runbooks.example/{name}"},
        "startsAt": began.isoformat(),
        "endsAt": (began + timedelta(minutes=9)).isoformat() if resolved else _NEVER,
        "generatorURL": "http://prometheus.example:9090/graph",
        "fingerprint": f"{random.getrandbits(64):016x}",
    }
