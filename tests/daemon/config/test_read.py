from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from daemon.config.listen import ListenAddress
from daemon.config.problems import ConfigError
from daemon.config.read import load_rulebook, read_config
from rules.people import Away, Rotation, Shift
from tests.daemon.config.samples import RULEBOOK, WHOLE, changed, write_config, write_secret

if TYPE_CHECKING:
    from pathlib import Path

FIRST_START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def problems_of(folder: Path, text: str) -> list[str]:
    """What is wrong with a configuration, each without the folder's name."""
    with pytest.raises(ConfigError) as refused:
        read_config(write_config(folder, text))
    return [str(problem).replace(f"{folder}/", "") for problem in refused.value.problems]


def test_a_whole_configuration_is_read(tmp_path: Path) -> None:
    config = read_config(write_config(tmp_path))
    assert config.desk.own_addresses == {"support@corp.example", "helpdesk@corp.example"}
    assert config.desk.domain == "corp.example"
    assert config.desk.state == tmp_path / "state"
    assert config.database.url.reveal() == f"sqlite:///{tmp_path}/state/deskd.sqlite3"
    assert (config.http.webhooks, config.http.admin) == (ListenAddress("127.0.0.1", 9201), ListenAddress("::1", 9202))
    assert config.alert_sources[0].tokens() == (f"prod.token of {tmp_path.name}",)
    assert config.warnings == ()


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ('"MX.corp.example"', {"mx.corp.example"}),
        ('["mx1.corp.example", "mx2.corp.example"]', {"mx1.corp.example", "mx2.corp.example"}),
    ],
)
def test_one_or_several_border_servers_prove_senders(written: str, ids: set[str], tmp_path: Path) -> None:
    desk = read_config(write_config(tmp_path, changed(('state = "', f'authserv_id = {written}\nstate = "')))).desk
    assert desk.ourselves.authserv_ids == ids
    assert desk.commands_by_mail


def test_checking_makes_no_state_folder(tmp_path: Path) -> None:
    read_config(write_config(tmp_path))
    assert not (tmp_path / "state").exists()


def test_people_are_found_by_their_address_in_lower_case(tmp_path: Path) -> None:
    staff = read_config(write_config(tmp_path)).staff
    assert [(person.address, person.name) for person in staff.people.values()] == [("li.wei@corp.example", "李伟")]
    assert staff.knows("anybody@partner.example")


def test_the_roster_runs_past_midnight_in_the_zone_of_the_rulebook(tmp_path: Path) -> None:
    config = read_config(write_config(tmp_path))
    assert config.staff.roster == (
        Shift(
            team="service-desk",
            people=("li.wei@corp.example",),
            days=frozenset({"mon", "tue"}),
            begins=time(22),
            ends=time(6),
        ),
    )
    assert config.staff.timezone.key == config.rulebook.timezone == load_rulebook(config).timezone


def test_people_take_turns_from_a_day_on(tmp_path: Path) -> None:
    text = changed(('hours = "22:00-06:00"', 'rotates = "week"\nfrom = "2026-11-23"'))
    [shift] = read_config(write_config(tmp_path, text)).staff.roster
    assert shift.rotation == Rotation(7, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("written", "away"),
    [
        pytest.param(
            '{ from = "2026-12-01", to = "2026-12-05" }',
            Away(datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 5, 16, tzinfo=UTC)),
            id="whole days, the last one included",
        ),
        pytest.param(
            "{ from = 2026-12-01, to = 2026-12-01 }",
            Away(datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 1, 16, tzinfo=UTC)),
            id="one day, written as a date of TOML",
        ),
        pytest.param(
            '{ from = "2026-12-01T13:00", to = "2026-12-01 18:30" }',
            Away(datetime(2026, 12, 1, 5, tzinfo=UTC), datetime(2026, 12, 1, 10, 30, tzinfo=UTC)),
            id="times of the roster's zone",
        ),
    ],
)
def test_people_are_away(written: str, away: Away, tmp_path: Path) -> None:
    text = changed(('teams = ["service-desk"]', f'teams = ["service-desk"]\naway = [{written}]'))
    [person] = read_config(write_config(tmp_path, text)).staff.people.values()
    assert person.away == (away,)


