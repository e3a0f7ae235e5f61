//! What is on a disk, as one sees it: nothing, a word, a database, a name, or so many bytes.

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
    /// The data directory of a database, whose files are not simulated.
    Database,
    /// Files without text: the name of the first.
    File(String),
    /// Folders without files: the name of the first, as `lost+found`.
    Folder(String),
}

impl Content {
    /// What is on a disk; nothing where `ls` lists nothing.
    pub fn of(disk: Option<&Disk>) -> Content {
        let Some(disk) = disk else { return Content::Empty };
        if disk.bytes() == 0 {
            return Content::without_text(disk);
        }
        let mut written = disk.files().filter(|(_, text)| !text.is_empty()).map(|(_, text)| text.trim_end_matches('\n'));
        match (written.next(), written.next()) {
            (Some(line), None) if is_shown(line) => Content::Line(line.to_owned()),
            _ => Content::Bytes(disk.bytes()),
        }
    }

    /// What is on a disk on which no file has text.
    fn without_text(disk: &Disk) -> Content {
        let first = |is_folder: bool| disk.files().map(|(path, _)| path).find(|path| path.ends_with('/') == is_folder);
        if !disk.databases().is_empty() {
            return Content::Database;
        }
        if let Some(path) = first(false) {
            return Content::File(path.rsplit('/').next().unwrap_or_default().to_owned());
        }
        first(true).map_or(Content::Empty, |path| Content::Folder(path.trim_matches('/').to_owned()))
    }

    /// Whether nobody misses it.
    pub fn is_no_loss(&self) -> bool {
        matches!(self, Content::Empty | Content::Folder(_))
    }

    /// Whether no file has any text.
    pub fn has_no_text(&self) -> bool {
        !matches!(self, Content::Line(_) | Content::Bytes(_))
    }
}

/// Whether a text is a short line that can be read.
fn is_shown(text: &str) -> bool {
    let is_plain = |c: char| is_letter_or_digit(c) || SIGNS.contains(c) || !c.is_ascii() && !c.is_control();
    !text.trim().is_empty() && text.chars().count() <= MOST_SHOWN && text.chars().all(is_plain)
}
