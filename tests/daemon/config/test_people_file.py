"""Reading the people file."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from daemon.config.people_file import MOST_PROBLEMS, read_people_file, unknown_zones
from daemon.config.problems import ConfigError
from rules.directory import Contact

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH = """\
address,name,relation,number,department,customer,phone,place,zone,vip,language
Alice@Corp.example,"Ng, Alice",internal,E1001,Finance,,+86 10 5555 0101,"Floor 20, east",city,yes,en
bob@lake.example,Bob,external,C77,,Blue Lake,,,,,
"""
CHINESE = """\
邮箱,姓名,类型,工号,部门,客户,电话,地点,区域,重要,语言
alice@corp.example,吴爱丽,内部,E1001,财务部,,010-55550101,二十层东,city,是,中文
bob@lake.example,鲍勃,客户,C77,,蓝湖公司,,,,否,
"""
WU = Contact(
    address="alice@corp.example",
    name="吴爱丽",
    relation="internal",
    number="E1001",
    department="财务部",
    phone="010-55550101",
    place="二十层东",
    zone="city",
    vip=True,
    language="zh-CN",
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems_of(folder: Path, text: str | bytes) -> list[str]:
    """What is wrong with a people file, each without the folder's name."""
    with pytest.raises(ConfigError) as refused:
        read_people_file(write(folder, text))
    return [str(problem).replace(f"{folder}/", "") for problem in refused.value.problems]


def test_the_columns_in_english(tmp_path: Path) -> None:
    people = read_people_file(write(tmp_path, ENGLISH))
    assert people.contacts["alice@corp.example"] == Contact(
        address="alice@corp.example",
        name="Ng, Alice",
        relation="internal",
        number="E1001",
        department="Finance",
        phone="+86 10 5555 0101",
        place="Floor 20, east",
        zone="city",
        vip=True,
        language="en",
    )
    assert people.contacts["bob@lake.example"] == Contact(
        address="bob@lake.example", name="Bob", relation="external", number="C77", customer="Blue Lake"
    )
    assert people.warnings == ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CHINESE.encode(), id="UTF-8"),
        pytest.param(CHINESE.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(CHINESE.encode("gb18030"), id="GB 18030"),
        pytest.param(CHINESE.replace("\n", "\r\n").encode("gb18030"), id="with the line ends of Windows"),
        pytest.param(CHINESE.replace(",", ";").encode(), id="with semicolons"),
        pytest.param(CHINESE.replace(",", "\t").encode(), id="with tabs"),
        pytest.param(CHINESE.replace("类型", "內部外部").replace("电话", "電話").encode(), id="traditional names"),
        pytest.param(CHINESE.replace("邮箱", "  Ｅｍａｉｌ ").encode(), id="full-width letters and blanks"),
        pytest.param(CHINESE.replace(",中文\n", ",中文,,,\n").replace("语言", "语言,,,").encode(), id="empty columns"),
        pytest.param(CHINESE.replace("bob@", ",,\n\nbob@").encode(), id="empty rows"),
    ],
)
def test_a_file_as_spreadsheets_write_it(content: bytes, tmp_path: Path) -> None:
    people = read_people_file(write(tmp_path, content))
    assert people.contacts["alice@corp.example"] == WU
    assert people.contacts["bob@lake.example"].relation == "external"
    assert len(people.contacts) == 2
    assert people.warnings == ()


