-- Fetching for years: what a source's rhythm is, where it moved to, what stands in for a feed that lies about its own
-- changes, alarms, and what hosts have asked for. Validators are asked for anew once, with the feeds they belong to.

ALTER TABLE source ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN last_new_at TEXT;
ALTER TABLE source ADD COLUMN rhythm_seconds REAL;
ALTER TABLE source ADD COLUMN usual_items REAL;
ALTER TABLE source ADD COLUMN usual_dated REAL;
ALTER TABLE source ADD COLUMN moved_to TEXT;
ALTER TABLE source ADD COLUMN gone_at TEXT;
ALTER TABLE source ADD COLUMN owed TEXT;
ALTER TABLE source ADD COLUMN notes TEXT;

ALTER TABLE fetch ADD COLUMN final_url TEXT;

DROP TABLE validator;
CREATE TABLE validator (
  source_id TEXT NOT NULL REFERENCES source (id),
  url TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  body_hash TEXT NOT NULL,
  reading TEXT NOT NULL,
  misses INTEGER NOT NULL DEFAULT 0,
  distrusted_at TEXT,
  stored_at TEXT NOT NULL,
  PRIMARY KEY (source_id, url)
) STRICT, WITHOUT ROWID;

ALTER TABLE item ADD COLUMN via TEXT;
ALTER TABLE item ADD COLUMN url_id TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN told TEXT;
UPDATE item SET url_id = article_id;
-- An item that comes with another GUID than before, or that another source has shown: what is known of its address.
CREATE INDEX item_of_url ON item (url_id, source_id);
DROP INDEX item_of_source;
-- Health: how many items of a source are in which state, and how many of late, with and without a date.
CREATE INDEX item_of_source ON item (source_id, first_seen_at, state, published);

DROP INDEX article_of_source;
-- Health: how many articles a source gave, and how many of late were copies or could not be read.
CREATE INDEX article_of_source ON article (source_id, stored_at, unread, origin, id);

ALTER TABLE page ADD COLUMN body_hash TEXT;
ALTER TABLE page ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN next_check_at TEXT;
-- Pages that are to be asked for again, because the article may have been edited.
CREATE INDEX page_to_check ON page (next_check_at) WHERE next_check_at IS NOT NULL;
-- Originals that have been kept for long enough.
CREATE INDEX page_kept ON page (fetched_at) WHERE encoding = 'zlib';

CREATE TABLE alarm (
  source_id TEXT NOT NULL REFERENCES source (id),
  kind TEXT NOT NULL CHECK (kind IN
    ('silent', 'failing', 'gone', 'moved', 'empty', 'undated', 'unreadable', 'copies', 'validators')),
  since_at TEXT NOT NULL,
  until_at TEXT,
  detail TEXT NOT NULL,
  PRIMARY KEY (source_id, kind, since_at)
) STRICT, WITHOUT ROWID;
-- The alarms that sound now.
CREATE INDEX alarm_open ON alarm (source_id, kind) WHERE until_at IS NULL;

CREATE TABLE host (
  name TEXT PRIMARY KEY,
  rests_until_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
  origin TEXT PRIMARY KEY,
  status INTEGER NOT NULL,
  body BLOB,
  fetched_at TEXT NOT NULL
) STRICT;

DROP VIEW source_health;
CREATE VIEW source_health AS
SELECT
  source.id AS id,
  source.name AS name,
  source.kind AS kind,
  source.tier AS tier,
  source.url AS url,
  source.enabled AS enabled,
  source.active AS active,
  (SELECT group_concat(kind || ': ' || detail, '; ') FROM (
    SELECT kind, detail FROM alarm WHERE source_id = source.id AND until_at IS NULL ORDER BY kind)) AS alarms,
  source.last_outcome AS last_outcome,
  source.last_reason AS last_reason,
  source.notes AS notes,
  source.failures AS failures,
  source.last_asked_at AS last_asked_at,
  source.last_success_at AS last_success_at,
  source.next_due_at AS next_due_at,
  source.last_new_at AS last_new_at,
  CAST(strftime('%s', source.last_asked_at) - strftime('%s', source.last_new_at) AS INTEGER) AS silent_seconds,
  CAST(round(source.rhythm_seconds) AS INTEGER) AS rhythm_seconds,
  (SELECT count(*) FROM item WHERE source_id = source.id
    AND first_seen_at >= strftime('%Y-%m-%dT%H:%M:%S', source.last_asked_at, '-28 days'))
    / min(4.0, max(1.0, coalesce(julianday(source.last_asked_at) - julianday(source.first_seen_at), 0) / 7))
    AS items_per_week,
  (SELECT round(avg(published IS NULL), 3) FROM item WHERE source_id = source.id
    AND first_seen_at >= strftime('%Y-%m-%dT%H:%M:%S', source.last_asked_at, '-28 days')) AS undated_share,
  (SELECT round(avg(origin <> id), 3) FROM article WHERE source_id = source.id
    AND stored_at >= strftime('%Y-%m-%dT%H:%M:%S', source.last_asked_at, '-28 days')) AS copies_share,
  (SELECT round(avg(unread IS NOT NULL), 3) FROM article WHERE source_id = source.id
    AND stored_at >= strftime('%Y-%m-%dT%H:%M:%S', source.last_asked_at, '-28 days')) AS unread_share,
  source.moved_to AS moved_to,
  source.gone_at AS gone_at,
  (SELECT min(distrusted_at) FROM validator WHERE source_id = source.id) AS validators_distrusted_at,
  (SELECT count(*) FROM item WHERE source_id = source.id) AS items,
  (SELECT count(*) FROM item WHERE source_id = source.id AND state = 'pending') AS pending,
  (SELECT count(*) FROM item WHERE source_id = source.id AND state = 'dropped') AS dropped,
  (SELECT count(*) FROM article WHERE source_id = source.id) AS articles,
  (SELECT count(*) FROM report JOIN article ON article.id = report.article_id
    WHERE article.source_id = source.id) AS reports
FROM source
ORDER BY source.id;
