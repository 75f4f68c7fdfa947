-- Amounts as typed values, by the report that tells them. Reports of an earlier reader have none until their articles
-- are read again (tracker refresh --reread).

CREATE TABLE report_amount (
  report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('money', 'rate', 'count', 'quantity', 'duration')),
  value REAL NOT NULL,
  upper REAL,
  comparison TEXT CHECK (comparison IN ('at_least', 'at_most', 'more_than', 'less_than', 'about')),
  unit TEXT NOT NULL,
  per TEXT,
  text TEXT NOT NULL,
  PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
-- Reports that tell an amount of a kind and unit, by its value: fines above 100 million USD.
CREATE INDEX report_amount_by_value ON report_amount (kind, unit, value, report_id);
