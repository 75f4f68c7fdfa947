-- Questions at once, however many events there are. What an event can be asked for is a facet, a field with a value; for
-- each facet its events stand in the order of the timeline, counted as a whole and by month. `tracker.store.facets` says
-- which facets an event has and writes them before each commit; triggers note whose may be others now. Facets of events
-- that a person rejected have fields that begin with "~", so that no count and no question meets them by mistake.

CREATE TABLE facet_key (
  number INTEGER PRIMARY KEY,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  events INTEGER NOT NULL, -- how many have it; never 0
  UNIQUE (field, value)
) STRICT;

-- The events of a facet in the order of the timeline. There are many rows, so days are numbers (20240709; 0: none).
CREATE TABLE event_facet (
  key INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (key, day, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE facet_month (
  key INTEGER NOT NULL,
  month INTEGER NOT NULL, -- 202407; 0: none
  events INTEGER NOT NULL,
  PRIMARY KEY (key, month)
) STRICT, WITHOUT ROWID;

-- What stands in event_facet for an event.
CREATE TABLE event_keys (
  number INTEGER PRIMARY KEY,
  day INTEGER NOT NULL,
  keys TEXT NOT NULL -- JSON list, ascending
) STRICT;

-- Events and parties of which something was written since their facets were: empty after every commit.
CREATE TABLE facet_stale (
  number INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE facet_stale_party (
  entity_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Names of things and rules by their words.
CREATE VIRTUAL TABLE facet_fts USING fts5 (
  value, content = 'facet_key', content_rowid = 'number', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER facet_fts_insert AFTER INSERT ON facet_key
WHEN new.field IN ('item', 'instrument', '~item', '~instrument') BEGIN
  INSERT INTO facet_fts (rowid, value) VALUES (new.number, new.value);
END;
CREATE TRIGGER facet_fts_delete AFTER DELETE ON facet_key
WHEN old.field IN ('item', 'instrument', '~item', '~instrument') BEGIN
  INSERT INTO facet_fts (facet_fts, rowid, value) VALUES ('delete', old.number, old.value);
END;

-- The day of an event as a number.
ALTER TABLE event ADD COLUMN at INTEGER GENERATED ALWAYS AS (CAST(replace(day, '-', '') AS INTEGER)) VIRTUAL;
-- The order of the timeline, since ids say nothing: day, then number.
DROP INDEX event_in_order;
-- The timeline in its order, whole or between two days, page by page.
CREATE INDEX event_in_order ON event (day, number);

-- Nobody asks for the decisions about one thing by its id.
DROP INDEX judgement_of_subject;
DROP INDEX judgement_of_object;

-- Articles by their date, to be searched for words that very many hold.
CREATE INDEX article_in_order ON article (published, number, source_id, language);
-- Of which nothing says when they were announced: what holds on a day before the one under which it stands.
CREATE INDEX event_only_effective ON event (day, effective_from) WHERE announced_from IS NULL AND effective_from IS NOT NULL;
-- What may hold on a day.
CREATE INDEX measure_step_in_force ON measure_step (day, event_id) WHERE status = 'in_force';

-- What was first seen between two times.
CREATE INDEX event_by_seen ON event (first_seen_at);

-- What fires a trigger decides for all of it what becomes of a conflict, so that each has to look.
CREATE TRIGGER facet_stale_new AFTER INSERT ON event BEGIN
  INSERT INTO facet_stale SELECT new.number WHERE new.number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_event AFTER UPDATE OF changed_at, day ON event BEGIN
  INSERT INTO facet_stale SELECT new.number WHERE new.number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_gone AFTER DELETE ON event BEGIN
  INSERT INTO facet_stale SELECT old.number WHERE old.number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_report AFTER UPDATE OF event_id, withdrawn ON report
WHEN old.event_id IS NOT new.event_id OR old.withdrawn <> new.withdrawn BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT number FROM event WHERE id IN (old.event_id, new.event_id)
    AND number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_report_new AFTER INSERT ON report WHEN new.event_id IS NOT NULL BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT number FROM event WHERE id = new.event_id AND number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_report_gone AFTER DELETE ON report WHEN old.event_id IS NOT NULL BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT number FROM event WHERE id = old.event_id AND number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_amount AFTER INSERT ON report_amount BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT number FROM event WHERE id = (SELECT event_id FROM report WHERE id = new.report_id)
    AND number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_amount_gone AFTER DELETE ON report_amount BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT number FROM event WHERE id = (SELECT event_id FROM report WHERE id = old.report_id)
    AND number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_article AFTER UPDATE OF source_id, language ON article
WHEN old.source_id IS NOT new.source_id OR old.language IS NOT new.language BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT event.number FROM report JOIN event ON event.id = report.event_id WHERE report.article_id = new.id
    AND event.number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_source AFTER UPDATE OF tier, tags ON source
WHEN old.tier IS NOT new.tier OR old.tags IS NOT new.tags BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT event.number FROM article JOIN report ON report.article_id = article.id JOIN event ON event.id = report.event_id
  WHERE article.source_id = new.id AND event.number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER facet_stale_entity AFTER UPDATE OF kind, country, parent, merged_into ON entity
WHEN old.kind IS NOT new.kind OR old.country IS NOT new.country OR old.parent IS NOT new.parent
  OR old.merged_into IS NOT new.merged_into BEGIN
  INSERT INTO facet_stale_party SELECT new.id WHERE new.id NOT IN (SELECT entity_id FROM facet_stale_party);
  INSERT INTO facet_stale_party SELECT old.merged_into
  WHERE old.merged_into IS NOT NULL AND old.merged_into NOT IN (SELECT entity_id FROM facet_stale_party);
END;
CREATE TRIGGER facet_stale_entity_new AFTER INSERT ON entity WHEN EXISTS (SELECT 1 FROM entity WHERE parent = new.id) BEGIN
  INSERT INTO facet_stale_party SELECT new.id WHERE new.id NOT IN (SELECT entity_id FROM facet_stale_party);
END;
-- What a party belongs to by those that are one with it.
CREATE INDEX entity_merged_parent ON entity (merged_into, parent) WHERE merged_into IS NOT NULL AND parent IS NOT NULL;

-- What an export tells of an event beside its own columns (`tracker.store.lines`), brought up with its facets.
CREATE TABLE event_line (
  number INTEGER PRIMARY KEY,
  actors TEXT, -- names with unit separators (U+001F) between, as the three below; null: none
  targets TEXT,
  items TEXT,
  instruments TEXT,
  sources INTEGER NOT NULL,
  url TEXT
) STRICT;
CREATE TRIGGER event_line_article AFTER UPDATE OF url, origin ON article
WHEN old.url IS NOT new.url OR old.origin IS NOT new.origin BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT event.number FROM report JOIN event ON event.id = report.event_id WHERE report.article_id = new.id
    AND event.number NOT IN (SELECT number FROM facet_stale);
END;
CREATE TRIGGER event_line_report AFTER UPDATE OF published ON report WHEN old.published IS NOT new.published BEGIN
  INSERT INTO facet_stale
  SELECT DISTINCT number FROM event WHERE id = new.event_id AND number NOT IN (SELECT number FROM facet_stale);
END;

INSERT INTO facet_stale SELECT number FROM event;

-- Two time axes: when things happened, and what was known when. Each change of an event or a measure holds what it was
-- before; triggers note that before anything of it is written, and hand it to the log when the change is logged.
ALTER TABLE change ADD COLUMN was TEXT; -- JSON: what it changed, as it was before; null: it was not there, or not kept
-- The state of the log at a moment.
CREATE INDEX change_by_time ON change (changed_at, cursor);
-- Since when the past is kept: the changes before that hold nothing of it.
CREATE INDEX change_forgetful ON change (cursor) WHERE was IS NULL AND kind <> 'new' AND what <> 'article';

-- Events and measures of which something was written since their last change was logged, as they were before.
CREATE TABLE change_before (
  what TEXT NOT NULL CHECK (what IN ('event', 'measure')),
  id TEXT NOT NULL,
  was TEXT NOT NULL,
  PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;

-- All that an answer tells of each event and each measure, as JSON.
CREATE VIEW event_state AS
SELECT
  event.id AS id,
  json_object(
    'number', number, 'type', type, 'subtype', subtype, 'status', status, 'direction', direction,
    'certainty', certainty, 'announced_on', announced_on, 'announced_basis', announced_basis,
    'announced_from', announced_from, 'announced_to', announced_to, 'effective_on', effective_on,
    'effective_basis', effective_basis, 'effective_from', effective_from, 'effective_to', effective_to,
    'confidence', confidence, 'summary', summary, 'origins', origins, 'reports', reports, 'measure_id', measure_id,
    'first_reported', first_reported, 'day', day, 'lead_id', lead_id, 'verdict', verdict, 'edited', edited,
    'first_seen_at', first_seen_at, 'changed_at', changed_at,
    'sources', (SELECT count(DISTINCT article.source_id) FROM report JOIN article ON article.id = report.article_id
      WHERE report.event_id = event.id),
    'url', (SELECT article.url FROM report JOIN article ON article.id = report.article_id
      LEFT JOIN source ON source.id = article.source_id
      WHERE report.event_id = event.id
      ORDER BY report.published IS NULL, report.published, instr('official major specialist social', source.tier),
        article.origin <> article.id, report.id LIMIT 1),
    'quotes', (SELECT quotes FROM event_fts WHERE event_fts.rowid = event.number),
    'parties', (SELECT json_group_array(json_array(role, position, entity_id, name)) FROM (
      SELECT * FROM event_party WHERE event_id = event.id ORDER BY role, position)),
    'things', (SELECT json_group_array(json_array(kind, position, name, folded)) FROM (
      SELECT * FROM event_item WHERE event_id = event.id ORDER BY kind, position)),
    'disputes', (SELECT json_group_array(json_array(field, position, value, origins, reports, because)) FROM (
      SELECT * FROM contradiction WHERE event_id = event.id ORDER BY field, position)),
    'facets', (SELECT json_group_array(json_array(field, value)) FROM (
      SELECT facet_key.field, facet_key.value
      FROM event_keys CROSS JOIN json_each(event_keys.keys) AS one
      JOIN facet_key ON facet_key.number = one.value WHERE event_keys.number = event.number ORDER BY 1, 2))
  ) AS state
FROM event;

CREATE VIEW measure_state AS
SELECT
  measure.id AS id,
  json_object(
    'title', title, 'status', status, 'since', since,
    'steps', (SELECT json_group_array(json_array(position, day, status, event_id, words, inferred)) FROM (
      SELECT * FROM measure_step WHERE measure_id = measure.id ORDER BY position))
  ) AS state
FROM measure;

-- All that an answer tells of each report, as JSON.
CREATE VIEW report_state AS
SELECT
  report.id AS id,
  json_object(
    'article_id', article_id, 'position', position, 'type', type, 'status', status, 'direction', direction,
    'certainty', certainty, 'announced_on', announced_on, 'effective_on', effective_on, 'confidence', confidence,
    'published', published, 'reader', reader, 'quote', quote, 'detail', detail, 'withdrawn', withdrawn,
    'amounts', (SELECT json_group_array(json_array(position, kind, value, upper, comparison, unit, per, text)) FROM (
      SELECT * FROM report_amount WHERE report_id = report.id ORDER BY position))
  ) AS state
FROM report;

-- Where reports were and what they said, before they went to another event or their article was read anew.
CREATE TABLE report_was (
  report_id TEXT NOT NULL,
  cursor INTEGER NOT NULL, -- the last change of the log while it was so
  event_id TEXT, -- null: in none
  state TEXT, -- JSON, as report_state; null: what it said stayed
  PRIMARY KEY (report_id, cursor)
) STRICT, WITHOUT ROWID;
-- The reports that an event had at a moment.
CREATE INDEX report_was_in ON report_was (event_id, cursor);

CREATE TRIGGER report_was_said BEFORE UPDATE OF detail, published, quote, withdrawn ON report
WHEN (old.detail <> new.detail OR old.published IS NOT new.published OR old.quote <> new.quote
    OR old.withdrawn <> new.withdrawn)
  AND (old.event_id IS NOT NULL OR EXISTS (SELECT 1 FROM report_was WHERE report_id = old.id)) BEGIN
  UPDATE report_was SET state = (SELECT state FROM report_state WHERE id = old.id)
  WHERE report_id = old.id AND cursor = (SELECT coalesce(max(cursor), 0) FROM change) AND state IS NULL;
  INSERT INTO report_was
  SELECT old.id, (SELECT coalesce(max(cursor), 0) FROM change), old.event_id, state FROM report_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM report_was
    WHERE report_id = old.id AND cursor = (SELECT coalesce(max(cursor), 0) FROM change));
  INSERT INTO change_before SELECT 'event', id, state FROM event_state
  WHERE id = old.event_id AND (old.detail <> new.detail OR old.quote <> new.quote)
    AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'event' AND id = old.event_id);
END;
CREATE TRIGGER report_was_gone BEFORE DELETE ON report
WHEN old.event_id IS NOT NULL OR EXISTS (SELECT 1 FROM report_was WHERE report_id = old.id) BEGIN
  UPDATE report_was SET state = (SELECT state FROM report_state WHERE id = old.id)
  WHERE report_id = old.id AND cursor = (SELECT coalesce(max(cursor), 0) FROM change) AND state IS NULL;
  INSERT INTO report_was
  SELECT old.id, (SELECT coalesce(max(cursor), 0) FROM change), old.event_id, state FROM report_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM report_was
    WHERE report_id = old.id AND cursor = (SELECT coalesce(max(cursor), 0) FROM change));
END;
-- The first reports of a new event are not noted: there was nothing of it before.
CREATE TRIGGER report_was_elsewhere BEFORE UPDATE OF event_id ON report
WHEN old.event_id IS NOT new.event_id
  AND (old.event_id IS NOT NULL OR EXISTS (SELECT 1 FROM event WHERE id = new.event_id AND reports > 0)) BEGIN
  INSERT INTO report_was
  SELECT old.id, (SELECT coalesce(max(cursor), 0) FROM change), old.event_id, NULL
  WHERE NOT EXISTS (SELECT 1 FROM report_was
    WHERE report_id = old.id AND cursor = (SELECT coalesce(max(cursor), 0) FROM change));
END;

-- An event that has reports has been counted: before that it is only being made.
CREATE TRIGGER change_event_before BEFORE UPDATE OF changed_at ON event WHEN old.reports > 0 BEGIN
  INSERT INTO change_before SELECT 'event', id, state FROM event_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'event' AND id = old.id);
END;
CREATE TRIGGER change_event_count BEFORE UPDATE OF reports, first_reported, day, measure_id ON event
WHEN old.reports > 0 AND (old.reports <> new.reports OR old.first_reported IS NOT new.first_reported
  OR old.day <> new.day OR old.measure_id <> new.measure_id) BEGIN
  INSERT INTO change_before SELECT 'event', id, state FROM event_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'event' AND id = old.id);
END;
CREATE TRIGGER change_event_gone BEFORE DELETE ON event BEGIN
  INSERT INTO change_before SELECT 'event', id, state FROM event_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'event' AND id = old.id);
