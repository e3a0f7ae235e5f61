//! A story: what follows from an act, up to the instant after which nothing new comes.
//!
//! Periodic work never ends: a drain is refused every five seconds, a container crashes again, kubelets report. The first time that is part
//! of the story, and from then on it is not. What is new is what the page shows of an object, where the object has not come to be so since
//! the act. Restarts, uids and random names make nothing new.
//!
//! Promises: whether something new comes is seen on a copy, within a bounded time and a bounded number of events; a story that began at an
//! instant is over ten minutes later, whatever goes on.
//! Must not know: wall time, lessons.

use super::history::History;
use super::{Goal, Pace, Playground, World};
use api::kind::Kind;
use api::object::{Name, Object};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::hash::Digest;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use causes::pod::{pod_word, ready_of};
use console::{Watch, go};
use server::log::Change;
use sim::Sim;

/// The longest wait for the next news. A node is missed after 40 seconds, and its pods are evicted five minutes after that.
const STORY_TIME_MAX: Span = Span::seconds(360);
/// What follows upon something new so closely belongs to it: the counts of a set come after its pods.
const TOGETHER: Span = Span::seconds(1);
/// No story is longer.
pub const LONGEST: Span = Span::seconds(600);
/// How many events are looked at ahead. Where that is not enough, as with a thousand pods, it is taken that something comes.
const MAX_EVENTS: u32 = 20_000;

/// What follows from an act.
#[derive(Clone, Debug)]
pub struct Story {
    begun: Time,
    had: Had,
    /// When something new comes, as far as that is known.
    next: Option<Time>,
    ahead: Option<Box<Lookout>>,
}

/// What comes of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It goes on up to this instant at least.
    GoesOn(Time),
    /// Nothing new comes.
    Ends,
    /// Whoever asked had no time to look.
    Open,
}

/// What a story has had.
#[derive(Clone, Debug)]
struct Had {
    /// How much of the log.
    read: usize,
    /// What objects came to be.
    states: SortedSet<u64>,
    /// When something new came last.
    last: Time,
    /// What the processes of replicated applications were, each as one number.
    members: Vec<u64>,
}

/// A copy on which is seen what comes.
#[derive(Clone, Debug)]
struct Lookout {
    state: Playground,
    /// After how many events it looks ahead.
    after: u64,
    until: Time,
    news: News,
}

/// Watches a copy for something new.
#[derive(Clone, Debug)]
struct News {
    had: Had,
    /// How many terminals wait.
    busy: usize,
    events: u32,
    /// Whether something new has come.
    came: bool,
}

impl Story {
    /// The story of what has just been done.
    pub fn begin(state: &Playground) -> Story {
        let (read, members) = (state.sim().log().len(), members(state.sim()));
        let had = Had { read, states: SortedSet::new(), last: state.now(), members };
        Story { begun: state.now(), had, next: None, ahead: None }
    }

    /// Whether the story goes on after a state that it has come to. The same state once more goes on looking where that was stopped.
    pub fn outlook(&mut self, state: &Playground, go_on: &mut dyn FnMut() -> bool) -> Outlook {
        if let Some(next) = self.next.filter(|next| *next > state.now()) {
            return Outlook::GoesOn(next);
        }
        self.had.take(state.world());
        let known = self.ahead.take().filter(|ahead| ahead.after == state.sim().steps());
        let mut ahead = known.unwrap_or_else(|| Box::new(Lookout::from(state, self)));
        let outlook = ahead.look(go_on);
        match outlook {
            Outlook::Open => self.ahead = Some(ahead),
            Outlook::GoesOn(next) => self.next = Some(next),
            Outlook::Ends => {}
        }
        outlook
    }
}

impl Had {
    /// Takes in what has happened; whether any of it is new, or belongs to what is.
    fn take(&mut self, world: &World) -> bool {
        let log = world.sim.log();
        let mut goes_on = false;
        for (at, came) in log.from(self.read).filter_map(|change| Some((change.at, came_to_be(change)?))) {
            goes_on |= self.note(at, came);
        }
        self.read = log.len();
        let before = std::mem::replace(&mut self.members, members(&world.sim));
        for member in self.members.iter().filter(|member| !before.contains(member)) {
            goes_on |= self.states.insert(*member);
        }
        goes_on
    }

    fn note(&mut self, at: Time, came: u64) -> bool {
        let is_new = self.states.insert(came);
        if is_new {
            self.last = at;
        }
        at <= self.last + TOGETHER
    }
}

impl Lookout {
    /// A look at what follows after a state of a story.
    fn from(state: &Playground, story: &Story) -> Lookout {
        let busy = state.busy_tabs().len();
        let longest = story.begun + LONGEST;
        // A command that waits ends some time.
        let until = if busy > 0 { longest } else { longest.min(state.now() + STORY_TIME_MAX) };
        let news = News { had: story.had.clone(), busy, events: 0, came: false };
        Lookout { state: state.clone(), after: state.sim().steps(), until, news }
    }

