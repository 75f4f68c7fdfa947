"""Charts as files: a Vega-Lite specification as SVG, PNG, a page without scripts, or as it is (JSON).

Nothing is fetched while a chart is drawn. What stands in it is said in `tracker.charts`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import escape

from tracker import extras, saving
from tracker.errors import InputError

FORMS = (".svg", ".png", ".html", ".json")
SCALE = 2  # pixels of a PNG to one of the chart, for screens of today and for print
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 1rem; background: white }} svg {{ max-width: 100%; height: auto }}</style>
</head>
<body>
{svg}
</body>
</html>
"""


def save(spec: Mapping[str, Any], file: Path) -> None:
    """Write a chart in the form that the file's ending names.

    Raises:
        InputError: there is no such form, the file cannot be written, or what draws charts is not installed.
    """
    data = drawn(spec, file.suffix.lower(), name=str(file))
    with saving.replaced(file) as out:
        out.write(data)


def drawn(spec: Mapping[str, Any], form: str, *, name: str = "a chart") -> bytes:
    """A chart in a form: .svg, .png, .html or .json; raises InputError as `save` does."""
    if form not in FORMS:
        raise InputError(f"{name}: no form of a chart; end the name with {', '.join(FORMS[:-1])} or {FORMS[-1]}")
    text = json.dumps(spec, ensure_ascii=False, indent=1)
    if form == ".json":
        return f"{text}\n".encode()
    converter = extras.needed("vl_convert", f"a chart as {form[1:].upper()}")
    if form == ".png":
        picture: bytes = converter.vegalite_to_png(text, scale=SCALE, allowed_base_urls=[])
        return picture
    svg: str = converter.vegalite_to_svg(text, allowed_base_urls=[])
    if form == ".svg":
        return svg.encode()
    title = " ".join(spec["title"]["text"])
    return PAGE.format(title=escape(title), svg=svg).encode()
