-- The first schema. Documented column by column in docs/schema.md, which a test compares with this file.
-- Conventions: times of our own clock are ISO 8601 in UTC and their columns end in _at; dates of the world are ISO
-- prefixes (2024, 2024-07, 2024-07-09); columns that hold JSON are named in the documentation; ids are hashes of
-- natural keys, the integer keys (number) only serve full-text search and are never shown.

CREATE TABLE source (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  tier TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT,
  tags TEXT NOT NULL,
  interval_seconds INTEGER NOT NULL,
  verified_on TEXT,
  enabled INTEGER NOT NULL,
  active INTEGER NOT NULL,
  next_due_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  last_success_at TEXT,
  last_asked_at TEXT,
  last_outcome TEXT,
  last_reason TEXT,
  first_seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE fetch (
  number INTEGER PRIMARY KEY,
  source_id TEXT REFERENCES source (id),
  url TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('page', 'unchanged', 'skipped', 'failed', 'poison')),
  status INTEGER,
  reason TEXT,
  bytes INTEGER,
  milliseconds INTEGER
) STRICT;
-- A source's history of requests, newest first.
CREATE INDEX fetch_of_source ON fetch (source_id, fetched_at);

CREATE TABLE validator (
  url TEXT PRIMARY KEY,
  etag TEXT,
  last_modified TEXT,
  stored_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
  id TEXT PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES source (id),
  key TEXT NOT NULL,
  guid TEXT,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  author TEXT,
  published TEXT,
  published_basis TEXT,
  language TEXT,
  is_whole INTEGER NOT NULL,
  article_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'stored', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT,
  reason TEXT,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  summary TEXT,
  content TEXT
) STRICT;
-- What is still to be fetched, in the order in which it is handed out.
CREATE INDEX item_pending ON item (article_id, source_id, id, next_try_at) WHERE state = 'pending';
-- All sightings of one article.
CREATE INDEX item_of_article ON item (article_id);
-- Health: how many items of a source are in which state.
CREATE INDEX item_of_source ON item (source_id, state);

CREATE TABLE article (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source_id TEXT REFERENCES source (id),
  url TEXT,
  title TEXT NOT NULL,
  published TEXT,
  published_basis TEXT,
  published_span TEXT,
  language TEXT,
  text_from TEXT NOT NULL,
  author TEXT,
  modified TEXT,
  site TEXT,
  content_hash TEXT NOT NULL,
  origin TEXT NOT NULL,
  unread TEXT,
  reader TEXT,
  stored_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  signature BLOB NOT NULL,
  text TEXT NOT NULL
) STRICT;
-- What the reader has still to read, oldest first.
CREATE INDEX article_to_read ON article (reader, published, id) WHERE unread IS NULL;
-- Articles that share one text, to join or move their origin.
CREATE INDEX article_of_origin ON article (origin);
-- Exact copies.
CREATE INDEX article_with_hash ON article (content_hash);
-- Health: how many articles a source gave.
CREATE INDEX article_of_source ON article (source_id);
-- The run report: how many articles are unread, and why.
CREATE INDEX article_unread ON article (unread) WHERE unread IS NOT NULL;

CREATE TABLE article_revision (
  article_id TEXT NOT NULL REFERENCES article (id),
  content_hash TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  published TEXT,
  modified TEXT,
  stored_at TEXT NOT NULL,
  replaced_at TEXT NOT NULL,
  PRIMARY KEY (article_id, content_hash)
) STRICT;

