"""Bytes to text: which encoding strangers' bytes are in.

    decode(body, content_type) -> str

In this order: byte order mark; what the bytes prove (UTF-16 or UTF-32 without a mark, escape sequences, UTF-8 with
characters beyond ASCII); the Content-Type header; the document's own declaration; a statistical guess; windows-1252.
Proof stands before the header because servers that add `charset=iso-8859-1` to everything are common and text that
happens to be valid UTF-8 is not. A label is read as browsers read it (WHATWG Encoding Standard: `iso-8859-1` is
windows-1252, `gb2312` is GB18030), and is passed over where the bytes do not fit it or where the guess fits them far
better. The guess looks at a sample, so its cost has a bound.

Does not mend text that was decoded wrongly before it was sent, and keeps line ends and NULs as they are.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

SAMPLE = 64 * 1024  # bytes that the guess looks at
_HEAD = 4096  # bytes in which a declaration is looked for
_FALLBACK = "cp1252"
_NULS = 0.1  # share of NULs in the head from which bytes can be UTF-16 or UTF-32

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_BARE = (  # how a document in angle brackets or braces begins without a mark
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # "<?xm" in EBCDIC
)

# What a label means in practice (WHATWG Encoding Standard): the superset that senders in fact use.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "shift_jis_2004": "shift_jis",
    "shift_jisx0213": "shift_jis",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
}
# Read strictly first, then as the wider one: they differ in five signs only, and cp932 has signs that JIS has not.
_WIDER = {"shift_jis": "cp932", "euc_jp": "euc_jis_2004", "big5hkscs": "cp950"}
_LABELS = {  # names of theirs that Python has not, or has for something else
    "dos-874": "cp874",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "x-sjis": "shift_jis",
    "x-user-defined": "cp1252",
}
# Labels are strangers' words: only codecs of real character sets, none of Python's odd ones (punycode is quadratic).
_CHARSETS = re.compile(r"(iso|cp|gb|big5|euc|shift|koi8|mac|hp|ptcp|kz|johab|ascii|tis|hz)")
_LABEL = re.compile(r"[A-Za-z0-9._:-]{2,30}\Z")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]+)", re.IGNORECASE)
_IN_DOCUMENT = (
    re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([^\"'>\s]{2,30})\s*[\"']"),
    re.compile(rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([^\s\"'/>;]{2,30})", re.IGNORECASE),
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_TAG = re.compile(rb"<[/?A-Za-z][^<>]{0,2000}>")
_ESCAPES = (b"\x1b", b"~{")  # without them ASCII bytes are ASCII text
_IN_ESCAPES = ("iso2022", "hz")

# Shares of broken sequences among the non-ASCII ones up to which a text is held to be in an encoding.
_FORGIVEN_UTF8 = 0.2  # sequences of UTF-8 are no accident
_FORGIVEN_UTF8_DECLARED = 0.5
_FORGIVEN_DECLARED = 0.2
_BETTER = 1.8  # times as likely a guess has to be to overrule a label
_EVIDENCE = 5  # letters beyond ASCII that it takes to overrule a label by likelihood
_SURE = 0.03  # likelihood (chardet's) below which a guess is worth nothing
_NEAR = 0.4  # of the likeliest guess: those among which the soundness of the text decides
_WEIGHT = 3  # power of the share of sound characters by which a guess's likelihood is multiplied
_ODDER = 0.2  # by as much as this more of a label's characters are odd where a few letters overrule it
_LOOKED_AT = 1_000  # characters beyond ASCII whose oddness is counted

# ASCII, and the quotes, dashes and signs that all of windows-125x have in one place: they tell nothing.
_TYPOGRAPHY = bytes(range(0x80)) + b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa9\xab\xae\xb0\xb7\xbb"
_WITHIN_WORDS = frozenset("’‘'·•-‐‑–—…/&\u00ad\u200b\u200c\u200d・、。「」《》“”")
_ENOUGH = 4  # East Asian characters that are evidence together
_KEPT_APART = frozenset({"iso8859-1", "iso8859-9", "iso8859-11"})  # as guesses; as labels they mean their supersets

# The characters in daily use come first in the standards of East Asia; (codec, lead bytes of that first part).
_DAILY = (
    ("gb18030", range(0xB0, 0xD8)),
    ("cp949", range(0xB0, 0xC9)),
    ("euc_jp", range(0xA4, 0xD0)),
    ("shift_jis", range(0x82, 0x98)),
    ("big5hkscs", range(0xA4, 0xC7)),
)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`; never fails, what cannot be decoded becomes U+FFFD. A byte order mark is taken off."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if wide := _wide(body):
        return body.decode(wide, "replace")
    labels = list(_labels(body, content_type))
    if body.isascii():
        return body.decode(_escaped(body, labels), "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    if _fits(text, _FORGIVEN_UTF8_DECLARED if "utf-8" in labels else _FORGIVEN_UTF8):
        return text
    return _legacy(body, [label for label in labels if label != "utf-8"])


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, which NULs give away; also EBCDIC, by its `<?xm`."""
    for start, codec in _BARE:
        if body.startswith(start):
            return codec
    head = body[:_HEAD]
    return _detected(body[:SAMPLE], ("utf-16", "utf-32")) if head.count(0) > _NULS * len(head) else None


