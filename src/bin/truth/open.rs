//! A recorded scenario as a run of the page: what a visitor would have typed there, and when.
//!
//! Promises: the page replays the run to the byte, so that what is tried here is what a click on the link shows; whatever the page cannot
//! do is said instead.
//! Its nodes are the recordings' stand-ins. Not kept: how long somebody and kubectl took in the recording, and which of equal nodes the
//! real scheduler chose.

use std::collections::BTreeMap;

use api::kind::Kind;
use api::release::Release;
use base::base64;
use base::time::{Span, Time};
use causes::command::MANIFEST;
use cluster::timing::Timing;
use kubectl::words;
use playground::history::{Act, History, link};
use playground::{MAX_TERMINALS, setup};
use rig::condition::is_watched;
use rig::file::{Fault, Plane, Scenario, Step};
use rig::run::{COMMAND_TIMEOUT, filled};
use sim::Setup;
use text::Lang;

use comparison::run::{Run, text};

/// How often is looked whether what is awaited has come.
const LOOK_EVERY: Span = Span(250);
/// The longest wait for what came in the recording, in timeouts of its step.
const TIMEOUTS_MAX: u64 = 3;
/// Between two steps.
const PAUSE: Span = Span(500);
/// How hard the text of a link is packed: as hard as it goes.
const LEVEL: u8 = 10;
/// The longest text that the page reads out of a link (`public/boot.js`).
const MAX_TEXT_BYTES: usize = 1 << 20;

/// Why a scenario cannot be opened: a word of [`text::truth::CLOSED`].
pub type Closed = &'static str;

/// The fragment of the page's address that opens a scenario on a release. `recorded` is a real run of it: what was awaited in vain there
/// may be in vain here.
pub fn fragment(scenario: &Scenario, release: &'static Release, recorded: &Run) -> Result<String, Closed> {
    packed(&run(scenario, release, recorded)?)
}

/// The fragment of the page's address that opens a run.
pub fn packed(text: &str) -> Result<String, Closed> {
    if text.len() > MAX_TEXT_BYTES {
        return Err("long");
    }
    let packed = base64::encode(&miniz_oxide::deflate::compress_to_vec(text.as_bytes(), LEVEL));
    let code = packed.trim_end_matches('=').replace('+', "-").replace('/', "_");
    Ok(format!("#1.{code}"))
}

/// The run as the page writes it.
pub fn run(scenario: &Scenario, release: &'static Release, recorded: &Run) -> Result<String, Closed> {
    if scenario.plane == Plane::MaxUnavailable && !release.max_unavailable_stateful_set {
        return Err("gate");
    }
    let waits = recorded.trace.iter().filter(|entry| text(entry, "e") == "wait");
    let mut visitor = Visitor::new(scenario, release, waits.map(|entry| entry["ok"] == true).collect());
    visitor.prepare(scenario);
    scenario.steps.iter().try_for_each(|step| visitor.step(step))?;
    Ok(link::write(&visitor.history, ""))
}

/// Somebody who does on the page what a scenario says.
struct Visitor<'a> {
    history: History,
    /// The file that is in the editor.
    edited: Option<&'a str>,
    /// The terminals in which a command runs in the background, by its name.
    background: BTreeMap<&'a str, usize>,
    remembered: BTreeMap<String, String>,
    /// Whether each wait of the recording came to its end.
    waits: Vec<bool>,
}

/// The file that a scenario applies first: the page has it in its editor.
fn first_applied(scenario: &Scenario) -> Option<(&str, &str)> {
    let file = scenario.steps.iter().find_map(|step| match step {
        Step::Kubectl { line, background: None } => line.strip_prefix("apply -f "),
        _ => None,
    })?;
    scenario.files.get_key_value(file).map(|(name, text)| (name.as_str(), text.as_str()))
}

/// A word as a shell needs it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

impl<'a> Visitor<'a> {
    fn new(scenario: &'a Scenario, release: &'static Release, mut waits: Vec<bool>) -> Self {
        let (edited, manifest) = first_applied(scenario).unzip();
        let history = History::new(&Setup { release, timing: Timing::recording(), ..setup() }, manifest.unwrap_or_default(), Lang::English);
        waits.reverse();
        Visitor { history, edited, background: BTreeMap::new(), remembered: BTreeMap::new(), waits }
    }

    /// Brings the cluster and the files to where the scenario begins.
    fn prepare(&mut self, scenario: &Scenario) {
        let (own, wanted) = (setup(), &scenario.cluster);
        for class in own.classes.iter().filter(|class| !wanted.storage_classes.iter().any(|name| **name == *class.name)) {
            // A further class is in nobody's way.
            if class.name == own.default_class {
                self.type_line(&format!("kubectl delete storageclass {}", class.name));
            }
        }
        if *wanted.default_storage_class != *own.default_class {
            let mark = |class: &str, value: &str| {
                format!("kubectl annotate storageclass {class} storageclass.kubernetes.io/is-default-class{value}")
            };
            if wanted.storage_classes.iter().any(|name| **name == *own.default_class) {
                self.type_line(&mark(&own.default_class, "-"));
            }
            if !wanted.default_storage_class.is_empty() {
                self.type_line(&mark(&wanted.default_storage_class, "=true"));
            }
        }
        let edited = self.edited;
        for (name, text) in scenario.files.iter().filter(|(name, _)| Some(name.as_str()) != edited) {
            let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
            self.type_line(&format!("cat > {} <<'EOF'\n{text}{end}EOF", quoted(name)));
        }
    }

    fn now(&self) -> Time {
        self.history.present().now()
    }

    fn pass(&mut self, span: Span) {
        self.history.run(self.now() + span, || true);
    }