END;
CREATE TRIGGER change_report_before BEFORE UPDATE OF event_id, published ON report
WHEN old.event_id IS NOT new.event_id OR old.published IS NOT new.published BEGIN
  INSERT INTO change_before SELECT 'event', id, state FROM event_state
  WHERE id IN (SELECT event.id FROM event WHERE event.id IN (old.event_id, new.event_id) AND reports > 0)
    AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'event' AND change_before.id = event_state.id);
END;
CREATE TRIGGER change_report_gone BEFORE DELETE ON report WHEN old.event_id IS NOT NULL BEGIN
  INSERT INTO change_before SELECT 'event', id, state FROM event_state
  WHERE id = old.event_id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'event' AND id = old.event_id);
END;
CREATE TRIGGER change_measure_before BEFORE UPDATE OF title, status, since ON measure
WHEN old.title <> new.title OR old.status IS NOT new.status OR old.since IS NOT new.since BEGIN
  INSERT INTO change_before SELECT 'measure', id, state FROM measure_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'measure' AND id = old.id);
END;
CREATE TRIGGER change_measure_gone BEFORE DELETE ON measure BEGIN
  INSERT INTO change_before SELECT 'measure', id, state FROM measure_state
  WHERE id = old.id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'measure' AND id = old.id);
END;
CREATE TRIGGER change_step_gone BEFORE DELETE ON measure_step BEGIN
  INSERT INTO change_before SELECT 'measure', id, state FROM measure_state
  WHERE id = old.measure_id AND NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'measure' AND id = old.measure_id);
