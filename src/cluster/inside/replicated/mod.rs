//! Applications that keep the same data in several places: a primary with replicas by ordinal, or a quorum with a leader.
//!
//! A member is the process of an image whose processes have peers ([`super::apps::Peers`]). What it holds is a file in the folder
//! where its image keeps data, so it lives as long as the volume mounted there. Members find each other by the names that the
//! governing Service gives them; members on a silent node reach only those on the same node. Clients are on every side of a cut.
//!
//! Promises: the same events give the same state; nothing happens between [`Replicated::wake`] and the present; a process that
//! outlives its pod carries on as if nothing had happened, because it cannot know.
//! Must not know: the queue of events, the page.
//! Not modelled: elections that fail, writes under way while a leader goes, snapshots, joining a quorum that was set up for fewer.

mod election;
pub mod log;
mod mysql;
pub mod tools;

use std::rc::Rc;

use super::Disks;
use super::apps::Peers;
use super::place::{Place, Room};
use crate::api::object::{Name, Pod, Uid};
use crate::base::sorted::{SortedMap, SortedSet};
use crate::base::time::{Span, Time};
use crate::server::tables::Tables;
use crate::shell::Host;
use log::{Entry, Mark};

/// How long members take to agree after something changed.
const AGREE: Span = Span(500);
/// How often a client writes.
const CLIENT_PAUSE: Span = Span::seconds(1);
/// The file that a member keeps.
const FILE: &str = "ordinal.log";
/// How often a client may be told to write, at most.
const WRITES_MOST: u32 = 3600;

/// What a member takes itself for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes writes, because of its ordinal.
    Primary,
    /// Copies its primary.
    Replica,
    /// Holds writes that its primary does not, and has stopped copying.
    Diverged,
    /// Takes writes, because more than half of the members chose it.
    Leader,
    /// Follows one.
    Follower,
    /// Has found no primary, or not enough others.
    Alone,
}

impl Role {
    /// Whether it takes writes.
    pub fn leads(self) -> bool {
        matches!(self, Role::Primary | Role::Leader)
    }

    /// Whether it has nobody to follow, or no longer does.
    pub fn is_alone(self) -> bool {
        matches!(self, Role::Alone | Role::Diverged)
    }
}

/// Which processes belong together: those of a set, by its namespace and name.
pub type Group = (Name, Name);
/// A process: its pod's uid, and its container.
type Key = (Uid, Name);

/// The process of an application.
#[derive(Clone, Debug)]
pub struct Member {
    place: Rc<Place>,
    group: Group,
    ordinal: Option<u32>,
    /// How many members it was told of.
    voters: usize,
    file: Rc<str>,
    log: Rc<Vec<Entry>>,
    /// Whether it found others, or they it.
    joined: bool,
    role: Role,
    /// Whom it follows.
    follows: Option<Uid>,
    epoch: u32,
}

impl Member {
    /// Its container.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What it takes itself for.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What it holds.
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// How many members more than half of those it was told of are.
    pub fn majority(&self) -> usize {
        self.voters / 2 + 1
    }

    /// How many members it was told of.
    pub fn voters(&self) -> usize {
        self.voters
    }

    /// Its ordinal, where its pod has one.
    pub fn ordinal(&self) -> Option<u32> {
        self.ordinal
    }

    /// Whether it found others, or they it.
    pub fn has_joined(&self) -> bool {
        self.joined
    }

    /// Whether it follows another, and copies what that one takes.
    pub fn follows(&self, leader: &Member) -> bool {
        self.follows == Some(leader.place.uid) && matches!(self.role, Role::Replica | Role::Follower)
    }

    fn peers(&self) -> Peers {
        self.place.app().peers
    }

    /// How it signs: `zk-1#a02e`.
    fn signature(&self) -> Name {
        /// As much of a uid as tells one process from another.
        const DIGITS: usize = 4;
        let uid: String = self.place.uid.to_string().chars().take(DIGITS).collect();
        format!("{}#{uid}", self.place.pod).into()
    }

    /// Holds what another holds, and writes down what is new.
    fn copy(&mut self, other: &Rc<Vec<Entry>>, disks: &mut Disks, now: Time) {
        if Rc::ptr_eq(&self.log, other) {
            return;
        }
        let known = self.log.len();
        let text: String = if other.starts_with(&self.log) {
            self.on_disk(disks, now) + &other[known..].iter().map(Entry::to_string).collect::<String>()
        } else {
            other.iter().map(Entry::to_string).collect()
        };
        self.log = Rc::clone(other);
        self.put(&text, disks, now);
    }