def test_a_person_has_lines_and_areas_of_the_rulebook(tmp_path: Path) -> None:
    text = changed(('teams = ["service-desk"]', 'teams = ["service-desk"]\nlines = ["first"]\nareas = ["city"]'))
    config = read_config(write_config(tmp_path, text))
    [person] = config.staff.people.values()
    assert (sorted(person.lines), sorted(person.areas)) == (["first"], ["city"])
    assert [warning.says for warning in config.warnings] == [
        "the rulebook has no line 'first'",
        "the rulebook has no zone 'city'",
    ]


def test_one_person_taking_turns_is_a_warning(tmp_path: Path) -> None:
    text = changed(('hours = "22:00-06:00"', 'rotates = "day"\nfrom = 2026-11-23'))
    [warning] = read_config(write_config(tmp_path, text)).warnings
    assert warning.key == "roster[0].rotates"


REQUESTERS = '[requesters]\nfile = "people.csv"\ninternal_domains = ["Corp.example", ".group.example"]\n[staff]'


def test_the_people_who_report_are_read_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("address,name,shoe\nalice@agency.example,Alice,42\n")
    config = read_config(write_config(tmp_path, changed(("[staff]", REQUESTERS))))
    alice = config.directory.find("alice@agency.example")
    assert alice is not None
    assert alice.name == "Alice"
    assert config.directory.relation("bob@mail.group.example") == "internal"
    assert config.directory.relation("bob@corp.example") == "internal"
    assert [warning.key for warning in config.warnings] == ["shoe"]


def test_without_a_people_file_nobody_is_known(tmp_path: Path) -> None:
    directory = read_config(write_config(tmp_path)).directory
    assert (len(directory.contacts), directory.relation("bob@corp.example")) == (0, None)


def test_errors_of_the_people_file_come_along_with_its_own_name_and_line(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("address\nalice\n")
    problems = problems_of(tmp_path, changed(("[staff]", REQUESTERS), ("port = 993", "port = 0")))
    assert any(problem.startswith("people.csv:2: address: ") for problem in problems)
    assert any(problem.startswith("deskd.toml:11: mailboxes[0].port: ") for problem in problems)


def test_a_mailbox_connects_with_the_password_of_the_moment(tmp_path: Path) -> None:
    account = read_config(write_config(tmp_path)).mailboxes[0]
    write_secret(tmp_path / "imap.password", "changed since\n")
    settings = account.settings(first_start=FIRST_START)
    assert (settings.password, settings.since, settings.old_mail) == ("changed since", FIRST_START, "leave")


@pytest.mark.parametrize(
    ("since", "moment", "old_mail"),
    [
        pytest.param('"all"', FIRST_START, "import", id="all imports what lies there without letters"),
        pytest.param(
            "2026-11-01T00:00:00+08:00",
            datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=8))),
            "leave",
            id="a moment leaves what is older",
        ),
    ],
)
def test_since_decides_about_old_mail(since: str, moment: datetime, old_mail: str, tmp_path: Path) -> None:
    text = changed(('user = "support"\n', f'user = "support"\nsince = {since}\n'))
    settings = read_config(write_config(tmp_path, text)).mailboxes[0].settings(first_start=FIRST_START)
    assert (settings.since, settings.old_mail) == (moment, old_mail)


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587)], ids=["implicit TLS", "STARTTLS"])
def test_a_port_left_out_follows_from_the_security(security: str, port: int, tmp_path: Path) -> None:
    text = changed(('host = "smtp.corp.example"\n', f'host = "smtp.corp.example"\nsecurity = "{security}"\n'))
    smtp = read_config(write_config(tmp_path, text)).smtp
    assert smtp is not None
    assert smtp.settings().port == port