END;
CREATE TRIGGER change_step_new BEFORE INSERT ON measure_step
WHEN NOT EXISTS (SELECT 1 FROM change_before WHERE what = 'measure' AND id = new.measure_id) BEGIN
  INSERT INTO change_before SELECT 'measure', id, state FROM measure_state WHERE id = new.measure_id;
END;
-- What was logged has its past; where nothing was written, it was as it is.
CREATE TRIGGER change_was AFTER INSERT ON change WHEN new.what IN ('event', 'measure') BEGIN
  UPDATE change SET was = coalesce(
    (SELECT was FROM change_before WHERE what = new.what AND id = new.id),
    (SELECT state FROM event_state WHERE new.what = 'event' AND id = new.id),
    (SELECT state FROM measure_state WHERE new.what = 'measure' AND id = new.id))
  WHERE cursor = new.cursor AND new.kind <> 'new';
  DELETE FROM change_before WHERE what = new.what AND id = new.id;
END;

-- What each change of an event made of it, field by field.
CREATE VIEW event_history AS
SELECT
  change.cursor AS cursor,
  change.changed_at AS changed_at,
  change.id AS event_id,
  change.kind AS kind,
  field.key AS field,
  field.value ->> 0 AS before,
  field.value ->> 1 AS after
FROM change LEFT JOIN json_each(change.fields) AS field
WHERE change.what = 'event';

