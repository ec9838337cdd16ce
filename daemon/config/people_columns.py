"""The columns of the people file, in English and Chinese, and what their cells mean."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

from daemon.config.problems import did_you_mean
from ingest.mail.addresses import addr_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rules.directory import Relation

LONGEST_TEXT: Final = 200

Word = TypeVar("Word")

#: The field of a contact that each column fills: English, Simplified, Traditional.
_ALIASES: Final[dict[str, str]] = {
    "address": "email e-mail mail 邮箱 邮件 邮箱地址 邮件地址 电子邮箱 电子邮件 地址 郵箱 郵件 電子郵件",
    "name": "姓名 名字",
    "relation": "type 内部外部 类型 內部外部 類型",
    "number": "工号 编号 客户编号 员工编号 工號 編號 客戶編號 員工編號",
    "department": "部门 部門",
    "customer": "客户 客户名称 客戶 客戶名稱",
    "phone": "telephone 电话 手机 電話 手機",
    "place": "地点 办公地点 地點 辦公地點",
    "zone": "区域 區域",
    "vip": "重要 贵宾 貴賓",
    "language": "语言 語言",
}
_FIELDS: Final = {name: field for field, names in _ALIASES.items() for name in (field, *names.split())}

_RELATIONS: Final[dict[str, Relation]] = {
    **dict.fromkeys(("internal", "employee", "内部", "內部", "员工", "員工"), "internal"),
    **dict.fromkeys(("external", "customer", "外部", "客户", "客戶"), "external"),
}
_YES: Final = {"yes", "y", "true", "1", "x", "vip", "是", "重要", "√"}
_NO: Final = {"no", "n", "false", "0", "否", "-"}
_LANGUAGES: Final = {
    **dict.fromkeys(("zh-cn", "zh", "zh-hans", "chinese", "中文", "简体", "简体中文"), "zh-CN"),
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-hant", "繁体", "繁體", "繁体中文", "繁體中文"), "zh-TW"),
    **dict.fromkeys(("en", "english", "英文", "英语", "英語"), "en"),
}


class Complain(Protocol):
    """Takes what is wrong with a column, by its name in the file."""

    def __call__(self, column: str, says: str, *, severity: Literal["error", "warning"] = "error") -> None:
        """Take one complaint."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column that means something."""

    field: str
    written: str
    """Its name in the file."""
    read: Callable[[str], Any]
    """From a cell that is not blank to the field; raises ValueError with a sentence."""


def columns_of(header: Sequence[str], complain: Complain) -> tuple[Column | None, ...] | None:
    """What each column means, None for one that means nothing; None altogether where nobody could be told apart."""
    taken: dict[str, str] = {}
    columns = tuple(_column(cell.strip(), taken, complain) for cell in header)
    if "address" in taken:
        return columns
    complain("", "the first line names no column address (邮箱): nobody can be found without")
    return None


def _column(written: str, taken: dict[str, str], complain: Complain) -> Column | None:
    field = _FIELDS.get(_folded(written))
    if field is None:
        if written:
            says = f"this column is not known and left out{did_you_mean(_folded(written), _FIELDS)}"
            complain(written, says, severity="warning")
        return None
    if field in taken:
        complain(written, f"it means {field}, as the column {taken[field]!r} does: rename one of them")
        return None
    taken[field] = written
    return Column(field, written, _READERS.get(field, _text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _text(cell: str) -> str:
    """A cell on one line, without what cannot be printed."""
    text = cell if cell.isprintable() else "".join(filter(str.isprintable, " ".join(cell.split())))
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"it is longer than {LONGEST_TEXT} characters")
    return text


def _address(cell: str) -> str:
    found = addr_spec(cell)
    if found is None:
        raise ValueError(f"{_shown(cell)} is not a mail address")
    return found


def _relation(cell: str) -> Relation:
    return _one_of(_RELATIONS, cell, "write internal (内部) or external (外部)")


def _language(cell: str) -> str:
    return _one_of(_LANGUAGES, cell, "write zh-CN, zh-TW or en")


def _vip(cell: str) -> bool:
    word = _folded(cell)
    if word not in _YES | _NO:
        raise ValueError(f"{_shown(cell)} is neither yes (是) nor no (否)")
    return word in _YES


def _one_of(known: dict[str, Word], cell: str, hint: str) -> Word:
    found = known.get(cell) or known.get(_folded(cell))
    if found is None:
        raise ValueError(f"{_shown(cell)} is not known: {hint}")
    return found


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 60 else f"{cell[:60]}...")


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "address": _address,
    "relation": _relation,
    "vip": _vip,
    "language": _language,
}
