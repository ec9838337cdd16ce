"""The table of a login with access tokens, `[mailboxes.oauth2]` and `[smtp.oauth2]`."""

# Annotations are not put off here: pydantic reads them while it makes the classes.

from typing import ClassVar, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.secrets import Secret
from daemon.config.table import Table, refuse_both
from daemon.config.values import Line, SecretFile, SecretText, is_loopback

#: Of an application's own mailbox access, and of a person who has agreed.
MICROSOFT_AS_APPLICATION = "https://outlook.office365.com/.default"
MICROSOFT_AS_PERSON = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)
GOOGLE = "https://mail.google.com/"
#: Google gives a refresh token only where it is asked for access offline, and again only where it asks the person anew.
GOOGLE_AGREEMENT = "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent"


class OAuthUrls(NamedTuple):
    """Where an authorisation server is spoken to; `device` and `authorize` are two ways in which a person agrees."""

    token: str
    device: str | None
    authorize: str | None


class OAuth2Table(Table):
    about: ClassVar[str] = "Log in with access tokens instead of a password. The same keys stand in `[smtp.oauth2]`."
    provider: Literal["microsoft", "google"] | None = Field(
        default=None, description="Whose server gives tokens; known with `preset`. Left out: `token_url` says."
    )
    tenant: Line | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.-]+$",
        description="Microsoft's directory, by id or domain; `common` or `consumers` for a person's mailbox.",
        examples=["corp.onmicrosoft.com"],
    )
    grant: Literal["client_credentials", "refresh_token"] = Field(
        default="refresh_token",
        description="`client_credentials`: the application itself may read the mailbox (Microsoft 365). "
        "`refresh_token`: a person agrees once, with `deskd oauth login`.",
    )
    client_id: Line = Field(
        description="The application's id where it is registered.", examples=["6731de76-14a6-49ae-97bc-6eba6914391e"]
    )
    client_secret: SecretText | None = Field(default=None, description="Its secret; better in `client_secret_file`.")
    client_secret_file: SecretFile | None = Field(
        default=None,
        validate_default=True,
        description="A file that holds only the secret.",
        examples=["client.secret"],
    )
    refresh_token_file: SecretFile | None = Field(
        default=None,
        description="A refresh token made elsewhere, in place of `deskd oauth login`. What the server sends in its "
        "place is kept in the state folder.",
        examples=["refresh.token"],
    )
    scope: Line | None = Field(default=None, description="What is asked for. Left out: mail, as the provider names it.")
    token_url: Line | None = Field(
        default=None,
        validate_default=True,
        description="Where tokens are given; known of a provider.",
        examples=["https://login.example.org/token"],
    )
    device_url: Line | None = Field(
        default=None,
        description="Where `deskd oauth login` asks for a code; known of Microsoft.",
        examples=["https://login.example.org/device"],
    )
    authorize_url: Line | None = Field(
        default=None,
        description="The page on which a person agrees, where there is no `device_url`; known of Google.",
        examples=["https://login.example.org/authorize"],
    )

    @field_validator("client_secret_file", mode="before")
    @classmethod
    def _one_secret(cls, value: object, info: ValidationInfo) -> object:
        application = info.data.get("grant") == "client_credentials"
        if application and value is None and "client_secret" in info.data and info.data["client_secret"] is None:
            raise ValueError("client_credentials needs a secret: write client_secret_file, or client_secret")
        return refuse_both(value, info)

    @field_validator("token_url", mode="after")
    @classmethod
    def _known_server(cls, url: str | None, info: ValidationInfo) -> str | None:
        provider = info.data.get("provider")
        if url is None and provider is None and "provider" in info.data:
            raise ValueError('who gives the tokens is not said: write provider = "microsoft" or "google", or token_url')
        if url is None and provider == "microsoft" and "tenant" in info.data and info.data["tenant"] is None:
            raise ValueError("provider microsoft needs tenant: the directory's id or domain")
        if url is None and provider == "google" and info.data.get("grant") == "client_credentials":
            raise ValueError('provider google knows no client_credentials here: write grant = "refresh_token"')
        return _safe(url)

    @field_validator("device_url", "authorize_url", mode="after")
    @classmethod
    def _safe_url(cls, url: str | None) -> str | None:
        return _safe(url)

    @field_validator("scope", mode="after")
    @classmethod
    def _ascii_scope(cls, scope: str | None) -> str | None:
        if scope is not None and not scope.isascii():
            raise ValueError("a scope is ASCII (RFC 6749, 3.3)")
        return scope

    @property
    def secret(self) -> Secret | None:
        """The client's secret, wherever it stands."""
        return self.client_secret_file or self.client_secret

    @property
    def urls(self) -> OAuthUrls:
        """Those that are written, or else the provider's."""
        token, device, authorize = self.token_url, self.device_url, self.authorize_url
        match self.provider:
            case "microsoft":
                base = f"https://login.microsoftonline.com/{self.tenant}/oauth2/v2.0"
                return OAuthUrls(token or f"{base}/token", device or f"{base}/devicecode", authorize)
            case "google":
                # Google gives the scope of mail to no device code.
                return OAuthUrls(token or "https://oauth2.googleapis.com/token", device, authorize or GOOGLE_AGREEMENT)
            case None:
                return OAuthUrls(token or "", device, authorize)

    @property
    def asked_scope(self) -> str:
        """The scope that is written, or the provider's for mail."""
        match self.provider:
            case _ if self.scope is not None:
                return self.scope
            case "microsoft" if self.grant == "client_credentials":
                return MICROSOFT_AS_APPLICATION
            case "microsoft":
                return MICROSOFT_AS_PERSON
            case "google":
                return GOOGLE
            case None:
                return ""


def _safe(url: str | None) -> str | None:
    """A URL that shows the secret to nobody on the way."""
    if url is None:
        return None
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise ValueError(f"{url!r} must begin with https://")
    return url
