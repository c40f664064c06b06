//! Stacks to resources, through the crate's public face.

mod gateway;
mod lab;
mod link;
mod manifest;
mod network;
mod settings;
mod storage;
