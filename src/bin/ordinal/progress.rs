//! What is being done, on standard error, where that is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use ordinal::risks::{Phase, Progress};

/// How often the sign moves.
const TICK: Duration = Duration::from_millis(120);

/// Does something that takes a while.
pub fn waiting<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let bar = bar(what);
    let done = work();
    bar.finish_and_clear();
    done
}

/// A sign that moves, what is being done, and for how long.
fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_style(style("{spinner} {msg} ({elapsed})"));
    bar.set_message(what);
    bar.enable_steady_tick(TICK);
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// How far a search for risks is.
pub struct Search {
    bar: ProgressBar,
    phase: Option<Phase>,
}

impl Search {
    pub fn begin() -> Search {
        Search { bar: bar("starting the cluster"), phase: None }
    }

    /// Shows how far the search has come.
    pub fn show(&mut self, progress: Progress) {
        if self.phase != Some(progress.phase) {
            self.phase = Some(progress.phase);
            let is_counted = matches!(progress.phase, Phase::Tries | Phase::Wanders | Phase::Protects);
            self.bar.set_style(style(if is_counted {
                "{spinner} {msg}: {pos} of {len} ({elapsed}, about {eta} to go)"
            } else {
                "{spinner} {msg} ({elapsed})"
            }));
            self.bar.set_message(what(progress.phase));
            self.bar.reset_eta();
        }
        self.bar.set_length(progress.of as u64);
        self.bar.set_position(progress.done as u64);
    }

    /// Takes the line away.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}

/// What a phase does.
fn what(phase: Phase) -> &'static str {
    match phase {
        Phase::Settles => "letting the cluster come to rest",
        Phase::Tries => "trying what may happen, alone and two at a time",
        Phase::Wanders => "trying longer sequences",
        Phase::Shortens => "shortening what was found",
        Phase::Prevents => "trying changes that prevent it",
        Phase::Protects => "taking away lines that may protect",
        Phase::Done => "done",
    }
}
