"""One spelling per web address, and the id of the article that lives there.

Written for addresses of news articles: what names the article stays, what names the reader's way to it (tracking
parameters, AMP and mobile variants, fragments, default ports) goes. Only forms that cannot mean anything else are
folded: two addresses kept apart cost a near-duplicate check, two articles merged cost an article.

Nothing here raises on any text, and nothing asks the network: the public suffix list is the bundled one.
Not here: deciding whether an address may be fetched (`tracker.fetch`).
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Parameters that never name an article, whatever their value.
TRACKING = frozenset(
    # campaign and click ids
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id epik mc_cid mc_eid "
    "mkt_tok _hsenc _hsmi hsctatracking vero_id oly_enc_id oly_anon_id s_cid cmpid cmp ncid ocid icid intcid intcmp "
    "cmp_id cid_source xtor wt.mc_id wt_mc smid smtyp sr_share emc nl_art tblci taid trk trkcampaign "
    # where the reader came from
    "ref_src ref_url referrer referer referringsource guccounter guce_referrer guce_referrer_sig __twitter_impression "
    "spm share share_id shared sharetype share_type sh embedded-checkout leadsource "
    # rendering of the same article
    "amp amp_js_v amp_gsa usqp nocache _ga _gl".split()
)
TRACKING_PREFIXES = (
    "utm_",
    "at_",
    "ns_",
    "itm_",
    "pk_",
    "mtm_",
    "matomo_",
    "hsa_",
    "oly_",
    "_hs",
    "ga_",
    "mkt_",
    "stm_",
)

# Parameters that are dropped only with values like these: elsewhere they may be part of the name.
REFERRERS = frozenset({"ref", "source", "src", "from", "via", "feed", "partner", "output", "outputtype", "view", "rss"})
REFERRER_VALUES = frozenset(
    "1 true amp rss feed feeds atom rss2 feedburner twitter twtr tw x facebook fb linkedin whatsapp telegram reddit "
    "google googlenews news email mail newsletter share social social_share home homepage hp front navbar sidebar "
    "top related recirc applenews flipboard android ios app".split()
)

MOBILE_LABELS = frozenset({"m", "mobile", "amp"})
LONGEST = 20_000  # characters of an address that is spelt anew
DEFAULT_PORTS = {"http": 80, "https": 443}

_AMP_CACHES = (
    (re.compile(r"(?:^|\.)google\.[a-z.]+$"), re.compile(r"^/amp/(s/)?(?=[^/]+\.[^/]+)")),
    (re.compile(r"(?:^|\.)cdn\.ampproject\.org$"), re.compile(r"^/[vc]/(s/)?(?=[^/]+\.[^/]+)")),
)
_PATH_ENDINGS = (
    (re.compile(r";jsessionid=[^/;]*", re.IGNORECASE), ""),
    (re.compile(r"^/amp(?=/\d{4}/)"), ""),
    (re.compile(r"(?<=[^/])/amp(?:\.html)?/*$"), ""),
    (re.compile(r"(?<=[^/])\.amp(?=$|\.html?$)"), ""),
    (re.compile(r"/index\.html?$"), "/"),
    (re.compile(r"(?<=.)/+$"), ""),
)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_TABS_AND_BREAKS = dict.fromkeys(range(0x20))
_EDGES = "".join(map(chr, range(0x21))) + "\x7f\x85\xa0\u2028\u2029\u3000"


@lru_cache(maxsize=4_096)  # an address is looked at when it is listed, queued and stored
def canonical(url: str) -> str:
    """The one spelling of an http(s) address; anything else comes back with its edges trimmed and nothing changed.

    The scheme stays as given, so that the address can be opened, but `article_id` leaves it out. `canonical` of a
    canonical address is itself.
    """
    text = _trimmed(url)
    for _ in range(12):  # each round unfolds one layer (an AMP cache's address inside another's)
        spelled = _spelled(text)
        if spelled is None or spelled == text:
            return text
        text = spelled
    return _trimmed(url)  # caches within caches beyond all use: left as it is


def article_id(url: str) -> str:
    """16 hex digits that are the same for every address of one article: scheme and `www.` make no difference."""
    return hashlib.sha256(_identity(url).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def host(url: str) -> str:
    """The host name in lower case without a port, or "" where there is none."""
    parts = _split(_trimmed(url))
    return _host(parts) if parts else ""


def is_host(text: str) -> bool:
    """Whether this is the name of a host and nothing more: no port, no path."""
    return bool(text) and host(f"http://{text}/") == text.lower()


def is_http(url: str) -> bool:
    """Whether this is an absolute http or https address with a host."""
    return _split(_trimmed(url)) is not None


def registrable_domain(url: str) -> str:
    """The domain that somebody registered (`bbc.co.uk` of `www.bbc.co.uk`); the host itself where there is none."""
    name = host(url)
    return _registered(name) or name


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one registrable domain."""
    return bool(host(one)) and registrable_domain(one) == registrable_domain(other)


