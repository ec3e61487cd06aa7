//! The buying wing's pages, on both databases.

mod spot;
