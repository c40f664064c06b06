//! Templates: compiled once per library, rendered per app into objects.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use stackctl_model::{Finding, SourceId, Span};
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use super::expressions::{HOLE, TEXT_HOLE, TakenPlace, Wrapped, wrap_expressions};
use super::holes::{fill, guard, has_mark, mark, without_marks};
use crate::yaml::yaml_to_objects;

/// Values written during one rendering, in order.
type Table = Arc<Mutex<Vec<Value>>>;

/// The text of a template and where it is.
#[derive(Clone, Debug)]
pub(crate) struct TemplateText {
    /// `MODULE/FILE`.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// For spans.
    pub(crate) source: SourceId,
    /// Where it takes the place of another: what stands before its name in the name of that one.
    pub(crate) replaced_prefix: Option<&'static str>,
}

struct Template {
    written: TemplateText,
    wrapped: Wrapped,
}

/// All templates of a library, ready to render.
pub(crate) struct Templates {
    tera: Tera,
    by_name: BTreeMap<String, Template>,
    table: Table,
    /// Held while one template renders, since all share the table.
    turn: Mutex<()>,
    /// What a rendered text with its marks comes to: apps that take the same branches share it.
    skeletons: Mutex<HashMap<String, Arc<Vec<Value>>>>,
}

/// More distinct texts than this are not remembered.
const REMEMBERED: usize = 4096;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}

impl Templates {
    /// Compiles templates; each that cannot be is a finding and left out.
    pub(crate) fn compile(texts: Vec<TemplateText>, findings: &mut Vec<Finding>) -> Self {
        let table = Table::default();
        let mut compiled = Self {
            tera: engine(&table),
            by_name: BTreeMap::new(),
            table,
            turn: Mutex::default(),
            skeletons: Mutex::default(),
        };
        for written in texts {
            let taken =
                written.replaced_prefix.map(|prefix| TakenPlace { name: &written.name, prefix });
            let wrapped = wrap_expressions(&written.text, taken);
            let template = Template { written, wrapped };
            if has_mark(&template.written.text) {
                findings
                    .push(template.finding("holds one of the characters U+E000 to U+E002", None));
            } else {
                compiled.by_name.insert(template.written.name.clone(), template);
            }
        }
        compiled.add_all(findings);
        compiled
    }

    /// All at once, since templates may include each other; when that fails, one by one to say which.
    fn add_all(&mut self, findings: &mut Vec<Finding>) {
        let texts: Vec<(&String, &String)> =
            self.by_name.iter().map(|(name, template)| (name, &template.wrapped.text)).collect();
        if self.tera.add_raw_templates(texts).is_ok() {
            return;
        }
        self.tera = engine(&self.table);
        let mut broken = Vec::new();
        for (name, template) in &self.by_name {
            if let Err(error) = self.tera.add_raw_template(name, &template.wrapped.text) {
                findings.push(*self.render_error(name, &error).finding);
                broken.push(name.clone());
            }
        }
        for name in broken {
            self.by_name.remove(&name);
        }
    }

    /// Whether a template of this name was compiled.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The objects a template makes of a context.
    pub(crate) fn render(&self, name: &str, context: &Context) -> Result<Vec<Value>, RenderError> {
        let _turn = lock(&self.turn);
        lock(&self.table).clear();
        let text =
            self.tera.render(name, context).map_err(|error| self.render_error(name, &error))?;
        let skeletons = self.skeletons(name, text)?;
        let table = lock(&self.table);
        skeletons
            .iter()
            .map(|skeleton| fill(skeleton, &table))
            .collect::<Result<_, _>>()
            .map_err(|error| self.error(name, &error.0, None))
    }

    fn skeletons(&self, name: &str, text: String) -> Result<Arc<Vec<Value>>, RenderError> {
        if let Some(known) = lock(&self.skeletons).get(&text) {
            return Ok(Arc::clone(known));
        }
        let parsed = yaml_to_objects(&text).map_err(|error| {
            let line = text.lines().nth(error.line.saturating_sub(1)).unwrap_or_default();
            let message = format!("renders to broken YAML: {}", error.message);
            let mut found = self.error(name, &message, self.line_like(name, line));
            let came_out = format!("The line came out as `{}`.", without_marks(line).trim());
            found.finding.help.push(came_out);
            found
        })?;
        let parsed = Arc::new(parsed);
        let mut skeletons = lock(&self.skeletons);
        if skeletons.len() >= REMEMBERED {
            skeletons.clear();
        }
        skeletons.insert(text, Arc::clone(&parsed));
        Ok(parsed)
    }

