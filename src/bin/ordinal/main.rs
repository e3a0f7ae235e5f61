//! Ordinal on the command line: a diagnosis of a cluster that was dumped or pasted in parts, the plan of a change, what can go wrong, and
//! lessons.
//!
//! ```text
//!   args (clap) ──▶ diagnose │ plan │ risks │ done │ check ──▶ report ──▶ show: text, JSON │ remark ──▶ Markdown, SARIF, GitHub
//!                      input: files, standard input, and the places in them
//! ```

mod accept;
mod args;
mod check;
mod cluster;
mod diagnose;
mod done;
mod exit;
mod explain;
mod input;
mod lesson;
mod line;
mod man;
mod open;
mod plan;
mod plugin;
mod progress;
mod remark;
mod risks;
mod sarif;
mod show;
#[path = "../dev/site.rs"]
mod site;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use args::{Cli, Command};
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};
use exit::{FINE, NOT_READ};
use input::Failure;
use plugin::Plugin;

fn main() -> ExitCode {
    ordinal::rules::plug();
    ordinal::verbs::plug();
    ordinal::tools::plug();
    let program = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let is_plugin = program.file_stem().is_some_and(|name| name == plugin::NAME);
    let done = if is_plugin { plugin::run(&read::<Plugin>()) } else { perform(&read::<Cli>().command) };
    ExitCode::from(done.unwrap_or_else(|Failure(why)| {
        show::complain(&why);
        NOT_READ
    }))
}

/// Reads the command line. Whoever asks for a language is told that there is one.
fn read<T: Parser>() -> T {
    T::try_parse().unwrap_or_else(|mut wrong| {
        if wrong.get(ContextKind::InvalidArg).is_some_and(|asked| asked.to_string().starts_with("--lang")) {
            wrong.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec!["the command line speaks English".into()]));
        }
        wrong.exit()
    })
}

/// Does what a command says; the exit code.
fn perform(command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Diagnose(args) => return diagnose::run(args),
        Command::Plan(args) => return plan::run(args),
        Command::Risks(args) => return risks::run(args),
        Command::Done(args) => return done::run(args),
        Command::Check(args) => return check::run(args),
        Command::Lesson(args) => return lesson::run(args),
        Command::Explain(args) => show::plain(&explain::explain(args.id.as_deref())?),
        Command::Schema { report } => show::plain(report.schema()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "ordinal", &mut script);
            show::plain(&String::from_utf8_lossy(&script));
        }
        Command::Man => show::plain(&man::page().map_err(|error| Failure(error.to_string()))?),
    }
    Ok(FINE)
}
