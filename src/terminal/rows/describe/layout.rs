//! The page that `describe` writes: indented lines whose tab-separated cells are aligned.
//!
//! Models text/tabwriter as used by k8s.io/kubectl/pkg/describe: a column is a run of consecutive lines with a tab-terminated cell
//! at that position, columns are separated by two blanks, and text after the last tab is not part of any column.

/// Blanks after the widest cell of a column.
const PADDING: usize = 2;

/// Blanks per level of indentation.
const INDENT: usize = 2;

/// Ends all columns, as a form feed does in text/tabwriter.
const BREAK: char = '\u{c}';

/// Text with tabs, aligned on output.
#[derive(Clone, Debug, Default)]
pub struct Page(String);

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends text as it is.
    pub fn write(&mut self, text: impl AsRef<str>) {
        self.0.push_str(text.as_ref());
    }

    /// Appends a line at an indentation level, or several lines with their own indentation.
    pub fn line(&mut self, level: usize, text: impl AsRef<str>) {
        self.0.extend(std::iter::repeat_n(' ', level * INDENT));
        self.0.push_str(text.as_ref());
        self.0.push('\n');
    }

    /// Appends `label:` and a value in the next column.
    pub fn field(&mut self, level: usize, label: &str, value: impl AsRef<str>) {
        self.line(level, format!("{label}:\t{}", value.as_ref()));
    }

    /// The same, if there is a value.
    pub(crate) fn field_some(&mut self, level: usize, label: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.field(level, label, value);
        }
    }

    /// Ends all columns: what follows is aligned separately.
    pub fn end_columns(&mut self) {
        self.0.push(BREAK);
    }

    /// The text with its tabs.
    pub fn raw(&self) -> String {
        self.0.replace(BREAK, "")
    }

    /// The text with its columns aligned.
    pub fn aligned(&self) -> String {
        self.0.split(BREAK).map(align).collect()
    }
}

/// Aligns the columns of a text.
pub fn align(text: &str) -> String {
    let lines: Vec<Vec<&str>> = text.split_inclusive('\n').map(|l| l.trim_end_matches('\n').split('\t').collect()).collect();
    let mut out = String::with_capacity(text.len() * 2);
    block(&lines, &mut Vec::new(), &mut out);
    if !text.ends_with('\n') {
        out.pop();
    }
    out
}

/// Prints lines of which the first columns have these widths.
fn block(lines: &[Vec<&str>], widths: &mut Vec<usize>, out: &mut String) {
    let column = widths.len();
    let has_cell = |line: &Vec<&str>| column + 1 < line.len();
    let mut at = 0;
    while at < lines.len() {
        let run = lines[at..].iter().take_while(|l| has_cell(l)).count();
        if run == 0 {
            print(&lines[at], widths, out);
            at += 1;
            continue;
        }
        let cells = lines[at..at + run].iter().map(|l| l[column].chars().count());
        widths.push(cells.max().unwrap_or(0) + PADDING);
        block(&lines[at..at + run], widths, out);
        widths.pop();
        at += run;
    }
}

fn print(line: &[&str], widths: &[usize], out: &mut String) {
    for (i, cell) in line.iter().enumerate() {
        out.push_str(cell);
        if let Some(width) = widths.get(i) {
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
        }
    }
    out.push('\n');
}
