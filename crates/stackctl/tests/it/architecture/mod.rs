//! The house as ARCHITECTURE.md draws it: which crate may use which, no circles between files, and each
//! system's own words only in its own rooms.

mod circles;
mod imports;
mod source;
mod table;
mod words;