CREATE TABLE page (
  article_id TEXT PRIMARY KEY REFERENCES article (id),
  url TEXT NOT NULL,
  final_url TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  fetched_at TEXT NOT NULL,
  size INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE article_band (
  key TEXT NOT NULL,
  article_id TEXT NOT NULL REFERENCES article (id),
  PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;
-- Replacing the bands of an article whose text changed.
CREATE INDEX article_band_of_article ON article_band (article_id);

CREATE TABLE entity (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT,
  wikidata TEXT,
  parent TEXT,
  first_seen_at TEXT NOT NULL
) STRICT;
-- A country's own ministries, agencies and courts.
CREATE INDEX entity_of_country ON entity (country, kind);
-- A party's children: agencies of a state, subsidiaries of a company.
CREATE INDEX entity_of_parent ON entity (parent);

CREATE TABLE alias (
  entity_id TEXT NOT NULL REFERENCES entity (id),
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  how TEXT NOT NULL,
  PRIMARY KEY (entity_id, name, how)
) STRICT, WITHOUT ROWID;
-- Finding a party by a name as somebody types it.
CREATE INDEX alias_by_name ON alias (folded);

CREATE TABLE mention (
  article_id TEXT NOT NULL REFERENCES article (id),
  field TEXT NOT NULL CHECK (field IN ('text', 'title')),
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  entity_id TEXT NOT NULL REFERENCES entity (id),
  how TEXT NOT NULL,
  PRIMARY KEY (article_id, field, start, "end", entity_id)
) STRICT, WITHOUT ROWID;
-- The articles that name a party.
CREATE INDEX mention_of_entity ON mention (entity_id, article_id);

CREATE TABLE measure (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  first_seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  direction TEXT NOT NULL,
  certainty TEXT NOT NULL,
  announced_on TEXT,
  announced_basis TEXT,
  effective_on TEXT,
  effective_basis TEXT,
  confidence REAL NOT NULL,
  summary TEXT NOT NULL,
  origins INTEGER NOT NULL,
  reports INTEGER NOT NULL,
  measure_id TEXT NOT NULL REFERENCES measure (id) DEFERRABLE INITIALLY DEFERRED,
  first_reported TEXT,
  day TEXT NOT NULL,
  announced_from TEXT,
  announced_to TEXT,
  effective_from TEXT,
  effective_to TEXT,
  stale INTEGER NOT NULL DEFAULT 0,
  first_seen_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;
-- The timeline in its order, whole or between two days, page by page.
CREATE INDEX event_in_order ON event (day, id);
-- The timeline of one type.
CREATE INDEX event_of_type ON event (type, day, id);
-- The timeline of one status.
CREATE INDEX event_of_status ON event (status, day, id);
-- The steps of a measure in their order.
CREATE INDEX event_of_measure ON event (measure_id, day, id);
-- What takes effect between two days.
CREATE INDEX event_by_effect ON event (effective_from, id) WHERE effective_from IS NOT NULL;
-- Events whose reports have changed since they were resolved.
CREATE INDEX event_stale ON event (id) WHERE stale = 1;

CREATE TABLE event_party (
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('actor', 'target')),
  position INTEGER NOT NULL,
  entity_id TEXT NOT NULL REFERENCES entity (id),
  name TEXT NOT NULL,
  PRIMARY KEY (event_id, role, position)
) STRICT, WITHOUT ROWID;
-- What a party did, or what was done to it.
CREATE INDEX event_party_of_entity ON event_party (entity_id, role, event_id);

CREATE TABLE event_item (
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('item', 'instrument')),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  PRIMARY KEY (event_id, kind, position)
) STRICT, WITHOUT ROWID;
-- Events about an item or under an instrument.
CREATE INDEX event_item_by_name ON event_item (folded, event_id);

CREATE TABLE report (
  id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES article (id),
  position INTEGER NOT NULL,
  event_id TEXT REFERENCES event (id) DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  direction TEXT NOT NULL,
  certainty TEXT NOT NULL,
  announced_on TEXT,
  effective_on TEXT,
  confidence REAL NOT NULL,
  published TEXT,
  reader TEXT NOT NULL,
  event_score REAL,
  quote TEXT NOT NULL,
  placement TEXT,
  detail TEXT NOT NULL
) STRICT;
-- Reports that are not yet part of an event, in the order in which they are handed out.
CREATE INDEX report_unplaced ON report (published, id) WHERE event_id IS NULL;
-- The reports of an event.
CREATE INDEX report_of_event ON report (event_id);
-- What one article reports, in the order of its text.
CREATE INDEX report_of_article ON report (article_id, position);

CREATE TABLE report_key (
  key TEXT NOT NULL,
  report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  PRIMARY KEY (key, report_id)
) STRICT, WITHOUT ROWID;
-- Replacing the blocking keys of a report.
CREATE INDEX report_key_of_report ON report_key (report_id);

CREATE TABLE redirect (
  old_id TEXT PRIMARY KEY,
  new_id TEXT NOT NULL,
  redirected_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Pointing what was redirected to an event at the event that takes its place.
CREATE INDEX redirect_to ON redirect (new_id);

CREATE TABLE judgement (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('same', 'different', 'edit', 'reject', 'accept', 'merge', 'split')),
  subject TEXT NOT NULL,
  object TEXT,
  field TEXT,
  value TEXT,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  closed_at TEXT,
  closed_by TEXT
) STRICT;
-- The decisions about one event, measure or party that still hold.
CREATE INDEX judgement_of_subject ON judgement (subject) WHERE closed_at IS NULL;

CREATE TABLE change (
  cursor INTEGER PRIMARY KEY AUTOINCREMENT,
  changed_at TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('article', 'event', 'measure')),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'updated', 'merged', 'removed')),
  fields TEXT NOT NULL DEFAULT '{}'
) STRICT;
-- The history of one event.
CREATE INDEX change_of ON change (id, cursor);

