//! Measuring what the project promises: one table, beside the figures of the last release and the machine's own speed.
//!
//! The browser tests measure the page (`tests/browser/measure.rs`), `bench` the engine. Both print lines such as
//! `measured: a letter in 2,000 lines = 12.3 ms, promised 50`; this reads them as they come. Nothing here fails: a figure is to be read by
//! a person, who knows what else the machine does. The suite has guards of its own for what must not be lost.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use crate::shell::{Failure, Outcome, cargo, project};
use crate::{browser, page};

/// The figures of the last release, in the lines that measurements print.
const KEPT: &str = "tests/browser/measured.txt";
/// What a line begins with that has a figure.
const MARK: &str = "measured: ";

#[derive(Clone, Debug, PartialEq)]
struct Figure {
    what: String,
    value: f64,
    unit: String,
    /// The most that is promised, in the same unit.
    promised: Option<f64>,
}

/// Measures, prints the table, and keeps the figures as the last release's if asked to.
pub fn run(keep: bool) -> Outcome<ExitCode> {
    let browser = browser::ensure()?;
    page::build_if_changed(page::Kind::Visitors)?;
    let mut pages = cargo();
    pages.args(["test", "--test", "browser", "--", "--measure"]).envs(browser);
    let mut engine = cargo();
    engine.args(["run", "--release", "--quiet", "--bin", "bench", "figures"]);
    let lines = [printed(pages)?, printed(engine)?].concat();
    let figures: Vec<Figure> = lines.iter().filter_map(|line| Figure::read(line)).collect();
    let file = project().join(KEPT);
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    print!("{}", table(&figures, &before.lines().filter_map(Figure::read).collect::<Vec<_>>()));
    if keep {
        let text: String = figures.iter().map(|figure| figure.written() + "\n").collect();
        std::fs::write(&file, text).map_err(|why| Failure(format!("{KEPT} cannot be written: {why}")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What a program prints, which is shown meanwhile.
fn printed(mut command: Command) -> Outcome<Vec<String>> {
    let failed = |why: std::io::Error| Failure(format!("cannot measure: {why}"));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    let kept = lines.map_while(Result::ok).inspect(|line| eprintln!("{line}")).collect();
    if child.wait().map_err(failed)?.success() { Ok(kept) } else { Err(Failure("a measurement did not end".to_owned())) }
}

impl Figure {
    fn read(line: &str) -> Option<Figure> {
        let (what, rest) = line.strip_prefix(MARK)?.split_once(" = ")?;
        let (told, promised) = rest.split_once(", promised ").map_or((rest, None), |(told, most)| (told, most.parse().ok()));
        let (value, unit) = told.split_once(' ').unwrap_or((told, ""));
        Some(Figure { what: what.to_owned(), value: value.parse().ok()?, unit: unit.to_owned(), promised })
    }

    fn written(&self) -> String {
        let promised = self.promised.map_or(String::new(), |most| format!(", promised {most}"));
        format!("{MARK}{} = {} {}{promised}", self.what, self.value, self.unit)
    }
}

/// The table: what was measured, the last release's figure, the one of here, the ratio, what is promised.
fn table(figures: &[Figure], before: &[Figure]) -> String {
    const HEAD: [&str; 5] = ["", "last release", "here", "ratio", "promised"];
    let mut rows = vec![HEAD.map(str::to_owned)];
    for figure in figures {
        let last = before.iter().find(|one| one.what == figure.what);
        let told = |value: f64| format!("{value} {}", figure.unit);
        let ratio = last.filter(|last| last.value > 0.0).map(|last| format!("{:.2}", figure.value / last.value));
        let promised = figure.promised.map(|most| if figure.value > most { format!("{} MISSED", told(most)) } else { told(most) });
        let last = last.map(|last| told(last.value));
        rows.push([Some(figure.what.clone()), last, Some(told(figure.value)), ratio, promised].map(Option::unwrap_or_default));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3, 4].map(width);
    let line = |row: &[String; 5]| {
        let [what, rest @ ..] = row;
        let rest: String = rest.iter().zip(&widths[1..]).map(|(cell, width)| format!("  {cell:>width$}")).collect();
        format!("{what:<width$}{rest}\n", width = widths[0])
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_figure_is_read_and_others_are_not() {
        let read = Figure::read("measured: a letter in 2,000 lines = 12.5 ms, promised 50").unwrap();
        assert_eq!(read, Figure { what: "a letter in 2,000 lines".into(), value: 12.5, unit: "ms".into(), promised: Some(50.0) });
        assert_eq!(Figure::read(&read.written()), Some(read));
        assert_eq!(Figure::read("test tasks::a ... ok"), None);
    }

    #[test]
    fn a_figure_stands_beside_the_last_releases() {
        let figure = |value, promised| Figure { what: "a key".into(), value, unit: "ms".into(), promised };
        let table = table(&[figure(30.0, Some(20.0))], &[figure(15.0, None)]);
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[1], ["a", "key", "15", "ms", "30", "ms", "2.00", "20", "ms", "MISSED"]);
    }
}
