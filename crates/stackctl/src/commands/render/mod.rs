//! `stackctl render`: the plain manifests a stack comes to.

mod nixos;
mod nodes;
mod rbac;
mod talos;

use std::path::Path;

use stackctl_model::{Desired, Object, OperatingSystem, Resource};

use crate::args::{RenderArgs, RenderCommand, StackArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::stack;
use crate::terminal::Terminal;

pub(crate) fn run(args: &RenderArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    match &args.command {
        Some(RenderCommand::Rbac(args)) => return rights(args, terminal),
        Some(RenderCommand::Nixos(args)) => {
            return nodes::run(args, OperatingSystem::Nixos, nixos::module, terminal);
        }
        Some(RenderCommand::Talos(args)) => {
            return nodes::run(args, OperatingSystem::Talos, talos::patch, terminal);
        }
        None => {}
    }
    let sound = stack::sound(&args.stack, terminal)?;
    let manifests = manifests(&sound.resources)?;
    match &args.to {
        None => {
            let all: Vec<_> = manifests.into_iter().map(|(_, text)| text).collect();
            terminal.out(&all.join("---\n"));
        }
        Some(folder) => {
            for (name, text) in &manifests {
                write(&folder.join(name), text)?;
            }
            terminal.note(&format!(
                "{} manifests written to {}",
                manifests.len(),
                folder.display()
            ));
        }
    }
    Ok(Exit::Success)
}

fn rights(args: &StackArgs, terminal: &mut Terminal) -> Result<Exit, Error> {
    let sound = stack::sound(args, terminal)?;
    let objects = rbac::objects(&sound.stack, &sound.resources);
    terminal.out(&stackctl_expand::objects_to_yaml(&objects));
    Ok(Exit::Success)
}

/// File name and text of each object, in the order of their ids.
fn manifests(resources: &[Resource]) -> Result<Vec<(String, String)>, Error> {
    let mut manifests = Vec::new();
    for resource in resources {
        let Desired::Object(object) = &resource.desired else { continue };
        let text = manifest(object).map_err(|error| Error::Failed {
            message: format!("{}: cannot be written as YAML: {error}", resource.id),
            hint: None,
        })?;
        manifests
            .push((format!("{}.yaml", resource.id.to_string().replace(['/', ':'], "_")), text));
    }
    Ok(manifests)
}

/// An object as YAML; where a secret's value belongs, a comment says where it comes from.
fn manifest(object: &Object) -> Result<String, serde_saphyr::ser::Error> {
    let mut text = String::new();
    for (key, source) in &object.secrets {
        text.push_str(&format!("# data.{key} comes from {source}; it is not part of a manifest\n"));
    }
    let mut object = object.clone();
    stackctl_plan::join_usual(&mut object);
    let mut value = object.value;
    let is_secret = value["kind"] == "Secret" && value["apiVersion"] == "v1";
    let own = is_secret.then(|| value.as_object_mut()?.remove("data")).flatten();
    for (key, _) in own.as_ref().and_then(serde_json::Value::as_object).into_iter().flatten() {
        text.push_str(&format!(
            "# data.{key} stands in a manifest of the stack; it is not part of this one\n"
        ));
    }
    text.push_str(&serde_saphyr::to_string(&value)?);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed =
        |source| Error::Io { what: format!("{} cannot be written", path.display()), source };
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}