    /// The line of a template that most likely became a rendered line.
    fn line_like(&self, name: &str, rendered: &str) -> Option<Span> {
        let template = self.by_name.get(name)?;
        let wanted = without_marks(rendered);
        let mut start = 0;
        for line in template.written.text.split_inclusive('\n') {
            let end = start + line.trim_end().len();
            if !wanted.trim().is_empty() && literal(line).trim() == wanted.trim() {
                let indent = line.len() - line.trim_start().len();
                return Some(Span { source: template.written.source, start: start + indent, end });
            }
            start += line.len();
        }
        None
    }

    fn error(&self, name: &str, message: &str, span: Option<Span>) -> RenderError {
        let finding = match self.by_name.get(name) {
            Some(template) => template.finding(message, span),
            None => Finding::error(
                "template",
                format!("template {name} {message}"),
                span.unwrap_or_default(),
            ),
        };
        RenderError { finding: Box::new(finding) }
    }

    fn render_error(&self, name: &str, error: &tera::Error) -> RenderError {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let file = if report.filename().is_empty() { name } else { report.filename() };
                let span = self.by_name.get(file).map(|template| {
                    let range = &report.span().range;
                    Span {
                        source: template.written.source,
                        start: template.wrapped.original(range.start),
                        end: template.wrapped.original(range.end),
                    }
                });
                self.error(file, &in_words(report.message()), span)
            }
            _ => self.error(name, &in_words(&error.to_string()), None),
        }
    }
}

/// A template's line with each expression as `…` and without tags.
fn literal(line: &str) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some(at) =
        rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min()
    {
        let (before, tag) = rest.split_at(at);
        shown.push_str(before);
        let (close, stands_for) = match tag.get(..2) {
            Some("{{") => ("}}", "…"),
            Some("{%") => ("%}", ""),
            _ => ("#}", ""),
        };
        shown.push_str(stands_for);
        rest = tag.split_once(close).map_or("", |(_, behind)| behind);
    }
    shown.push_str(rest);
    shown
}

fn in_words(message: &str) -> String {
    let first = message.lines().find(|line| !line.trim().is_empty()).unwrap_or(message);
    format!("cannot be used: {}", first.trim().trim_end_matches('.').replace(HOLE, "`{{ }}`"))
}

impl Template {
    fn finding(&self, message: &str, span: Option<Span>) -> Finding {
        let whole = Span { source: self.written.source, start: 0, end: 0 };
        Finding::error(
            "template",
            format!("template {} {message}", self.written.name),
            span.unwrap_or(whole),
        )
    }
}

/// Why a template made no objects.
#[derive(Debug)]
pub(crate) struct RenderError {
    /// Ready to be said; the app that asked is still to be added.
    pub(crate) finding: Box<Finding>,
}

/// Tera with the filter that makes holes, and without the filters that would write text past it.
fn engine(table: &Table) -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![""]);
    tera.set_escape_fn(|_, _| {
        Err(std::io::Error::other("a value was about to be written as text; write it with `{{ }}`"))
    });
    let values = Arc::clone(table);
    tera.register_filter(HOLE, move |value: tera::Value, _: Kwargs, _: &State| {
        keep(&values, &value, Form::AsItIs)
    });
    let values = Arc::clone(table);
    tera.register_filter(TEXT_HOLE, move |value: tera::Value, _: Kwargs, _: &State| {
        keep(&values, &value, Form::Text)
    });
    for name in ["safe", "escape", "escape_html", "escape_xml", "newlines_to_br"] {
        tera.register_filter(name, move |_: tera::Value, _: Kwargs, _: &State| {
            Err::<tera::Value, _>(tera::Error::message(format!(
                "the filter `{name}` does not exist here: values never become YAML text"
            )))
        });
    }
    tera
}

#[derive(Clone, Copy)]
enum Form {
    AsItIs,
    Text,
}

fn keep(table: &Table, value: &tera::Value, form: Form) -> tera::TeraResult<tera::Value> {
    if value.is_undefined() {
        return Err(tera::Error::message("the value is not defined"));
    }
    let value = serde_json::to_value(value)
        .map_err(|error| tera::Error::message(format!("the value cannot be written: {error}")))?;
    let value = match (form, value) {
        (Form::Text, Value::Number(number)) => Value::String(number.to_string()),
        (Form::Text, Value::Bool(truth)) => Value::String(truth.to_string()),
        (Form::Text, Value::Null) => Value::String(String::new()),
        (Form::Text | Form::AsItIs, value) => value,
    };
    let mut table = lock(table);
    table.push(value);
    Ok(tera::Value::safe_string(&mark(table.len() - 1)))
}

/// What a template sees of a map of values.
pub(crate) fn context_of(values: &serde_json::Map<String, Value>) -> Context {
    let mut context = Context::new();
    for (key, value) in values {
        context.insert(key.clone(), &guard(value));
    }
    context
}