def _legacy(body: bytes, labels: list[str]) -> str:
    """The text of bytes that are no UTF-8: by a label that fits them, else by the guess."""
    sample = _sample(body)
    likely = _likelihoods(sample)
    guess = _guess(sample, likely)
    for label in sorted(labels, key=lambda one: -likely.get(one, 0.0)):
        text = _read(body, label)
        is_whole = label == _FALLBACK or _fits(text, _FORGIVEN_DECLARED)  # windows-1252 has five unused places
        if is_whole and not _is_better(guess, label, sample, likely):
            return text
    return _read(body, guess)


def _is_better(guess: str, label: str, sample: bytes, likely: Mapping[str, float]) -> bool:
    """Whether the guess overrules a label: by likelihood where there is enough text, else by how odd the text is."""
    if likely.get(guess, 0.0) < max(_SURE, likely.get(label, 0.0)):
        return False
    evidence = len(sample.translate(None, _TYPOGRAPHY))
    if evidence >= _EVIDENCE and likely[guess] > _BETTER * likely.get(label, 0.0):
        return True
    return _oddness(_read(sample, guess)) + _ODDER <= _oddness(_read(sample, label))


def _escaped(body: bytes, labels: Iterable[str]) -> str:
    """The codec of bytes below 0x80: ASCII, unless there are the escape sequences of another one."""
    if not any(escape in body for escape in _ESCAPES):
        return "ascii"
    declared = (label for label in labels if label.startswith(_IN_ESCAPES))
    return next(declared, None) or _detected(body[:SAMPLE], _IN_ESCAPES) or "ascii"


def _detected(sample: bytes, families: tuple[str, ...]) -> str | None:
    """The codec that the structure of the bytes shows, if it is of one of the families."""
    from chardet import detect  # noqa: PLC0415  # 30 ms that the reading of UTF-8 does not need

    codec = detect(sample, compat_names=False)["encoding"]
    return codec if codec and codec.startswith(families) else None


def _fits(text: str, forgiven: float) -> bool:
    """Whether a text came out whole, but for a few broken bytes (a cut, one pasted paragraph)."""
    broken = text.count("\ufffd")
    return broken <= forgiven * (len(text) - len(text.encode("ascii", "ignore")))


def _read(body: bytes, codec: str) -> str:
    """The text in a codec, or in a wider one where only that has all its characters."""
    wider = _WIDER.get(codec)
    if wider is None:
        return body.decode(codec, "replace")
    for one in (codec, wider):
        try:
            return body.decode(one)
        except UnicodeDecodeError:
            continue
    return min((body.decode(one, "replace") for one in (codec, wider)), key=lambda text: text.count("\ufffd"))


def _labels(body: bytes, content_type: str) -> Iterator[str]:
    """The codecs that the header and the document name, those that Python has and that are meant for text."""
    header = _IN_HEADER.search(content_type)
    names = [header[1]] if header else []
    head = _COMMENT.sub(b"", body[:_HEAD])
    names += [found[1].decode("latin-1") for form in _IN_DOCUMENT if (found := form.search(head))]
    return (codec for name in names if (codec := _codec(name)))


