//! What is said of apps that cannot be expanded as they are.

use std::collections::BTreeSet;

use stackctl_lang::{App, Block};
use stackctl_model::{Finding, closest};

use crate::expanded_app::AppObject;
use crate::modules::library::Library;

pub(super) fn unknown_module(app: &App, library: &Library) -> Finding {
    let name = &app.module.value;
    let finding = Finding::error(
        "unknown-module",
        format!("there is no module `{name}` for app {}", app.name.value),
        app.module.span,
    );
    match closest(name, library.names()) {
        Some(near) => finding.help(format!("Did you mean `{near}`?")).fix(app.module.span, near),
        None => finding
            .help(format!("Known modules: {}.", library.names().collect::<Vec<_>>().join(", ")))
            .help(format!(
                "For a container of your own: `app {name} module=app {{ image \"…\"; }}`."
            ))
            .help(format!("For a module of your own: modules/{name}/module.kdl beside the stack.")),
    }
}

pub(super) fn unknown_word(group: &str, block: &Block, words: &BTreeSet<&str>) -> Finding {
    let word = &block.name;
    let finding = Finding::error(
        "unknown-block",
        format!("no app of group {group} knows `{}`", word.value),
        word.span,
    );
    match closest(&word.value, words.iter().copied()) {
        Some(near) => finding.help(format!("Did you mean `{near}`?")).fix(word.span, near),
        None => finding,
    }
}

pub(super) fn nothing_to_patch(
    app: &App,
    block: &Block,
    kind: &str,
    objects: &[AppObject],
) -> Finding {
    let span = block.args.first().map_or(block.span, |arg| arg.span);
    let kinds: BTreeSet<String> = objects
        .iter()
        .filter_map(|object| object.value["kind"].as_str().map(str::to_lowercase))
        .collect();
    let message = format!("app {} makes no {kind} that this could patch", app.name.value);
    let finding = Finding::error("nothing-to-patch", message, span);
    match closest(&kind.to_lowercase(), kinds.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("Did you mean `{near}`?")),
        None => {
            finding.help(format!("It makes: {}.", kinds.into_iter().collect::<Vec<_>>().join(", ")))
        }
    }
}
