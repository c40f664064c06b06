//! `{{ x }}` of a template becomes `{{(x)|hole}}`, so that all that is written passes through one filter.
//! Places in the wrapped text are mapped back for messages.

/// The filter every written value passes through.
pub(crate) const HOLE: &str = "stackctl_hole";
/// The same for a value between quotes: always text.
pub(crate) const TEXT_HOLE: &str = "stackctl_text_hole";

/// A template as the engine gets it.
#[derive(Debug)]
pub(crate) struct Wrapped {
    /// The new text.
    pub(crate) text: String,
    /// Where something was inserted (offset in the new text) and how many bytes.
    insertions: Vec<(usize, usize)>,
}

impl Wrapped {
    /// The offset in the template as its author wrote it.
    pub(crate) fn original(&self, offset: usize) -> usize {
        let inserted: usize = self
            .insertions
            .iter()
            .take_while(|(at, _)| *at < offset)
            .map(|(at, length)| (*length).min(offset - at))
            .sum();
        offset.saturating_sub(inserted)
    }

    fn insert(&mut self, text: &str) {
        self.insertions.push((self.text.len(), text.len()));
        self.text.push_str(text);
    }
}

/// A template that takes the place of another. Where it names itself, as in `{% extends "app/x.tera" %}`,
/// it means the other, which goes on under the same name with something before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TakenPlace<'a> {
    /// The template's name.
    pub(crate) name: &'a str,
    /// What stands before it in the name of the other.
    pub(crate) prefix: &'a str,
}

/// Wraps every expression of a template in the filter.
pub(crate) fn wrap_expressions(template: &str, taken: Option<TakenPlace<'_>>) -> Wrapped {
    let mut out = Wrapped { text: String::with_capacity(template.len()), insertions: Vec::new() };
    let mut rest = template;
    let mut raw = false;
    while let Some(at) = next_tag(rest) {
        let (before, tag) = rest.split_at(at);
        out.text.push_str(before);
        let length = tag_length(tag);
        let (tag, behind) = tag.split_at(length);
        if tag.starts_with("{%") {
            raw = match tag.trim_matches(['{', '}', '%', '-', ' ', '\n', '\t']) {
                "raw" => true,
                "endraw" => false,
                _ => raw,
            };
        }
        if tag.starts_with("{{") && !raw {
            expression(tag, quotes(before, behind), &mut out);
        } else if let Some(taken) = taken.filter(|_| tag.starts_with("{%") && !raw) {
            statement(tag, taken, &mut out);
        } else {
            out.text.push_str(tag);
        }
        rest = behind;
    }
    out.text.push_str(rest);
    out
}

/// A tag such as `{% extends "NAME" %}`.
fn statement(tag: &str, taken: TakenPlace<'_>, out: &mut Wrapped) {
    let itself = [format!("\"{}\"", taken.name), format!("'{}'", taken.name)];
    let Some(at) = itself.iter().find_map(|quoted| tag.find(quoted.as_str())) else {
        out.text.push_str(tag);
        return;
    };
    let (before, behind) = tag.split_at(at + 1);
    out.text.push_str(before);
    out.insert(taken.prefix);
    out.text.push_str(behind);
}

fn next_tag(text: &str) -> Option<usize> {
    ["{{", "{%", "{#"].iter().filter_map(|open| text.find(open)).min()
}

/// How long a tag is, its end included; the rest of the text when it has none.
fn tag_length(tag: &str) -> usize {
    if tag.starts_with("{#") {
        return tag.find("#}").map_or(tag.len(), |end| end + 2);
    }
    let close = if tag.starts_with("{%") { "%}" } else { "}}" };
    let mut quote = None;
    let mut depth = 0_usize;
    for (at, letter) in tag.char_indices().skip(2) {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '{') => depth += 1,
            (None, _) if depth == 0 && tag.get(at..).is_some_and(|end| end.starts_with(close)) => {
                return at + 2;
            }
            (None, '}') => depth = depth.saturating_sub(1),
            (Some(_) | None, _) => {}
        }
    }
    tag.len()
}

/// Whether an expression stands alone between two equal quotes.
fn quotes(before: &str, behind: &str) -> bool {
    let quote = before.chars().next_back();
    quote.is_some_and(|quote| matches!(quote, '"' | '\'') && behind.starts_with(quote))
}

fn expression(tag: &str, quoted: bool, out: &mut Wrapped) {
    let open = if tag.starts_with("{{-") { 3 } else { 2 };
    let close = if tag.ends_with("-}}") { 3 } else { 2 };
    let inner = tag.get(open..tag.len().saturating_sub(close)).unwrap_or_default();
    let call = inner.trim_start();
    // What components and parent blocks write has already passed through the filter.
    if !tag.ends_with("}}")
        || call.is_empty()
        || call.starts_with('<')
        || call.starts_with("super(")
    {
        out.text.push_str(tag);
        return;
    }
    let (head, tail) = (tag.get(..open).unwrap_or_default(), tag.get(tag.len() - close..));
    out.text.push_str(head);
    out.insert("(");
    out.text.push_str(inner);
    out.insert(if quoted { ")|stackctl_text_hole" } else { ")|stackctl_hole" });
    out.text.push_str(tail.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::{TakenPlace, wrap_expressions};

    #[test]
    fn expressions_are_wrapped_and_all_else_stays() {
        for (template, expected) in [
            ("a: {{ x }}", "a: {{( x )|stackctl_hole}}"),
            ("a: {{- x -}}", "a: {{-( x )|stackctl_hole-}}"),
            ("a: \"{{ x }}\"", "a: \"{{( x )|stackctl_text_hole}}\""),
            ("{{ \"}}\" ~ x }}", "{{( \"}}\" ~ x )|stackctl_hole}}"),
            ("{{ {\"a\": {\"b\": 1}} }}", "{{( {\"a\": {\"b\": 1}} )|stackctl_hole}}"),
            ("{# {{ x }} #}", "{# {{ x }} #}"),
            ("{% if a == \"%}\" %}x{% endif %}", "{% if a == \"%}\" %}x{% endif %}"),
            ("{% raw %}{{ x }}{% endraw %}", "{% raw %}{{ x }}{% endraw %}"),
            ("{{ <c a={x} /> }}", "{{ <c a={x} /> }}"),
            ("{{ super() }}", "{{ super() }}"),
            ("{{ x", "{{ x"),
            ("{{}}", "{{}}"),
        ] {
            assert_eq!(wrap_expressions(template, None).text, expected, "{template}");
        }
    }

    #[test]
    fn a_template_that_names_itself_means_the_one_whose_place_it_takes() {
        let taken = TakenPlace { name: "app/a.tera", prefix: "old/" };
        let text = |template| wrap_expressions(template, Some(taken)).text;
        assert_eq!(text("{% extends \"app/a.tera\" %}"), "{% extends \"old/app/a.tera\" %}");
        assert_eq!(text("{% include \"app/b.tera\" %}"), "{% include \"app/b.tera\" %}");
    }

    #[test]
    fn places_map_back() {
        let template = "a: {{ x }} {{ nope }}";
        let wrapped = wrap_expressions(template, None);
        for word in ["x", "nope"] {
            assert_eq!(
                wrapped.original(wrapped.text.find(&format!(" {word} ")).unwrap() + 1),
                template.find(word).unwrap()
            );
        }
    }
}
