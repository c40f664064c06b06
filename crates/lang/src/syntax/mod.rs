//! From text to blocks, past the parser's limits: sizes and depth are checked first, what it would stumble
//! over is told and mended token by token, and what it still refuses is masked round by round, so that all
//! mistakes are found in one run.

mod annotation;
mod braces;
mod clean;
mod convert;
mod file_kind;
mod joined;
mod parse;
mod rebuild;
mod scan;
mod skip;
mod text_token;
mod understand;
mod words;

pub(crate) use file_kind::FileKind;
pub(crate) use parse::parse;
pub(crate) use scan::{Token, TokenKind, scan};
