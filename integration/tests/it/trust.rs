//! A plan one can trust: saved, exact, one at a time, remembered; data that outlives its block.

mod canary;
mod faults;
mod killed;
mod lock;
mod ownership;
mod retire;
mod rights;
mod saved;
