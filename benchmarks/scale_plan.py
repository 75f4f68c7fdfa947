"""What years of an archive cost on paper: core-hours, time, price and storage, from figures that were measured.

    python benchmarks/scale_plan.py [--price 0.04] [--cores 64,512] [--articles-a-day 380000] [--cpu MS] …

Every option is a measured figure (`backfill.py` prints it) or an assumption, and the table names which. The defaults
are those of docs/scale.md. Nothing is measured here, nothing is known of prices,
and the time of `tracker import` is left out.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

DAYS = 365.25
HOURS = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one article costs; assumptions are those that no sample of ours can tell."""

    cpu: float  # seconds of a core, from WARC to the lake
    starts: float  # seconds of a core that a worker takes to start
    page_bytes: float  # of the archive, packed
    lake_bytes: float
    sqlite_bytes: float
    reports: float  # of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is planned: assumptions all."""

    articles_a_day: float
    days: float
    cores: int
    efficiency: float  # what a core keeps of its speed beside many others
    price: float  # of a core-hour, in whatever currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What comes of it. Hours, bytes, and the currency of the price."""

    articles: float
    core_hours: float
    hours: float
    price: float
    archive: float
    lake: float
    sqlite: float
    reports: float


def planned(figures: Figures, wish: Wish) -> Costs:
    """Work divided by cores that keep a share of their speed; core-hours are paid while they are held."""
    articles = wish.articles_a_day * wish.days
    held = (articles * figures.cpu + wish.cores * figures.starts) / wish.efficiency / HOURS
    return Costs(
        articles=articles,
        core_hours=held,
        hours=held / wish.cores,
        price=held * wish.price,
        archive=articles * figures.page_bytes,
        lake=articles * figures.lake_bytes,
        sqlite=articles * figures.sqlite_bytes,
        reports=articles * figures.reports,
    )


def row(name: str, wish: Wish, costs: Costs) -> str:
    """A line of the table."""
    sizes = " | ".join(f"{size / 1e12:.2f}" for size in (costs.archive, costs.lake, costs.sqlite))
    work = f"{costs.core_hours:,.0f} | {costs.hours / 24:,.1f} | {costs.price:,.0f}"
    return f"| {name} | {costs.articles / 1e6:,.0f} | {wish.cores} | {work} | {sizes} |"


HEAD = (
    "| of CC-NEWS | million articles | cores | core-hours | days | price | archive TB | lake TB | SQLite TB |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)
DEFAULTS = Figures(cpu=0.083, starts=16.5, page_bytes=20_600, lake_bytes=7_740, sqlite_bytes=13_900, reports=0.6)


def main() -> None:
    """Print one year and ten."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles-a-day", type=float, default=380_000, help="assumed")
    parser.add_argument("--price", type=float, default=0.04, help="of a core-hour; assumed")
    parser.add_argument("--efficiency", type=float, default=0.9, help="of many cores; assumed")
    parser.add_argument("--cores", default="16,64,512", help="parted by commas")
    for name in Figures.__dataclass_fields__:
        shown = f"--{name.replace('_', '-')}"
        parser.add_argument(shown, type=float, default=getattr(DEFAULTS, name), help="measured [%(default)s]")
    asked = parser.parse_args()
    figures = Figures(**{name: getattr(asked, name) for name in Figures.__dataclass_fields__})
    print(HEAD)
    for years in (1, 10):
        for cores in map(int, asked.cores.split(",")):
            wish = Wish(
                articles_a_day=asked.articles_a_day, days=years * DAYS, cores=cores, efficiency=asked.efficiency,
                price=asked.price,
            )  # fmt: skip
            print(row("one year" if years == 1 else f"{years} years", wish, planned(figures, wish)))


if __name__ == "__main__":
    main()
