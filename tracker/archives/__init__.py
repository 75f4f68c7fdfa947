"""Archives of articles: WARC, JSON lines, Parquet, folders of pages, GDELT's lists; here or behind fsspec's URLs.

    plan(inputs) -> chunks, the same for the same inputs          records(chunk) -> what the chunk holds, one by one

Every record is in exactly one chunk, whatever the size of chunks. What is broken is told as a record's fault, and
those after it go on. Does not extract text, asks for no article, and writes nothing. Pages are to be extracted as those
of a source of kind `folder`, which takes plain texts for articles too.
"""

from __future__ import annotations

from tracker.archives.planning import CHUNK_BYTES, plan, records

__all__ = ["CHUNK_BYTES", "plan", "records"]
