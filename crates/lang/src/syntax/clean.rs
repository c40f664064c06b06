//! A text as the parser takes it, put together anew from its tokens, and the way back from each of its
//! bytes to the text as written.

use std::ops::Range;

/// The new text. Comments and what is commented out by `/-` are left out, words have the quotes they need.
#[derive(Debug, Default)]
pub(super) struct Clean {
    text: String,
    /// In order: bytes of the new text, bytes of the old.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Clean {
    /// The text for the parser.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Adds a token that stands for these bytes.
    pub(super) fn push(&mut self, token: &str, written: Range<usize>) {
        let start = self.text.len();
        self.text.push_str(token);
        self.pieces.push((start..self.text.len(), written));
    }

    /// Adds what stands between tokens.
    pub(super) fn gap(&mut self, blank: &str) {
        self.text.push_str(blank);
    }

    /// How much there is, for [`Clean::cut`].
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.text.len(), self.pieces.len())
    }

    /// Takes back what was added since.
    pub(super) fn cut(&mut self, mark: (usize, usize)) {
        self.text.truncate(mark.0);
        self.pieces.truncate(mark.1);
    }

    /// The bytes as written that these bytes of the new text stand for.
    pub(super) fn written(&self, start: usize, end: usize) -> Range<usize> {
        let first = self.pieces.partition_point(|(new, _)| new.end <= start);
        let behind = self.pieces.partition_point(|(new, _)| new.start < end);
        let first = self.pieces.get(first).or(self.pieces.last());
        let last = behind.checked_sub(1).and_then(|last| self.pieces.get(last));
        let start = first.map_or(0, |(_, old)| old.start);
        start..last.map_or(start, |(_, old)| old.end).max(start)
    }

    /// Puts `x` in place of the token at this byte of the new text, so that the rest can be parsed.
    pub(super) fn mask(&mut self, at: usize) -> bool {
        let index = self.pieces.partition_point(|(new, _)| new.end <= at);
        let Some((new, _)) = self.pieces.get(index) else { return false };
        let Some(old) = self.text.get(new.clone()) else { return false };
        let is_value = !matches!(old, "{" | "}" | ";" | "=" | "(" | ")");
        let masked = "x".repeat(old.len());
        if !is_value || old == masked {
            return false;
        }
        self.text.replace_range(new.clone(), &masked);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Clean;

    #[test]
    fn bytes_lead_back_to_where_they_were_written() {
        let mut clean = Clean::default();
        clean.push("a", 4..5);
        clean.gap(" ");
        clean.push("\"5m\"", 9..11);
        assert_eq!(clean.written(0, 1), 4..5);
        assert_eq!(clean.written(2, 6), 9..11);
        assert_eq!(clean.written(0, 6), 4..11);
        assert!(clean.mask(3));
        assert_eq!(clean.text(), "a xxxx");
    }
}