def _codec(label: str) -> str | None:
    """Python's name for a charset label; None for an unknown one, and for UTF-16, which the bytes have disproved."""
    if not _LABEL.match(label):
        return None
    label = label.lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except LookupError:
        return None
    if name.startswith("utf-8"):
        return "utf-8"
    return _SUPERSETS.get(name, name) if _CHARSETS.match(name) else None


def _sample(body: bytes) -> bytes:
    """The beginning of the body without its tags, which are ASCII in any encoding and say nothing."""
    start = body[:SAMPLE]
    if len(body) > SAMPLE:
        start = start[: max(start.rfind(b"<"), start.rfind(b"\n"), SAMPLE // 2)]  # not within a character
    return _TAG.sub(b" ", start)


def _likelihoods(sample: bytes) -> Mapping[str, float]:
    """How likely each codec is, likeliest first; what the bytes cannot be in is missing."""
    from chardet import EncodingEra, detect_all  # noqa: PLC0415  # as above

    likely: dict[str, float] = {}
    eras = EncodingEra.ALL & ~EncodingEra.MAINFRAME
    for one in detect_all(sample, ignore_threshold=True, encoding_era=eras, compat_names=False):
        name = one["encoding"]
        if name and name not in {"ascii", "utf-8", "utf-7"}:
            codec = codecs.lookup(name).name
            codec = _SUPERSETS.get(codec, codec) if codec not in _KEPT_APART else codec
            likely[codec] = max(likely.get(codec, 0.0), one["confidence"])
    return likely


def _guess(sample: bytes, likely: Mapping[str, float]) -> str:
    """The likeliest codec; among those nearly as likely, the one whose text has the fewest odd characters."""
    if not sample.translate(None, _TYPOGRAPHY):
        return _FALLBACK
    best = max(likely, key=lambda codec: likely[codec], default=_FALLBACK)
    if likely.get(best, 0.0) < _SURE:
        return _daily(sample) or _FALLBACK
    near = [codec for codec in likely if likely[codec] >= _NEAR * likely[best]]
    weighed = {codec: likely[codec] * (1 - _oddness(_read(sample, codec))) ** _WEIGHT for codec in near}
    return max(near, key=lambda codec: weighed[codec])


def _oddness(text: str) -> float:
    """The share of characters beyond ASCII that stand where no writer puts them."""
    counted = odd = 0
    for found in re.finditer(r"[^\x00-\x7f]", text):
        before = text[found.start() - 1] if found.start() else " "
        counted += 1
        odd += _is_odd(before, found[0], text[found.end() : found.end() + 1])
        if counted == _LOOKED_AT:
            break
    return odd / counted if counted else 0.0


def _is_odd(before: str, char: str, after: str) -> bool:
    """Control and private characters, symbols, capitals or another script within a word, a lone accent."""
    kind = unicodedata.category(char)
    if kind in {"Cc", "Co", "Cn"} or char in "¤\ufffd":
        return True
    if kind == "Lu" and before.islower():
        return True
    latin = (_is_latin(before), _is_latin(after))
    if "\u0370" <= char <= "\u05ff":  # Greek, Cyrillic, Hebrew
        return any(latin)
    if char >= "\u2e80":  # East Asia, which puts no spaces around words of other scripts
        return all(latin)
    if kind == "Sk":
        return before.isalpha() or after.isalpha()
    is_sign = kind == "No" or kind[0] in "SP"
    return is_sign and char not in _WITHIN_WORDS and before.isalpha() and after.isalpha()


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _daily(sample: bytes) -> str | None:
    """The East Asian codec in which a text too short or too uniform to be weighed is made of daily characters only."""
    for codec, leads in _DAILY:
        try:
            wide = [char for char in sample.decode(codec) if char > "\x7f"]
            common = sum(1 for char in wide if char.encode(codec)[0] in leads)
        except UnicodeError:  # not in this codec; or two characters in one of its places
            continue
        if len(wide) >= _ENOUGH and common == len(wide):
            return codec
    return None
