//! The objects of apps.

use stackctl_model::Object;

use super::builder::StackBuilder;
use super::gpu;
use crate::expanded_app::{AppObject, ExpandedApp};

/// Takes the objects out of the apps, in their order, so that they need not be copied.
pub(super) fn take_objects(apps: &mut [ExpandedApp]) -> Vec<Vec<AppObject>> {
    apps.iter_mut().map(|app| std::mem::take(&mut app.objects)).collect()
}

/// Adds what the templates of all apps made.
pub(super) fn make(builder: &mut StackBuilder<'_>) {
    let objects = std::mem::take(&mut builder.app_objects);
    builder.scopes.learn(objects.iter().flatten().map(|object| &object.value));
    for (app, objects) in builder.apps.iter().zip(objects) {
        for AppObject { value, secrets, origin } in objects {
            let gpus = gpu::devices(builder, app, &value);
            builder.add(Some(&app.name), Object { value, secrets, gpus }, origin);
        }
    }
}
