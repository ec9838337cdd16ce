"""What lies in deploy/ is accepted by the tools that will read it, and names what is really in the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.config.read import read_config
from daemon.config.rulebooks import read_rulebook_file
from ingest.alertmanager.configuration import read_configuration
from rules.alertmanager.losses import Expected, find_losses
from rules.rulebook_files.examples import check_examples
from tests.servers.process import find_program

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
UNIT = DEPLOY / "systemd/deskd.service"
COMPOSE = DEPLOY / "container/compose.yaml"
DOCKERFILE = DEPLOY / "container/Dockerfile"
ALERTMANAGER = DEPLOY / "alertmanager/alertmanager.yml"

EXAMPLES = ["systemd/deskd.toml", "container/deskd.toml", "kubernetes/deskd.toml"]


def run(*command: str | Path) -> str:
    """Run a tool and return what it says; a refusal fails the test with its words."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def tool(name: str) -> str:
    """A tool that comes with no server of the tests: without it the test is skipped by its name, under CI too."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def lines_of(file: Path, pattern: str) -> list[str]:
    return re.findall(pattern, file.read_text("utf-8"), flags=re.MULTILINE)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there: systemd looks whether the one of ExecStart= can be run."""
    copy = tmp_path / "deskd.service"
    copy.write_text(UNIT.read_text("utf-8").replace("/opt/deskd/bin/deskd", sys.executable), "utf-8")
    return copy


def uncommented(text: str) -> str:
    """An example with the tables that are commented out in it."""
    return re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_opensmtpd_takes_its_lines() -> None:
    assert "configuration OK" in run(find_program("opensmtpd", "smtpd"), "-n", "-f", DEPLOY / "mail-server/smtpd.conf")


def test_systemd_takes_the_unit_without_a_complaint(unit: Path) -> None:
    assert run(tool("systemd-analyze"), "verify", unit) == ""


def test_the_service_is_exposed_little(unit: Path) -> None:
    """The threshold is in tenths; systemd calls up to 2.0 OK."""
    run(tool("systemd-analyze"), "security", "--offline=true", "--threshold=20", unit)


def test_each_credential_of_the_example_is_loaded_by_the_unit() -> None:
    named = lines_of(DEPLOY / "systemd/deskd.toml", r'"credential:([^"]+)"')
    assert sorted(named) == sorted(lines_of(UNIT, r"^LoadCredential=([^:]+):"))


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("whole", [pytest.param(False, id="as it stands"), pytest.param(True, id="uncommented")])
def test_the_daemon_can_read_the_example(
    example: str, whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for name in ("imap.password", "smtp.password", "prod.token"):
        (tmp_path / name).write_text("secret\n")
        (tmp_path / name).chmod(0o600)
    text = re.sub(r"/run/secrets/(deskd/)?", f"{tmp_path}/", (DEPLOY / example).read_text("utf-8"))
    config = tmp_path / "deskd.toml"
    config.write_text(uncommented(text) if whole else text, "utf-8")
    complaints = [problem.says for problem in read_config(config).warnings]
    assert complaints == ["'support@example.org' is only an example: write your own"]


def test_prometheus_takes_its_example() -> None:
    run(find_program("prometheus", "promtool"), "check", "config", DEPLOY / "prometheus/prometheus.yml")


def test_alertmanager_takes_its_example() -> None:
    run(find_program("prometheus-alertmanager", "amtool"), "check-config", ALERTMANAGER)


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        pytest.param(["alertname=HostDown"], "deskd", id="alerts become tickets"),
        pytest.param(["alertname=Watchdog"], "deskd", id="the heartbeat reaches the desk"),
        pytest.param(["alertname=InfoInhibitor"], "nobody", id="what only inhibits reaches nobody"),
        pytest.param(["alertname=DeskdDown", "deskd_self=true"], "operators", id="alerts about the desk go past it"),
    ],
)
def test_alerts_are_routed(labels: list[str], receiver: str) -> None:
    amtool = find_program("prometheus-alertmanager", "amtool")
    said = run(amtool, "config", "routes", "test", f"--config.file={ALERTMANAGER}", *labels)
    assert said.splitlines()[0] == receiver  # a warning about --config.file follows in some releases


def test_alertmanager_as_it_is_shipped_loses_nothing() -> None:
    config = read_configuration(ALERTMANAGER.read_text("utf-8"))
    minutes = timedelta(minutes=1)
    expected = Expected(source="prod", correct_after=6 * minutes, heartbeat="Watchdog", heartbeat_interval=10 * minutes)
    assert find_losses(config, expected) == []


def test_alertmanager_posts_to_where_the_container_listens() -> None:
    config = tomllib.loads((DEPLOY / "container/deskd.toml").read_text("utf-8"))
    port = config["http"]["webhooks"].rpartition(":")[2]
    urls = lines_of(ALERTMANAGER, r"url: (\S+)")
    assert urls == [f"http://deskd:{port}/alertmanager/{source['name']}" for source in config["alertmanagers"]]


def test_prometheus_scrapes_where_the_container_listens() -> None:
    config = tomllib.loads((DEPLOY / "container/deskd.toml").read_text("utf-8"))
    port = config["http"]["admin"].rpartition(":")[2]
    assert lines_of(DEPLOY / "prometheus/prometheus.yml", r'"deskd:(\d+)"') == [port]


def test_the_rulebook_for_monitors_that_write_mails_does_what_its_examples_want() -> None:
    rulebook = read_rulebook_file(DEPLOY / "rulebooks/monitors.toml")
    assert check_examples(rulebook, datetime(2026, 11, 23, 2, tzinfo=UTC)) == ()


def test_the_image_is_built_of_what_is_there() -> None:
    copied = " ".join(lines_of(DOCKERFILE, r"^COPY (?!--from)(.+) \S+$")).split()
    assert {"daemon", "ingest", "outbound", "rules", "uv.lock"} <= set(copied)
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    sent = lines_of(DEPLOY / "container/Dockerfile.dockerignore", r"^!(.+)$")
    assert sorted(sent) == sorted(copied)


def test_the_image_runs_as_a_user_that_is_a_number() -> None:
    assert lines_of(DOCKERFILE, r"^USER (.+)$") == ["65532:65532"]
    assert lines_of(DEPLOY / "kubernetes/deployment.yaml", r"(?:runAsUser|runAsGroup|fsGroup): (\d+)") == ["65532"] * 3


def test_compose_mounts_what_is_there() -> None:
    mounted = lines_of(COMPOSE, r"^ +- (\.\.?/[^:]+):")
    assert [path for path in mounted if not (COMPOSE.parent / path).exists()] == []


def test_compose_opens_ports_to_this_machine_only() -> None:
    ports = lines_of(COMPOSE, r'^ +- "([^"]*:\d+:\d+)"$')
    assert len(ports) == 5
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_kubernetes_gets_one_pod_with_its_configuration() -> None:
    rendered = run(tool("kubectl"), "kustomize", DEPLOY / "kubernetes")
    assert re.findall(r"^kind: (\w+)$", rendered, flags=re.MULTILINE) == [
        "ConfigMap",
        "Service",
        "Service",
        "PersistentVolumeClaim",
        "Deployment",
    ]
    assert "replicas: 1" in rendered
    assert "type: Recreate" in rendered
    assert (DEPLOY / "kubernetes/deskd.toml").read_text("utf-8").splitlines()[0] in rendered
