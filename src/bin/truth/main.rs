//! Writes the truth page and the pages about Ordinal into a folder, as static files: `cargo dev build` puts them beside the playground.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use api::release::Release;
// Unused: Cargo.toml says why they are asked for.
use comparison::suite::{Judged, project, scenarios};
use serde as _;
use serde_core as _;
use text::Lang;
use truth::index_page::{self, Results, Row};
use truth::pages::{self, PAGES};
use truth::scenario_page;

/// The style that the pages share with the playground, and their own.
const STYLES: [&str; 3] = ["style/tokens.css", "style/base.css", "src/bin/truth/page.css"];

fn main() -> ExitCode {
    rules::plug();
    verbs::plug();
    let Some(out) = std::env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: truth FOLDER   writes the truth page into FOLDER/truth, and the pages about Ordinal into FOLDER/pages");
        return ExitCode::from(2);
    };
    match write(&out) {
        Ok((pages, wrong)) => {
            println!("truth: {pages} scenarios in {}, {wrong} of them with a difference that has no reason", out.display());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("truth: {}: {why}", out.display());
            ExitCode::FAILURE
        }
    }
}

/// Writes the pages about Ordinal.
fn write_pages(out: &Path, results: &Results) -> std::io::Result<()> {
    fs::create_dir_all(out)?;
    PAGES.iter().try_for_each(|about| fs::write(out.join(about.name).with_extension("html"), pages::write(about, Some(results))?))
}

/// Writes all pages; how many scenarios there are, and how many are wrong.
fn write(site: &Path) -> std::io::Result<(usize, usize)> {
    let out = &site.join("truth");
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    let style = STYLES.iter().map(|file| fs::read_to_string(project().join(file))).collect::<std::io::Result<String>>()?;
    fs::write(out.join("style.css"), style)?;
    let (rows, pages) = play_all(out)?;
    let wrong = rows.iter().filter(|row| !row.line.wrong.is_empty()).count();
    let results = Results::of(rows);
    for lang in Lang::ALL {
        let name = if lang == Lang::English { "index.html".to_owned() } else { format!("index.{}.html", lang.tag()) };
        fs::write(out.join(name), index_page::write(&results, lang))?;
    }
    write_pages(&site.join("pages"), &results)?;
    Ok((pages, wrong))
}

/// Plays every scenario, on all cores, and writes its page.
fn play_all(out: &Path) -> std::io::Result<(Vec<Row>, usize)> {
    let names = scenarios();
    let (next, rows) = (Mutex::new(names.iter()), Mutex::new(Vec::new()));
    let work = || -> std::io::Result<()> {
        loop {
            let Some(name) = next.lock().expect("nobody panics with it").next() else { return Ok(()) };
            let all: Vec<Judged> = Release::ALL.into_iter().filter_map(|release| Judged::of(name, release)).collect();
            let written = scenario_page::write(name, &all);
            let file = out.join(format!("{name}.html"));
            file.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(file, written.html)?;
            let told = all.iter().zip(written.closed).map(|(judged, closed)| Row { line: judged.line(), closed });
            rows.lock().expect("nobody panics with it").extend(told);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..thread::available_parallelism().map_or(1, usize::from)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker"))
    })?;
    Ok((rows.into_inner().expect("all are done"), names.len()))
}
