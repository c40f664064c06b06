//! `stackctl module`

use std::path::Path;

use stackctl_expand::{CaseOutcome, ModuleCase, run_module_cases};

use crate::args::{ModuleArgs, ModuleCommand, ModuleTestArgs};
use crate::disk::Disk;
use crate::error::Error;
use crate::exit::Exit;
use crate::stack;
use crate::terminal::Terminal;

pub(crate) fn run(args: &ModuleArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    match &args.command {
        ModuleCommand::Test(args) => test(args, terminal),
    }
}

fn test(args: &ModuleTestArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let mut passed = 0;
    let mut failed = 0;
    for folder in &args.folders {
        for module in modules(folder)? {
            for case in run_module_cases(&Disk, &module) {
                if show(&case, args.update, terminal)? {
                    passed += 1;
                } else {
                    failed += 1;
                }
            }
        }
    }
    if passed + failed == 0 {
        let message = "there are no cases: a case is MODULE/tests/NAME/stack.kdl".to_owned();
        return Err(Error::Usage { message, hint: "stackctl module test modules".to_owned() });
    }
    terminal.out(&format!("{passed} passed, {failed} failed\n"));
    Ok(if failed == 0 { Exit::Success } else { Exit::Failure })
}

/// The folder itself when it is a module, else the modules in it.
fn modules(folder: &Path) -> Result<Vec<String>, Error> {
    if folder.join("module.kdl").is_file() {
        return Ok(vec![folder.display().to_string()]);
    }
    let failed =
        |source| Error::Io { what: format!("{} cannot be read", folder.display()), source };
    let mut modules = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("module.kdl").is_file() {
            modules.push(path.display().to_string());
        }
    }
    modules.sort();
    Ok(modules)
}

/// Says what became of a case; whether it passed.
fn show(case: &ModuleCase, update: bool, terminal: &mut Terminal) -> Result<bool, Error> {
    if let (true, Some(actual)) = (update, case.outcome.actual()) {
        std::fs::write(&case.expected_file, actual).map_err(|source| Error::Io {
            what: format!("{} cannot be written", case.expected_file),
            source,
        })?;
        terminal.out(&format!("{}: written\n", case.case));
        return Ok(true);
    }
    let text = match &case.outcome {
        CaseOutcome::Passed => "passed".to_owned(),
        CaseOutcome::Missing { .. } => "has no expected.yaml; --update writes it".to_owned(),
        CaseOutcome::BadExpected { reason, .. } => {
            format!("expected.yaml cannot be read: {reason}")
        }
        CaseOutcome::Differs { expected, actual } => {
            format!("differs\n{}", stackctl_view::text_diff(expected, actual))
        }
        CaseOutcome::Broken => {
            let mut text = "has mistakes\n".to_owned();
            let texts = stack::texts(&case.sources);
            stackctl_view::findings_text(&case.findings, &texts, terminal.out_style(), &mut text)
                .expect("writing to a String cannot fail");
            text
        }
    };
    terminal.out(&format!("{}: {text}\n", case.case));
    Ok(case.outcome == CaseOutcome::Passed)
}
