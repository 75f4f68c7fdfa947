"""Whatever stands in the fields of a social service's answer, `parse` answers with a value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sources_laws import check

from tracker.model import SourceKind

INNER = (
    "id uri url acct handle did text langs facets index byteStart byteEnd features $type external media val title type "
    "parent reply name"
).split()
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["http://a.example/x", "http://[x", "at://did/app/1", "/r/a/comments/1/", "t3_1", "link", "&lt;p"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(INNER), inner),
    max_leaves=14,
)
FIELDS: Mapping[SourceKind, str] = {
    SourceKind.MASTODON: "id uri url content account card reblog language created_at in_reply_to_account_id "
    "spoiler_text",
    SourceKind.BLUESKY: "uri author record embed labels indexedAt",
    SourceKind.REDDIT: "name id title selftext selftext_html is_self stickied removed_by_category author url permalink "
    "created_utc url_overridden_by_dest",
    SourceKind.HACKER_NEWS: "objectID title url author story_text created_at created_at_i",
}
ANSWERS: Mapping[SourceKind, Callable[[list[Any], Any], Any]] = {
    SourceKind.MASTODON: lambda posts, _: posts,
    SourceKind.BLUESKY: lambda posts, more: {
        "feed": [{"post": post, "reason": more, "reply": more} for post in posts],
        "cursor": more,
    },
    SourceKind.REDDIT: lambda posts, more: {
        "data": {"children": [{"kind": "t3", "data": post} for post in posts], "after": more},
    },
    SourceKind.HACKER_NEWS: lambda posts, more: {"hits": posts, "hitsPerPage": more},
}


@pytest.mark.parametrize("kind", ANSWERS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_fields_of_the_wrong_type_give_a_value(kind: SourceKind, data: st.DataObject) -> None:
    post = st.dictionaries(st.sampled_from(FIELDS[kind].split()), VALUES)
    answer = ANSWERS[kind](data.draw(st.lists(post | VALUES, max_size=3)), data.draw(VALUES | st.integers(0, 3)))
    check(kind, json.dumps(answer).encode(), "application/json")
