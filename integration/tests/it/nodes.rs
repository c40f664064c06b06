//! Machines with a real sshd: what is asked of them is seen, written, read back and kept; and nothing else is.

mod doctor;
mod faults;
mod lab;
mod object;
mod prerequisites;
mod settings;
