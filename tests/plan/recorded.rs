//! What a recording has from one change up to the next.

use std::collections::BTreeMap;

use comparison::run::{Run, text};
use serde_json::Value;

/// Within so many milliseconds of one another, pods go or come at once.
const BURST: u64 = 150;

/// Something that a scenario does, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Command(usize),
    Fault(usize),
}

/// A pod at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pod {
    pub image: String,
    pub node: String,
    pub ready: bool,
    pub leaving: bool,
}

/// A part of a recorded run.
pub struct Segment {
    /// The names of its sets.
    pub sets: Vec<String>,
    /// What went and came, and when.
    steps: Vec<(String, (u64, String))>,
    /// The pods at the end.
    pods: BTreeMap<String, Pod>,
    /// Whether it came to rest.
    pub rests: bool,
    /// When it begins, and when it came to rest, in milliseconds.
    from: u64,
    to: u64,
    /// The exit code of the change; `None` if the command was stopped.
    pub code: Option<i64>,
    pub stderr: String,
}

/// The set of a pod's name, if it is one of these, and writes names so: `web-01` is no pod of `web`.
fn set_of<'a>(sets: &'a [String], pod: &str) -> Option<&'a String> {
    let (set, ordinal) = pod.rsplit_once('-')?;
    let is_written_so = ordinal.parse::<i32>().is_ok_and(|number| number.to_string() == ordinal);
    sets.iter().find(|name| *name == set && is_written_so)
}

/// Whether what was recorded was planned, as far as it was recorded. What comes in one burst has no order: the workers of controllers are
/// many, and so are kubelets.
pub fn agree(real: &[(u64, String)], planned: &[(u64, String)]) -> bool {
    let one_burst = |a: &(u64, String), b: &(u64, String)| b.0.saturating_sub(a.0) <= BURST && a.1[..1] == b.1[..1];
    let names = |steps: &[(u64, String)]| {
        let mut names: Vec<String> = steps.iter().map(|(_, step)| step.clone()).collect();
        names.sort();
        names
    };
    let mut from = 0;
    real.chunk_by(one_burst).all(|burst| {
        from += burst.len();
        planned.get(from - burst.len()..from).is_some_and(|planned| names(planned) == names(burst))
    })
}

fn time(entry: &Value) -> u64 {
    entry["t"].as_u64().unwrap_or_default()
}

impl Segment {
    /// What a run has from a command up to a mark; `None` if it has no such command.
    pub fn of(run: &Run, id: usize, until: Option<Mark>) -> Option<Segment> {
        let place = |mark: Mark| {
            let mut faults = 0..;
            run.trace.iter().position(|entry| match (text(entry, "e"), mark) {
                ("cmd.start", Mark::Command(id)) => entry["id"].as_u64() == Some(id as u64),
                ("fault", Mark::Fault(nth)) => faults.next() == Some(nth),
                _ => false,
            })
        };
        let from = place(Mark::Command(id))?;
        let to = until.map_or(Some(run.trace.len()), place)?;
        let rest = run.trace[from..to].iter().rposition(|entry| text(entry, "e") == "settled").map(|at| from + at);
        let to = rest.unwrap_or(to);
        let named = run.trace.iter().filter(|entry| text(entry, "e") == "sts.created").map(|entry| text(entry, "name").to_owned());
        let sets: Vec<String> = named.collect();
        let mut pods: BTreeMap<String, Pod> = BTreeMap::new();
        let mut steps = Vec::new();
        for (at, entry) in run.trace[..to].iter().enumerate() {
            let name = text(entry, "name");
            let Some(set) = set_of(&sets, name) else { continue };
            let mut step = |sign: char| {
                if at >= from {
                    steps.push((set.clone(), (time(entry), format!("{sign}{name}"))));
                }
            };
            match text(entry, "e") {
                "pod.created" => {
                    step('+');
                    pods.insert(name.to_owned(), Pod { image: text(entry, "image").to_owned(), ..Pod::default() });
                }
                "pod.removed" => {
                    if pods.remove(name).is_some_and(|pod| !pod.leaving) {
                        step('-');
                    }
                }
                what => {
                    let Some(pod) = pods.get_mut(name) else { continue };
                    match what {
                        "pod.bound" => text(entry, "node").clone_into(&mut pod.node),
                        "pod.image" => text(entry, "image").clone_into(&mut pod.image),
                        "pod.condition" if text(entry, "type") == "Ready" => pod.ready = text(entry, "status") == "True",
                        "pod.deleting" => {
                            pod.leaving = true;
                            step('-');
                        }
                        _ => {}
                    }
                }
            }
        }
        let command = run.commands.iter().find(|command| command["id"].as_u64() == Some(id as u64))?;
        Some(Segment {
            sets,
            steps,
            pods,
            rests: rest.is_some(),
            from: time(&run.trace[from]),
            to: time(&run.trace[to.min(run.trace.len() - 1)]),
            code: command["rc"].as_i64(),
            stderr: text(command, "stderr").to_owned(),
        })
    }

    /// What went and came of a set.
    pub fn order(&self, set: &str) -> Vec<(u64, String)> {
        self.steps.iter().filter(|(of, _)| of == set).map(|(_, step)| step.clone()).collect()
    }

    /// For how long nothing more went or came of a set until it came to rest, in milliseconds.
    pub fn quiet(&self, set: &str) -> u64 {
        let last = self.steps.iter().rfind(|(of, _)| of == set).map_or(self.from, |(_, (at, _))| *at);
        self.to.saturating_sub(last)
    }

    /// The pods of a set at the end.
    pub fn pods(&self, set: &str) -> BTreeMap<String, Pod> {
        let own = |name: &str| set_of(&self.sets, name).is_some_and(|of| of == set);
        self.pods.iter().filter(|(name, _)| own(name)).map(|(name, pod)| (name.clone(), pod.clone())).collect()
    }
}
