//! Templates: rendered per app into objects, without a value ever becoming YAML text.

pub(crate) mod engine;
mod expressions;
mod holes;
