"""Charts as Vega-Lite specifications: plain JSON values that a browser or a converter draws.

    spec = charts.trend(periods, series, title="Events by type", about="all events", sources="…")

Colours are those that people with colour blindness tell apart (Okabe and Ito), and nothing is told by colour alone:
series have shapes, cells have numbers, steps have words. Texts of articles stand in the data only, never in an
expression. It draws nothing, reads nothing and knows no database.
"""

from __future__ import annotations

from tracker.charts.lives import Step, measure
from tracker.charts.maps import Place, world
from tracker.charts.matrices import matrix
from tracker.charts.sheets import Spec
from tracker.charts.trends import Line, density, trend

__all__ = ["Line", "Place", "Spec", "Step", "density", "matrix", "measure", "trend", "world"]
