-- Resolution that does not depend on the order of arrival: whom each report follows and why, keys with days, what
-- changed and is to be settled, contradictions, the histories of measures and their ties, parties that are one, and
-- judgements tied to reports. Every report is to be settled anew, once.

ALTER TABLE article ADD COLUMN notice TEXT; -- 'correction' or 'retraction' of what its outlet said before

ALTER TABLE article ADD COLUMN wire TEXT; -- the agency whose text it is, by its credit
ALTER TABLE article ADD COLUMN scheme TEXT; -- of the signature by which it stands among its copies; null: it does not yet
-- Articles to be brought to the present scheme.
CREATE INDEX article_scheme ON article (scheme);
-- An article among its copies, as report_standing is: whom it follows is its origin.
CREATE TABLE article_standing (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  lead_id TEXT NOT NULL,
  leads INTEGER NOT NULL,
  rank TEXT NOT NULL,
  profile TEXT NOT NULL,
  keys TEXT NOT NULL
) STRICT;
-- Those that repeat an article.
CREATE INDEX article_standing_of_lead ON article_standing (lead_id, id);
CREATE TABLE article_key (
  key INTEGER NOT NULL,
  leads INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (key, leads, day, number)
) STRICT, WITHOUT ROWID;
DROP TABLE article_band;
ALTER TABLE article DROP COLUMN signature; -- of another scheme, and kept in article_standing

