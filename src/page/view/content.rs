//! What is on a disk, in words: `“web-1”`, `6 B`, `database`, `ready`, `empty`.

use cluster::inside::Content;
use text::{Text, bytes};

/// What is on a disk, in words.
pub fn told(content: &Content, text: &Text) -> String {
    match content {
        Content::Empty => text.storage.blank().to_owned(),
        Content::Line(line) => format!("“{line}”"),
        Content::Database => text.storage.database().to_owned(),
        Content::File(name) => name.clone(),
        Content::Folder(name) => format!("{name}/"),
        Content::Bytes(amount) => bytes(u64::try_from(*amount).unwrap_or(u64::MAX)),
    }
}
