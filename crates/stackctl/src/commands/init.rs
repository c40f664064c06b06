//! `stackctl init`: a small stack to start from.

use std::io::Write;

use stackctl_expand::Library;
use stackctl_model::closest;

use crate::args::InitArgs;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal::Terminal;

pub(crate) fn run(args: &InitArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    known_apps(&args.apps)?;
    let mut file = std::fs::File::create_new(&args.file).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Refused {
            message: format!("{} exists; it is as it was", args.file.display()),
            hint: "stackctl plan, or choose another file with -f".to_owned(),
        },
        _ => Error::Io { what: format!("{} cannot be written", args.file.display()), source },
    })?;
    file.write_all(stack(&args.name, &args.apps).as_bytes()).map_err(|source| Error::Io {
        what: format!("{} cannot be written", args.file.display()),
        source,
    })?;
    terminal.note(&format!("{} written. Next: stackctl plan --sandbox", args.file.display()));
    Ok(Exit::Success)
}

fn known_apps(apps: &[String]) -> Result<(), Error> {
    let library = Library::embedded();
    let names: Vec<String> = library.names().map(str::to_owned).collect();
    for app in apps {
        if !names.contains(app) {
            let hint = match closest(app, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("modules there are: {}", names.join(", ")),
            };
            return Err(Error::Usage { message: format!("there is no module {app:?}"), hint });
        }
    }
    Ok(())
}

fn stack(name: &str, apps: &[String]) -> String {
    let mut text = format!(
        "// One home-lab, one file. `stackctl plan` shows what is missing, `stackctl apply` makes it so.\n\
         stack {name}\n\n"
    );
    for app in apps {
        text.push_str("app ");
        text.push_str(app);
        text.push('\n');
    }
    text
}
