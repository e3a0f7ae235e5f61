//! What was typed into the page as a scenario, on `plane: playground`, and such a scenario played again.
//!
//! Promises: the same lines at the same instants leave the same text in the same terminals; [`replay`] checks the laws throughout.
//! Must not know: how a step of another scenario is played.
//! Not modelled: the language of the playground's own words, which is English here; lines that had left a terminal by its end.

use api::release::Release;
use base::time::{Span, Time};
use playground::history::{Act, History};
use playground::{Playground, setup};
use scenario::file::{ClusterSetup, ControlPlaneDelays, KubeletDelays, Plane, Scenario, Step, Typed};
use scenario::run::{Command, Played, commands_json};
use scenario::trace::{Header, Trace};
use sim::law::Laws;
use sim::{Setup, Sim};
use text::Lang;
use view::command::MANIFEST;
use view::terminal::{Line, Voice};

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
            Act::Save(text) => Typed::Save(text.clone()),
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
    play_seen(scenario, release, &mut |_| ())
}

/// The same, with somebody who looks at the cluster after each event and each line.
fn play_seen(scenario: &Scenario, release: &'static Release, see: &mut dyn FnMut(&Sim)) -> Result<(Playground, Trace), String> {
    let manifest = scenario.files.get(MANIFEST).map_or("", String::as_str);
    if let Some(other) = scenario.files.keys().find(|name| *name != MANIFEST) {
        return Err(format!("{other} is not in the editor, which holds {MANIFEST} alone"));
    }
    let mut playground = Playground::new(&Setup { release, ..setup() }, manifest);
    let trace = Trace::begin(playground.now(), playground.sim().log());
    for (i, step) in scenario.steps.iter().enumerate() {
        match step {
            Step::Typed { at, terminal, act } => {
                playground.run_seen(Time(at.0), see);
                playground.choose_tab(terminal - 1);
                match act {
                    Typed::Line(line) => playground.type_line(line, LANG),
                    Typed::Interrupt => playground.interrupt(),
                    Typed::Edit(text) => playground.edit(text.clone(), LANG),
                    Typed::Save(text) => playground.save(text),
                }
                see(playground.sim());
            }
            Step::Sleep(span) => playground.run_seen(playground.now() + *span, see),
            _ => return Err(format!("step {}: on the page one types, interrupts, edits, saves and sleeps", i + 1)),
        }
    }
    Ok((playground, trace))
}

/// Plays what was typed, and writes down what came of it.
pub fn replay(scenario: &Scenario, release: &'static Release) -> Result<Played, String> {
    let (mut laws, mut broken) = (Laws::default(), None);
    let (mut playground, mut trace) = play_seen(scenario, release, &mut |sim| {
        if broken.is_none() {
            broken = laws.look(sim).err();
        }
    })?;
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
        broken,
    })
}

/// What stands in the terminals, by the lines that were typed into them: what came after a line and before the next one.
fn commands(playground: &mut Playground, entered: &[Entered]) -> Vec<Command> {
    let command = |(id, (_, line)): (usize, &Entered)| Command { id, cmd: (*line).to_owned(), ..Command::default() };
    let mut commands: Vec<Command> = entered.iter().enumerate().map(command).collect();
    for terminal in 0..playground.tabs().0 {
        playground.choose_tab(terminal);
        let lines = playground.terminal().lines();
        let typed = entered.iter().enumerate().filter(|(_, (at, _))| *at == terminal).map(|(id, (_, line))| (id, *line));
        let owners = owners(lines, &typed.collect::<Vec<_>>());
        for (Line { voice, text, .. }, owner) in lines.iter().zip(&owners) {
            let Some(command) = owner.map(|id| &mut commands[id]) else { continue };
            let out = match voice {
                Voice::Typed => continue,
                Voice::Output => &mut command.stdout,
                Voice::Error | Voice::Playground => &mut command.stderr,
            };
            out.push_str(text);
            out.push('\n');
        }
        if let Some(command) = owners.last().copied().flatten().map(|id| &mut commands[id]) {
            command.rc = playground.status();
        }
    }
    commands
}

/// To which of the lines that were typed each line of a terminal belongs. A terminal forgets its oldest lines, so that the
/// latest ones are looked for first; an empty line is not written where nothing waits for one.
fn owners(lines: &[Line], typed: &[(usize, &str)]) -> Vec<Option<usize>> {
    let mut owners = vec![None; lines.len()];
    let mut end = lines.len();
    for (id, line) in typed.iter().rev() {
        // All but the first of several lines go on.
        let (line, count) = (line.trim_end(), line.trim_end().lines().count().max(1));
        let places: Vec<usize> = (0..end).rev().filter(|at| lines[*at].voice == Voice::Typed).take(count).collect();
        let begins = places.get(count - 1).copied();
        let first = line.lines().next().unwrap_or_default().trim_end();
        let is_written = begins.is_none_or(|at| lines[at].text.trim_end().ends_with(first));
        let is_told = !line.is_empty() || begins.is_some_and(|at| !lines[at].text.starts_with("$ "));
        if !(is_written && is_told) {
            continue;
        }
        let begins = begins.unwrap_or_default();
        owners[begins..end].fill(Some(*id));
        end = begins;
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_terminal_belongs_to_the_lines_typed_last() {
        let line = |(voice, text): &(Voice, &str)| Line { id: 0, voice: *voice, text: (*text).to_owned(), asked: false };
        let (typed, out) = (|text| (Voice::Typed, text), |text| (Voice::Output, text));
        let three = [(0, "echo a"), (1, ""), (2, "echo b\necho c")];
        for (lines, want) in [
            (&[typed("$ echo a"), out("a"), typed("$ echo b"), typed("echo c"), out("b")][..], "0 0 2 2 2"),
            (&[out("a"), typed("$ echo b"), typed("echo c"), out("b")], "0 2 2 2"),
            (&[typed("echo c"), out("b")], "2 2"),
            (&[out("b")], "2"),
            (&[typed("$ echo a"), typed("> "), out("a"), typed("$ echo b"), typed("echo c")], "0 1 1 2 2"),
        ] {
            let lines: Vec<Line> = lines.iter().map(line).collect();
            let owners: Vec<String> = owners(&lines, &three).iter().map(|id| id.map_or("-".to_owned(), |id| id.to_string())).collect();
            assert_eq!(owners.join(" "), want);
        }
    }
}
