"""What all charts share: colours, shapes, fonts, the title above and the line of sources below."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
# Okabe and Ito, "Color Universal Design" (2008), the darker ones first; the last is for what is left over.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
REST = "#BBBBBB"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
REST_SHAPE = "M-1,-0.3L1,-0.3L1,0.3L-1,0.3Z"  # a flat bar
FONT = "DejaVu Sans, Verdana, Arial, sans-serif"
GREY = "#555555"
LONGEST = 48  # signs of a name
WIDE = 100  # signs in a line of the text above and below
TITLE_WIDE = 72  # and in one of the title
# Controls, lone surrogates and what turns the direction of writing: XML cannot hold some, readers are misled by others.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")


def label(text: str, limit: int = LONGEST) -> str:
    """A text that may come from an article, on one line, cut where it is long."""
    told = " ".join(UNSAFE.sub(" ", text).split())
    return told if len(told) <= limit else told[: limit - 1].rstrip() + "…"


def lines(text: str, wide: int = WIDE) -> list[str]:
    """A text in lines that fit above or below a chart."""
    found = [""]
    for word in label(text, 10 * WIDE).split(" "):
        if found[-1] and len(found[-1]) + 1 + len(word) > wide:
            found.append("")
        found[-1] = f"{found[-1]} {word}".lstrip()
    return found


def sheet(views: Sequence[Mapping[str, Any]], *, title: str, about: str, sources: str) -> Spec:
    """Views one below the other with a title, what they are about, and the line of sources under them."""
    note = {
        "data": {"values": [{}]},
        "mark": {"type": "text", "align": "left", "baseline": "top", "x": 0, "y": 0, "fontSize": 10, "color": GREY},
        "encoding": {"text": {"value": lines(sources)}},
        "height": 13 * len(lines(sources)),
        "width": 10,
        "view": {"stroke": None},
    }
    return {
        "$schema": SCHEMA,
        "background": "white",
        "padding": 14,
        "title": {"text": lines(title, TITLE_WIDE), "subtitle": lines(about), "anchor": "start", "offset": 12},
        "vconcat": [*views, note],
        "spacing": 14,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "title": {"fontSize": 16, "subtitleFontSize": 12, "subtitleColor": GREY, "subtitlePadding": 5},
            "axis": {
                "labelFontSize": 11,
                "titleFontSize": 11,
                "titleFontWeight": "normal",
                "titleColor": GREY,
                "gridColor": "#E5E5E5",
            },
            "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelLimit": 320, "symbolSize": 110},
        },
    }
