//! Container images: `registry/name:tag@digest`.

use super::wrong::Wrong;

pub(super) fn image(text: &str) -> Result<(), Wrong> {
    let wrong = |problem: &str, help: &str| {
        Err(Wrong::new("bad-image", format!("{text:?} {problem}"), help))
    };
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return wrong("has a bad digest", "A digest is sha256: and 64 hexadecimal digits.");
    }
    let slash = rest.rfind('/').map_or(0, |slash| slash + 1);
    let last = rest.get(slash..).unwrap_or_default();
    let (name, tag) = match last.split_once(':') {
        Some((last, tag)) => (rest.get(..slash + last.len()).unwrap_or_default(), Some(tag)),
        None => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return wrong("has a bad tag", "A tag is letters, digits, _ . and -, at most 128.");
    }
    if !is_name(name) {
        let lower = text.to_lowercase();
        let wrong = Wrong::new(
            "bad-image",
            format!("{text:?} is no image"),
            "Images read like ghcr.io/owner/name:1.2.3, in lower case.",
        );
        let is_mended = lower != text && image(&lower).is_ok();
        return Err(if is_mended { wrong.meant(&lower) } else { wrong });
    }
    if tag.is_none() && digest.is_none() {
        return wrong(
            "names no version",
            "Add a tag or a digest, such as :1.2.3; what is newest changes by itself.",
        );
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    let mut parts: Vec<&str> = name.split('/').collect();
    let is_registry = |first: &str| first.contains(['.', ':']) || first == "localhost";
    if parts.len() > 1 && parts.first().is_some_and(|first| is_registry(first)) {
        let registry = parts.remove(0);
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        if !registry.chars().all(plain)
            || !registry.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        {
            return false;
        }
    }
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    parts.iter().all(|part| {
        part.chars().all(|c| ends(c) || "._-".contains(c))
            && part.starts_with(ends)
            && part.ends_with(ends)
    })
}

fn is_digest(digest: &str) -> bool {
    digest.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
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
        let digest = "0".repeat(64);
        for good in [
            "docker.io/jellyfin/jellyfin:10.11.2",
            "a:1",
            "localhost:5000/a/b:1",
            &format!("a@sha256:{digest}"),
        ] {
            assert!(image(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "A:1",
            "a:",
            "a:b:c",
            "a/:1",
            "a@sha256:12",
            "a b:1",
            "/a:1",
            "-x:1",
            "a..io/",
        ] {
            assert!(image(bad).is_err(), "{bad}");
        }
        assert_eq!(
            image("ghcr.io/Owner/App:V1").unwrap_err().meant.as_deref(),
            Some("\"ghcr.io/owner/app:v1\"")
        );
    }
}
