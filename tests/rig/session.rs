//! Sessions: what was typed into the page, as a scenario on `plane: playground`, played again.
//!
//! Promises: the same lines at the same instants leave the same text in the same terminals; [`replay`] checks the laws throughout.
//! Must not know: how a step of another scenario is played.
//! Not modelled: the language of the playground's own words, which is English here; lines that had left a terminal by its end.

use crate::file::{Scenario, Step};
use crate::law::Laws;
use crate::run::{Command, Played, commands_json};
use crate::trace::{Header, Trace};
use api::release::Release;
use base::time::Time;
use causes::command::MANIFEST;
use playground::history::{Run, perform};
use playground::{Playground, setup};
use sim::{Setup, Sim};
use text::Lang;
use view::terminal::Voice;

/// In which language the playground answers.
const LANG: Lang = Lang::English;

/// The header of a trace in which nothing was waited for.
fn header(name: &str, release: &Release) -> Header {
    Header { scenario: name.to_owned(), kubernetes: release.git_version.into(), problems: Vec::new() }
}

/// The page before anything is typed, and what is to be typed. An error names the step that nobody can type.
fn begin(scenario: &Scenario, release: &'static Release) -> Result<(Playground, Run), String> {
    let manifest = scenario.files.get(MANIFEST).map_or("", String::as_str);
    if let Some(other) = scenario.files.keys().find(|name| *name != MANIFEST) {
        return Err(format!("{other} is not in the editor, which holds {MANIFEST} alone"));
    }
    let playground = Playground::new(&Setup { release, ..setup() }, manifest);
    let mut run = Run { manifest: manifest.into(), end: playground.now(), ..Run::default() };
    for (i, step) in scenario.steps.iter().enumerate() {
        match step {
            Step::Act { at, terminal, act } => run.push(run.end.max(Time(at.0)), terminal - 1, act.clone(), LANG),
            Step::Edit { at, text, .. } => (run.manifest, run.end) = (text.as_str().into(), run.end.max(Time(at.0))),
            Step::Sleep(span) => run.end += *span,
            _ => return Err(format!("step {}: on the page one types, interrupts, edits, saves and sleeps", i + 1)),
        }
    }
    Ok((playground, run))
}

/// A line that was typed, in which terminal, and the id of the first line that this has had since; `None` if the line left no trace.
struct Entered<'a> {
    line: &'a str,
    terminal: usize,
    begins: Option<u64>,
}

/// Does what is to be typed; `see` looks at the cluster after each event and each line.
fn follow<'a>(playground: &mut Playground, run: &'a Run, see: &mut dyn FnMut(&Sim)) -> Vec<Entered<'a>> {
    let mut entered = Vec::new();
    for input in &run.inputs {
        playground.run_seen(input.at, see);
        playground.choose_tab(input.tab);
        let last = playground.terminal().lines().last().map(|line| line.id);
        perform(playground, input);
        see(playground.sim());
        if let Some(line) = input.act.line() {
            let lines = playground.terminal().lines();
            let new = lines.iter().rposition(|line| Some(line.id) == last).map_or(0, |at| at + 1);
            entered.push(Entered { line, terminal: input.tab, begins: lines.get(new).map(|line| line.id) });
        }
    }
    playground.run_seen(run.end, see);
    entered
}

/// Plays what was typed. An error names the step that nobody can type.
pub fn play(scenario: &Scenario, release: &'static Release) -> Result<Playground, String> {
    let (mut playground, run) = begin(scenario, release)?;
    follow(&mut playground, &run, &mut |_| ());
    Ok(playground)
}

/// Plays what was typed, and writes down what came of it.
pub fn replay(scenario: &Scenario, release: &'static Release) -> Result<Played, String> {
    let (mut playground, run) = begin(scenario, release)?;
    let mut trace = Trace::begin(playground.now(), playground.sim().log());
    let (mut laws, mut broken) = (Laws::default(), None);
    let entered = follow(&mut playground, &run, &mut |sim| {
        if broken.is_none() {
            broken = laws.look(sim).err();
        }
    });
    trace.catch_up(playground.sim().log(), playground.sim().runtime());
    let header = header(&scenario.name, release);
    let kubectl = commands_json(&header, &commands(&mut playground, &entered));
    Ok(Played { trace: trace.finish(&header), kubectl, changes: Vec::new(), problems: Vec::new(), cut: None, broken })
}

/// What stands in the terminals, by the lines that were typed into them: what came after a line and before the next one.
fn commands(playground: &mut Playground, entered: &[Entered]) -> Vec<Command> {
    let command = |(id, entered): (usize, &Entered)| Command { id, cmd: entered.line.to_owned(), ..Command::default() };
    let mut commands: Vec<Command> = entered.iter().enumerate().map(command).collect();
    for terminal in 0..playground.tabs().0 {
        playground.choose_tab(terminal);
        let (mut lines, mut status) = (playground.terminal().lines(), playground.status());
        // A terminal forgets its oldest lines, so that the latest ones are looked for first.
        for (command, Entered { begins, .. }) in commands.iter_mut().zip(entered).rev().filter(|(_, line)| line.terminal == terminal) {
            let Some(begins) = begins else { continue };
            let begins = lines.iter().position(|line| line.id == *begins).unwrap_or_default();
            for line in &lines[begins..] {
                let out = match line.voice {
                    Voice::Typed => continue,
                    Voice::Output => &mut command.stdout,
                    Voice::Error | Voice::Playground => &mut command.stderr,
                };
                out.push_str(&line.text);
                out.push('\n');
            }
            lines = &lines[..begins];
            command.rc = status.take();
        }
    }
    commands
}