def test_every_error_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed(
        ('name = "IT Service Desk"', 'nmae = "IT Service Desk"'),
        ("port = 993", "port = 99300"),
        ('security = "tls"', 'security = "plain"'),
        ('"imap.password"', '"missing.password"'),
        ('"127.0.0.1:9201"', '"9201"'),
        ('known = ["@partner.example"]', 'timezone = "Asia/Shangai"'),
        ('people = ["li.wei@corp.example"]', 'people = ["li.wie@corp.example"]'),
        ("22:00-06:00", "22-06"),
    )
    keys = [problem.split(": ")[:2] for problem in problems_of(tmp_path, text)]
    assert keys == [
        ["deskd.toml:1", "desk.name"],
        ["deskd.toml:2", "desk.nmae"],
        ["deskd.toml:11", "mailboxes[0].port"],
        ["deskd.toml:12", "mailboxes[0].security"],
        ["deskd.toml:14", "mailboxes[0].password_file"],
        ["deskd.toml:22", "http.webhooks"],
        ["deskd.toml:30", "staff.timezone"],
        ["deskd.toml:39", "roster[0].people[0]"],
        ["deskd.toml:41", "roster[0].hours"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param("name = ", "nmae = ", "there is no such key; did you mean 'name'?", id="a slip in a key"),
        pytest.param("[smtp]", "[stmp]", "stmp: there is no such key; did you mean 'smtp'?", id="a slip in a table"),
        pytest.param('"tls"', '"starttsl"', "did you mean 'starttls'?", id="a slip in a choice"),
        pytest.param('"support@corp.example"', '"support"', "is not a mail address", id="an address without a domain"),
        pytest.param('"helpdesk@corp.example"', "7", "it must be text in quotes", id="a number for an address"),
        pytest.param("port = 993", "port = 0", "port: it must be 1 or more", id="a port below the first"),
        pytest.param("port = 993", 'port = "imap"', "port: it must be a whole number", id="a port by name"),
        pytest.param("port = 993", "port = true", "port: it must be a whole number", id="a port that is none"),
        pytest.param('state = "', 'senders_are_checked = "no"\nstate = "', "true or false", id="a switch in words"),
        pytest.param(
            'state = "', 'authserv_id = "mx a"\nstate = "', "is no authserv-id", id="an authserv-id of two words"
        ),
        pytest.param(
            'state = "',
            'senders_are_checked = true\nauthserv_id = "mx"\nstate = "',
            "desk.authserv_id: senders_are_checked = true trusts every sender already",
            id="two kinds of trust",
        ),
        pytest.param("imap.corp.example", "imap.corp.example:993", "write host =", id="a port in the host"),
        pytest.param('"tls"', '"plain"', "readable to imap.corp.example", id="a password readable on the network"),
        pytest.param("port = 993", 'password = "x"', "password and password_file are both given", id="two passwords"),
        pytest.param('password_file = "imap', '# = "imap', "a password is needed", id="no password"),
        pytest.param('password_file = "smtp', '# = "smtp', "a password is needed", id="a user without a password"),
        pytest.param('"prod.token"', "", "a token is needed", id="no token"),
        pytest.param('"prod.token"', '"prod.token", "prod.token", "prod.token"', "at most 2", id="a third token"),
        pytest.param('"prod.token"', '"no.token"', "no such file", id="no file of a token"),
        pytest.param(
            '"prod.token"', '"credential:../x"', "does not name a credential", id="a credential that is a path"
        ),
        pytest.param(
            '"small.toml"', '"nonsense"', "desk.rulebook: no rulebook called 'nonsense'", id="no such rulebook"
        ),
        pytest.param('"small.toml"', '"ours.toml"', "desk.rulebook: ", id="no file of a rulebook"),
        pytest.param('teams = ["service-desk"]', 'teams = ["service"]', "has no team 'service'", id="no such team"),
        pytest.param('"mon", "tue"', '"monday"', "did you mean 'mon'?", id="a day in full"),
        pytest.param("Li.Wei@corp", "support@corp", "is the desk's own", id="the desk as its own staff"),
        pytest.param(
            '"22:00-06:00"', '"22:00-06:00"\nrotates = "month"\nfrom = "2026-11-23"', "no length", id="turns of a month"
        ),
        pytest.param('"22:00-06:00"', '"22:00-06:00"\nrotates = 0\nfrom = 2026-11-23', "no length", id="no turns"),
        pytest.param('"22:00-06:00"', '"22:00-06:00"\nrotates = 7', "given together", id="turns without a first day"),
        pytest.param('"22:00-06:00"', '"22:00-06:00"\nfrom = 2026-11-23', "given together", id="a first day alone"),
        pytest.param(
            '"22:00-06:00"', '"22:00-06:00"\nrotates = 7\nfrom = "Monday"', "is not a day", id="a first day in words"
        ),
        pytest.param(
            'name = "李伟"', 'away = [{ from = "2026-12-05", to = "2026-12-01" }]', "after from", id="back before gone"
        ),
        pytest.param('name = "李伟"', 'away = [{ from = "2026-12-05" }]', "it is missing", id="away for ever"),
        pytest.param(
            'name = "李伟"', "away = [{ from = 2026-12-05T00:00:00Z, to = 2026-12-06 }]", "offset", id="another zone"
        ),
        pytest.param("[staff]", '[requesters]\nfile = "people.csv"\n[staff]', "there is no file", id="no people file"),
        pytest.param(
            "[staff]",
            '[requesters]\ninternal_domains = ["@x"]\n[staff]',
            "is not a domain",
            id="an at sign in a domain",
        ),
        pytest.param("port = 993", 'done_folder = "INBOX"', "is the folder already", id="mail that stays where it is"),
        pytest.param("port = 993", 'folder = "a*"', "wildcards", id="a folder that is a pattern"),
        pytest.param("port = 993", "since = 2026-11-01T00:00:00", "needs an offset", id="a moment of no zone"),
        pytest.param("port = 993", 'since = "yesterday"', "is not a moment", id="a moment in words"),
        pytest.param("port = 993", 'poll = "2wh"', "between 1s and 1h", id="polling in working time"),
        pytest.param("port = 993", 'largest_mail = "25 MB"', "is not a size", id="a size in unclear units"),
        pytest.param("port = 993", 'ca_file = "no.pem"', "there is no file", id="no certificates"),
        pytest.param("[staff]", '[database]\nurl = "mysql://db/x"\n[staff]', "no database URL", id="another database"),
        pytest.param("[staff]", "[log]\nlevel = 3\n[staff]", "log.level: 3 is none of", id="a level by number"),
        pytest.param(
            '"127.0.0.1:9201"', '"127.0.0.1:99999"', "99999 is not a port", id="a listener past the last port"
        ),
    ],
)
def test_a_mistake_is_named_with_what_to_do(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    problems = problems_of(tmp_path, changed((old, new)))
    told = [problem for problem in problems if complaint in problem]
    assert len(told) == 1, problems
    assert re.match(r"deskd\.toml:[0-9]+: [a-z]", told[0])


def test_an_item_of_a_long_list_is_named_with_its_own_line(tmp_path: Path) -> None:
    text = changed(
        ('people = ["li.wei@corp.example"]', 'people = [\n  "li.wei@corp.example",\n  "nobody@corp.example",\n]')
    )
    [problem] = problems_of(tmp_path, text)
    assert problem.startswith("deskd.toml:41: roster[0].people[1]: ")


def test_one_wrong_item_is_one_error(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, changed(('"mon", "tue"', '"monday"')))
    assert "roster[0].days[0]" in problem


def test_an_empty_list_is_told(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, changed(('"mon", "tue"', "")))
    assert problem.endswith("roster[0].days: it must hold at least 1")


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        pytest.param(
            '[[mailboxes]]\nname = "support"\nhost = "a.example"\nuser = "a"\npassword_file = "imap.password"',
            "mailboxes[1].name: 'support' is taken by mailboxes[0]",
            id="two mailboxes of one name",
        ),
        pytest.param(
            '[[mailboxes]]\nname = "b"\nhost = "imap.corp.example"\nuser = "support"\npassword_file = "imap.password"',
            "mailboxes[1]: it reads the same folder as mailboxes[0]",
            id="one folder read twice",
        ),
        pytest.param(
            '[[alertmanagers]]\nname = "prod"\ntoken_files = ["prod.token"]',
            "alertmanagers[1].name: 'prod' is taken by alertmanagers[0]",
            id="two sources of one name",
        ),
        pytest.param(
            '[[alertmanagers]]\nname = "support"\ntoken_files = ["prod.token"]',
            "alertmanagers[1].name: 'support' is taken by mailboxes[0] already",
            id="a source of the name of a mailbox, whose mails may be alerts too",
        ),
        pytest.param(
            '[[alertmanagers]]\nname = "a"\ntoken_files = ["prod.token"]\nmails_from = ["am@corp.example"]\n'
            '[[alertmanagers]]\nname = "b"\ntoken_files = ["prod.token"]\nmails_from = ["AM@corp.example"]',
            "alertmanagers[2].mails_from: 'AM@corp.example' is taken by alertmanagers[1] already",
            id="two Alertmanagers that mail from one address",
        ),
        pytest.param(
            '[[people]]\naddress = "LI.WEI@corp.example"',
            "people[1].address: 'li.wei@corp.example' is taken by people[0]",
            id="one person twice",
        ),
    ],
)
def test_names_are_given_once(more: str, complaint: str, tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, f"{WHOLE}\n{more}\n")
    assert complaint in problem
    assert int(problem.split(":")[1]) > WHOLE.count("\n")


