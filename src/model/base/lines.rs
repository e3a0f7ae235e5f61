//! Text that grew line by line, and when each line began.

use crate::time::Time;

/// Text, with the instant of the first byte of each of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    text: String,
    begun: Vec<Time>,
}

impl Lines {
    /// All of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Appends text.
    pub fn push(&mut self, text: &str, at: Time) {
        let begins = text.split_inclusive('\n').count() - usize::from(self.is_open() && !text.is_empty());
        self.begun.extend(std::iter::repeat_n(at, begins));
        self.text.push_str(text);
    }

    /// Drops the oldest lines, so that at most so many bytes stay.
    pub fn keep_last(&mut self, bytes: usize) {
        let cut = self.text.len().saturating_sub(bytes);
        let mut ends = self.text.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        if cut > 0
            && let Some((last, end)) = ends.by_ref().enumerate().find(|(_, end)| *end >= cut)
        {
            self.text.drain(..end);
            self.begun.drain(..=last);
        }
    }

    /// What follows a number of bytes: the rest of a line that began before, without an instant, and the lines after that.
    pub fn after(&self, bytes: usize) -> impl Iterator<Item = (Option<Time>, &str)> {
        let (before, rest) = self.text.split_at_checked(bytes).unwrap_or((&self.text, ""));
        let is_within = !before.is_empty() && !before.ends_with('\n');
        let mut begun = self.begun.iter().skip(before.split_inclusive('\n').count()).copied();
        rest.split_inclusive('\n').enumerate().map(move |(i, line)| (if i == 0 && is_within { None } else { begun.next() }, line))
    }

    /// Whether its last line may go on.
    fn is_open(&self) -> bool {
        !self.text.is_empty() && !self.text.ends_with('\n')
    }
}
