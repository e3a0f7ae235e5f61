//! Reports on standard output: coloured where a terminal shows them, with a version where programs read them.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use ordinal::base::value::Value;

use crate::args::{Form, Report};
use crate::remark::{self, Remark};
use crate::sarif;

/// The version of the JSON that programs read: a field that is taken away or changes its meaning makes another one.
pub const VERSION: &str = "ordinal/v1";

/// Prints text. Whoever closes standard output wants no more of it.
pub fn plain(text: &str) {
    drop(anstream::stdout().write_all(text.as_bytes()));
}

/// Prints text for people, with its headings in bold.
pub fn text(text: &str, is_heading: impl Fn(&str) -> bool) {
    let bold = Style::new().bold();
    let line = |line: &str| if is_heading(line) { format!("{bold}{line}{bold:#}\n") } else { format!("{line}\n") };
    plain(&text.lines().map(line).collect::<String>());
}

/// Prints a report for programs, with what it is.
pub fn json(kind: Report, mut report: Value) {
    report.set(&["apiVersion"], VERSION);
    report.set(&["kind"], kind.name());
    plain(&(report.to_json() + "\n"));
}

/// Prints remarks for tools of code review.
pub fn remarks(remarks: &[Remark], form: Form) {
    match form {
        Form::Sarif => plain(&(sarif::sarif(remarks) + "\n")),
        Form::Github => plain(&remark::github(remarks)),
        _ => plain(&remark::markdown(remarks)),
    }
}

/// Prints on standard error what the program says of itself.
pub fn complain(why: &str) {
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    for line in why.lines() {
        drop(writeln!(anstream::stderr(), "{red}ordinal:{red:#} {line}"));
    }
}
