//! Cron schedules as Kubernetes reads them: five fields of `*`, lists, ranges, steps and names, or `@daily`
//! and its like.

use super::wrong::Wrong;

/// A field: its name, its least and greatest number, and the names of its numbers.
struct Field {
    name: &'static str,
    least: u32,
    greatest: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, greatest: 59, names: &[] },
    Field { name: "hour", least: 0, greatest: 23, names: &[] },
    Field { name: "day of the month", least: 1, greatest: 31, names: &[] },
    Field { name: "month", least: 1, greatest: 12, names: MONTHS },
    Field { name: "day of the week", least: 0, greatest: 6, names: DAYS },
];

const NAMED: [&str; 7] =
    ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

fn wrong(problem: impl Into<String>, help: impl Into<String>) -> Wrong {
    Wrong::new("bad-cron", problem, help)
}

pub(super) fn cron(text: &str) -> Result<(), Wrong> {
    if text.starts_with('@') {
        return named(text);
    }
    if text.contains("TZ=") {
        let help = "Leave it out; the time zone of the stack holds for all schedules.";
        return Err(wrong("a schedule names no time zone", help));
    }
    let fields: Vec<_> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let help = "Write minute, hour, day of the month, month, day of the week: \"30 4 * * *\".";
        return Err(wrong(
            format!("a schedule has five fields, this one has {}", fields.len()),
            help,
        ));
    }
    for (text, field) in fields.iter().zip(&FIELDS) {
        for part in text.split(',').filter(|part| !part.is_empty()) {
            check_part(part, field)?;
        }
    }
    Ok(())
}

fn named(text: &str) -> Result<(), Wrong> {
    if NAMED.contains(&text) || text.strip_prefix("@every ").is_some_and(is_go_duration) {
        return Ok(());
    }
    let help = format!("There are {} and @every 6h.", NAMED.join(", "));
    Err(wrong(format!("Kubernetes knows no schedule {text:?}"), help))
}

/// `1h30m`, as Go reads it.
fn is_go_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() == rest.len() {
            return false;
        }
        let Some(unit) = ["ms", "s", "m", "h"].iter().find(|unit| digits.starts_with(**unit))
        else {
            return false;
        };
        rest = digits.get(unit.len()..).unwrap_or_default();
    }
    !text.is_empty()
}

fn check_part(part: &str, field: &Field) -> Result<(), Wrong> {
    let Field { name, least, greatest, .. } = field;
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if step.is_some_and(|step| !is_number(step) || step.parse::<u32>().unwrap_or(0) == 0) {
        return Err(wrong(format!("{part:?} has a bad step"), "A step is a number of 1 or more."));
    }
    if range == "*" || range == "?" {
        return Ok(());
    }
    let out_of_range = |text: &str| {
        let hint = if *greatest == 6 && text == "7" { " Sunday is 0." } else { "" };
        wrong(
            format!("{text:?} is no {name}"),
            format!("It goes from {least} to {greatest}.{hint}"),
        )
    };
    let (low, high) = range.split_once('-').unwrap_or((range, range));
    let first = number(low, field).ok_or_else(|| out_of_range(low))?;
    let last = number(high, field).ok_or_else(|| out_of_range(high))?;
    if first > last {
        return Err(wrong(
            format!("{part:?} ends before it begins"),
            "The smaller end comes first.",
        ));
    }
    Ok(())
}

fn number(text: &str, field: &Field) -> Option<u32> {
    let named = field.names.iter().position(|name| text.eq_ignore_ascii_case(name));
    let number = match named {
        Some(place) => u32::try_from(place).ok()? + field.least,
        None if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok()?,
        None => return None,
    };
    (field.least..=field.greatest).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::cron;

    #[test]
    fn what_the_api_server_takes_is_taken() {
        for good in [
            "30 4 * * *",
            "*/15 0-6,12 1,15 jan-mar MON",
            "0/15 * ? * 0",
            "@daily",
            "@every 1h30m",
            "1,,3 * * * *",
        ] {
            assert!(cron(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_the_api_server_refuses_is_refused() {
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "@reboot",
            "@every 1x",
            "5-1 * * * *",
            "*/0 * * * *",
            "* * L * *",
            "* * * * 5#3",
            "TZ=UTC * * * * *",
            "0 0 0 * * *",
            "+1 * * * *",
        ] {
            assert!(cron(bad).is_err(), "{bad}");
        }
    }
}
