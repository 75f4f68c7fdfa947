"""Charts of `tracker.charts` as pages show them: one view, in the colours of the style sheet, as wide as there is room.

The page itself holds title, words and sources. `static/charts.js` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tracker.charts import Spec

# The colours of `tracker.charts` as variables of app.css, which differ in light and dark.
SHADES: Mapping[str, str] = MappingProxyType(
    {
        "#0072B2": "var(--c4)",
        "#D55E00": "var(--c1)",
        "#009E73": "var(--c3)",
        "#CC79A7": "var(--c5)",
        "#E69F00": "var(--c7)",
        "#56B4E9": "var(--c6)",
        "#000000": "var(--ink)",
        "#F0E442": "var(--c2)",
        "#BBBBBB": "var(--c8)",
        "#999999": "var(--soft)",
        "#555555": "var(--soft)",
        "#333333": "var(--ink)",
        "#E5E5E5": "var(--line)",
        "#FAFAFA": "var(--panel)",
        # Steps of `tracker.charts.shades`.
        "#E9ECEF": "var(--h0)",
        "#DCEBF7": "var(--h1)",
        "#B4D3EC": "var(--h2)",
        "#7FB2DC": "var(--h3)",
        "#2F78B7": "var(--h4)",
        "#0B3F75": "var(--h5)",
        "white": "var(--ground)",
        "black": "var(--ink)",
    }
)


def fitted(spec: Spec, *, width: str | int = "container", ratio: float | None = None) -> Spec:
    """The first view of a chart for a page; `width` in pixels where it does not follow the page.

    With `ratio` the height follows the width, so many times it.
    """
    view = spec["vconcat"][0]
    told = {"usermeta": {"ratio": ratio}} if ratio else {}
    return {"$schema": spec["$schema"], **_shaded(view), "width": width, **told}


def _shaded(value: Any) -> Any:
    """The same in our colours; data stay as they are."""
    if isinstance(value, str):
        return SHADES.get(value, value)
    if isinstance(value, list):
        return [_shaded(one) for one in value]
    if isinstance(value, dict):
        return {name: one if name == "values" else _shaded(one) for name, one in value.items()}
    return value
