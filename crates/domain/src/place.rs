//! Where a home or a family is: postcodes, the centres of the West Midlands' postcode areas, and the statutory
//! straight-line distance. A distance says how precisely its two ends are known.

mod centroids;
mod distance;
mod postcode;

pub use centroids::{Located, Precision, locate, locate_outcode, locate_with};
pub use distance::{MilesTenths, Point, miles_tenths};
pub use postcode::{Outcode, Postcode, PostcodeError, Sector};
