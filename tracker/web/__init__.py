"""Pages for the browser: a Datasette plugin that shows the timeline, its events, parties, articles and sources.

`plugin.py` is what Datasette loads: it registers the routes of `routes.py`, which lead to the pages of `pages/`. A
page is a plain function of an `Ask` (what was asked, with an open `Timeline`) that gives an `Answer`; it knows nothing
of Datasette or HTTP servers. `desk.py` runs pages in threads that each have a database of their own.

It asks `tracker.query`, shows charts of `tracker.charts` and forms of `tracker.export`, and decides by
`tracker.review` where that is allowed. It loads nothing from the network, and runs nothing that an article says.
"""
