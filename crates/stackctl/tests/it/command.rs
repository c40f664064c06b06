//! The built binary in a folder of its own.

use stackctl_integration::Home;

pub(crate) use stackctl_integration::repository;

/// A folder with a `stack.kdl` of this text.
pub(crate) fn home(stack: &str) -> Home {
    Home::new(env!("CARGO_BIN_EXE_stackctl"), stack)
        .with_variable("JELLYFIN_API_KEY", "key-of-the-tests")
}

/// A copy of a folder of the repository.
pub(crate) fn copy_of(folder: &str) -> Home {
    Home::copy_of(env!("CARGO_BIN_EXE_stackctl"), folder)
}
