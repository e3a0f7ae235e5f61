//! What surprises people of a change: what it is, and what to do about it.

use ordinal::plan::matter::Matter;

use super::Words;

/// The sentences of each matter below its word, in English and in Korean: what it is, and what to do about it.
const ROWS: [&str; 2] = [include_str!("matter.en.txt"), include_str!("matter.ko.txt")];

impl Words {
    fn sentence(self, matter: Matter, at: usize) -> &'static str {
        let rows = self.of(ROWS[0], ROWS[1]);
        rows.lines().skip_while(|line| *line != matter.word()).nth(at).unwrap_or_default().trim_start()
    }

    /// What it is.
    pub fn matter(self, matter: Matter) -> &'static str {
        self.sentence(matter, 1)
    }

    /// What to do about it.
    pub fn remedy(self, matter: Matter) -> &'static str {
        self.sentence(matter, 2)
    }
}
