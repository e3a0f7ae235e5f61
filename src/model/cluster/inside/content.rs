//! What is on a disk, as one sees it: nothing, a word, or so many bytes.

use super::disk::Disk;
use base::letter::is_letter_or_digit;

/// The longest text that is shown itself.
const MOST_SHOWN: usize = 24;
/// The signs in such a text, beside letters, digits and whatever is not ASCII.
const SIGNS: &str = " -_.,:;/#@!?=+'()";

/// What is on a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Empty,
    /// One short line in one file: that line.
    Line(String),
    Bytes(usize),
}

impl Content {
    /// What is on a disk; nothing if nobody has written to it.
    pub fn of(disk: Option<&Disk>) -> Content {
        let Some(disk) = disk.filter(|disk| disk.bytes() > 0) else { return Content::Empty };
        let mut written = disk.files().filter(|(_, text)| !text.is_empty()).map(|(_, text)| text.trim_end_matches('\n'));
        match (written.next(), written.next()) {
            (Some(line), None) if is_shown(line) => Content::Line(line.to_owned()),
            _ => Content::Bytes(disk.bytes()),
        }
    }
}

/// Whether a text is a short line that can be read.
fn is_shown(text: &str) -> bool {
    let is_plain = |c: char| is_letter_or_digit(c) || SIGNS.contains(c) || !c.is_ascii() && !c.is_control();
    !text.trim().is_empty() && text.chars().count() <= MOST_SHOWN && text.chars().all(is_plain)
}
