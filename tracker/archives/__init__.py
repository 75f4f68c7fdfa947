"""Archives of articles: WARC, JSON lines, Parquet, folders of pages, GDELT's lists.

    plan(inputs) -> chunks, the same for the same inputs          records(chunk) -> what the chunk holds, one by one

Both are under way. Does not extract text and asks for no article.
"""

from __future__ import annotations
