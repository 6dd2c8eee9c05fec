//! One function for each row of `snow_abi::for_each_time_fn!`. What is out of range gives nothing.

use jiff::civil::DateTime;
use jiff::fmt::{strtime, temporal::Pieces};
use jiff::tz::Offset;
use jiff::{Span, Timestamp, Zoned};
use snow_rt::part::{Caller, Ints, NewText, Text};

use crate::zone::zone;

fn zoned(name: Text<'_>, seconds: i64, nanos: i64) -> Option<Zoned> {
    let moment = Timestamp::new(seconds, i32::try_from(nanos).ok()?).ok()?;
    Some(moment.to_zoned(zone(name.text()?)?))
}

pub(crate) fn time_zone_known(_: &Caller, name: Text<'_>) -> bool {
    name.text().and_then(zone).is_some()
}

pub(crate) fn time_civil<'a>(caller: &'a Caller, zone: Text<'_>, seconds: i64, into: Ints<'a>) -> Ints<'a> {
    let Some(z) = zoned(zone, seconds, 0) else { return into };
    let parts = [
        i64::from(z.year()),
        i64::from(z.month()),
        i64::from(z.day()),
        i64::from(z.hour()),
        i64::from(z.minute()),
        i64::from(z.second()),
        i64::from(z.weekday().to_monday_one_offset()),
        i64::from(z.day_of_year()),
        i64::from(z.offset().seconds()),
    ];
    caller.push(into, &parts)
}

pub(crate) fn time_from_civil<'a>(
    caller: &'a Caller,
    name: Text<'_>,
    civil: Ints<'_>,
    into: Ints<'a>,
) -> Ints<'a> {
    match from_civil(name, civil.as_slice()) {
        Some(seconds) => caller.push(into, &[seconds]),
        None => into,
    }
}

/// A time that the zone skips counts as that much later; of one that it has twice, the first is meant.
fn from_civil(name: Text<'_>, civil: &[i64]) -> Option<i64> {
    let &[year, month, day, hour, minute, second] = civil else { return None };
    let small = |n: i64| i8::try_from(n).ok();
    let year = i16::try_from(year).ok()?;
    let date = (small(month)?, small(day)?);
    let time = (small(hour)?, small(minute)?, small(second)?);
    let local = DateTime::new(year, date.0, date.1, time.0, time.1, time.2, 0).ok()?;
    Some(local.to_zoned(zone(name.text()?)?).ok()?.timestamp().as_second())
}

pub(crate) fn time_add<'a>(
    caller: &'a Caller,
    zone: Text<'_>,
    into: Ints<'a>,
    seconds: i64,
    months: i64,
    days: i64,
) -> Ints<'a> {
    let later = zoned(zone, seconds, 0).and_then(|z| {
        let span = Span::new().try_months(months).ok()?;
        let moved = z.checked_add(span).ok()?;
        moved.checked_add(Span::new().try_days(days).ok()?).ok()
    });
    match later {
        Some(later) => caller.push(into, &[later.timestamp().as_second()]),
        None => into,
    }
}

pub(crate) fn time_format(caller: &Caller, zone: Text<'_>, seconds: i64, nanos: i64) -> NewText {
    let text = zoned(zone, seconds, nanos).map_or_else(String::new, |z| {
        if zone.bytes() == b"UTC" {
            z.timestamp().to_string()
        } else {
            z.timestamp().display_with_offset(z.offset()).to_string()
        }
    });
    caller.text(text)
}

pub(crate) fn time_parse<'a>(caller: &'a Caller, text: Text<'_>, into: Ints<'a>) -> Ints<'a> {
    match text.text().and_then(parse) {
        Some((moment, offset)) => {
            let nanos = moment.subsec_nanosecond();
            // Counted from the second before, also in front of 1970.
            let seconds = moment.as_second() - i64::from(nanos < 0);
            let nanos = i64::from(nanos) + if nanos < 0 { 1_000_000_000 } else { 0 };
            caller.push(into, &[seconds, nanos, i64::from(offset.seconds())])
        }
        None => into,
    }
}

/// A moment with the offset it is written with.
fn parse(text: &str) -> Option<(Timestamp, Offset)> {
    let pieces = Pieces::parse(text).ok()?;
    let offset = pieces.to_numeric_offset()?;
    let local = DateTime::from_parts(pieces.date(), pieces.time()?);
    Some((offset.to_timestamp(local).ok()?, offset))
}

pub(crate) fn time_strftime(
    caller: &Caller,
    zone: Text<'_>,
    seconds: i64,
    nanos: i64,
    pattern: Text<'_>,
) -> NewText {
    let text = zoned(zone, seconds, nanos)
        .zip(pattern.text())
        .and_then(|(z, pattern)| strtime::format(pattern, &z).ok());
    caller.text(text.unwrap_or_default())
}