    /// Takes a write that is its own to take.
    fn take(&mut self, text: &str, disks: &mut Disks, now: Time) -> Mark {
        let number = self.log.last().filter(|last| last.mark.epoch == self.epoch).map_or(1, |last| last.mark.number.saturating_add(1));
        let mark = Mark { epoch: self.epoch, number, by: self.signature() };
        let entry = Entry { mark: mark.clone(), at: now, text: text.into() };
        let text = self.on_disk(disks, now) + &entry.to_string();
        Rc::make_mut(&mut self.log).push(entry);
        self.put(&text, disks, now);
        mark
    }

    fn on_disk(&self, disks: &mut Disks, now: Time) -> String {
        Room { place: &self.place, disks, now }.read(&self.file).map_or(String::new(), |text| text.to_string())
    }

    /// Writes its file. A disk that is full keeps what it has: the process goes on with what is in its memory.
    fn put(&self, text: &str, disks: &mut Disks, now: Time) {
        let _ = Room { place: &self.place, disks, now }.write(&self.file, text);
    }
}

/// What is known of the writes to an application: more than anybody in the cluster knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Those that a client was told are kept.
    pub acknowledged: Rc<Vec<Mark>>,
    /// How many were refused.
    pub refused: u32,
    /// How many a client is still to make.
    pub left: u32,
    next: Time,
}

/// All such applications.
#[derive(Clone, Debug, Default)]
pub struct Replicated {
    members: SortedMap<Key, Member>,
    ledgers: Vec<(Group, Ledger)>,
    /// Nodes that nobody reaches, and that reach nobody.
    silent: SortedSet<Name>,
    /// When members will agree again.
    agree: Option<Time>,
    /// The instant that was last asked for.
    asked: Option<Time>,
    /// How often members agreed, or one was lost.
    turns: u64,
}

impl Replicated {
    /// The members of a set, by the uid of their pods.
    pub fn members(&self, namespace: &str, set: &str) -> impl Iterator<Item = &Member> {
        self.members.values().filter(move |m| &*m.group.0 == namespace && &*m.group.1 == set)
    }

    /// What is known of the writes to a set.
    pub fn ledger(&self, namespace: &str, set: &str) -> Option<&Ledger> {
        self.ledgers.iter().find(|((ns, name), _)| &**ns == namespace && &**name == set).map(|(_, ledger)| ledger)
    }

    /// How often it may have changed who leads.
    pub fn turns(&self) -> u64 {
        self.turns
    }

    /// Who leads each set among those that are in reach.
    pub fn leaders(&self) -> Vec<(Group, Option<Name>)> {
        let mut leaders: Vec<(Group, Option<Name>)> = Vec::new();
        for member in self.members.values().filter(|m| m.ordinal.is_some() && !self.silent.contains(&m.place.node)) {
            let leader = member.role.leads().then(|| Rc::clone(&member.place.pod));
            match leaders.iter_mut().find(|(group, _)| *group == member.group) {
                Some((_, known)) => *known = leader.or(known.take()),
                None => leaders.push((member.group.clone(), leader)),
            }
        }
        leaders
    }

    /// How many acknowledged writes nobody who leads holds; `None` while nobody leads.
    pub fn lost(&self, namespace: &str, set: &str) -> Option<usize> {
        let leads: Vec<&Member> = self.members(namespace, set).filter(|m| m.role.leads()).collect();
        let held = |mark: &&Mark| leads.iter().any(|leader| log::holds(&leader.log, mark));
        let marks = self.ledger(namespace, set).map(|ledger| &ledger.acknowledged);
        (!leads.is_empty()).then(|| marks.map_or(0, |marks| marks.iter().filter(|mark| !held(mark)).count()))
    }

    /// The member among a pod's processes.
    pub fn member_of(&self, uid: Uid) -> Option<&Member> {
        self.members.values().find(|member| member.place.uid == uid)
    }

    /// Whether two places can reach each other; no place stands for somewhere outside of all nodes.
    pub fn apart(&self, from: Option<&Name>, to: &Name) -> bool {
        from != Some(to) && (self.silent.contains(to) || from.is_some_and(|from| self.silent.contains(from)))
    }

