"""The table of a source of alerts: how it posts to us, and where we ask it ourselves."""

# Annotations are not put off here: pydantic reads them while it makes the classes.

from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.secrets import Secret
from daemon.config.table import Table, refuse_both
from daemon.config.values import (
    ApiUrl,
    ExistingFile,
    Line,
    MailAddress,
    Name,
    Seconds,
    SecretFile,
    SecretText,
    is_loopback,
)


class AlertmanagerTable(Table):
    about: ClassVar[str] = "An Alertmanager that posts to `/alertmanager/{name}`. Any number."
    name: Name = Field(description="Its name in the path, in logs and metrics.", examples=["prod"])
    token: SecretText | None = Field(default=None, description="The bearer token it sends; better in `token_files`.")
    token_files: tuple[SecretFile, ...] = Field(
        default=(),
        max_length=2,
        validate_default=True,
        description="One or two files, each with a token; two are live while one replaces the other.",
        examples=["prod.token"],
    )
    mails_from: tuple[MailAddress, ...] = Field(
        default=(),
        description="Where it mails the same alerts to the desk as well, with `threading`: from these addresses. Its "
        "mails, verified, then land on the tickets of its webhooks.",
        examples=["alertmanager@example.org"],
    )
    receivers: tuple[Line, ...] = Field(
        default=(),
        description="Alertmanager's receivers that post to us, for `api`. Left out: those that have posted since the "
        "start.",
        examples=["deskd"],
    )
    api: tuple[ApiUrl, ...] = Field(
        default=(),
        max_length=10,
        description="Where Alertmanager is asked what fires, so that a lost notification does no harm. Several where "
        "they are a cluster: an alert fires as long as one of them says so. "
        "Behind a path (`--web.route-prefix`) with that.",
        examples=["http://127.0.0.1:9093"],
    )
    api_token: SecretText | None = Field(
        default=None, description="A bearer token for `api`; better in `api_token_file`."
    )
    api_token_file: SecretFile | None = Field(
        default=None, description="A file that holds only the token.", examples=["alertmanager.token"]
    )
    api_user: Line | None = Field(
        default=None,
        pattern="^[^:]*$",
        description="The name for `api`, where it takes a password.",
        examples=["deskd"],
    )
    api_password: SecretText | None = Field(default=None, description="The password; better in `api_password_file`.")
    api_password_file: SecretFile | None = Field(
        default=None,
        validate_default=True,
        description="A file that holds only the password.",
        examples=["alertmanager.password"],
    )
    api_ca_file: ExistingFile | None = Field(
        default=None,
        description="The certificates to trust for `api`, in place of the usual ones.",
        examples=["ca.pem"],
    )
    reconcile_every: Seconds = Field(default=60.0, description="How often what fires is compared.", examples=["1m"])
    correct_after: Seconds = Field(
        default=360.0,
        description="How long desk and Alertmanager must differ before the desk believes Alertmanager: longer than "
        "`group_wait` and `group_interval` of its routes to us, as its notification may only be on the way.",
        examples=["6m"],
    )

    @field_validator("token_files", mode="before")
    @classmethod
    def _one_or_two(cls, value: Any, info: ValidationInfo) -> Any:
        token = info.data.get("token")
        if value and token is not None:
            raise ValueError("token and token_files are both given: keep one")
        if not value and "token" in info.data and token is None:
            raise ValueError("a token is needed: write token_files, or token")
        return value

    @field_validator("api", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("api_token_file", "api_password_file", mode="before")
    @classmethod
    def _one_secret(cls, value: object, info: ValidationInfo) -> object:
        return refuse_both(value, info)

    @field_validator("api_password_file", mode="after")
    @classmethod
    def _one_login(cls, file: Secret | None, info: ValidationInfo) -> Secret | None:
        told = info.data
        token = told.get("api_token") or told.get("api_token_file")
        password = file or told.get("api_password")
        if token and (password or told.get("api_user")):
            raise ValueError("a token and a password for api are both given: keep one")
        if (password is None) != (told.get("api_user") is None):
            raise ValueError("a password for api needs api_user, and api_user a password")
        if token or password:
            _refuse_readable(told.get("api", ()))
        return file


def _refuse_readable(urls: tuple[str, ...]) -> None:
    """Raises ValueError where a secret would go to another machine in the clear."""
    for url in urls:
        if url.startswith("http:") and not is_loopback(urlsplit(url).hostname or ""):
            raise ValueError(f"{url} would be sent the secret readable: write https://")
