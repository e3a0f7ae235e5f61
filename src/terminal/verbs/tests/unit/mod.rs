//! The parts of kubectl, each by itself: a part in a file that is named as its source.

mod applied;
mod commands;
mod custom;
mod failure;
mod files;
mod flags;
mod form;
mod golang;
mod hunks;
mod jsonpath;
mod layout;
mod resolve;
mod resources;
mod select;
mod settings;
mod sort;
mod table;
mod template;
mod view;
mod words;
