"""Samples and pieces for the fuzzing drill, as bytes: what is damaged, and what it is damaged with. Nothing acts here."""

# ruff: noqa: E501 - tables of bytes read best as they are

from __future__ import annotations

from typing import Any

# Pieces that have broken parsers, here or elsewhere.
PIECES: tuple[bytes, ...] = (
    *(b"<", b">", b"&", b"'", b'"', b"\\", b"\x00", b"\x1b[2J", b"\r", b"\n", b"\t", b"%", b"%00", b"%n", b"=", b"{{", b"[["),
    *(b"&#xD800;", b"&#0;", b"&#8;", b"&#x1b;[1m", b"&#xFFFE;", b"&#x110000;", b"&#99999999999;", b"&lt;script&gt;", b"&nbsp", b"&lol9;", b"&amp;" * 50),
    *(b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE", b"<![if", b"<?xml", b"<?php", b"</", b"/>", b"<a href=", b"<svg><"),
    *(b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>", b"<!ENTITY x SYSTEM 'file:///etc/passwd'>"),
    *(b'xml:base="http://["', b"http://[::1", b"http://[x/", b"http://a:99999/", b"//", b"javascript:alert(1)", b"data:text/html,x"),
    *(b"http://a@b:c@d/", b"http://0x7f.1/", b"http://\xe2\x80\xae.example/", b"http://xn--/", b"http://a..b/", b"file:///etc/passwd"),
    *(word.encode() for word in (
        "\u0430\u0440\u0440\u04cf\u0435.com", "\u202egpj.exe", "\u200b", "\ufeff", "\ufdfd" * 20, "e\u0301" * 30, "\u0130",
        "\xdf", "\ufb01", "\U0001d518", "\u2028", "\u0663", "\u2460", "\u2067\u2066", "\ufffe", "\x85",
    )),
    *(b"\xed\xa0\x80", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc0\xaf", b"\xf8\x88\x80\x80", b"\x80", b"\x1b$B", b"+ADw-"),
    *(b'"\\ud800"', b"\\u0000", b"1e999", b"-1e-999", b"NaN", b"Infinity", b"9" * 5_000, b"-0", b"0x10", b"1_000", b"[" * 3_000),
    *(b"{" * 200, b'{"a":' * 100, b"<a>" * 300, b"(" * 400, b"- " * 200, b"*a", b"&a ", b"!!python/object/apply:os.system", b"<<: *a"),
    *(b'encoding="punycode"', b'encoding="utf-16"', b"charset=utf-7", b"charset=idna", b"charset=unicode_escape", b"charset=\x00"),
    *(b"Thu, 32 Foo 99999 25:61:61 +9999", b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:60+14:00", b"0001-01-01T00:00:00-23:59"),
    *(b"2024-02-30", b"24:00:00", b"1 Jan 10000", b"2024-W53-7", b"-2024-01-01", b"29 February 2023", b"+99999d", b"2024-Q9"),
    *(b"$9,999,999,999,999,999,999 trillion", b"10" * 40, b">=1e400bn", b"1.2.3", b"1,,2", b"=1+1", b"=cmd|' /C calc'!A0", b"@SUM(A1)"),
    *(b"' OR 1=1 --", b'" NEAR(" *', b"^a", b"a:b", b"AND OR NOT", b"(a", b'"', b"-", b"*", b"act*", b"../../etc/passwd", b"{{7*7}}"),
)  # fmt: skip
# What stands in the place of a value in JSON.
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 1e308, 0.1, "", " ", "x", "0", "\x00", "\ud800", "\u202e", "=1+1"),
    *([], {}, [[]], [{}], [None], ["x"] * 50, {"": ""}, {"a": {"a": {"a": []}}}, "<b>&lt;", "2024-07-09", "9999-12-31T23:59:59Z"),
    *("0000-00-00", "http://a.example/x", "http://[x", "//b.example", "javascript:x", "x" * 5_000, "\u0301" * 100, "not a date"),
)  # fmt: skip

ROBOTS = (
    b"User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 1e3\nSitemap: http://a.example/s.xml\n",
    b"User-agent: tracker\nUser-agent: x\nDisallow: /\xe4?q=*\nRequest-rate: 1/10m\nVisit-time: 0600-0845\n\xef\xbb\xbf",
)
HEADERS = (
    b"Tue, 09 Jul 2024 10:30:00 GMT", b'max-age=10, s-maxage="20", no-cache=x', b"120", b"Sun Nov  6 08:49:37 1994",
    b"/next?a=1#b", b"https://b.example:444/\xc3\xa4", b'{"error": {"message": "too <b>many</b>"}, "errors": [{"detail": "x"}]}',
)  # fmt: skip
DATES = (
    *(
        b"Tue, 09 Jul 2024 10:30:00 +0200",
        b"2024-07-09T10:30:00.5Z",
        b"By Ann Lee | June 25, 2024 9:14 AM EDT",
        b"06/07/2024",
    ),
    *(
        "2024年7月9日 10:30".encode(),
        "9. März 2024".encode(),
        b"July 2024",
        b"20240709",
        b"Published: 9 July '24, 10.30 Uhr",
    ),
)
URL_SAMPLES = (
    b"https://www.bbc.co.uk/news/world-1?utm_source=x&at_medium=y#top", b"http://m.example.com:80/a/../b/;jsessionid=1?ref=tw",
    b"https://www.google.com/amp/s/www.example.org/amp/2024/x.amp.html", b"http://[::ffff:127.0.0.1]:8080/", b"http://2130706433/",
    "https://müller.example/straße?q=日本".encode(), b"https://user:pw@a.example/", b"ftp://a/", b"//cdn.ampproject.org/c/s/a.b/",
)  # fmt: skip
PROSE = b"The Bureau said on Tuesday it would add 140 firms from July 9, 2024; Crawl: token=abc123 http://u:p@h/ "

OPML = b"""<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>a &amp; b</title></head><body>
<outline text="News"><outline text="A &lt;b&gt;" type="rss" xmlUrl="http://a.example/feed" htmlUrl="http://a.example/"/>
<outline text="Deep"><outline title="C" xmlUrl="https://c.example/rss?x=1&amp;y=2"/></outline></outline></body></opml>"""
QUERIES = b"""china-chips:
  title: Chip controls on China
  filters: {type: [export_control, licence_decision], target: CN, since: 2024-10, min_confidence: 0.5, text: '"ai chips" -x'}
  order: oldest
"""
FEEDS = b"""settings:
  contact: a@b.example
  fetch: {connect_timeout: 2, host_delay: 0.05, max_bytes: 2000000}
sources:
  official:
    # a comment
    - {id: a, name: A, kind: feed, url: 'https://a.example/feed', tier: official, language: en, country: US, interval: 30m}
    - id: b
      name: B
      kind: html
      url: https://b.example/news
      tier: major
      language: de
      selectors: {item: article, date: time}
  social:
    - {id: c, name: C, kind: mastodon, url: 'https://c.example/@c', tier: social, language: en, tags: [x, y]}
"""
ONTOLOGY = b"""types:
  tariff: {strong: [port levy], topics: [harbour dues]}
  port_fee: {of: tariff, about: Fees on ships, strong: [port fee], crosswalk: {}}
acts:
  impose: {verbs: [slap], phrases: [bring in]}
parties:
  co:acme: {name: Acme, kind: company, country: FR, aliases: [Acme SA], products: [Anvil]}
examples:
  - {text: Paris slapped a port fee on Acme., events: [{type: tariff, status: in_force}]}
"""
RULES = b"""hosts: [a.example]
title: h1
body: [article p, main]
date: time
author: .byline
drop: [aside]
"""
TEMPLATES = (
    b"{% for one in items %}{{ one.event.summary|upper }} {{ one.event.date }}{% endfor %}",
    b"{{ alert.title }} {% if item.event %}{{ item.event.actors|join(', ') }}{% else %}-{% endif %} {{ 7 * 6 }} {{ 'a' ~ 'b' }}",
    b"{% macro a(n) %}{{ n }}{% endmacro %}{{ a(1) }}{% set x = [1,2,3] %}{{ x|length }}{{ '%s'|format(1) }}{{ x[0:2] }}",
)
SEARCHES = (
    b'"several words" OR other -not beg* AND chips', b"act*", b"gallium germanium", "Société Acmé".encode(), b"events~rank~-1.5~12",
)  # fmt: skip
FILTERS = (
    b"type=export_control&target=CN&since=2024-10&until=today&min_confidence=0.5&text=chips", b"pair=US>CN&item==AI chips&last=30d",
    b"amount=>=1bn USD&tag=x&tier=official&language=en&on=effective&between=2024-Q2..2025", b"as_of=2024-11-01T12:00&party=acme",
    b"upcoming=true&within=90d&in_force_on=2024&changed_since=3&rejected=true&reviewed=no&contradicted=yes&min_origins=2&measure=m",
)  # fmt: skip
ASKED_DATES = (
    *(
        b"2024",
        b"2024-06-25",
        b"2024-Q2",
        b"2024h1",
        b"yesterday",
        b"+30d",
        b"6 weeks ago",
        b"2024-06..2024-09",
        b"0001-01",
        b"9999-H2",
    ),
    *(b"2024-06-25T12:00:00+14:00", b"99999d", b"12y", b"0000", b"9999-12-31", b"-1d"),
)
_HEAD = b"From: Desk <desk@a.example>\r\nSubject: =?utf-8?b?w4Q=?= news\r\nDate: Tue, 09 Jul 2024 10:30:00 +0200\r\n"
_PART = b"--x\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n"
_WEB = b'<p>Read it <a href="https://a.example/story">in your browser</a></p>'
MAILS = (
    _HEAD
    + b'Message-ID: <1@a>\r\nContent-Type: multipart/alternative; boundary="x"\r\n\r\n'
    + _PART % (b"plain", b"quoted-printable", b"Some =C3=A4 words")
    + _PART % (b"html", b"8bit", _WEB)
    + b"--x--\r\n",
    _HEAD + b"Message-ID: <2@a>\r\nList-Archive: <https://a.example/list>\r\n\r\nPlain words.\r\n",
)
# What a folder on this machine answers.
FOLDERS = (
    b'{"files": [{"path": "a.html", "size": 1, "changed": 2, "content": "PHA+eA=="}, {"path": "b/c.eml"}], "next": 3}',
    b'{"files": [{"path": "mbox", "size": 9, "changed": 1, "content": "RnJvbSBhQGIgVHVlIEp1bCAgOQpNZXNzYWdlLUlEOiA8MUBhPgoKeAo="}]}',
)
# What some targets are damaged with besides.
OF_PDF = (
    b"/Kids[2 0 R]",
    b"/Parent 2 0 R",
    b" 0 R",
    b"/Length 999999999",
    b"/Filter[/FlateDecode/LZWDecode]",
    b"/Type/ObjStm/N 9999999/First 0",
    b"/Prev 0",
    b"/Count 99999999",
    b"stream",
    b"BI ID EI",
    b"/Encrypt 1 0 R",
    b"/Filter/ASCII85Decode",
    b"/Filter/RunLengthDecode",
    b"/ToUnicode 4 0 R",
    b"/Contents 3 0 R",
)
OF_ROBOTS = (b"Disallow: /" + b"*" * 60, b"User-agent: ", b"$", b"Crawl-delay: -1", b"/" + b"*a" * 50 + b"b")
OF_URLS = (b"http://", b"@", b":80", b"?utm_x=1", b"/amp", b"m.", b"www.", b"%", b"#", b"/../", b";jsessionid=")
OF_OPML = (b"<outline ", b"xmlUrl='http://b.example/'", b"</outline>", b"&eacute;", b"<!DOCTYPE opml [")
OF_YAML = (b": ", b"- ", b"# ", b"\n  ", b"|\n", b"? ", b"---\n", b"!x ", b"{a: ", b"\t")
OF_TEMPLATES = (
    b"{{",
    b"}}",
    b"{%",
    b"%}",
    b"__class__",
    b"**",
    b"range(",
    b"|join",
    b"{{ 9**9**9 }}",
    b"{% for i in items %}",
    b"|format(",
    b"%99999999s",
    b"|replace('','a')",
    b"* 99999999",
)
ASKED_AMOUNTS = (b">=1bn USD", b"10-20%", b"= 140 entities", b"<$5m")
IDS = (b"e-gallium", b"m-tools", b"US", b"http://a.example/x")
BACKUP = (
    b'{"database": "tracker.db", "made_at": "2024-07-09T10:30:00+00:00", "why": "asked", "schema": 6, "bytes": 9, "sha256": "'
    + b"0" * 64
    + b'", "plain_bytes": 99, "plain_sha256": "'
    + b"f" * 64
    + b'", "counts": {"event": 3}, "tracker": "0.1.0"}'
)
