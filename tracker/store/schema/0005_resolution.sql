-- Resolution that does not depend on the order of arrival: whom each report follows and why, keys with days, what
-- changed and is to be settled, contradictions, the histories of measures and their ties, parties that are one, and
-- judgements tied to reports. Every report is to be settled anew, once.

ALTER TABLE article ADD COLUMN notice TEXT; -- 'correction' or 'retraction' of what its outlet said before

-- Of a report: whom it follows (itself where it leads or stands alone), whether others may follow it, its place in the
-- order in which reports may lead, what was compared when it was settled, and whether it is to be settled (anew).
ALTER TABLE report ADD COLUMN lead_id TEXT;
ALTER TABLE report ADD COLUMN leads INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN rank TEXT;
ALTER TABLE report ADD COLUMN profile TEXT;
ALTER TABLE report ADD COLUMN unsettled INTEGER NOT NULL DEFAULT 1;
DROP INDEX report_unplaced;
-- Reports to be settled, in the order in which they are handed out.
CREATE INDEX report_unsettled ON report (published, id) WHERE unsettled = 1;
-- Those that follow a report.
CREATE INDEX report_of_lead ON report (lead_id);

DROP TABLE report_key;
-- What can be found as like a report: under each key on its day. `leads` as in the report, so that those that lead are
-- found without the many that follow them.
CREATE TABLE report_key (
  key TEXT NOT NULL,
  leads INTEGER NOT NULL,
  day TEXT NOT NULL,
  report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  PRIMARY KEY (key, leads, day, report_id)
) STRICT, WITHOUT ROWID;
-- Replacing the keys of a report.
CREATE INDEX report_key_of_report ON report_key (report_id);

-- Reports that are no more (their article was read again or edited) and that others may have followed.
CREATE TABLE report_gone (
  id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  rank TEXT NOT NULL,
  profile TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The same of events, which are put together into measures.
ALTER TABLE event ADD COLUMN lead_id TEXT; -- the report that leads it
ALTER TABLE event ADD COLUMN measure_lead TEXT; -- lead_id of the event that this one follows
ALTER TABLE event ADD COLUMN measure_leads INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN rank TEXT;
ALTER TABLE event ADD COLUMN profile TEXT;
ALTER TABLE event ADD COLUMN verdict TEXT CHECK (verdict IN ('accept', 'reject'));
ALTER TABLE event ADD COLUMN edited TEXT NOT NULL DEFAULT '[]'; -- JSON: fields that a person set
-- The event of a leading report.
CREATE INDEX event_of_lead ON event (lead_id);
-- Those that follow an event into its measure.
CREATE INDEX event_of_measure_lead ON event (measure_lead);

CREATE TABLE event_key (
  key TEXT NOT NULL,
  leads INTEGER NOT NULL,
  day TEXT NOT NULL,
  lead_id TEXT NOT NULL,
  PRIMARY KEY (key, leads, day, lead_id)
) STRICT, WITHOUT ROWID;
-- Replacing the keys of an event.
CREATE INDEX event_key_of_event ON event_key (lead_id);

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

-- A report that its own outlet corrected or retracted counts no more.
ALTER TABLE report ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;

ALTER TABLE measure ADD COLUMN status TEXT;
ALTER TABLE measure ADD COLUMN since TEXT;
ALTER TABLE measure ADD COLUMN lead_id TEXT;

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

-- Parties that are one: `merged_into` is the one that stands for it; null: it stands for itself.
ALTER TABLE entity ADD COLUMN merged_into TEXT;
-- All that one party stands for.
CREATE INDEX entity_merged ON entity (merged_into) WHERE merged_into IS NOT NULL;
-- What articles say of two names being one party; merging rests on these rows and is undone when they go.
CREATE TABLE entity_evidence (
  one TEXT NOT NULL,
  two TEXT NOT NULL,
  article_id TEXT NOT NULL,
  how TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (one, two, article_id, how)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_evidence_other ON entity_evidence (two);
CREATE INDEX entity_evidence_of_article ON entity_evidence (article_id);

DROP TABLE judgement; -- nothing has written to it before
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
-- The decisions that still hold about one event, measure or party.
CREATE INDEX judgement_of_subject ON judgement (subject) WHERE closed_at IS NULL;
-- The reports (of parties: the entities) that a judgement is tied to; with what finds a report again that is read anew.
CREATE TABLE judgement_report (
  judgement_id TEXT NOT NULL REFERENCES judgement (id),
  side TEXT NOT NULL CHECK (side IN ('left', 'right')),
  report_id TEXT NOT NULL,
  article_id TEXT,
  quote TEXT,
  PRIMARY KEY (judgement_id, side, report_id)
) STRICT, WITHOUT ROWID;
-- The judgements that a report takes part in.
CREATE INDEX judgement_of_report ON judgement_report (report_id);
-- Those to be tied anew when an article is read again.
CREATE INDEX judgement_of_article ON judgement_report (article_id);
