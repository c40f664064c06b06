//! "Did you mean": the word that was probably meant.

/// Longer words, in bytes, are no slip of a name: comparing letter by letter costs their product.
const LONGEST: usize = 256;

/// The candidate nearest to `word`, when near enough to be a slip: at most a third of its letters differ.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word_lower = word.to_lowercase();
    let length = word.chars().count();
    let slips = |candidate: &str| (candidate.chars().count().max(length) / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        // Letters that are missing differ at least, and counting them is cheap where a word is a megabyte.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= slips(candidate))
        .map(|candidate| {
            (strsim::damerau_levenshtein(&word_lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= slips(candidate))
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        assert_eq!(closest("storge-class", ["storage-class", "gateway"]), Some("storage-class"));
        assert_eq!(closest("Jellyfin", ["jellyfin"]), Some("jellyfin"));
        assert_eq!(closest("kitchen", ["storage-class", "gateway"]), None);
    }
}