-- What takes effect from today on, but for plans that a later step of their measure stopped.
-- By the names, and in the order, of the other faces.
DROP VIEW timeline;
CREATE VIEW timeline AS
SELECT
  event.day AS date,
  event.type AS type,
  event.subtype AS subtype,
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
  event.reports AS report_count,
  event.origins AS origins,
  (SELECT count(DISTINCT article.source_id) FROM report JOIN article ON article.id = report.article_id
    WHERE report.event_id = event.id) AS sources,
  (SELECT article.url FROM report JOIN article ON article.id = report.article_id
    LEFT JOIN source ON source.id = article.source_id
    WHERE report.event_id = event.id
    ORDER BY report.published IS NULL, report.published, instr('official major specialist social', source.tier),
      article.origin <> article.id, report.id LIMIT 1) AS url,
  (SELECT group_concat(field, ', ') FROM (
    SELECT DISTINCT field FROM contradiction WHERE event_id = event.id ORDER BY field)) AS disputed,
  event.verdict AS verdict,
  event.measure_id AS measure_id,
  event.id AS id
FROM event
WHERE event.verdict IS NOT 'reject'
ORDER BY event.day DESC, event.number DESC;

DROP VIEW upcoming;
CREATE VIEW upcoming AS
SELECT
  effective_on,
  effective_from,
  effective_to,
  type,
  status,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'actor' ORDER BY position)) AS actors,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'target' ORDER BY position)) AS targets,
  summary,
  measure_id,
  id