def same_server(one: str, other: str) -> bool:
    """Whether two addresses are served from one place: the host or its domain is the same, and so is the port.

    The ports of http and https count as one.
    """
    here, there = _split(_trimmed(one)), _split(_trimmed(other))
    if here is None or there is None or not (_host(here) == _host(there) or same_site(one, other)):
        return False
    return _port(here) == _port(there)


def _identity(url: str) -> str:
    name = canonical(url)
    return re.sub(r"^https?://(?:www\.)?", "", name)


def _trimmed(url: str) -> str:
    return url.translate(_TABS_AND_BREAKS).strip(_EDGES).strip()


def _split(text: str) -> SplitResult | None:
    """The parts of an http(s) address, or None."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # raises on a port that is none
    except ValueError:
        return None
    return parts if parts.scheme in DEFAULT_PORTS and _HOST.fullmatch(_host(parts)) else None


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if ":" in name:
        return f"[{name}]"
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _spelled(text: str) -> str | None:
    """One round of normalising, or None for what is no http(s) address."""
    from w3lib.url import canonicalize_url  # noqa: PLC0415  # 70 ms that `tracker --help` need not pay

    if len(text) > LONGEST or _split(text) is None:
        return None
    try:
        parts = _split(_trimmed(canonicalize_url(text)))
    except ValueError:
        return None
    if parts is None:
        return None
    inner = _inside_amp_cache(parts)
    if inner is not None:
        return inner
    netloc = _without_mobile(_host(parts)) + _port(parts)
    return urlunsplit((parts.scheme, netloc, _path(parts.path), _query(parts.query), ""))


def _inside_amp_cache(parts: SplitResult) -> str | None:
    for cache, lead in _AMP_CACHES:
        found = lead.match(parts.path) if cache.search(_host(parts)) else None
        if found:
            scheme = "https" if found[1] else "http"
            query = f"?{parts.query}" if parts.query else ""
            inner = f"{scheme}://{parts.path[found.end() :]}{query}"
            return inner if is_http(inner) else None
    return None


def _without_mobile(name: str) -> str:
    label, _, rest = name.partition(".")
    if label in MOBILE_LABELS and _registered(rest):
        return rest
    return name


def _registered(name: str) -> str:
    """The registered domain of a host; "" for a public suffix, an IP address or a bare name."""
    parts = _suffixes()(name)
    if parts.suffix or parts.ipv4 or parts.ipv6 or "." not in name:
        return parts.top_domain_under_public_suffix
    return ".".join(name.split(".")[-2:])  # a top level that the list does not know is a suffix (publicsuffix.org)


def _port(parts: SplitResult) -> str:
    return "" if parts.port in {None, DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"


def _path(path: str) -> str:
    for ending, instead in _PATH_ENDINGS:
        path = ending.sub(instead, path)
    return path or "/"


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _is_tracking(*pair)))


def _is_tracking(name: str, value: str) -> bool:
    name, value = name.lower(), value.lower()
    if name in REFERRERS:
        return value in REFERRER_VALUES or (name == "ref" and not any(sign.isdigit() for sign in value))
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # noqa: PLC0415  # 230 ms that `tracker --help` need not pay

    return TLDExtract(cache_dir=None, suffix_list_urls=())
