-- What an authority's placements that began in a year came to, through the arrangement and any other way, for the share that
-- the regional team publishes; none of a year that was told before shares were.
ALTER TABLE told_year ADD COLUMN begun {text};