    /// The instant at which something happens next, where it is sooner than the one told of last.
    pub fn wake(&mut self) -> Option<Time> {
        let clients = self.ledgers.iter().filter(|(_, ledger)| ledger.left > 0).map(|(_, ledger)| ledger.next);
        let next = clients.chain(self.agree).min()?;
        if self.asked.is_some_and(|asked| asked <= next) {
            return None;
        }
        self.asked = Some(next);
        self.asked
    }

    /// Something changed that members may notice.
    pub fn unsettle(&mut self, now: Time) {
        if !self.members.is_empty() && self.agree.is_none() {
            self.agree = Some(now + AGREE);
        }
    }

    /// A machine fell silent, or is back.
    pub fn hears_of_node(&mut self, node: &Name, silent: bool, now: Time) {
        if silent {
            self.silent.insert(Rc::clone(node));
        } else {
            self.silent.remove(node);
        }
        self.unsettle(now);
    }

    /// The process of a container ended.
    pub fn stopped(&mut self, key: &Key, now: Time) {
        if self.members.remove(key).is_some() {
            self.turns += 1;
            self.agree = Some(now + AGREE);
        }
    }

    /// A set is gone, and with it what its clients were told.
    pub fn set_gone(&mut self, group: &Group) {
        self.ledgers.retain(|(of, _)| of != group);
    }

    fn ledger_mut(&mut self, group: &Group) -> &mut Ledger {
        let at = self.ledgers.iter().position(|(of, _)| of == group).unwrap_or_else(|| {
            self.ledgers.push((group.clone(), Ledger::default()));
            self.ledgers.len() - 1
        });
        &mut self.ledgers[at].1
    }

    fn side(&self, member: &Member) -> Option<Name> {
        Some(&member.place.node).filter(|node| self.silent.contains(*node)).cloned()
    }

    /// The keys of a group's members: ordinals from below, the newest pod of each last.
    fn keys(&self, group: &Group) -> Vec<Key> {
        self.members.iter().filter(|(_, m)| m.group == *group).map(|(key, _)| key.clone()).collect()
    }

    /// Lets a member that leads take a write, and those who follow it; whether it counts.
    fn write_to(&mut self, leader: &Key, text: &str, disks: &mut Disks, now: Time) -> bool {
        let Some(member) = self.members.get(leader) else { return false };
        let (side, group, needed) = (self.side(member), member.group.clone(), member.majority());
        let copies = |key: &Key| self.members[key].follows(member) && self.side(&self.members[key]) == side;
        let copies: Vec<Key> = self.keys(&group).into_iter().filter(copies).collect();
        if member.role == Role::Leader && copies.len() + 1 < needed {
            return false;
        }
        let Some(member) = self.members.get_mut(leader) else { return false };
        let mark = member.take(text, disks, now);
        let log = Rc::clone(&member.log);
        for key in &copies {
            if let Some(copy) = self.members.get_mut(key) {
                copy.copy(&log, disks, now);
            }
        }
        Rc::make_mut(&mut self.ledger_mut(&group).acknowledged).push(mark);
        true
    }

    /// A client on each side of every cut writes to whoever leads there. Those beyond the silent nodes are told if nobody does.
    fn write_everywhere(&mut self, group: &Group, text: &str, disks: &mut Disks, now: Time) {
        let leaders: Vec<Key> = self.keys(group).into_iter().filter(|k| self.members[k].role.leads()).collect();
        let mut served = false;
        for leader in leaders {
            let outside = self.side(&self.members[&leader]).is_none();
            served |= self.write_to(&leader, text, disks, now) && outside;
        }
        if !served {
            self.ledger_mut(group).refused += 1;
        }
    }
}

impl Disks {
    /// Applications that keep the same data in several places.
    pub fn replicated(&self) -> &Replicated {
        &self.replicated
    }

    /// The same, to tell of what changed.
    pub fn replicated_mut(&mut self) -> &mut Replicated {
        &mut self.replicated
    }

    /// Does something with the applications and the disks at once.
    pub(super) fn with_replicated<T>(&mut self, act: impl FnOnce(&mut Replicated, &mut Disks) -> T) -> T {
        let mut replicated = std::mem::take(&mut self.replicated);
        let result = act(&mut replicated, self);
        self.replicated = replicated;
        result
    }

    /// Begins a member.
    pub(super) fn begin_member(&mut self, pod: &Pod, place: Place, tables: &Tables, now: Time) {
        let member = member(pod, place, tables, self, now);
        self.replicated.members.insert((member.place.uid, Rc::clone(&member.place.container)), member);
        self.replicated.agree = Some(now + AGREE);
    }

