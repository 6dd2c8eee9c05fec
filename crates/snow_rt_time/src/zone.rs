//! Which zone does a text name? `UTC`, a name of the zone data such as `Europe/Berlin`, or an offset such as `+02:00`.

use jiff::tz::{Offset, TimeZone};

/// The zone of that name.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    match name.as_bytes() {
        b"UTC" => Some(TimeZone::UTC),
        [b'+' | b'-', ..] => offset(name).map(TimeZone::fixed),
        _ => TimeZone::get(name).ok(),
    }
}

/// An offset of the form `+hh:mm` or `-hh:mm:ss`.
fn offset(text: &str) -> Option<Offset> {
    let (sign, digits) = text.split_at_checked(1)?;
    let parts: Vec<&str> = digits.split(':').collect();
    let number = |i: usize, limit: i32| {
        let part: &str = parts.get(i).copied().unwrap_or("00");
        let is_plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|&n: &i32| is_plain && n < limit)
    };
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let seconds = number(0, 24)? * 3600 + number(1, 60)? * 60 + number(2, 60)?;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_names_or_offsets() {
        for name in ["UTC", "Europe/Berlin", "America/New_York", "+02:00", "-00:30", "+05:45:30"] {
            assert!(zone(name).is_some(), "{name}");
        }
        for name in ["", "+2:00", "+02", "+25:00", "+02:60", "+02:00:00:00", "Mars/Olympus", "-", "+é:00"] {
            assert!(zone(name).is_none(), "{name}");
        }
    }
}
