-- A search over one source's articles, the newest first, goes through them alone.
CREATE INDEX article_of_source_in_order ON article (source_id, published, number, language);
