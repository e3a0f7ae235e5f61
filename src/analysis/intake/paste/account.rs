//! The account of a text: what became of each of its lines.

use std::ops::RangeInclusive;

/// What became of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nothing took it.
    #[default]
    Unread,
    /// It was understood, or it only frames what was.
    Read,
    /// A person wrote it, or nothing stands in it.
    Prose,
}

/// The standing of each line of a text. A line that no reader takes is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account(Vec<Standing>);

impl Account {
    /// The account of a text before anything of it is read: only what is empty stands.
    pub fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Account {
        Account(lines.map(|line| if line.trim().is_empty() { Standing::Prose } else { Standing::Unread }).collect())
    }

    /// Takes lines, which are counted from 1; what is empty stays so.
    pub fn take(&mut self, lines: impl IntoIterator<Item = usize>, standing: Standing) {
        for line in lines {
            if let Some(of) = self.0.get_mut(line - 1).filter(|of| **of == Standing::Unread) {
                *of = standing;
            }
        }
    }

    /// Takes lines as read.
    pub fn read(&mut self, lines: impl IntoIterator<Item = usize>) {
        self.take(lines, Standing::Read);
    }

    /// Has a line stand so, whatever it was.
    pub fn set(&mut self, line: usize, standing: Standing) {
        self.0.get_mut(line - 1).into_iter().for_each(|of| *of = standing);
    }

    /// Whether nothing has taken a line.
    pub fn is_unread(&self, line: usize) -> bool {
        self.0.get(line - 1) == Some(&Standing::Unread)
    }

    /// Adds the account of the text that follows.
    pub fn append(&mut self, mut next: Account) {
        self.0.append(&mut next.0);
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.0.len()
    }

    /// The lines of a standing, counted from 1.
    pub fn of_standing(&self, standing: Standing) -> impl Iterator<Item = usize> {
        (1..).zip(&self.0).filter(move |(_, of)| **of == standing).map(|(line, _)| line)
    }

    /// The same as runs of lines that follow each other.
    pub fn runs(&self, standing: Standing) -> Vec<RangeInclusive<usize>> {
        let mut all: Vec<RangeInclusive<usize>> = Vec::new();
        for line in self.of_standing(standing) {
            match all.last_mut().filter(|run| *run.end() + 1 == line) {
                Some(run) => *run = *run.start()..=line,
                None => all.push(line..=line),
            }
        }
        all
    }
}
