//! Headers of tables: the columns that a line names, and the cells of a row below them.

use api::kind::Kind;

/// Column names with which a table begins.
const FIRST: [&str; 9] = ["GROUP", "NAME", "NAMESPACE", "LAST SEEN", "LASTSEEN", "FIRSTSEEN", "FIRST SEEN", "AGE", "TYPE"];
/// The columns of a table: their names, and where each begins.
#[derive(Debug)]
pub(super) struct Header {
    pub columns: Vec<(String, usize)>,
}

impl Header {
    /// The columns that a line names, if it is a header.
    pub fn of(line: &str) -> Option<Header> {
        let line = expanded(line);
        let mut columns: Vec<(String, usize)> = Vec::new();
        for (start, word) in words(&line) {
            // Programs mark the column by which they sort.
            let word = word.trim_end_matches(['↑', '↓']).to_owned();
            let both =
                columns.last().map(|(last, _)| format!("{last} {word}")).filter(|both| rows::all().any(|column| column.heading == *both));
            match (both, columns.last_mut()) {
                (Some(both), Some(last)) => last.0 = both,
                _ => columns.push((word, start)),
            }
        }
        let has = |name: &str| columns.iter().any(|(column, _)| column == name);
        let upper = |name: &String| name.chars().all(|c| c.is_ascii_uppercase() || "-()/% _".contains(c));
        let is_table = columns.iter().all(|(name, _)| upper(name)) && columns.first().is_some_and(|(name, _)| FIRST.contains(&&**name));
        // The header of the Events of `describe`.
        let is_events = has("Reason") && has("Message") && has("Type");
        for (name, _) in columns.iter_mut().filter(|_| is_events) {
            name.make_ascii_uppercase();
        }
        (columns.len() >= 2 && (is_table || is_events)).then_some(Header { columns })
    }

    /// Whether a column has this name.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column == name)
    }

    /// The kind of the rows, as far as the columns tell.
    pub fn kind(&self) -> Option<Kind> {
        // What Helm lists are releases.
        if self.has("CHART") || self.has("REVISION") && self.has("UPDATED") {
            return None;
        }
        rows::kind(|sign| self.columns.iter().any(|(name, _)| sign.is(name)))
    }

    /// The cells of a row, by the columns; by blanks where the row does not keep to them.
    pub fn cells(&self, line: &str) -> Vec<(&str, String)> {
        let line: Vec<char> = expanded(line).chars().collect();
        let starts = self.columns.iter().map(|(_, start)| *start);
        let aligned = starts.clone().all(|start| start == 0 || line.get(start - 1).is_none_or(|c| *c == ' '));
        let names = self.columns.iter().map(|(name, _)| &**name);
        if aligned {
            let ends = starts.clone().skip(1).chain([usize::MAX]);
            let cut = |(start, end): (usize, usize)| {
                let within = line.get(start.min(line.len())..end.min(line.len())).unwrap_or_default();
                within.iter().collect::<String>().trim().to_owned()
            };
            return names.zip(starts.zip(ends).map(cut)).collect();
        }
        let text: String = line.into_iter().collect();
        if let Some(cells) = self.near(&text) {
            return cells;
        }
        let mut parts = parts(&text);
        if parts.len() < self.columns.len() {
            parts = joined(text.split_whitespace().map(str::to_owned).collect());
        }
        if let Some(more) = parts.len().checked_sub(self.columns.len()).filter(|more| *more > 0) {
            let rest = parts.split_off(parts.len() - more - 1).join(" ");
            parts.push(rest);
        }
        names.zip(parts).collect()
    }
}

impl Header {
    /// The cells of a row that has lost or gained a blank: each part is of the column near whose beginning it begins. `None` where two
    /// would be of one column, or one of none.
    fn near(&self, line: &str) -> Option<Vec<(&str, String)>> {
        const NEAR: usize = 2;
        let mut cells: Vec<(&str, String)> = self.columns.iter().map(|(name, _)| (&**name, String::new())).collect();
        let mut all = words(line);
        // What one blank keeps apart is one cell.
        let mut at = 1;
        while at < all.len() {
            let ends = all[at - 1].0 + all[at - 1].1.chars().count();
            if all[at].0 == ends + 1 {
                let (_, word) = all.remove(at);
                all[at - 1].1.push_str(&format!(" {word}"));
            } else {
                at += 1;
            }
        }
        if all.len() >= self.columns.len() {
            return None;
        }
        for (start, cell) in all {
            let column = self.columns.iter().position(|(_, at)| at.abs_diff(start) <= NEAR)?;
            if !cells[column].1.is_empty() {
                return None;
            }
            cells[column].1 = cell;
        }
        Some(cells)
    }
}

/// A line with tabs as the blanks that a terminal shows.
fn expanded(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        let width = if c == '\t' { 8 - column % 8 } else { 1 };
        out.extend(std::iter::repeat_n(if c == '\t' { ' ' } else { c }, width));
        column += width;
    }
    out
}

/// The words of a line, and where each begins, in characters.
fn words(line: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, c) in line.chars().enumerate() {
        if c == ' ' {
            open = false;
        } else if let Some((_, word)) = all.last_mut().filter(|_| open) {
            word.push(c);
        } else {
            all.push((at, c.to_string()));
            open = true;
        }
    }
    all
}

/// The parts of a line between two blanks or more.
fn parts(line: &str) -> Vec<String> {
    let line = expanded(line);
    line.split("  ").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Cells with what stands in parentheses joined to the cell before: `3`, `(14s`, `ago)`.
pub(super) fn joined(cells: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    for cell in cells {
        let (opens, closes) = (cell.starts_with('('), cell.ends_with(')'));
        match all.last_mut().filter(|_| open || opens) {
            Some(last) => {
                last.push(' ');
                last.push_str(&cell);
            }
            None => all.push(cell),
        }
        open = (open || opens) && !closes;
    }
    all
}
