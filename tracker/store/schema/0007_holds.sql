-- What a refresh held back: articles whose reports make no events, because what their source, or all sources, gave
-- together was not what it usually is. Alarms and alerts tell of it.

CREATE TABLE hold (
  number INTEGER PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES source (id),
  since_at TEXT NOT NULL, -- when the first of its articles was stored
  held_at TEXT NOT NULL,
  reasons TEXT NOT NULL, -- JSON: {assertion, overall, articles, share, found, usual, limit, example} each
  decided_at TEXT, -- null: nobody has decided yet
  decision TEXT CHECK (decision IN ('released', 'discarded', 'retried'))
) STRICT;
-- What is to be decided: one hold of a source at most.
CREATE UNIQUE INDEX hold_open ON hold (source_id) WHERE decided_at IS NULL;
-- What was decided about a source.
CREATE INDEX hold_of_source ON hold (source_id, decision, number);

-- Articles whose reports are not settled: they make no events.
CREATE TABLE held (
  article_id TEXT PRIMARY KEY REFERENCES article (id),
  hold INTEGER REFERENCES hold (number) -- null: still to be judged
) STRICT, WITHOUT ROWID;
-- The articles of a hold, and those that are to be judged.
CREATE INDEX held_by ON held (hold, article_id);

DROP VIEW source_health;

ALTER TABLE alarm RENAME TO alarm_before;
DROP INDEX alarm_open;
CREATE TABLE alarm (
  source_id TEXT NOT NULL REFERENCES source (id),
  kind TEXT NOT NULL CHECK (kind IN
    ('silent', 'failing', 'gone', 'moved', 'empty', 'undated', 'unreadable', 'copies', 'validators', 'held')),
  since_at TEXT NOT NULL,
  until_at TEXT,
  detail TEXT NOT NULL,
  PRIMARY KEY (source_id, kind, since_at)
) STRICT, WITHOUT ROWID;
INSERT INTO alarm SELECT * FROM alarm_before;
DROP TABLE alarm_before;
-- The alarms that sound now.
CREATE INDEX alarm_open ON alarm (source_id, kind) WHERE until_at IS NULL;

ALTER TABLE outbox RENAME TO outbox_before;
DROP INDEX outbox_waiting;
DROP INDEX outbox_of_message;
DROP INDEX outbox_of_subject;
CREATE TABLE outbox (
  number INTEGER PRIMARY KEY,
  alert TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'status', 'effective', 'contradicted', 'silent', 'held')),
  subject TEXT NOT NULL, -- id of an event or a source
  key TEXT NOT NULL, -- what makes it once: the change, the date, the field, the alarm
  detail TEXT NOT NULL, -- JSON
  noted_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  message_id TEXT REFERENCES message (id),
  dropped TEXT, -- why it will not be told
  UNIQUE (alert, channel, kind, subject, key)
) STRICT;
INSERT INTO outbox SELECT * FROM outbox_before;
DROP TABLE outbox_before;
-- What is to be put into messages.
CREATE INDEX outbox_waiting ON outbox (due_at, number) WHERE message_id IS NULL AND dropped IS NULL;
-- What a message tells.
CREATE INDEX outbox_of_message ON outbox (message_id) WHERE message_id IS NOT NULL;
-- What was told of an event under its former ids.
CREATE INDEX outbox_of_subject ON outbox (subject, kind);

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
  (SELECT count(*) FROM held JOIN hold ON hold.number = held.hold
    WHERE hold.source_id = source.id AND hold.decided_at IS NULL) AS held,
  (SELECT count(*) FROM report JOIN article ON article.id = report.article_id
    WHERE article.source_id = source.id) AS reports
FROM source
ORDER BY source.id;