def test_a_secret_is_not_shown_where_it_is_wrong(tmp_path: Path) -> None:
    text = changed(('password_file = "imap.password"', 'password = "sesame\\u0007"'))
    [problem] = problems_of(tmp_path, text)
    assert "control character" in problem
    assert "sesame" not in problem


def test_a_database_url_with_a_password_is_not_shown(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, f'{WHOLE}\n[database]\nurl = "mysql://desk:sesame@db/desk"\n')
    assert "sesame" not in "".join(problems)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"[desk\n", "deskd.toml:1: ", id="a bracket is missing"),
        pytest.param(b"[desk]\nname = \n", "deskd.toml:2: ", id="a value is missing"),
        pytest.param(b'[desk]\nname = "\xff"\n', "deskd.toml:2: this line is not UTF-8", id="another encoding"),
        pytest.param(b"a = " + b"[" * 5000, "nested too deep", id="brackets without end"),
        pytest.param(b"#" * (1 << 20) + b"#", "larger than 1 MiB", id="a large file"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(content: bytes, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "deskd.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=complaint):
        read_config(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"deskd\.toml: there is no such file: `deskd init` writes one"):
        read_config(tmp_path / "deskd.toml")


def test_an_empty_file_lacks_the_desk(tmp_path: Path) -> None:
    assert "deskd.toml: desk: it is missing and must be given" in problems_of(tmp_path, "")


def test_errors_of_the_rulebook_come_along_with_its_own_name_and_line(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(f'colour = "blue"\n{RULEBOOK}')
    text = changed(('"small.toml"', '"ours.toml"'), ("port = 993", "port = 0"))
    problems = problems_of(tmp_path, text)
    assert any(problem.startswith("ours.toml:1: colour: ") for problem in problems)
    assert any(problem.startswith("deskd.toml:11: mailboxes[0].port: ") for problem in problems)


@pytest.mark.parametrize("name", ["imap.password", "smtp.password", "prod.token"])
def test_a_secret_everybody_can_read_is_a_warning(name: str, tmp_path: Path) -> None:
    path = write_config(tmp_path)
    (tmp_path / name).chmod(0o644)
    [warning] = read_config(path).warnings
    assert f"chmod 600 {name}" in str(warning)
    assert warning.line == WHOLE[: WHOLE.index(name)].count("\n") + 1


def test_a_secret_in_a_file_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    path = write_config(tmp_path, changed(('password_file = "imap.password"', 'password = "sesame"')))
    path.chmod(0o644)
    [warning] = read_config(path).warnings
    assert str(warning).endswith("chmod 600 deskd.toml, or use a file of its own")


def test_somebody_on_duty_for_a_team_he_is_not_in_is_a_warning(tmp_path: Path) -> None:
    path = write_config(tmp_path, changed(('name = "李伟"\nteams = ["service-desk"]', 'name = "李伟"')))
    [warning] = read_config(path).warnings
    assert (warning.key, warning.line) == ("roster[0].people[0]", 38)
