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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &Lines, after: usize) -> Vec<(Option<u64>, &str)> {
        lines.after(after).map(|(at, line)| (at.map(|at| at.0), line)).collect()
    }

    #[test]
    fn a_line_has_the_instant_of_its_first_byte() {
        let mut lines = Lines::default();
        for (text, at) in [("a\nb", 1), ("", 2), ("c", 3), ("\n", 4), ("d\n", 5)] {
            lines.push(text, Time(at));
        }
        assert_eq!(told(&lines, 0), [(Some(1), "a\n"), (Some(1), "bc\n"), (Some(5), "d\n")]);
        assert_eq!(told(&lines, 3), [(None, "c\n"), (Some(5), "d\n")]);
        assert_eq!(told(&lines, 5), [(Some(5), "d\n")]);
        assert_eq!(told(&lines, 99), []);
    }

    #[test]
    fn the_oldest_lines_go_whole() {
        let mut lines = Lines::default();
        for at in 0..5 {
            lines.push("12345\n", Time(at));
        }
        lines.keep_last(30);
        assert_eq!(lines.text().len(), 30);
        lines.keep_last(13);
        assert_eq!(told(&lines, 0), [(Some(3), "12345\n"), (Some(4), "12345\n")]);
    }
}