-- A report among its like: whom it follows (itself where it leads or stands alone), whether others may follow it, its
-- place in the order in which reports may lead, what was compared when it was settled, the keys it stands under, and
-- whether it is to be settled (anew). Apart from `report`, whose rows are long.
CREATE TABLE report_standing (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE REFERENCES report (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL, -- its article
  published TEXT NOT NULL, -- of the report; empty: unknown
  unsettled INTEGER NOT NULL DEFAULT 1,
  lead_id TEXT,
  leads INTEGER NOT NULL DEFAULT 0,
  rank TEXT,
  profile TEXT,
  keys TEXT NOT NULL DEFAULT '[]', -- JSON: [key, day] each, as in report_key
  resolver TEXT NOT NULL DEFAULT '' -- the version of the rules that settled it
) STRICT;
-- Reports to be settled, in the order in which they are handed out.
CREATE INDEX report_standing_unsettled ON report_standing (published, id) WHERE unsettled = 1;
-- Those that follow a report.
CREATE INDEX report_standing_of_lead ON report_standing (lead_id, id);
-- Those that older rules have settled.
CREATE INDEX report_standing_resolver ON report_standing (resolver) WHERE lead_id IS NOT NULL;
-- Those of one article.
CREATE INDEX report_standing_of_group ON report_standing (group_id);
INSERT INTO report_standing (id, group_id, published)
SELECT id, article_id, coalesce(published, '') FROM report ORDER BY published, id;

DROP INDEX report_unplaced;
DROP INDEX report_of_event;
-- The reports of an event, the oldest first.
CREATE INDEX report_of_event ON report (event_id, published, id);

DROP TABLE report_key;
-- What can be found as like a report: under each key on its day. `leads` as in report_standing, so that those that lead
-- are found without the many that follow them. Keys are hashed, days are numbers (20240709) and reports go by the number
-- of their standing: there are many rows.
CREATE TABLE report_key (
  key INTEGER NOT NULL,
  leads INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (key, leads, day, number)
) STRICT, WITHOUT ROWID;

-- Reports that are no more (their article was read again or edited) and that others may have followed.
CREATE TABLE report_gone (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  lead_id TEXT,
  leads INTEGER NOT NULL,
  rank TEXT NOT NULL,
  profile TEXT NOT NULL,
  keys TEXT NOT NULL
) STRICT;

-- The same of events, which are put together into measures; an event goes by the id of its leading report.
ALTER TABLE event ADD COLUMN lead_id TEXT; -- the report that leads it
ALTER TABLE event ADD COLUMN verdict TEXT CHECK (verdict IN ('accept', 'reject'));
ALTER TABLE event ADD COLUMN edited TEXT NOT NULL DEFAULT '[]'; -- JSON: fields that a person set
-- The event of a leading report.
CREATE INDEX event_of_lead ON event (lead_id);
-- Events that many tell and that are unsure all the same: `tracker review list`.
CREATE INDEX event_unsure ON event (confidence, id) WHERE origins >= 3 AND verdict IS NULL;

CREATE TABLE event_standing (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  lead_id TEXT NOT NULL,
  leads INTEGER NOT NULL,
  rank TEXT NOT NULL,
  profile TEXT NOT NULL,
  keys TEXT NOT NULL
) STRICT;
-- Those that follow an event into its measure.
CREATE INDEX event_standing_of_lead ON event_standing (lead_id, id);

-- Leading reports of events that are no more and that others may have followed.
CREATE TABLE event_gone (
  lead_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE event_key (
  key INTEGER NOT NULL,
  leads INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (key, leads, day, number)
) STRICT, WITHOUT ROWID;

-- Fields on which the reports of an event disagree: one row per value, that which was taken first.
CREATE TABLE contradiction (
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  origins INTEGER NOT NULL,
  reports TEXT NOT NULL, -- JSON list of report ids
  because TEXT NOT NULL, -- of the value that was taken: the rule that decided
  PRIMARY KEY (event_id, field, position)
) STRICT, WITHOUT ROWID;
-- The fields that most accounts contest: `tracker review list`.
CREATE INDEX contradiction_contested ON contradiction (origins DESC, event_id, field) WHERE position = 1;

-- A report that its own outlet corrected or retracted counts no more. Why a report is where it is can be asked anew.
ALTER TABLE report ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
-- What counts no more of the reports of an event.
CREATE INDEX report_withdrawn ON report (event_id) WHERE withdrawn = 1;
ALTER TABLE report DROP COLUMN event_score;
ALTER TABLE report DROP COLUMN placement;

ALTER TABLE measure ADD COLUMN status TEXT;
ALTER TABLE measure ADD COLUMN since TEXT;
ALTER TABLE measure ADD COLUMN lead_id TEXT;
ALTER TABLE measure ADD COLUMN stale INTEGER NOT NULL DEFAULT 0; -- 1: an event left it since its history was told
-- Measures whose history is to be told again.
CREATE INDEX measure_stale ON measure (id) WHERE stale = 1;

-- The history of a measure, in order.
CREATE TABLE measure_step (
  measure_id TEXT NOT NULL REFERENCES measure (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  day TEXT NOT NULL,
  status TEXT NOT NULL,
  event_id TEXT NOT NULL,
  words TEXT NOT NULL,
  inferred INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (measure_id, position)
) STRICT, WITHOUT ROWID;

-- Ties between measures: one answers or replaces an older one.
CREATE TABLE measure_link (
  measure_id TEXT NOT NULL,
  other_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('retaliation', 'replacement')),
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  score REAL NOT NULL,
  reasons TEXT NOT NULL, -- JSON
  PRIMARY KEY (measure_id, other_id, kind)
) STRICT, WITHOUT ROWID;
-- What answers or replaces a measure.
CREATE INDEX measure_link_to ON measure_link (other_id);
-- What rests on an event.
CREATE INDEX measure_link_of_event ON measure_link (event_id);

-- Where events that say that they answer or replace another one look for it.
CREATE TABLE tie_ask (
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('retaliation', 'replacement')),
  actor TEXT NOT NULL, -- seat of the one that acted
  targets TEXT NOT NULL, -- JSON: seats of those that were hit; empty: whoever was
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  PRIMARY KEY (event_id, kind, actor)
) STRICT, WITHOUT ROWID;
-- Those that may mean an event.
CREATE INDEX tie_ask_of_actor ON tie_ask (actor, last, first, event_id);
-- Whose seat acts against whose, and when: what such events may mean. Without a target: an empty one.
CREATE TABLE event_seat (
  actor TEXT NOT NULL,
  target TEXT NOT NULL,
  day TEXT NOT NULL,
  event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
  PRIMARY KEY (actor, target, day, event_id)
) STRICT, WITHOUT ROWID;
-- Replacing those of an event.
CREATE INDEX event_seat_of_event ON event_seat (event_id);

-- Parties that are one: `merged_into` is the one that stands for it, with the reason; null: it stands for itself.
ALTER TABLE entity ADD COLUMN merged_into TEXT;
ALTER TABLE entity ADD COLUMN merged_because TEXT;
ALTER TABLE entity ADD COLUMN unsettled INTEGER NOT NULL DEFAULT 0; -- what is said of it changed
-- All that one party stands for.
CREATE INDEX entity_merged ON entity (merged_into) WHERE merged_into IS NOT NULL;
-- Parties to be decided anew.
CREATE INDEX entity_unsettled ON entity (id) WHERE unsettled = 1;
-- What each article calls a party; which parties are one rests on these rows and is undone when they go.
CREATE TABLE entity_evidence (
  entity_id TEXT NOT NULL,
  key TEXT NOT NULL,
  article_id TEXT NOT NULL,
  how TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (entity_id, key, how, article_id)
) STRICT, WITHOUT ROWID;
-- What one article says, to be replaced.
CREATE INDEX entity_evidence_of_article ON entity_evidence (article_id);
-- The same counted: in how many articles a party is called so.
CREATE TABLE entity_key (
  key TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  how TEXT NOT NULL,
  articles INTEGER NOT NULL,
  PRIMARY KEY (key, entity_id, how)
) STRICT, WITHOUT ROWID;
-- All that a party is called.
CREATE INDEX entity_key_of_entity ON entity_key (entity_id);
ALTER TABLE article ADD COLUMN unnamed INTEGER NOT NULL DEFAULT 0; -- what it calls its parties is to be noted
UPDATE article SET unnamed = 1 WHERE reader IS NOT NULL;
-- Articles whose names are to be noted.
CREATE INDEX article_unnamed ON article (id) WHERE unnamed = 1;

ALTER TABLE judgement RENAME TO judgement_before;
DROP INDEX judgement_of_subject;
CREATE TABLE judgement (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('same', 'different', 'split', 'edit', 'reject', 'accept')),
  scope TEXT NOT NULL CHECK (scope IN ('event', 'measure', 'party')),
  subject TEXT NOT NULL,
  object TEXT,
  field TEXT,
  value TEXT,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  evidence TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  closed_at TEXT,
  closed_by TEXT
) STRICT;
-- The decisions about one event, measure or party.
CREATE INDEX judgement_of_subject ON judgement (subject);
-- Those of the other one of the two.
CREATE INDEX judgement_of_object ON judgement (object) WHERE object IS NOT NULL;
-- The decisions that still hold.
CREATE INDEX judgement_open ON judgement (scope, kind) WHERE closed_at IS NULL;
-- The reports (of parties: the entities) that a judgement is tied to; with what finds a report again that is read anew.
CREATE TABLE judgement_report (
  judgement_id TEXT NOT NULL REFERENCES judgement (id),
  side TEXT NOT NULL CHECK (side IN ('left', 'right')),
  report_id TEXT NOT NULL,
  article_id TEXT,
  type TEXT,
  quote TEXT,
  PRIMARY KEY (judgement_id, side, report_id)
) STRICT, WITHOUT ROWID;
-- The judgements that a report takes part in.
CREATE INDEX judgement_of_report ON judgement_report (report_id);
-- Those to be tied anew when an article is read again.
CREATE INDEX judgement_of_article ON judgement_report (article_id);

