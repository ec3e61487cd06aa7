-- Where full postcodes are, as a directory of them says: brought in by the operator, read by all, nobody's own.
CREATE TABLE postcode (
  postcode {text} NOT NULL,
  easting {int} NOT NULL,
  northing {int} NOT NULL,
  PRIMARY KEY (postcode),
  CONSTRAINT postcode_on_the_grid CHECK (easting BETWEEN 0 AND 700000 AND northing BETWEEN 0 AND 1300000)
){strict};
@open postcode
