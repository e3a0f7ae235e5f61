//! A sync of Argo CD: wave by wave, by kubectl's own code and in its own name. Where that is asked for, what the new state lacks is
//! deleted first in its wave. A wave waits until what the one before made is healthy. The last one waits for nothing.
//!
//! Models github.com/argoproj/gitops-engine pkg/sync (sync_context.go, sync_tasks.go) and pkg/utils/kube/resource_ops.go, as the
//! application controller calls them.

use api::client::{Client, DeleteOptions, Propagation};
use base::sort::Sort;
use base::time::{Span, Time};
use kubectl::failure::Failure;
use kubectl::{Files, Job, Progress};

use crate::asked::Asked;
use crate::item::{Item, has_option, is_kept};
use crate::ready;
use crate::state::State;
use crate::tool::Flag;
use crate::work::{Ended, Step, Work};

const WAVE: &str = "argocd.argoproj.io/sync-wave";
const OPTIONS: &str = "argocd.argoproj.io/sync-options";
/// The file that holds one object for kubectl's code.
const FILE: &str = "/dev/shm/manifest";
/// In whose name whole objects are written: that of the program.
const PROGRAM: &str = "argocd-application-controller";
/// The commands that kubectl's warnings name. Inside Argo CD the program has no name.
const NAMED: [&str; 2] = ["kubectl apply", "kubectl create"];
const UNSUCCESSFUL: &str = "one or more synchronization tasks completed unsuccessfully";
/// How often a sync is looked at again.
const LOOK: Span = Span::seconds(1);

/// How far a task is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Progressed {
    Pending,
    /// It is written, and its health is not known yet.
    Runs,
    Done,
    Failed,
}

#[derive(Clone, Debug)]
struct Task {
    item: Item,
    wave: i64,
    prunes: bool,
    progressed: Progressed,
    /// The word for what came of it, and the message.
    result: (&'static str, String),
}

impl Task {
    fn new(item: &Item, prunes: bool) -> Task {
        let wave = item.value.text_at(&["metadata", "annotations", WAVE]).and_then(|wave| wave.parse().ok()).unwrap_or_default();
        Task { item: item.clone(), wave, prunes, progressed: Progressed::Pending, result: ("", String::new()) }
    }

    fn says(&self, client: &dyn Client, option: &str) -> bool {
        has_option(&self.item.value, OPTIONS, option) || self.item.live(client).is_some_and(|live| has_option(&live, OPTIONS, option))
    }
}

/// A sync under way.
#[derive(Clone, Debug)]
pub struct Sync {
    asked: Asked,
    /// By wave, then in the order of kinds.
    tasks: Vec<Task>,
    /// The task at work, and kubectl's code for it.
    at_work: Option<(usize, Job)>,
    begun: Option<Time>,
    /// What was told while it ran.
    told: Vec<String>,
    /// Whether what failed has been looked at once more.
    looked: bool,
}

impl Sync {
    /// Begins with what is asked for.
    pub fn new(asked: &Asked) -> Sync {
        let new = Item::all(&asked.after, asked.tool);
        let old = if asked.is_upgrade() { Item::all(&asked.before, asked.tool) } else { Vec::new() };
        let gone = old.iter().filter(|old| !new.iter().any(|new| new.is(old))).map(|item| Task::new(item, true));
        let mut gone: Vec<Task> = gone.collect();
        turn_waves(&mut gone);
        let all: Vec<Task> = new.iter().map(|item| Task::new(item, false)).chain(gone).collect();
        let last = all.iter().map(|task| task.wave).fold(0, i64::max) + 1;
        let goes_last =
            |task: &Task| task.prunes && (asked.options.says("PruneLast=true") || has_option(&task.item.value, OPTIONS, "PruneLast=true"));
        let mut tasks: Vec<Task> = all.into_iter().map(|task| if goes_last(&task) { Task { wave: last, ..task } } else { task }).collect();
        let turn = |task: &Task| (task.wave, !task.prunes, asked.tool.turn(task.item.kind.info().name));
        tasks.sort_small_by(|a, b| turn(a).cmp(&turn(b)).then_with(|| a.item.name.cmp(&b.item.name)));
        Sync { asked: asked.clone(), tasks, at_work: None, begun: None, told: Vec::new(), looked: false }
    }

    fn has(&self, progressed: &Progressed) -> bool {
        self.tasks.iter().any(|task| task.progressed == *progressed)
    }

    fn on(&self, flag: Flag) -> bool {
        self.asked.options.on(flag)
    }