    /// Lets time pass until something holds, for as long as this at most; whether it does.
    fn until(&mut self, at_most: Span, holds: impl Fn(&Self) -> bool) -> bool {
        let end = self.now() + at_most;
        while !holds(self) && self.now() < end {
            self.pass(LOOK_EVERY);
        }
        holds(self)
    }

    fn act(&mut self, tab: usize, act: Act) {
        self.history.choose_tab(tab);
        self.history.act(act, Lang::English);
    }

    /// Types a line into the first terminal, and waits for its end.
    fn type_line(&mut self, line: &str) {
        self.act(0, Act::Line(line.to_owned()));
        self.await_end(0);
        self.pass(PAUSE);
    }

    /// Waits for the end of what runs in a terminal; what does not end is interrupted.
    fn await_end(&mut self, tab: usize) {
        if !self.until(COMMAND_TIMEOUT, |visitor| !visitor.history.present().busy_tabs().contains(&tab)) {
            self.act(tab, Act::Interrupt);
        }
    }

    fn fill(&self, text: &str) -> Result<String, Closed> {
        filled(text, &self.remembered, self.history.present().tables()).map_err(|_| "in-vain")
    }

    /// What kubectl is told, as it is typed, with the editor's file by its name there.
    fn kubectl(&self, line: &str) -> Result<String, Closed> {
        let filled = self.fill(line)?;
        let named = |word: &String| match self.edited {
            Some(file) if word == file => MANIFEST.to_owned(),
            Some(file) => match word.rsplit_once('=') {
                Some((flag, name)) if name == file && flag.starts_with('-') => format!("{flag}={MANIFEST}"),
                _ => word.clone(),
            },
            None => word.clone(),
        };
        let words = words::split(&filled).map_err(|_| "in-vain")?;
        Ok(std::iter::once("kubectl".to_owned()).chain(words.iter().map(named).map(|word| quoted(&word))).collect::<Vec<_>>().join(" "))
    }

    fn step(&mut self, step: &'a Step) -> Result<(), Closed> {
        match step {
            Step::Kubectl { line, background } => self.command(&self.kubectl(line)?, background.as_deref()),
            Step::Shell { line, background } => self.command(&self.fill(line)?, background.as_deref()),
            Step::Stop(name) => {
                if let Some(tab) = self.background.remove(name.as_str()) {
                    self.act(tab, Act::Interrupt);
                    self.pass(PAUSE);
                }
                Ok(())
            }
            Step::Join(name) => {
                self.background.remove(name.as_str()).into_iter().for_each(|tab| self.await_end(tab));
                Ok(())
            }
            Step::Wait { condition, timeout } => {
                let came = self.waits.pop().unwrap_or(true);
                let condition = condition.filled(|text| self.fill(text).map_err(str::to_owned)).map_err(|_| "in-vain")?;
                let at_most = if came { Span(timeout.0 * TIMEOUTS_MAX) } else { *timeout };
                let comes = self.until(at_most, |visitor| condition.holds(visitor.history.present().tables()));
                if came && !comes { Err("in-vain") } else { Ok(()) }
            }
            Step::Settle { quiet, timeout } => {
                self.settle(*quiet, *timeout);
                Ok(())
            }
            Step::Sleep(span) => {
                self.pass(*span);
                Ok(())
            }
            Step::Fault(fault) => self.fault(&fault.filled(|text| self.fill(text).map_err(str::to_owned)).map_err(|_| "in-vain")?),
            Step::Remember(values) => {
                for (name, value) in values {
                    let value = self.fill(value)?;
                    self.remembered.insert(name.clone(), value);
                }
                Ok(())
            }
            Step::Note(_) | Step::Act { .. } | Step::Edit { .. } => Ok(()),
        }
    }

    /// Types a line, into a terminal of its own where it goes on beside the others.
    fn command(&mut self, line: &str, background: Option<&'a str>) -> Result<(), Closed> {
        let Some(name) = background else {
            self.type_line(line);
            return Ok(());
        };
        let tab = (1..MAX_TERMINALS).find(|tab| !self.background.values().any(|taken| taken == tab)).ok_or("terminals")?;
        self.background.insert(name, tab);
        self.act(tab, Act::Line(line.to_owned()));
        self.pass(PAUSE);
        Ok(())
    }

    /// Lets time pass until nothing significant has been written for a while.
    fn settle(&mut self, quiet: Span, timeout: Span) {
        let end = self.now() + timeout;
        let (mut read, mut last) = (self.history.present().sim().log().len(), self.now());
        while self.now() < (last + quiet).min(end) {
            self.pass(LOOK_EVERY);
            let log = self.history.present().sim().log();
            let significant =
                log.from(read).filter(|change| !matches!(change.key.kind, Kind::Event | Kind::Node) && is_watched(&change.key));
            (last, read) = (significant.map(|change| change.at).max().unwrap_or(last), log.len());
        }
    }

    fn fault(&mut self, fault: &Fault) -> Result<(), Closed> {
        let lines = match fault {
            Fault::NodeDown { node } => vec![format!("playground cut node {node}")],
            Fault::NodeUp { node, restart_containers: false } => vec![format!("playground start node {node}")],
            Fault::NodeUp { node, restart_containers: true } => {
                vec![format!("playground stop node {node}"), format!("playground start node {node}")]
            }
            Fault::PodUnready { pod } => vec![format!("playground unready pod {pod}")],
            Fault::PodReady { pod } => vec![format!("playground ready pod {pod}")],
            Fault::Crash { .. } => return Err("crash"),
            Fault::Evict { .. } => return Err("evict"),
        };
        for line in &lines {
            self.type_line(line);
        }
        Ok(())
    }
}
