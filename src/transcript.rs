//! What was typed into the page as a scenario, on `plane: playground`, and such a scenario played again.
//!
//! Promises: the same lines at the same instants leave the same text in the same terminals.
//! Must not know: how a step of another scenario is played.
//! Not modelled: the language of the playground's own words, which is English here; lines that had left a terminal by its end.

use crate::api::release::Release;
use crate::base::printed::Stream;
use crate::base::time::{Span, Time};
use crate::playground::history::{Act, History};
use crate::playground::{Playground, setup};
use crate::scenario::file::{ClusterSetup, ControlPlaneDelays, KubeletDelays, Plane, Scenario, Step, Typed};
use crate::scenario::run::{Command, Played, commands_json};
use crate::scenario::trace::{Header, Trace};
use crate::sim::Setup;
use crate::text::Lang;
use crate::view::command::MANIFEST;
use crate::view::terminal::{Line, Voice};

/// In which language the playground answers.
const LANG: Lang = Lang::English;

/// A run as a scenario: all that was done before the instant shown, and the time since then. Branches are not kept, nor the language,
/// nor a seed or a release other than the usual ones, for which `replay` has options.
pub fn scenario(history: &History) -> Scenario {
    let inputs = history.inputs();
    let mut editor = inputs.first().map_or(history.present().manifest(), |input| &input.manifest);
    let files = [(MANIFEST.to_owned(), editor.to_owned())].into_iter().collect();
    let mut steps = Vec::new();
    for input in inputs {
        let step = |act| Step::Typed { at: Span(input.at.0), terminal: input.tab + 1, act };
        if *editor != *input.manifest {
            editor = &input.manifest;
            steps.push(step(Typed::Edit(editor.to_owned())));
        }
        steps.push(step(match &input.act {
            Act::Line(line) => Typed::Line(line.clone()),
            Act::Interrupt => Typed::Interrupt,
        }));
    }
    let since = history.present().now().since(inputs.last().map_or(Time(0), |input| input.at));
    steps.push(Step::Sleep(since));
    Scenario {
        name: "session".to_owned(),
        title: "Typed into the playground".to_owned(),
        plane: Plane::Playground,
        cluster: ClusterSetup::default(),
        kubelet: KubeletDelays::default(),
        control_plane: ControlPlaneDelays::default(),
        placements: [].into_iter().collect(),
        files,
        steps,
    }
}

/// A line that was typed, and into which terminal.
type Entered<'a> = (usize, &'a str);

/// Plays what was typed. An error names the step that nobody can type.
pub fn play(scenario: &Scenario, release: &'static Release) -> Result<(Playground, Trace), String> {
    let manifest = scenario.files.get(MANIFEST).map_or("", String::as_str);
    if let Some(other) = scenario.files.keys().find(|name| *name != MANIFEST) {
        return Err(format!("{other} is not in the editor, which holds {MANIFEST} alone"));
    }
    let mut playground = Playground::new(&Setup { release, ..setup() }, manifest);
    let trace = Trace::begin(playground.now(), playground.sim().log());
    for (i, step) in scenario.steps.iter().enumerate() {
        match step {
            Step::Typed { at, terminal, act } => {
                playground.run(Time(at.0), || true);
                playground.choose_tab(terminal - 1);
                match act {
                    Typed::Line(line) => playground.type_line(line, LANG),
                    Typed::Interrupt => playground.interrupt(),
                    Typed::Edit(text) => playground.edit(text.clone(), LANG),
                }
            }
            Step::Sleep(span) => drop(playground.run(playground.now() + *span, || true)),
            _ => return Err(format!("step {}: on the page one types, interrupts, edits and sleeps", i + 1)),
        }
    }
    Ok((playground, trace))
}

/// Plays what was typed, and writes down what came of it.
pub fn replay(scenario: &Scenario, release: &'static Release) -> Result<Played, String> {
    let (mut playground, mut trace) = play(scenario, release)?;
    trace.catch_up(playground.sim().log(), playground.sim().runtime());
    let entered = scenario.steps.iter().filter_map(|step| match step {
        Step::Typed { terminal, act: Typed::Line(line), .. } => Some((terminal - 1, line.as_str())),
        _ => None,
    });
    let commands = commands(&mut playground, &entered.collect::<Vec<_>>());
    let problems = Vec::new();
    let header = Header { scenario: scenario.name.clone(), kubernetes: release.git_version.into(), problems };
    Ok(Played {
        trace: trace.finish(&header),
        kubectl: commands_json(&header, &commands),
        changes: Vec::new(),
        problems: Vec::new(),
        cut: None,
        broken: None,
    })
}

/// What stands in the terminals, by the lines that were typed into them: what came after a line and before the next one.
fn commands(playground: &mut Playground, entered: &[Entered]) -> Vec<Command> {
    let command = |(id, (_, line)): (usize, &Entered)| Command { id, cmd: (*line).to_owned(), ..Command::default() };
    let mut commands: Vec<Command> = entered.iter().enumerate().map(command).collect();
    for terminal in 0..playground.tabs().0 {
        playground.choose_tab(terminal);
        let mut typed = (0..entered.len()).filter(|id| entered[*id].0 == terminal);
        let mut current = None;
        // Of a line that was typed in several, the first begins a command.
        let mut rest = 0;
        for Line { voice, text, .. } in playground.terminal().lines() {
            let stream = match voice {
                Voice::Typed if rest > 0 => {
                    rest -= 1;
                    continue;
                }
                Voice::Typed => {
                    current = typed.next();
                    rest = current.map_or(0, |id| entered[id].1.trim_end().lines().count().saturating_sub(1));
                    continue;
                }
                Voice::Output => Stream::Out,
                Voice::Error | Voice::Playground => Stream::Err,
            };
            let Some(command) = current.map(|id| &mut commands[id]) else { continue };
            let out = if stream == Stream::Out { &mut command.stdout } else { &mut command.stderr };
            out.push_str(text);
            out.push('\n');
        }
        if let Some(command) = current.map(|id| &mut commands[id]) {
            command.rc = playground.status();
        }
    }
    commands
}
