"""Which encoding bytes are in: proof, labels right and wrong, guesses; and that none of it fails or takes long."""

from __future__ import annotations

import time
from encodings.aliases import aliases

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker import encoding
from tracker.encoding import decode

WESTERN = "Le président a dit que l’accord « très équilibré » coûterait 40 € à la région, déjà éprouvée cet été."
ENGLISH = "The minister’s office – which “never comments” – said the rule takes effect on 1 June."
POLISH = "Rząd ogłosił dziś wstępne ograniczenia w wywozie części do półprzewodników, które wejdą w życie w środę."
CZECH = "Vláda dnes schválila přísnější pravidla pro vývoz čipů, která začnou platit příští měsíc."
TURKISH = "Bakanlık, çip ihracatına ilişkin yeni kısıtlamaların önümüzdeki hafta yürürlüğe gireceğini açıkladı."
RUSSIAN = "Правительство ввело временный запрет на вывоз редкоземельных металлов до конца года."
GREEK = "Η κυβέρνηση ανακοίνωσε νέους περιορισμούς στις εξαγωγές τεχνολογίας από την ερχόμενη εβδομάδα."
HEBREW = "הממשלה הודיעה על מגבלות חדשות על יצוא שבבים החל מהשבוע הבא."
ARABIC = "أعلنت الحكومة قيودا جديدة على تصدير الرقائق اعتبارا من الأسبوع المقبل."
JAPANESE = "政府は来週から半導体製造装置の輸出規制を強化すると発表した。企業は許可を申請する必要がある。"
CHINESE = "商务部宣布，自下月起对稀土出口实施许可管理，有关企业应当提前申请。"
TAIWAN = "經濟部宣布自下個月起對晶片設備出口實施許可管理，相關廠商應提前申請。"
KOREAN = "정부는 다음 주부터 반도체 장비의 수출 통제를 강화한다고 발표했다. 기업은 허가를 받아야 한다."

TEXTS = [
    (WESTERN, "cp1252"),
    (WESTERN.replace("’", "'").replace("€", "EUR"), "iso-8859-1"),
    (WESTERN.replace("’", "'"), "iso-8859-15"),
    (ENGLISH, "cp1252"),
    (POLISH, "cp1250"),
    (POLISH, "iso-8859-2"),
    (CZECH, "cp1250"),
    (CZECH, "iso-8859-2"),
    (TURKISH, "cp1254"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "iso-8859-5"),
    (RUSSIAN, "cp866"),
    (GREEK, "cp1253"),
    (HEBREW, "cp1255"),
    (ARABIC, "cp1256"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (JAPANESE, "iso-2022-jp"),
    (CHINESE, "gb18030"),
    (TAIWAN, "big5"),
    (KOREAN, "euc-kr"),
    (RUSSIAN, "utf-8"),
    (JAPANESE, "utf-8"),
    (ENGLISH, "utf-16-le"),
    (ENGLISH, "utf-16-be"),
]
NAMES = [f"{codec} {text[:9]}" for text, codec in TEXTS]


@pytest.mark.parametrize(("text", "codec"), TEXTS, ids=NAMES)
def test_a_sentence_without_a_label_is_read_right(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


WRONG = [
    (text, codec, label)
    for text, codec in TEXTS
    for label in ("utf-8", "iso-8859-1", "windows-1251", "gb2312", "shift_jis", "x-unheard-of")
    if (codec, label) != ("iso-8859-15", "iso-8859-1")  # one sign apart, so the label counts
]


@pytest.mark.parametrize(("text", "codec", "label"), WRONG)
def test_a_wrong_label_is_overruled(text: str, codec: str, label: str) -> None:
    document = f'<?xml version="1.0" encoding="{label}"?><title>'
    codec_of_tags = codec if codec.startswith("utf-16") else "ascii"
    assert decode(document.encode(codec_of_tags) + text.encode(codec)) == document + text
    assert decode(text.encode(codec), f"text/xml; charset={label}") == text


SHORT = [  # too little for a guess: the label is all there is
    ("“ž”", "cp1250", "windows-1250"),
    ("é", "mac_roman", "macintosh"),
    ("Łódź", "iso-8859-2", "ISO-8859-2"),
    ("Łódź", "cp1257", "windows-1257"),
    ("Đà Nẵng"[:2], "cp1258", "windows-1258"),
    ("중국", "cp949", "KS_C_5601-1987"),
    ("中國", "big5", "Big5"),
    ("①", "cp932", "x-sjis"),
    ("镕基", "gb18030", "gb2312"),
    ("กข", "cp874", "TIS-620"),
]


@pytest.mark.parametrize(("text", "codec", "label"), SHORT, ids=[case[2] for case in SHORT])
@pytest.mark.parametrize("form", ["text/html; charset={}", 'a/b; charset="{}"; x=y', "CHARSET={}"])
def test_a_label_decides_where_there_is_little_text(text: str, codec: str, label: str, form: str) -> None:
    assert decode(text.encode(codec), form.format(label)) == text


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("žluťoučký".encode("iso-8859-2"), "text/html; charset=iso-8859-2", "žluťoučký"),
        ("“x”".encode("cp1252"), "text/html; charset=utf-8", "“x”"),
        ("“x”".encode("cp1252"), "text/html; charset=zlib", "“x”"),
        ("“x”".encode("cp1252"), "text/html; charset=punycode", "“x”"),
        (b"\xff\xfea\x00", "text/xml; charset=utf-8", "a"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "", "a"),
        (b"<\x00\x00\x00a\x00\x00\x00", "", "<a"),
        (b"\xef\xbb\xbf<a>", "text/xml; charset=utf-16", "<a>"),
        ("日本".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "日本"),
        (b"a ~{ b", "", "a ~{ b"),
        (b"plain", "text/html; charset=utf-16", "plain"),
        ("é".encode() * 50 + b"\xe9", "", "é" * 50 + "\ufffd"),
        ("日本語".encode("shift_jis") * 20, "", "日本語" * 20),
        (b"", "", ""),
    ],
)  # fmt: skip
def test_odd_labels_and_small_bodies(body: bytes, header: str, text: str) -> None:
    assert decode(body, header) == text


