//! Names, paths, durations, percentages, time zones, words.

use jiff::tz::TimeZoneDatabase;
use stackctl_model::closest;

use super::duration::Duration;
use super::percent::Percent;
use super::wrong::Wrong;

pub(super) fn name(text: &str) -> Result<(), Wrong> {
    if is_label(text) {
        return Ok(());
    }
    let help = "Names are lower case letters, digits and -, at most 63, with a letter or digit at both ends.";
    let wrong =
        Wrong::new("bad-name", format!("{text:?} is no name that Kubernetes accepts"), help);
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let better: String =
        text.to_lowercase().chars().take(63).map(|c| if fits(c) { c } else { '-' }).collect();
    let better = better.trim_matches('-');
    Err(if is_label(better) { wrong.meant(better) } else { wrong })
}

/// Whether this is a DNS label.
pub(super) fn is_label(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty()
        && text.len() <= 63
        && text.chars().all(fits)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

pub(super) fn path(text: &str) -> Result<(), Wrong> {
    if !text.starts_with('/') {
        let wrong = Wrong::new("bad-path", format!("{text:?} is no absolute path"), "");
        return Err(wrong.meant(&format!("/{text}")));
    }
    if text.split('/').any(|part| part == "..") {
        let problem = format!("{text:?} goes up with `..`");
        return Err(Wrong::new("bad-path", problem, "Write the path that it comes to."));
    }
    Ok(())
}

pub(super) fn file(text: &str) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::new(
            "bad-path",
            "this names no file",
            "Write a path, relative to this file.",
        ));
    }
    Ok(())
}

pub(super) fn duration(text: &str) -> Result<(), Wrong> {
    if text.parse::<Duration>().is_ok() {
        return Ok(());
    }
    let help = "Durations read like 500ms, 30s, 5m, 2h, 7d.";
    Err(Wrong::new("bad-duration", format!("{text:?} is no duration"), help))
}

pub(super) fn percent(text: &str) -> Result<(), Wrong> {
    let is_percentage = |text: &str| text.parse::<Percent>().is_ok();
    if is_percentage(text) {
        return Ok(());
    }
    let wrong = Wrong::new(
        "bad-percentage",
        format!("{text:?} is no percentage"),
        "Percentages read like 75%.",
    );
    let meant = format!("{text}%");
    Err(if is_percentage(&meant) { wrong.meant(&meant) } else { wrong })
}

/// Kubernetes compares zone names letter by letter; the bundled table does not.
pub(super) fn time_zone(text: &str) -> Result<(), Wrong> {
    let zones = TimeZoneDatabase::bundled();
    if zones.get(text).is_ok_and(|zone| zone.iana_name() == Some(text)) {
        return Ok(());
    }
    let help = "Time zones read like Europe/Oslo or Etc/UTC.";
    let wrong = Wrong::new("bad-time-zone", format!("there is no time zone {text:?}"), help);
    let names: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    let city =
        |name: &&str| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(text));
    let known = || names.iter().map(String::as_str);
    Err(match known().find(city).or_else(|| closest(text, known())) {
        Some(near) => wrong.meant(near),
        None => wrong,
    })
}

pub(super) fn one_of(words: &[String], text: &str) -> Result<(), Wrong> {
    if words.iter().any(|word| word == text) {
        return Ok(());
    }
    let problem = format!("{text:?} is not one of {}", words.join(", "));
    let wrong = Wrong::new("wrong-type", problem, format!("Write {}.", words.join(" or ")));
    Err(match closest(text, words.iter().map(String::as_str)) {
        Some(near) => wrong.meant(near),
        None => wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::{duration, name, path, percent, time_zone};

    #[test]
    fn zones_are_compared_letter_by_letter() {
        assert!(time_zone("Europe/Oslo").is_ok());
        assert!(time_zone("Etc/UTC").is_ok());
        for bad in ["Europe/Olso", "europe/oslo", "Local", "", "+02:00"] {
            assert!(time_zone(bad).is_err(), "{bad}");
        }
        assert_eq!(time_zone("Oslo").unwrap_err().meant.as_deref(), Some("\"Europe/Oslo\""));
        assert_eq!(time_zone("Europe/Olso").unwrap_err().meant.as_deref(), Some("\"Europe/Oslo\""));
    }

    #[test]
    fn names_paths_durations_percentages() {
        assert!(name("nuc-01").is_ok());
        assert_eq!(name("Media_Lib").unwrap_err().meant.as_deref(), Some("media-lib"));
        assert!(name(&"a".repeat(64)).is_err());
        assert!(path("/a/b").is_ok());
        assert!(path("a").is_err() && path("/a/../b").is_err());
        assert!(duration("90s").is_ok());
        assert!(duration("90").is_err() && duration("s").is_err());
        assert!(percent("75%").is_ok());
        assert!(percent("101%").is_err() && percent("75").is_err());
    }
}
