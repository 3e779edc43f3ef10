"""Settings from the environment: good values are read, bad ones named in a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from townedu.environment import mail


def test_mail_unset_sends_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert mail("EMAIL_URL") == {}


def test_mail_server_is_read_with_user_sender_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtps://office%40example.org:p%3Aw@mail.example.org")
    found = mail("EMAIL_URL")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (
        "mail.example.org", 465, True, False,
    )  # fmt: skip
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("office@example.org", "p:w")
    assert found["DEFAULT_FROM_EMAIL"] == "office@example.org"
    monkeypatch.setenv("EMAIL_URL", "smtp://localhost:25/?from=a@example.org&tls=0")
    found = mail("EMAIL_URL")
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (25, False, False)


@pytest.mark.parametrize(
    "value", ["http://host/?from=a@b.c", "smtp://host", "smtps:///?from=a@b.c", "smtp://h:x/?from=a@b.c"]
)
def test_bad_mail_server_stops_the_start_with_its_name(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail("EMAIL_URL")
