//! Who is told, on both engines, with receivers that really listen.
#![cfg(test)]

mod receiver;
mod rules;
mod scene;
mod telling;
