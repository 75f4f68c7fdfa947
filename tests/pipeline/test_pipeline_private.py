"""A source in the user's own network: what its list names elsewhere there is not asked, whoever put it on the list."""

from __future__ import annotations

from datetime import timedelta

from outlet import Outlet, Watcher, entry, feed, source, story


def test_a_list_of_a_private_source_leads_to_its_own_server_alone(watcher: Watcher) -> None:
    with Outlet() as spy:
        own, port = watcher.outlet.address, spy.address.rpartition(":")[2]
        elsewhere = (f"http://127.0.0.1:{port}/1", f"http://[::ffff:127.0.0.1]:{port}/2", f"http://2130706433:{port}/3")
        watcher.sources = (source(url=f"http://{own}/feed.json", private=True),)
        watcher.outlet.routes["/feed.json"] = feed(
            entry(1, url=f"http://{own}/1"),
            *(entry(n, url=url, content_text=f"Words of {n}.") for n, url in enumerate(elsewhere, start=2)),
            next_url=f"http://127.0.0.1:{port}/older.json",
        )
        watcher.outlet.routes["/1"] = story(1)
        watcher.refresh()
        watcher.refresh(timedelta(days=2))
        assert watcher.outlet.paths().count("/1") >= 1
        assert spy.asked == []
    assert watcher.value("SELECT count(*) FROM article WHERE text_from = 'page'") == 1
    refused = watcher.rows("SELECT reason FROM fetch WHERE outcome = 'poison'")
    assert len(refused) >= 1
    assert all("is a loopback address" in reason or "a loopback address; write" in reason for (reason,) in refused)