def test_only_the_address_must_be_there(tmp_path: Path) -> None:
    people = read_people_file(write(tmp_path, "地址\nalice@corp.example\n"))
    assert people.contacts["alice@corp.example"] == Contact(address="alice@corp.example")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        pytest.param("carol,,,", "people.csv:2: 邮箱: 'carol' is not a mail address", id="no address"),
        pytest.param(",Carol,,", "people.csv:2: address: it is missing", id="a person without an address"),
        pytest.param("c@x.example,,friend,", "people.csv:2: 类型: 'friend' is not known", id="no relation"),
        pytest.param("c@x.example,,,maybe", "people.csv:2: VIP: 'maybe' is neither yes", id="neither yes nor no"),
        pytest.param("c@x.example,C, D,内部,是", "people.csv:2: 5 cells under a header of 4", id="a stray comma"),
        pytest.param(f"c@x.example,{'c' * 201},,", "姓名: it is longer than 200 characters", id="a long text"),
        pytest.param('c@x.example,"C"x,,', "people.csv:2: it is no CSV: ", id="a stray quote"),
        pytest.param(
            'a@x.example,"A\nA",,\na@x.example,,,\nA@X.example,,,',
            "people.csv:4: address: 'a@x.example' stands on line 2 already",
            id="an address given twice, below a cell of two lines",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(row: str, complaint: str, tmp_path: Path) -> None:
    problems = problems_of(tmp_path, f"邮箱,姓名,类型,VIP\n{row}\n")
    assert complaint in problems[0], problems


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = "address,relation,vip\nalice,friend,maybe\na@x.example,internal,yes\na@x.example,internal,1\n"
    assert [problem.split(": ")[:2] for problem in problems_of(tmp_path, text)] == [
        ["people.csv:2", "address"],
        ["people.csv:2", "relation"],
        ["people.csv:2", "vip"],
        ["people.csv:4", "address"],
    ]


def test_of_many_mistakes_the_first_are_told_and_the_others_counted(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "address\n" + "nobody\n" * 1000)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].endswith("and 900 more")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param("", "people.csv:1: it is empty", id="an empty file"),
        pytest.param("name,phone\nAlice,1\n", "people.csv:1: the first line names no column address", id="no address"),
        pytest.param(
            "邮箱,地址\na@x.example,Beijing\n",
            "people.csv:1: 地址: it means address, as the column '邮箱'",
            id="two of one",
        ),
        pytest.param("address\n".encode("utf-16"), "people.csv: is UTF-16", id="UTF-16"),
        pytest.param(b"address\n\xff\xff@x\n", "people.csv:2: this line is neither UTF-8 nor GB 18030", id="binary"),
    ],
)
def test_a_file_that_cannot_be_used(content: str | bytes, complaint: str, tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, content)
    assert problem.startswith(complaint)


def test_an_unknown_column_is_a_warning_with_its_name(tmp_path: Path) -> None:
    people = read_people_file(write(tmp_path, "address,deparment,shoe\na@x.example,IT,42\n"))
    assert people.contacts["a@x.example"] == Contact(address="a@x.example")
    assert [(warning.line, warning.key, warning.severity) for warning in people.warnings] == [
        (1, "deparment", "warning"),
        (1, "shoe", "warning"),
    ]
    assert "did you mean 'department'?" in people.warnings[0].says


def test_what_cannot_be_printed_is_left_out(tmp_path: Path) -> None:
    people = read_people_file(write(tmp_path, 'address,name,place\na@x.example,A\u200b\x07da,"East\r\nwing"\n'))
    contact = people.contacts["a@x.example"]
    assert (contact.name, contact.place) == ("Ada", "East wing")


def test_a_zone_that_the_rulebook_does_not_have_is_a_warning_once(tmp_path: Path) -> None:
    path = write(tmp_path, "address,zone\na@x.example,city\nb@x.example,subburbs\nc@x.example,subburbs\n")
    [warning] = unknown_zones(path, read_people_file(path), {"city", "suburbs"})
    assert (warning.line, warning.says) == (3, "the rulebook has no zone 'subburbs'; did you mean 'suburbs'?")


@pytest.mark.slow
def test_a_hundred_thousand_people_are_read_in_two_seconds(tmp_path: Path) -> None:
    row = CHINESE.splitlines()[1].partition("@")[2]
    people = "\n".join(f"user{number}@{row}" for number in range(100_000))
    path = write(tmp_path, f"{CHINESE.splitlines()[0]}\n{people}\n".encode("gb18030"))

    def seconds() -> float:
        begun = time.process_time()
        assert len(read_people_file(path).contacts) == 100_000
        return time.process_time() - begun

    assert any(seconds() < 2 for _ in range(5)), "not once in five times, whatever else the machine does"
