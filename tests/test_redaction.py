"""No secret that is planted in a text survives, whatever stands around it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.redaction import HIDDEN, redacted

SECRET = "5f4dcc3b5aa765d61d83"
# Where a secret stands by its place alone; {} is the secret.
PLACES = [
    "https://user:{}@feeds.example/a.xml",
    "https://{}@feeds.example/a.xml",
    "http://user:p@{}@feeds.example/a",
    "https://api.example/feed?token={}&page=2",
    "https://api.example/feed?page=2&api_key={}",
    "https://api.example/feed?page=2&subscription-key={}",
    "https://api.example/feed?X-Amz-Signature={}",
    "https://api.example/feed#access_token={}",
    "https://hooks.slack.com/services/T000/B000/{}",
    "https://discord.com/api/webhooks/1234/{}",
    "https://ptb.discordapp.com/api/webhooks/1234/{}",
    "https://desk.webhook.office.com/webhookb2/{}/IncomingWebhook",
    "https://api.telegram.org/bot123:{}/sendMessage",
    "slack://{}/B000/C000/#desk",
    "mailtos://desk:{}@mail.example",
    "tgram://123:{}/456",
    "json://host/{}",
    "Authorization: Bearer {}",
    "authorization: {}",
    "'Authorization': 'Basic {}'",
    "Cookie: a=b; session={}; c=d",
    "Set-Cookie: id={}; Path=/",
    "Proxy-Authorization: Basic {}",
    "server refused Bearer {}",
    "password={}",
    'password = "{}"',
    "client_secret='a b {}'",
    '{{"token": "{}"}}',
    "token: {}",
    "TRACKER_MASTODON_TOKEN={}",
    "x-api-key: {}",
]
# What must stay, or the log is of no use.
KEPT = [
    "https://www.example.org/news/2026/01/05/ministry-bans-exports?page=2&sort=date",
    "source us-bis: HTTP 503 after 3 tries; tried again in 15 minutes",
    "the author of the article: Jane Doe, 12 years",
    "file:///var/lib/tracker/mail/2026",
    "a compass: is no pass",
    "author: Jane, authority: the ministry, design: new, signal: weak",
    "Basic rules apply to this",
    "2026-01-05T12:00:00Z refresh ended seconds=1.25",
]
WORDS = st.text(alphabet=st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=30)


@pytest.mark.parametrize("place", PLACES)
@given(before=WORDS, after=WORDS)
def test_a_secret_goes_by_where_it_stands(place: str, before: str, after: str) -> None:
    assert SECRET not in redacted(f"{before} {place.format(SECRET)} {after}")


@given(before=WORDS, after=WORDS, secret=st.text(min_size=8, max_size=20))
def test_a_known_secret_goes_wherever_it_stands(before: str, after: str, secret: str) -> None:
    bare = before.replace(secret, ""), after.replace(secret, "")
    for form in (secret, quote(secret, safe="")) if secret.isprintable() else (secret,):
        clean = redacted(f"{bare[0]}{form}{bare[1]}", (secret,))
        assert form not in clean or form in HIDDEN


@given(st.sampled_from(PLACES), WORDS, WORDS)
def test_what_is_clean_stays_as_it_is(place: str, before: str, after: str) -> None:
    once = redacted(f"{before} {place.format(SECRET)} {after}")
    assert redacted(once) == once


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_the_longest_of_two_secrets_goes_whole() -> None:
    assert redacted("x abcd1234-9999 y", ("abcd1234", "abcd1234-9999")) == f"x {HIDDEN} y"


def test_what_is_too_short_is_no_secret() -> None:
    assert redacted("an abc of it", ("abc",)) == "an abc of it"


@pytest.mark.parametrize("word", ["x", "token", "pass.", "basic ", "a+", "://", "token ", "http://"])
def test_a_long_text_takes_a_time_that_grows_with_its_length(word: str) -> None:
    """One that grew with the square of it would take minutes here."""
    assert redacted(word * 30_000)