FROM event
WHERE effective_to >= date('now') AND status <> 'rejected' AND verdict IS NOT 'reject' AND NOT EXISTS (
  SELECT 1 FROM measure_step AS stop
  WHERE stop.measure_id = event.measure_id AND stop.event_id <> event.id
    AND stop.status IN ('ended', 'rejected', 'suspended', 'delayed')
    AND stop.day >= event.day AND stop.day <= event.effective_to)
ORDER BY effective_from, id;

CREATE VIEW in_force AS
SELECT
  event.day AS date,
  event.effective_on AS effective_on,
  event.type AS type,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'actor' ORDER BY position)) AS actors,
  (SELECT group_concat(name, ', ') FROM (
    SELECT name FROM event_party WHERE event_id = event.id AND role = 'target' ORDER BY position)) AS targets,
  event.summary AS summary,
  event.measure_id AS measure_id,
  event.id AS id
FROM event
WHERE event.verdict IS NOT 'reject' AND EXISTS (
    SELECT 1 FROM measure_step AS step
    WHERE step.measure_id = event.measure_id AND step.event_id = event.id
      AND step.status = 'in_force' AND step.day <= date('now') AND NOT EXISTS (
        SELECT 1 FROM measure_step AS later WHERE later.measure_id = step.measure_id
          AND later.position > step.position AND later.day <= date('now') AND later.status IN ('ended', 'rejected')))
  AND (SELECT last.status FROM measure_step AS last
    WHERE last.measure_id = event.measure_id AND last.day <= date('now')
      AND last.status IN ('in_force', 'ended', 'rejected', 'suspended', 'delayed')
    ORDER BY last.position DESC LIMIT 1) = 'in_force'