-- Full-text search. Articles: the text stays in its table, triggers keep the index. Events: written in the batch that
-- writes the events, because the words come from four tables.
CREATE VIRTUAL TABLE article_fts USING fts5 (
  title, text, content = 'article', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN
  INSERT INTO article_fts (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER article_fts_delete AFTER DELETE ON article BEGIN
  INSERT INTO article_fts (article_fts, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;
CREATE TRIGGER article_fts_update AFTER UPDATE OF title, text ON article BEGIN
  INSERT INTO article_fts (article_fts, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
  INSERT INTO article_fts (rowid, title, text) VALUES (new.number, new.title, new.text);
END;

CREATE VIRTUAL TABLE event_fts USING fts5 (
  summary, parties, items, quotes, tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Views for people, and for whoever opens the file in Datasette.
CREATE VIEW timeline AS
SELECT
  event.day AS date,
  event.type AS type,
  event.status AS status,
  event.direction AS direction,
  event.certainty AS certainty,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'actor' ORDER BY position)) AS actors,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'target' ORDER BY position)) AS targets,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_item WHERE event_id = event.id AND kind = 'item' ORDER BY position)) AS items,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_item WHERE event_id = event.id AND kind = 'instrument' ORDER BY position)) AS instruments,
  event.announced_on AS announced_on,
  event.effective_on AS effective_on,
  event.summary AS summary,
  event.confidence AS confidence,
  event.reports AS reports,
  event.origins AS origins,
  (SELECT count(DISTINCT article.source_id) FROM report JOIN article ON article.id = report.article_id
    WHERE report.event_id = event.id) AS sources,
  (SELECT article.url FROM report JOIN article ON article.id = report.article_id
    LEFT JOIN source ON source.id = article.source_id
    WHERE report.event_id = event.id
    ORDER BY report.published IS NULL, report.published, instr('official major specialist social', source.tier),
      article.origin <> article.id, report.id LIMIT 1) AS first_url,
  event.measure_id AS measure_id,
  event.id AS event_id
FROM event
ORDER BY event.day DESC, event.id DESC;

CREATE VIEW measure_history AS
SELECT
  measure.id AS measure_id,
  measure.title AS title,
  row_number() OVER (PARTITION BY event.measure_id ORDER BY event.day, event.id) AS step,
  event.day AS date,
  event.status AS status,
  event.type AS type,
  event.effective_on AS effective_on,
  event.summary AS summary,
  event.id AS event_id
FROM event JOIN measure ON measure.id = event.measure_id;

CREATE VIEW upcoming AS
SELECT
  effective_on,
  effective_from,
  effective_to,
  type,
  status,
  summary,
  id AS event_id
FROM event
WHERE effective_to >= date('now') AND status <> 'rejected'
ORDER BY effective_from, id;

CREATE VIEW source_health AS
SELECT
  source.id AS id,
  source.name AS name,
  source.kind AS kind,
  source.tier AS tier,
  source.url AS url,
  source.enabled AS enabled,
  source.active AS active,
  source.last_outcome AS last_outcome,
  source.last_reason AS last_reason,
  source.failures AS failures,
  source.last_asked_at AS last_asked_at,
  source.last_success_at AS last_success_at,
  source.next_due_at AS next_due_at,
  (SELECT count(*) FROM item WHERE source_id = source.id) AS items,
  (SELECT count(*) FROM item WHERE source_id = source.id AND state = 'pending') AS pending,
  (SELECT count(*) FROM item WHERE source_id = source.id AND state = 'dropped') AS dropped,
  (SELECT count(*) FROM article WHERE source_id = source.id) AS articles,
  (SELECT count(*) FROM report JOIN article ON article.id = report.article_id
    WHERE article.source_id = source.id) AS reports
FROM source
ORDER BY source.id;