def test_a_servers_habit_yields_to_the_documents_own_word() -> None:
    document = '<meta charset="windows-1250"><p>' + POLISH[:40]
    assert decode(document.encode("cp1250"), "text/html; charset=iso-8859-1") == document


def test_a_label_in_a_comment_is_none() -> None:
    document = '<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">Да'
    assert decode(document.encode("cp1251")) == document


@pytest.mark.parametrize("piece", [b"\xe9\xff ", bytes(range(256)), JAPANESE.encode("euc-jp"), b"<" * 99 + b"\xe9"])
def test_large_bodies_are_guessed_from_a_sample(piece: bytes) -> None:
    body = piece * (5_000_000 // len(piece))
    start = time.perf_counter()
    decode(body)
    assert time.perf_counter() - start < 5


def test_two_characters_in_one_place_of_a_codec_are_no_fault() -> None:
    decode(b"\x88\x62" * 9)


# Every label that Python or one of our tables knows, what is text and what is not; and some that nobody knows.
LABELS = sorted(
    {*aliases, *aliases.values(), *encoding._LABELS, *encoding._SUPERSETS, *encoding._WIDER, "idna", "\x00", "x-none"}
)
# What codecs are about: marks, escapes, halves of surrogate pairs in UTF-8, UTF-16 and CESU-8, doubled characters.
PIECES = [
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x84\x31\x95\x33", b"\0\0", b"<\0", b"<", b"a b ", b"\xe9", b"\xff"),
    *(b"\x1b$B", b"\x1b(B", b"\x1b$)C", b"\x0e", b"\x0f", b"~{", b"~}", b"+2AA-"),
    *(b"\xed\xa0\x80", b"\xd8\x00", b"\x00\xdc"),
    *(b"\x88\x62", b"\x88\xa3", b"\x81\x30\x81\x30", b"\xe3\x32\x9a\x35", b"\xa4\xa2", b"\x8f\xa2\xaf", b"\x82\xf5"),
]
BODIES = st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=30).map(b"".join)


@given(BODIES, st.sampled_from(["", *LABELS]), st.sampled_from(["", *LABELS]))
@example(b"\x88b", "", "")
@example(b"\x88b", "big5hkscs", "big5")
@settings(deadline=None, max_examples=300)
def test_any_bytes_under_any_label_give_text_that_can_be_stored(body: bytes, header: str, declared: str) -> None:
    start = f"<meta charset={declared}>".encode() if declared else b""
    decode(start + body, f"text/html; charset={header}").encode("utf-8", "strict")  # no lone surrogates


@pytest.mark.parametrize("codec", sorted({codec for label in LABELS if (codec := encoding._codec(label))}))
def test_no_codec_in_use_gives_half_a_surrogate_pair(codec: str) -> None:
    places = [bytes([one, two]) for one in range(0x80, 0x100) for two in range(0x20, 0x100)]
    for place in places:
        encoding._read(place, codec).encode("utf-8", "strict")


@given(st.text(), st.sampled_from(["", "text/html; charset=latin-1", "text/xml; charset=windows-1252"]))
def test_utf_8_is_always_read_as_such(text: str, header: str) -> None:
    sent = "x" * 10 + text.encode("utf-8", "replace").decode()
    assert decode(sent.encode(), header) == sent