    /// The line of kubectl that does a task.
    fn line(&self, client: &dyn Client, task: &Task) -> String {
        let Task { item, .. } = task;
        let force = if self.on(Flag::Force) || task.says(client, "Force=true") { " --force" } else { "" };
        let space = if item.namespace.is_empty() { String::new() } else { format!(" -n {}", item.namespace) };
        let replaces = self.on(Flag::Replace) || task.says(client, "Replace=true");
        if replaces {
            let verb = if item.live(client).is_some() { format!("replace{force}") } else { "create".to_owned() };
            return format!("kubectl {verb} -f {FILE}{space} --field-manager={PROGRAM}");
        }
        let manager = self.asked.tool.traits().manager;
        let by_server = self.on(Flag::ServerSide) || has_option(&item.value, OPTIONS, "ServerSideApply=true");
        // What the server merges is never made anew.
        let how = if by_server { " --server-side --force-conflicts" } else { force };
        format!("kubectl apply -f {FILE}{space} --field-manager={manager}{how}")
    }

    /// Deletes what the new state lacks, where that is asked for.
    fn prune(&self, client: &mut dyn Client, item: &Item) -> (Progressed, (&'static str, String)) {
        let skipped = |why: &str| (Progressed::Done, ("PruneSkipped", why.to_owned()));
        let traits = self.asked.tool.traits();
        let Some(live) = item.live(client) else { return (Progressed::Done, ("Pruned", "pruned".to_owned())) };
        if !self.asked.options.prunes(self.asked.tool) {
            return skipped("ignored (requires pruning)");
        }
        if is_kept(&live, traits.keeps.as_ref()) || has_option(&item.value, OPTIONS, "Prune=false") {
            return skipped("ignored (no prune)");
        }
        let in_background = self.asked.options.says("PrunePropagationPolicy=background");
        let propagation = if in_background { Propagation::Background } else { traits.propagation };
        let options = DeleteOptions { propagation: Some(propagation), ..DeleteOptions::default() };
        match client.delete(item.kind, &item.namespace, &item.name, &options) {
            Ok(_) => (Progressed::Done, ("Pruned", "pruned".to_owned())),
            Err(status) => (Progressed::Failed, ("SyncFailed", status.message)),
        }
    }

    /// Goes on with the task at work; when to look again, if it waits.
    fn work(&mut self, client: &mut dyn Client) -> Option<Time> {
        let (at, mut job) = self.at_work.take()?;
        let task = &mut self.tasks[at];
        match job.poll(client) {
            Progress::Waiting { until } => {
                let again = until.unwrap_or(client.now() + Span(100)).max(client.now() + Span(1));
                self.at_work = Some((at, job));
                return Some(again);
            }
            Progress::Done { rc: 0 } => {
                let printed = [job.stdout(), job.stderr()];
                let said: Vec<&str> = printed.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
                (task.progressed, task.result) = (
                    Progressed::Runs,
                    ("Synced", NAMED.iter().fold(said.join(". "), |said, line| said.replace(line, line.trim_start_matches("kubectl")))),
                );
            }
            Progress::Done { .. } => {
                let words = job.failure().map_or_else(|| job.stderr(), words_of);
                (task.progressed, task.result) = (Progressed::Failed, ("SyncFailed", words.trim_end().to_owned()));
            }
        }
        None
    }

    /// The wave that is next, or under way: the first with a task that is pending.
    fn wave(&self) -> Option<i64> {
        self.tasks.iter().find(|task| task.progressed == Progressed::Pending).map(|task| task.wave)
    }

    /// Does what is left of a wave; when to look again, if a task waits.
    fn run(&mut self, client: &mut dyn Client, wave: i64) -> Option<Time> {
        while let Some(at) = self.tasks.iter().position(|task| task.wave == wave && task.progressed == Progressed::Pending) {
            if self.tasks[at].prunes {
                let item = self.tasks[at].item.clone();
                let (progressed, result) = self.prune(client, &item);
                (self.tasks[at].progressed, self.tasks[at].result) = (progressed, result);
                continue;
            }
            let line = self.line(client, &self.tasks[at]);
            let files = Files::new().with([(FILE, self.tasks[at].item.value.to_json())]);
            self.at_work = Some((at, Job::new(&line, &files)));
            if let Some(again) = self.work(client) {
                return Some(again);
            }
        }
        None
    }

    /// Takes the health of what was written before a wave; what is waited for.
    fn heal(&mut self, client: &dyn Client, wave: i64) -> Option<String> {
        for task in self.tasks.iter_mut().filter(|task| task.progressed == Progressed::Runs && task.wave < wave) {
            let (progressed, message) = match ready::of(self.asked.tool, &task.item, client) {
                State::Ready(message) => (Progressed::Done, message),
                State::Failed(message) => (Progressed::Failed, message),
                _ => continue,
            };
            task.progressed = progressed;
            if !message.is_empty() {
                task.result.1 = message;
            }
        }
        let leaves = |task: &&Task| {
            let pruned = task.prunes && task.wave < wave && task.result.0 == "Pruned";
            pruned && task.item.live(client).is_some_and(|live| live.at(&["metadata", "deletionTimestamp"]).is_some())
        };
        self.waits_for(wave).or_else(|| waiting("deletion of", self.tasks.iter().filter(leaves)))
    }

    /// The objects before a wave whose health is waited for.
    fn waits_for(&self, wave: i64) -> Option<String> {
        waiting("healthy state of", self.tasks.iter().filter(|task| task.progressed == Progressed::Runs && task.wave < wave))
    }

    fn tell(&mut self, waits: &str) {
        let told = format!("Running: {waits}");
        if !self.told.contains(&told) {
            self.told.push(told);
        }
    }

    /// The result of each object.
    fn results(&self) -> Vec<String> {
        let done = self.tasks.iter().filter(|task| task.progressed != Progressed::Pending);
        done.map(|task| format!("{}/{} {}: {}", task.item.kind.info().name, task.item.name, task.result.0, task.result.1)).collect()
    }

    fn end(&self, phase: &str, message: &str) -> Step {
        let (end, is_well) = (format!("{phase}: {message}"), phase == "Succeeded");
        let told = self.told.iter().chain(is_well.then_some(&end)).cloned();
        Step::Done(Ended { said: told.chain(self.results()).collect(), failed: (!is_well).then_some(end.clone()) })
    }

    /// Ends where something failed.
    fn fail(&self, message: &str) -> Step {
        let reasons = self.tasks.iter().filter(|task| task.result.0 == "SyncFailed").map(|task| task.result.1.clone());
        let reasons: Vec<String> = reasons.collect();
        let reason = if reasons.is_empty() { String::new() } else { format!(", reason: {}", reasons.join(",")) };
        self.end("Failed", &format!("{message}{reason}"))
    }
}

/// What a sync says while it waits for objects.
fn waiting<'a>(what: &str, mut tasks: impl Iterator<Item = &'a Task>) -> Option<String> {
    let first = tasks.next()?;
    let (kind, others) = (first.item.kind.info(), tasks.count());
    let more = if others == 0 { String::new() } else { format!(" and {others} more resources") };
    Some(format!("waiting for {what} {}/{}/{}{more}", kind.group, kind.name, first.item.name))
}

/// Has what is pruned go in the reverse order of waves.
fn turn_waves(gone: &mut [Task]) {
    let mut waves: Vec<i64> = gone.iter().map(|task| task.wave).collect();
    waves.sort_small();
    waves.dedup();
    for task in gone {
        if let Some(at) = waves.iter().position(|wave| *wave == task.wave) {
            task.wave = waves[waves.len() - 1 - at];
        }
    }
}

/// A failure in the words of kubectl's code, without what its program adds around the request.
fn words_of(failure: &Failure) -> String {
    let words = match failure.itself() {
        Failure::Server(status) => status.message.clone(),
        other => other.words(),
    };
    let around = format!("for: \"{FILE}\": ");
    words.rfind(&around).map_or(words.clone(), |at| words[at + around.len()..].to_owned())
}

impl Work for Sync {
    fn go_on(&mut self, client: &mut dyn Client) -> Step {
        let now = client.now();
        let begun = *self.begun.get_or_insert(now);
        if let Some(again) = self.work(client) {
            return Step::Until(again);
        }
        let last = self.tasks.iter().map(|task| task.wave).max();
        while let Some(wave) = self.wave() {
            if let Some(waits) = self.heal(client, wave) {
                self.tell(&waits);
                if now.since(begun) >= self.asked.options.timeout() {
                    return self.end("Running", &waits);
                }
                return Step::Until(now + LOOK);
            }
            if self.has(&Progressed::Failed) {
                return self.fail(UNSUCCESSFUL);
            }
            if let Some(again) = self.run(client, wave) {
                return Step::Until(again);
            }
            if self.has(&Progressed::Failed) {
                break;
            }
            if Some(wave) != last {
                let told = waiting("healthy state of", self.tasks.iter().filter(|task| task.wave == wave));
                told.into_iter().for_each(|waits| self.tell(&waits));
                return Step::Until(now + LOOK);
            }
        }
        if !self.has(&Progressed::Failed) {
            return self.end("Succeeded", "successfully synced (all tasks run)");
        }
        // What was written beside what failed is looked at once more first.
        if let Some(waits) = self.waits_for(i64::MAX).filter(|_| !self.looked) {
            self.looked = true;
            self.tell(&waits);
            return Step::Until(now + LOOK);
        }
        self.fail(if self.looked { UNSUCCESSFUL } else { "one or more objects failed to apply" })
    }

    fn copied(&self) -> Box<dyn Work> {
        Box::new(self.clone())
    }
}
