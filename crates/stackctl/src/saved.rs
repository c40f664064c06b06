//! Saved plans on disk: written whole for their owner, read back, and held against what is there now.

use std::io::Write;
use std::path::{Path, PathBuf};

use stackctl_engine::{DigestKey, KeyError, Ledger};
use stackctl_model::{Moved, Plan, SecretValue};
use stackctl_plan::{PlanScope, SavedPlan};

use crate::error::Error;
use crate::locate;
use crate::planning::PlannedStack;

/// What every key digests, to tell keys apart.
const FINGERPRINT: &[u8] = b"stackctl.saved-plan";

/// The key of saved plans: of `STACKCTL_PLAN_KEY` where it is set, else a file of the user's own.
pub(crate) fn key() -> Result<DigestKey, Error> {
    if let Ok(passphrase) = std::env::var("STACKCTL_PLAN_KEY")
        && !passphrase.is_empty()
    {
        return Ok(DigestKey::of_passphrase(&passphrase));
    }
    let Some(folder) = state_folder() else { return Ok(DigestKey::of_this_run()) };
    DigestKey::open(&folder.join("stackctl/plan-key")).map_err(|error| unkept(&error))
}

/// Writes the key where it is new, so that a later run can compare secrets.
pub(crate) fn keep(key: &DigestKey) -> Result<(), Error> {
    key.keep().map_err(|error| unkept(&error))
}

fn unkept(error: &KeyError) -> Error {
    Error::Failed {
        message: format!("the key of saved plans cannot be used: {error}"),
        hint: Some("make its folder writable, or set STACKCTL_PLAN_KEY".to_owned()),
    }
}

fn state_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/state")))
}

fn fingerprint(ledger: &dyn Ledger) -> String {
    ledger.digest(&SecretValue::new(FINGERPRINT.to_vec()))
}

/// Writes a plan for its owner alone.
pub(crate) fn write(path: &Path, ready: &PlannedStack, scope: PlanScope) -> Result<(), Error> {
    let plan = &ready.planned.plan;
    let saved = SavedPlan {
        format: SavedPlan::FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        target: ready.target_name.clone(),
        identity: ready.identity.clone(),
        sources: ready.sources.clone(),
        scope,
        key: fingerprint(ready.targets.ledger.as_ref()),
        secrets: plan.secrets.clone(),
        uids: SavedPlan::uids_of(plan),
        plan: plan.into(),
    };
    let failed = |source| Error::Io {
        what: format!("{} cannot be written; no plan was saved", path.display()),
        source,
    };
    let mut text = serde_json::to_string_pretty(&saved).expect("a plan is plain data");
    text.push('\n');
    let mut fresh = tempfile::NamedTempFile::new_in(locate::folder(path)).map_err(failed)?;
    fresh.write_all(text.as_bytes()).map_err(failed)?;
    fresh.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Reads a plan.
pub(crate) fn read(path: &Path) -> Result<SavedPlan, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io {
        what: format!("{} cannot be read; nothing was changed", path.display()),
        source,
    })?;
    let document: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| Error::Stale {
            message: format!("{} is no saved plan: {error}; nothing was changed", path.display()),
            moved: Vec::new(),
        })?;
    match document["format"].as_str() {
        Some(SavedPlan::FORMAT) => {}
        other => {
            return Err(Error::Stale {
                message: format!(
                    "{} is {}, and this stackctl reads {}; nothing was changed",
                    path.display(),
                    other.unwrap_or("no saved plan"),
                    SavedPlan::FORMAT
                ),
                moved: Vec::new(),
            });
        }
    }
    serde_json::from_value(document).map_err(|error| Error::Stale {
        message: format!("{} cannot be understood: {error}; nothing was changed", path.display()),
        moved: Vec::new(),
    })
}

/// Refuses a saved plan whose stack or target is another than it was made for.
pub(crate) fn same_place(saved: &SavedPlan, ready: &PlannedStack) -> Result<(), Error> {
    let stale = |message: String| Err(Error::Stale { message, moved: Vec::new() });
    if saved.identity != ready.identity {
        return stale(format!(
            "the saved plan is for {} ({}), and this is {} ({}); nothing was changed",
            saved.target, saved.identity, ready.target_name, ready.identity
        ));
    }
    let moved = saved.moved_sources(&ready.sources);
    if !moved.is_empty() {
        return stale(format!(
            "the stack is no longer the one that was planned: {} changed; nothing was changed in {}",
            moved.join(", "),
            ready.target_name
        ));
    }
    Ok(())
}

/// Refuses a saved plan when a plan made now comes to anything else.
pub(crate) fn same_plan(saved: &SavedPlan, now: &Plan, ledger: &dyn Ledger) -> Result<(), Error> {
    let moved = saved.moved(now, &fingerprint(ledger));
    if moved.is_empty() {
        return Ok(());
    }
    Err(Error::Stale {
        message: format!("the saved plan is stale: {}; nothing was changed", counted(&moved)),
        moved,
    })
}

fn counted(moved: &[Moved]) -> String {
    match moved {
        [one] if one.path.is_empty() => format!("{} moved since", one.id),
        [one] => format!("{} of {} moved since", one.path, one.id),
        [first, rest @ ..] => format!("{} and {} more moved since", first.id, rest.len()),
        [] => "it moved".to_owned(),
    }
}
