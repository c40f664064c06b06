//! A text as the parser takes it, put together anew from its tokens, and the way back from each of its
//! bytes to the text as written.

use std::ops::Range;

/// The new text. Comments and what is commented out by `/-` are left out, words have the quotes they need.
#[derive(Debug, Default)]
pub(super) struct Clean {
    text: String,
    /// In order: bytes of the new text, bytes of the old.
    pieces: Vec<(Range<usize>, Range<usize>)>,
    /// Where statements begin that stand in no block.
    starts: Vec<usize>,
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

    /// The value or word at this byte of the new text; `None` for a sign.
    pub(super) fn value_at(&self, at: usize) -> Option<Range<usize>> {
        let index = self.pieces.partition_point(|(new, _)| new.end <= at);
        let (new, _) = self.pieces.get(index)?;
        let token = self.text.get(new.clone())?;
        let is_sign = matches!(token, "{" | "}" | ";" | "=" | "(" | ")");
        (!is_sign).then(|| new.clone())
    }

    /// Marks that a statement begins here which stands in no block.
    pub(super) fn begin(&mut self) {
        if self.starts.last() != Some(&self.text.len()) {
            self.starts.push(self.text.len());
        }
    }

    /// The whole text in pieces of whole statements, none longer than this unless one statement is.
    pub(super) fn pieces(&self, longest: usize) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut end = 0;
        for next in self.starts.iter().copied().chain([self.text.len()]) {
            if next - start > longest && end > start {
                pieces.push(start..end);
                start = end;
            }
            end = next;
        }
        pieces.push(start..self.text.len());
        pieces
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
        assert_eq!(clean.value_at(3), Some(2..6));
    }

    #[test]
    fn pieces_are_whole_statements() {
        let mut clean = Clean::default();
        for statement in ["aaa\n", "bb\n", "c {\nlong\n}\n", "d\n"] {
            clean.begin();
            clean.gap(statement);
        }
        let pieces = |longest| {
            let pieces = clean.pieces(longest);
            pieces.into_iter().map(|piece| &clean.text()[piece]).collect::<Vec<_>>()
        };
        assert_eq!(pieces(8), ["aaa\nbb\n", "c {\nlong\n}\n", "d\n"]);
        assert_eq!(pieces(100), [clean.text()]);
        assert_eq!(pieces(1), ["aaa\n", "bb\n", "c {\nlong\n}\n", "d\n"]);
        assert_eq!(Clean::default().pieces(8).len(), 1);
    }
}
