//! Names, paths, durations, percentages, time zones, words.

use stackctl_model::closest;

use super::Wrong;

pub(super) fn name(text: &str) -> Result<(), Wrong> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !text.is_empty() && text.len() <= 63 && text.chars().all(fits) && text.starts_with(edge) && text.ends_with(edge) {
        return Ok(());
    }
    let mut better: String = text.to_lowercase().chars().map(|c| if fits(c) { c } else { '-' }).take(63).collect();
    better = better.trim_matches('-').to_owned();
    let help = "names are lower case letters, digits and -, at most 63";
    let help = if better.is_empty() { help.to_owned() } else { format!("{help}; did you mean {better}?") };
    Err(Wrong::new(format!("{text:?} is no name Kubernetes accepts"), help))
}

pub(super) fn path(text: &str) -> Result<(), Wrong> {
    if !text.starts_with('/') {
        return Err(Wrong::new(format!("{text:?} is no absolute path"), format!("did you mean \"/{text}\"?")));
    }
    if text.split('/').any(|part| part == "..") {
        return Err(Wrong::new(format!("{text:?} goes up with .."), "write the path it comes to"));
    }
    Ok(())
}

pub(super) fn file(text: &str) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::new("this names no file", "write a path, relative to this file"));
    }
    Ok(())
}

pub(super) fn duration(text: &str) -> Result<(), Wrong> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    if !number.is_empty() && number.len() <= 9 && matches!(unit, "ms" | "s" | "m" | "h" | "d") {
        return Ok(());
    }
    Err(Wrong::new(format!("{text:?} is no duration"), "durations read like 500ms, 30s, 5m, 2h, 7d"))
}

pub(super) fn percent(text: &str) -> Result<(), Wrong> {
    let number = text.strip_suffix('%').and_then(|number| number.parse::<u8>().ok());
    if number.is_some_and(|number| number <= 100) {
        return Ok(());
    }
    Err(Wrong::new(format!("{text:?} is no percentage"), "percentages read like 75%"))
}

/// The server compares zone names letter by letter; the bundled table does not.
pub(super) fn time_zone(text: &str) -> Result<(), Wrong> {
    let zones = jiff::tz::db();
    if zones.get(text).is_ok_and(|zone| zone.iana_name() == Some(text)) {
        return Ok(());
    }
    let names: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    let help = match closest(text, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "time zones read like Europe/Oslo or Etc/UTC".to_owned(),
    };
    Err(Wrong::new(format!("there is no time zone {text:?}"), help))
}

pub(super) fn one_of(words: &[String], text: &str) -> Result<(), Wrong> {
    if words.iter().any(|word| word == text) {
        return Ok(());
    }
    let help = match closest(text, words.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("write one of {}", words.join(", ")),
    };
    Err(Wrong::new(format!("{text:?} is not one of {}", words.join(", ")), help))
}