ORDER BY event.day DESC, event.number DESC;

-- Alerts (`tracker.store.outbox`): how far each has looked, what it has to tell, and the messages that tell it.
CREATE TABLE alert (
  name TEXT PRIMARY KEY,
  begun_at TEXT NOT NULL,
  begun_cursor INTEGER NOT NULL, -- of the log of changes; what was new before is not told as new
  cursor INTEGER NOT NULL, -- up to here the log has been looked at
  looked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  id TEXT PRIMARY KEY, -- a hash of what it tells
  alert TEXT NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'skipped', 'dead')),
  made_at TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT NOT NULL,
  sent_at TEXT,
  error TEXT,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  document TEXT NOT NULL -- JSON
) STRICT;
-- What is to be sent now, and what a crash left in doubt.
CREATE INDEX message_open ON message (state, next_try_at) WHERE state IN ('waiting', 'sending', 'dead');
-- How many went to a channel of late, and the log.
CREATE INDEX message_sent ON message (channel, sent_at) WHERE sent_at IS NOT NULL;
-- The log of messages.
CREATE INDEX message_in_order ON message (made_at);

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY,
  alert TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'status', 'effective', 'contradicted', 'silent')),
  subject TEXT NOT NULL, -- id of an event or a source
  key TEXT NOT NULL, -- what makes it once: the change, the date, the field, the alarm
  detail TEXT NOT NULL, -- JSON
  noted_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  message_id TEXT REFERENCES message (id),
  dropped TEXT, -- why it will not be told
  UNIQUE (alert, channel, kind, subject, key)
) STRICT;
-- What is to be put into messages.
CREATE INDEX outbox_waiting ON outbox (due_at, number) WHERE message_id IS NULL AND dropped IS NULL;
-- What a message tells.
CREATE INDEX outbox_of_message ON outbox (message_id) WHERE message_id IS NOT NULL;
-- What was told of an event under its former ids.
CREATE INDEX outbox_of_subject ON outbox (subject, kind);

-- What is done now and then (`tracker.store.upkeep`), and when it was done last.
CREATE TABLE upkeep (
  task TEXT PRIMARY KEY,
  done_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