-- Of earlier decisions: what they were about, and the reports of that.
INSERT INTO judgement
SELECT id, CASE kind WHEN 'merge' THEN 'same' ELSE kind END,
  CASE WHEN subject IN (SELECT id FROM event) THEN 'event' WHEN subject IN (SELECT id FROM measure) THEN 'measure'
    ELSE 'party' END,
  subject, object, field, value, who, why, '', decided_at, closed_at, closed_by
FROM judgement_before;
INSERT INTO judgement_report
SELECT judgement.id, 'left', report.id, article_id, report.type, quote
FROM judgement JOIN report ON event_id = subject OR event_id IN (SELECT id FROM event WHERE measure_id = subject)
UNION ALL
SELECT judgement.id, 'right', report.id, article_id, report.type, quote
FROM judgement JOIN report ON event_id = object OR event_id IN (SELECT id FROM event WHERE measure_id = object);
INSERT INTO judgement_report (judgement_id, side, report_id)
SELECT id, 'left', subject FROM judgement WHERE scope = 'party'
UNION ALL
SELECT id, 'right', object FROM judgement WHERE scope = 'party' AND object IS NOT NULL;
DROP TABLE judgement_before;

-- Views: what a person rejected is not shown; the history of a measure is told step by step.
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
  event.reports AS reports,
  event.origins AS origins,
  (SELECT count(DISTINCT article.source_id) FROM report JOIN article ON article.id = report.article_id
    WHERE report.event_id = event.id) AS sources,
  (SELECT article.url FROM report JOIN article ON article.id = report.article_id
    LEFT JOIN source ON source.id = article.source_id
    WHERE report.event_id = event.id
    ORDER BY report.published IS NULL, report.published, instr('official major specialist social', source.tier),
      article.origin <> article.id, report.id LIMIT 1) AS first_url,
  (SELECT group_concat(field, ', ') FROM (
    SELECT DISTINCT field FROM contradiction WHERE event_id = event.id ORDER BY field)) AS disputed,
  event.verdict AS verdict,
  event.measure_id AS measure_id,
  event.id AS event_id
