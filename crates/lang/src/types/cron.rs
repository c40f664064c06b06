//! Cron schedules as Kubernetes reads them: five fields, `*`, lists, ranges, steps, names, or `@daily`
//! and its like.

use super::Wrong;

/// A field: its name, its least and greatest number, and the names of its numbers.
type Field = (&'static str, u32, u32, &'static [&'static str]);

const FIELDS: [Field; 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("day of week", 0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

const NAMED: &[&str] = &["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

pub(super) fn cron(text: &str) -> Result<(), Wrong> {
    let help = "minute hour day-of-month month day-of-week, such as \"30 4 * * *\"";
    if text.starts_with('@') {
        let every = text.strip_prefix("@every ").is_some_and(|duration| super::text::duration(duration).is_ok());
        if NAMED.contains(&text) || every {
            return Ok(());
        }
        return Err(Wrong::new(format!("Kubernetes has no schedule {text:?}"), format!("there are {}", NAMED.join(", "))));
    }
    if text.contains("TZ=") {
        return Err(Wrong::new("a schedule names no time zone", "the stack's timezone= holds for all schedules"));
    }
    let fields: Vec<_> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(Wrong::new(format!("a schedule has five fields, this has {}", fields.len()), help));
    }
    for (text, field) in fields.iter().zip(&FIELDS) {
        for part in text.split(',').filter(|part| !part.is_empty()) {
            check_part(part, field)?;
        }
    }
    Ok(())
}

fn check_part(part: &str, field: &Field) -> Result<(), Wrong> {
    let (name, least, greatest, _) = *field;
    let wrong = || Wrong::new(format!("{part:?} is no {name}"), format!("{name} goes from {least} to {greatest}"));
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    if step.is_some_and(|step| step.parse::<u32>().map_or(true, |step| step == 0)) {
        return Err(Wrong::new(format!("{part:?} has a bad step"), "a step is a number of 1 or more"));
    }
    if range == "*" || range == "?" {
        return Ok(());
    }
    let (low, high) = range.split_once('-').unwrap_or((range, range));
    let low = number(low, field).ok_or_else(wrong)?;
    let high = number(high, field).ok_or_else(wrong)?;
    if low > high {
        return Err(Wrong::new(format!("{part:?} ends before it begins"), "the smaller end comes first"));
    }
    Ok(())
}

fn number(text: &str, field: &Field) -> Option<u32> {
    let (_, least, greatest, names) = *field;
    let named = names.iter().position(|name| text.eq_ignore_ascii_case(name));
    let number = match named {
        Some(place) => u32::try_from(place).ok()? + least,
        None => text.parse().ok()?,
    };
    (least..=greatest).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::cron;

    #[test]
    fn what_the_api_server_takes_is_taken() {
        for good in ["30 4 * * *", "*/15 0-6,12 1,15 jan-mar MON", "0/15 * ? * 0", "@daily", "@every 1h", "1,,3 * * * *"] {
            assert!(cron(good).is_ok(), "{good}");
        }
        for bad in ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "@reboot", "5-1 * * * *", "*/0 * * * *", "* * L * *", "TZ=UTC * * * * *", "0 0 0 * * *"] {
            assert!(cron(bad).is_err(), "{bad}");
        }
    }
}
