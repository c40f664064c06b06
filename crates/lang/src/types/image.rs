//! Container images: `registry/name:tag@digest`.

use super::Wrong;

pub(super) fn image(text: &str) -> Result<(), Wrong> {
    let wrong = |problem: String, help: &str| Err(Wrong::new(problem, help));
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return wrong(format!("{text:?} has a bad digest"), "a digest is sha256: and 64 hexadecimal digits");
    }
    let last = rest.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match rest.get(last..).and_then(|last| last.split_once(':')) {
        Some((name, tag)) => (format!("{}{name}", rest.get(..last).unwrap_or_default()), Some(tag)),
        None => (rest.to_owned(), None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return wrong(format!("{text:?} has a bad tag"), "a tag is letters, digits, _ . and -, at most 128");
    }
    let parts: Vec<_> = name.split('/').collect();
    let path = if parts.len() > 1 && parts.first().is_some_and(|first| first.contains(['.', ':'])) {
        parts.get(1..).unwrap_or_default()
    } else {
        &parts[..]
    };
    let fits = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    if path.is_empty() || !path.iter().all(fits) {
        return wrong(format!("{text:?} is no image"), "images read like ghcr.io/owner/name:1.2.3, in lower case");
    }
    if tag.is_none() && digest.is_none() {
        return wrong(
            format!("{text:?} names no version"),
            "add a tag or a digest: what latest means changes under your feet",
        );
    }
    Ok(())
}

fn is_digest(digest: &str) -> bool {
    digest.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn images_have_a_version() {
        for good in ["docker.io/jellyfin/jellyfin:10.11.2", "a:1", "localhost:5000/a/b:1", &format!("a@sha256:{}", "0".repeat(64))] {
            assert!(image(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "A:1", "a:", "a:b:c", "a/:1", "a@sha256:12", "a b:1"] {
            assert!(image(bad).is_err(), "{bad}");
        }
    }
}
