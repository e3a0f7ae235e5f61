//! Workers that tell each other lines of text come to what one comes to, whoever is how fast.

use ordinal::playground::EXAMPLE;
use ordinal::risks::sheet::Shown;
use ordinal::risks::work::{Report, State, Wish, Worker, answer};

/// So many slices a worker does before another one's turn, by a turn and its number: as different as may be.
const SLICES: [[usize; 4]; 3] = [[1, 1, 1, 1], [40, 1, 7, 3], [1, 25, 2, 60]];

fn wish(text: &str) -> String {
    Wish { release: String::new(), is_cluster: false, text: text.into() }.line()
}

/// Workers with the same wish, which were told `lines` before.
fn workers(wish: &str, of: usize, lines: &[String]) -> Vec<Option<Worker>> {
    let begun = |own| {
        let mut worker = None;
        answer(&mut worker, &format!("begin {of} {own} {wish}"));
        for line in lines {
            answer(&mut worker, &format!("hear {line}"));
        }
        worker
    };
    (0..of).map(begun).collect()
}

/// All that the first worker reports in the end, once it is done, and all that was told: turns are as long as `slices` says.
fn done(mut workers: Vec<Option<Worker>>, slices: &[usize; 4]) -> (String, Vec<String>) {
    let mut told = Vec::new();
    loop {
        for own in 0..workers.len() {
            for _ in 0..slices[own] {
                let answered = answer(&mut workers[own], "step");
                let (state, line) = answered.split_once('\n').expect("a state and a line");
                for (other, worker) in workers.iter_mut().enumerate().filter(|_| !line.is_empty()) {
                    if other != own {
                        answer(worker, &format!("hear {line}"));
                    }
                }
                told.extend(Some(line.to_owned()).filter(|line| !line.is_empty()));
                if own == 0 && state == State::Done.word() {
                    return (answer(&mut workers[0], "report"), told);
                }
            }
        }
    }
}

#[test]
fn what_is_shown_is_the_same_for_every_number_of_workers_and_however_fast_each_is() {
    let wish = wish(&EXAMPLE.replacen("replicas: 3", "replicas: 1", 1));
    let (alone, told) = done(workers(&wish, 1, &[]), &SLICES[0]);
    let report = Report::of_line(&alone);
    let sheet = report.sheet.expect("a sheet");
    let mut findings = sheet.lines.iter().flat_map(|(_, findings)| findings).map(|(_, one)| Shown::of_line(one));
    assert!(findings.any(|one| one.course.play.is_some()) && !sheet.guards.is_empty(), "{sheet:#?}");
    for (of, slices) in [(2, &SLICES[0]), (2, &SLICES[1]), (4, &SLICES[2])] {
        assert_eq!(done(workers(&wish, of, &[]), slices).0, alone, "{of} workers, {slices:?}");
    }
    // Workers that are told what former ones wrote, half of it or all, go on from there.
    for known in [told.len() / 2, told.len()] {
        assert_eq!(done(workers(&wish, 2, &told[..known]), &SLICES[0]).0, alone, "{known} lines");
    }
}

#[test]
fn a_wish_is_read_as_it_was_written() {
    for text in ["", "a\nb", "\\n", "\\", "\u{1f}u\\u\u{1f}", "가\r\n"] {
        let wish = Wish { release: "1.37".to_owned(), is_cluster: true, text: text.into() };
        let line = wish.line();
        assert!(!line.contains('\n'), "{line:?}");
        assert_eq!(Wish::of_line(&line), wish);
    }
}
