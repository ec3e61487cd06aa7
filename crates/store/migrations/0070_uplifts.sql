-- A line of a home on a lot has one open request for a rise: a request about its education does not stand in the way of an appeal
-- about its core price. The line is the record's own, which its digest covers, so no row is written anew for it.

DROP INDEX one_open_uplift;
@sqlite
CREATE UNIQUE INDEX one_open_uplift ON price_uplift (org_id, home_id, lot, json_extract(body, '$.line'))
  WHERE state IN ('asked', 'appealed');
@end
@postgres
CREATE UNIQUE INDEX one_open_uplift ON price_uplift (org_id, home_id, lot, (body::json ->> 'line'))
  WHERE state IN ('asked', 'appealed');
@end