    /// Lets a client write so many times, once a second from now on.
    pub fn begin_client(&mut self, namespace: &Name, set: &Name, count: u32, now: Time) {
        let ledger = self.replicated.ledger_mut(&(Rc::clone(namespace), Rc::clone(set)));
        ledger.left = count.min(WRITES_MOST);
        ledger.next = now;
    }

    /// Does what is due.
    pub fn run_replicated(&mut self, tables: &Tables, now: Time) {
        self.with_replicated(|replicated, disks| {
            replicated.asked = replicated.asked.filter(|asked| *asked > now);
            if replicated.agree.is_some_and(|at| at <= now) {
                replicated.agree = None;
                replicated.turns += 1;
                replicated.settle(disks, tables, now);
            }
            let due: Vec<Group> =
                replicated.ledgers.iter().filter(|(_, l)| l.left > 0 && l.next <= now).map(|(group, _)| group.clone()).collect();
            for group in due {
                let ledger = replicated.ledger_mut(&group);
                ledger.left -= 1;
                ledger.next = now + CLIENT_PAUSE;
                replicated.write_everywhere(&group, "client write", disks, now);
            }
        });
    }
}

/// A process that begins: what it is told, and what it finds on its disk.
fn member(pod: &Pod, place: Place, tables: &Tables, disks: &mut Disks, now: Time) -> Member {
    let namespace = &pod.meta.namespace;
    let set = pod.meta.controller().and_then(|owner| tables.stateful_set(namespace, &owner.name));
    let ordinal: Option<u32> = set.and_then(|set| pod.meta.name.strip_prefix(&*set.meta.name)?.strip_prefix('-')?.parse().ok());
    let replicas = set.map_or(1, |set| usize::try_from(set.spec.replicas).unwrap_or(0));
    let folder = told(&place, &["--data-dir", "-data-dir"]).or_else(|| environment(&place, "PGDATA"));
    let folder = folder.unwrap_or_else(|| place.app().folder.to_owned());
    let group = (Rc::clone(namespace), set.map_or_else(|| Rc::clone(&pod.meta.name), |set| Rc::clone(&set.meta.name)));
    let mut room = Room { place: &place, disks, now };
    if room.list(&folder).is_none() {
        let _ = room.make_folder(&folder);
    }
    let numbered = place.app().numbered;
    if let Some(ordinal) = ordinal.filter(|_| !numbered.is_empty()) {
        let _ = room.write(&format!("{folder}/{numbered}"), &format!("{}\n", ordinal.saturating_add(1)));
    }
    let file: Rc<str> = format!("{folder}/{FILE}").into();
    let log = room.read(&file).map_or(Vec::new(), |text| log::read(&text));
    let voters = voters(&place).unwrap_or(replicas);
    let epoch = log::end(&log).0;
    Member {
        group,
        ordinal,
        voters,
        file,
        log: Rc::new(log),
        joined: false,
        role: Role::Alone,
        follows: None,
        epoch,
        place: Rc::new(place),
    }
}

/// What a command says after one of these flags, in its own word or in the next.
fn told(place: &Place, flags: &[&str]) -> Option<String> {
    let quotes = |c: char| c.is_whitespace() || "\"'".contains(c);
    let words: Vec<&str> = place.command.iter().flat_map(|word| word.split(quotes)).filter(|word| !word.is_empty()).collect();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let (flag, value) = word.split_once('=').map_or((*word, None), |(flag, value)| (flag, Some(value)));
        if flags.contains(&flag) {
            return value.or_else(|| rest.next().copied()).map(str::to_owned);
        }
    }
    None
}

fn environment(place: &Place, name: &str) -> Option<String> {
    place.environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// How many members its command or environment tells a process of.
fn voters(place: &Place) -> Option<usize> {
    let number = told(place, &["--servers", "-bootstrap-expect"]).and_then(|n| n.parse::<u32>().ok());
    let number = number.and_then(|n| usize::try_from(n).ok());
    let listed = |list: String, between: char| list.split(between).filter(|one| !one.is_empty()).count();
    let list = told(place, &["--initial-cluster"]).or_else(|| environment(place, "ETCD_INITIAL_CLUSTER"));
    let list = list.map(|list| listed(list, ',')).or_else(|| environment(place, "ZOO_SERVERS").map(|list| listed(list, ' ')));
    number.or(list).filter(|n| *n > 0)
}
