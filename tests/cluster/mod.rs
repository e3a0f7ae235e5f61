//! The cluster around the controllers: images and their programs, names, addresses, and the scheduler.

mod command;
mod dns;
mod images;
mod inside;
mod network;
mod scheduler;
