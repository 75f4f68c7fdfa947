-- A finer kind of an event's type, of a user's own ontology (docs/ontology.md). Events of an earlier reader have none until
-- their articles are read again (tracker refresh --reread).

ALTER TABLE event ADD COLUMN subtype TEXT;
-- The timeline of one subtype.
CREATE INDEX event_of_subtype ON event (subtype, day, id) WHERE subtype IS NOT NULL;

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
  event.measure_id AS measure_id,
  event.id AS event_id
FROM event
ORDER BY event.day DESC, event.id DESC;
