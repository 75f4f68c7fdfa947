"""What the GDELT Project calls languages, and whose site an address belongs to: tables and two questions of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.urls import host

SLICE = timedelta(minutes=15)  # how often GDELT adds what it has seen

# ISO 639-1, the three letters of the bulk files (srclc:), the name in the DOC API.
_LANGUAGES = """
af afr Afrikaans / sq sqi Albanian / ar ara Arabic / hy hye Armenian / az aze Azerbaijani / bn ben Bengali
bs bos Bosnian / bg bul Bulgarian / ca cat Catalan / zh zho Chinese / hr hrv Croatian / cs ces Czech / da dan Danish
nl nld Dutch / en eng English / et est Estonian / fi fin Finnish / fr fra French / gl glg Galician / ka kat Georgian
de deu German / el ell Greek / gu guj Gujarati / he heb Hebrew / hi hin Hindi / hu hun Hungarian / is isl Icelandic
id ind Indonesian / it ita Italian / ja jpn Japanese / kn kan Kannada / kk kaz Kazakh / ko kor Korean / lv lav Latvian
lt lit Lithuanian / mk mkd Macedonian / ms msa Malay / ml mal Malayalam / mr mar Marathi / mn mon Mongolian
ne nep Nepali / no nor Norwegian / nb nob NorwegianBokmal / pa pan Punjabi / fa fas Persian / pl pol Polish
pt por Portuguese / ro ron Romanian / ru rus Russian / sr srp Serbian / si sin Sinhalese / sk slk Slovak
sl slv Slovenian / so som Somali / es spa Spanish / sw swa Swahili / sv swe Swedish / ta tam Tamil / te tel Telugu
th tha Thai / bo bod Tibetan / tr tur Turkish / uk ukr Ukrainian / ur urd Urdu / vi vie Vietnamese
"""
_ROWS = [row.split() for line in _LANGUAGES.strip().splitlines() for row in line.split(" / ")]
LETTERS = {iso: letters for iso, letters, _ in _ROWS}
_ISO = {name.lower(): iso for iso, *names in _ROWS for name in names}


def language(name: str | None) -> str | None:
    """ISO 639-1 of "fra" or "French"; None for what the table does not hold."""
    return _ISO.get((name or "").replace(" ", "").lower())


def is_of(url: str, domains: Iterable[str]) -> bool:
    """Whether an address lies on one of the domains or beneath it."""
    name = host(url)
    return any(name == one or name.endswith(f".{one}") for one in (domain.lower() for domain in domains))


def stamp(moment: datetime) -> str:
    """A moment as GDELT writes it, YYYYMMDDHHMMSS in UTC."""
    return f"{moment:%Y%m%d%H%M%S}"
