//! Tables as `kubectl get` prints them.
//!
//! Models k8s.io/cli-runtime/pkg/printers/tableprinter.go over a tab writer that remembers its widths: a column never gets
//! narrower from one flush to the next, which is why the rows of a watch move to the right and stay there.

/// The minimum width of a column.
const MIN_WIDTH: usize = 6;

/// Blanks between columns.
const PADDING: usize = 3;

/// The widths of a table's columns so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Widths(Vec<usize>);

impl Widths {
    /// Formats rows wide enough for these and all previous rows.
    pub fn format(&mut self, rows: &[Vec<String>]) -> String {
        for row in rows {
            for (i, cell) in row.iter().enumerate().take(row.len().saturating_sub(1)) {
                let width = (cell.chars().count() + PADDING).max(MIN_WIDTH);
                match self.0.get_mut(i) {
                    Some(known) => *known = width.max(*known),
                    None => self.0.push(width),
                }
            }
        }
        let mut out = String::new();
        for row in rows {
            for (i, cell) in row.iter().enumerate() {
                out.push_str(cell);
                if i + 1 < row.len() {
                    out.extend(std::iter::repeat_n(' ', self.0[i] - cell.chars().count()));
                }
            }
            out.push('\n');
        }
        out
    }
}

/// A cell cut off at its first line break, which would break the table.
pub fn one_line(cell: &str) -> String {
    match cell.find(['\n', '\r', '\u{c}']) {
        Some(at) => format!("{}...", &cell[..at]),
        None => cell.to_owned(),
    }
}