    /// Looks until something new comes, for as long as `go_on` allows.
    fn look(&mut self, go_on: &mut dyn FnMut() -> bool) -> Outlook {
        match go(&mut self.state, Goal::Until(self.until), &mut self.news, go_on) {
            Pace::Stopped => Outlook::Open,
            Pace::Halted if self.news.came => Outlook::GoesOn(self.state.now()),
            Pace::Halted => Outlook::GoesOn(self.until),
            Pace::Reached | Pace::Circles => Outlook::Ends,
        }
    }
}

impl Watch for News {
    fn see(&mut self, world: &World, _since: usize) {
        if !self.halts() {
            self.came = self.had.take(world) || world.busy().len() < self.busy;
            self.events += 1;
        }
    }

    fn halts(&self) -> bool {
        self.came || self.events >= MAX_EVENTS
    }
}

impl History {
    /// Lets time pass to the end of a story, or until `go_on` returns false.
    pub fn tell(&mut self, story: &mut Story, go_on: &mut dyn FnMut() -> bool) -> Pace {
        loop {
            let pace = match story.outlook(self.present(), go_on) {
                Outlook::GoesOn(next) => self.run(next, &mut *go_on),
                Outlook::Ends => return Pace::Reached,
                Outlook::Open => Pace::Stopped,
            };
            if pace != Pace::Reached {
                return pace;
            }
        }
    }
}

/// Words as one number.
fn told<'a>(words: impl IntoIterator<Item = &'a str>) -> Digest {
    let mut digest = Digest::default();
    words.into_iter().for_each(|word| digest.text(word));
    digest
}

/// What each process of a replicated application is, and how much it holds.
fn members(sim: &Sim) -> Vec<u64> {
    let all = sim.disks().replicated();
    let sets = sim.tables().stateful_sets().map(|set| set.meta.namespaced_name());
    let mut found = Vec::new();
    for set in sets {
        for member in all.members(&set) {
            let mut told = told([&*set.namespace, &*member.place().pod]);
            let (role, held) = (member.role(), member.log().len() as u64);
            for word in [u64::from(role.leads()), u64::from(role.is_alone()), held] {
                told.word(word);
            }
            found.push(told.0);
        }
    }
    found
}

/// Which object came to be how; `None` where the page shows the same before and after.
fn came_to_be(change: &Change) -> Option<u64> {
    let [before, after] = [&change.before, &change.after].map(|side| side.as_ref().and_then(shown));
    let mut came = told([change.key.kind.info().name, &change.key.namespace, &name_of(change.object()?)]);
    came.word(after.unwrap_or_default());
    (before != after).then_some(came.0)
}

/// What an object is called that comes back: a pod without an ordinal by its owner, a volume by its claim.
fn name_of(object: &Object) -> Name {
    let owner = object.meta().controller().filter(|owner| owner.kind != Some(Kind::StatefulSet)).map(|owner| &owner.name);
    let claim = object.as_volume().and_then(|volume| volume.spec.claim.as_ref()).map(|claim| &claim.name);
    Name::clone(owner.or(claim).unwrap_or(&object.meta().name))
}

/// Adds what is counted to what is shown.
fn count<const N: usize>(counts: [i64; N], shown: &mut Digest) {
    for count in counts {
        shown.word(count.cast_unsigned());
    }
}

/// What the page shows of an object, as one number; `None` for an object that it does not show.
fn shown(object: &Object) -> Option<u64> {
    let mut shown = Digest::default();
    shown.word(u64::from(object.meta().terminating()));
    match object {
        Object::Pod(pod) => {
            shown.text(&pod_word(pod, false).word);
            shown.text(&ready_of(pod));
            shown.text(pod.node.as_deref().unwrap_or_default());
            shown.text(pod.meta.label(CONTROLLER_REVISION_HASH).map_or("", |hash| hash));
        }
        Object::StatefulSet(set) => {
            let status = &set.status;
            let counts = [set.spec.replicas, status.replicas, status.ready, status.current, status.updated, status.available];
            count(counts, &mut shown);
            shown.text(&status.current_revision);
            shown.text(&status.update_revision);
        }
        Object::Deployment(deployment) => {
            let status = &deployment.status;
            let counts = [deployment.spec.replicas, status.replicas, status.ready, status.updated, status.available];
            count(counts, &mut shown);
        }
        Object::Claim(claim) => {
            shown.text(claim.status.phase.word());
            shown.text(&claim.status.capacity);
        }
        Object::Volume(volume) => shown.text(volume.status.phase.word()),
        Object::Node(node) => {
            shown.text(node.ready().word());
            shown.word(u64::from(node.unschedulable));
            node.taints.iter().for_each(|taint| shown.text(&taint.spelled()));
        }
        Object::Plain(plain) if plain.kind == Kind::Lease => return None,
        Object::EndpointSlice(slice) => {
            for endpoint in &slice.endpoints {
                shown.text(&endpoint.hostname);
                shown.word(u64::from(endpoint.ready));
            }
        }
        Object::Event(_) | Object::Endpoints(_) | Object::ReplicaSet(_) | Object::ControllerRevision(_) => {
            return None;
        }
        Object::StorageClass(_) | Object::Service(_) | Object::Budget(_) | Object::Plain(_) => {}
    }
    Some(shown.0)
}
