//! Dates and time zones for Snow programs that use them: the bodies behind std's `DateTime`.
//!
//! The rules of the calendar and of zones are those of jiff and of the zone data in it, so a program knows the same zones
//! wherever it runs, and reads no files for them. The clock isn't here: it belongs to the core.

mod bodies;
mod zone;

use snow_rt::export_part;

snow_abi::for_each_time_fn!(export_part);