FROM event
WHERE event.verdict IS NOT 'reject'
ORDER BY event.day DESC, event.id DESC;

DROP VIEW measure_history;
CREATE VIEW measure_history AS
SELECT
  measure.id AS measure_id,
  measure.title AS title,
  measure.status AS now,
  measure_step.position + 1 AS step,
  measure_step.day AS date,
  measure_step.status AS status,
  event.type AS type,
  event.effective_on AS effective_on,
  measure_step.words AS summary,
  measure_step.inferred AS inferred,
  measure_step.event_id AS event_id
FROM measure_step JOIN measure ON measure.id = measure_step.measure_id
LEFT JOIN event ON event.id = measure_step.event_id;

DROP VIEW upcoming;
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
WHERE effective_to >= date('now') AND status <> 'rejected' AND verdict IS NOT 'reject'
ORDER BY effective_from, id;

CREATE VIEW contradictions AS
SELECT
  event.day AS date,
  event.summary AS summary,
  one.field AS field,
  one.value AS value,
  one.position = 0 AS taken,
  one.origins AS origins,
  one.because AS because,
  one.event_id AS event_id
FROM contradiction AS one JOIN event ON event.id = one.event_id
WHERE event.verdict IS NOT 'reject'
ORDER BY event.day DESC, one.event_id, one.field, one.position;

CREATE VIEW ties AS
SELECT
  measure_link.kind AS kind,
  one.title AS measure,
  other.title AS answers,
  measure_link.score AS score,
  measure_link.event_id AS event_id,
  measure_link.measure_id AS measure_id,
  measure_link.other_id AS other_id
FROM measure_link JOIN measure AS one ON one.id = measure_link.measure_id
JOIN measure AS other ON other.id = measure_link.other_id
ORDER BY measure_link.measure_id, measure_link.other_id, measure_link.kind;
