//! Applications that replicate data: a primary with replicas by ordinal where the manifest sets that up, or a quorum with a leader.
//!
//! A member is the process of an image whose processes have peers ([`crate::programs::Peers`]). Its log is a file in the image's data
//! directory, so it lives as long as the volume mounted there. Members discover each other by the names that the governing Service
//! gives them; members on an unreachable node reach only those on the same node. Clients are on every side of a partition.
//!
//! Promises: the same events give the same state; nothing happens between [`Replicated::wake`] and the present; a process that
//! outlives its pod carries on as if nothing had happened, because it cannot know.
//! Must not know: the queue of events, the page.
//! Not modelled: failed elections, writes in flight while a leader fails, snapshots, joining a quorum that was set up with fewer members.

mod election;
pub mod log;
mod mysql;
pub(super) mod redis;
pub(super) mod setup;
pub mod tools;

use std::rc::Rc;

use super::disk::Disk;
use super::disks::Disks;
use super::place::ContainerInfo;
use super::requests::{Call, Exchange, Outcome, Party};
use super::room::Room;
use crate::programs::Peers;
use api::object::{Name, NamespacedName, Pod, Uid};
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use base::time::{Span, Time};
use log::{Entry, Mark};
use server::tables::Tables;
use setup::{copies, data_folder, voters};
use shell::Host;

/// How long members take to agree after a change.
const AGREE: Span = Span(500);
/// The interval of a client's writes.
const CLIENT_PAUSE: Span = Span::seconds(1);
/// The file of a member's log.
pub(super) const FILE: &str = "ordinal.log";
/// The most writes that a client may be told to make.
const MAX_WRITES: u32 = 3600;

base::with_fields! {
    /// A member's role, in its own opinion.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Role {
        /// Accepts writes, because of its ordinal.
        Primary,
        /// Accepts writes, and nothing sets up replication: its data is its own.
        Single,
        /// Replicates its primary.
        Replica,
        /// Holds writes that its primary lacks, and has stopped replicating.
        Diverged,
        /// Accepts writes, because a majority elected it.
        Leader,
        /// Follows a leader.
        Follower,
        /// Has found no primary, or no majority.
        Alone,
    }
}

impl Role {
    /// Whether it accepts writes.
    pub fn leads(self) -> bool {
        matches!(self, Role::Primary | Role::Single | Role::Leader)
    }

    /// Whether it has nobody to follow, or no longer does.
    pub fn is_alone(self) -> bool {
        matches!(self, Role::Alone | Role::Diverged)
    }
}

/// A process: its pod's uid, and its container's name.
type Key = (Uid, Name);

/// A member of a replicated application.
#[derive(Clone, Debug)]
pub struct Member {
    place: Rc<ContainerInfo>,
    /// The set that its group of members is.
    group: NamespacedName,
    ordinal: Option<u32>,
    /// How many members it was configured with.
    voters: usize,
    /// Whether it is set up to replicate.
    copies: bool,
    file: Rc<str>,
    log: Rc<Vec<Entry>>,
    /// Whether it has found others, or they have found it.
    joined: bool,
    role: Role,
    follows: Option<Uid>,
    epoch: u32,
}

impl Member {
    /// Its container.
    pub fn place(&self) -> &ContainerInfo {
        &self.place
    }

    /// Its role, in its own opinion.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Its log.
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// The majority of the members it was configured with.
    pub fn majority(&self) -> usize {
        self.voters / 2 + 1
    }

    /// How many members it was configured with.
    pub fn voters(&self) -> usize {
        self.voters
    }

    /// Its ordinal, if its pod has one.
    pub fn ordinal(&self) -> Option<u32> {
        self.ordinal
    }

    /// Whether it has found others, or they have found it.
    pub fn has_joined(&self) -> bool {
        self.joined
    }

    /// Whether it follows another member and replicates its writes.
    pub fn follows(&self, leader: &Member) -> bool {
        self.follows == Some(leader.place.uid) && matches!(self.role, Role::Replica | Role::Follower)
    }

    fn peers(&self) -> Peers {
        self.place.app().peers
    }

    /// Its signature in the log: `zk-1#a02e`.
    fn signature(&self) -> Name {
        /// How many digits of a uid tell one process from another.
        const DIGITS: usize = 4;
        let uid: String = self.place.uid.to_string().chars().take(DIGITS).collect();
        format!("{}#{uid}", self.place.pod).into()
    }

    /// Takes over another member's log, and stores what is new.
    fn copy(&mut self, by: &Party, other: &Rc<Vec<Entry>>, disks: &mut Disks, now: Time) {
        if Rc::ptr_eq(&self.log, other) {
            return;
        }
        if self.log != *other {
            let what = Exchange::Copy { to: self.party(), disk: self.medium(disks, now) };
            disks.requests.take(now, by.clone(), what);
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

    /// Accepts a write as the leading member.
    fn take(&mut self, text: &str, disks: &mut Disks, now: Time) -> Mark {
        let number = self.log.last().filter(|last| last.mark.epoch == self.epoch).map_or(1, |last| last.mark.number.saturating_add(1));
        let mark = Mark { epoch: self.epoch, number, by: self.signature() };
        let entry = Entry { mark: mark.clone(), at: now, text: text.into() };
        let text = self.on_disk(disks, now) + &entry.to_string();
        Rc::make_mut(&mut self.log).push(entry);
        self.put(&text, disks, now);
        mark
    }

    /// The process as the one that asks or answers.
    fn party(&self) -> Party {
        Party::of(Some(&self.place))
    }

    /// Whose log it has, and the log.
    fn own_log(&self) -> (Party, Rc<Vec<Entry>>) {
        (self.party(), Rc::clone(&self.log))
    }

    /// What holds the volume on which its file lies.
    fn medium(&self, disks: &mut Disks, now: Time) -> Option<Name> {
        Room { place: &self.place, disks, now }.medium(&self.file)
    }

    /// A client's write to it, which it keeps.
    fn called(&self, service: Option<Name>, disks: &mut Disks, now: Time) -> Exchange {
        let (place, disk) = (&self.place, self.medium(disks, now));
        let server = Some(self.party());
        Exchange::Call(Call { host: Rc::clone(&place.pod), service, ip: place.ip, server, disk, outcome: Outcome::Kept })
    }

    fn on_disk(&self, disks: &mut Disks, now: Time) -> String {
        Room { place: &self.place, disks, now }.read(&self.file).map_or(String::new(), |text| text.to_string())
    }

    /// Writes its file. If the disk is full, the file stays as it is, and the process continues with its memory.
    fn put(&self, text: &str, disks: &mut Disks, now: Time) {
        let _ = Room { place: &self.place, disks, now }.write(&self.file, text);
    }
}

/// The global truth about the writes to an application, which nobody in the cluster knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The writes acknowledged to a client.
    pub acknowledged: Rc<Vec<Mark>>,
    /// How many writes were refused.
    pub refused: u32,
    /// How many writes a client has yet to make.
    pub left: u32,
    next: Time,
}

/// All replicated applications.
#[derive(Clone, Debug, Default)]
pub struct Replicated {
    pub(super) members: SortedMap<Key, Member>,
    ledgers: Vec<(NamespacedName, Ledger)>,
    /// Unreachable nodes.
    silent: SortedSet<Name>,
    /// When members will next agree.
    agree: Option<Time>,
    /// The earliest wake-up that was already requested.
    asked: Option<Time>,
    /// How often members agreed, or one was lost.
    turns: u64,
}

impl Replicated {
    /// A set's members, in order of their pods' uids.
    pub fn members(&self, set: &NamespacedName) -> impl Iterator<Item = &Member> {
        self.members.values().filter(move |m| m.group == *set)
    }

    /// The ledger of writes to a set.
    pub fn ledger(&self, set: &NamespacedName) -> Option<&Ledger> {
        self.ledgers.iter().find(|(of, _)| of == set).map(|(_, ledger)| ledger)
    }

    /// How often the leadership may have changed.
    pub fn turns(&self) -> u64 {
        self.turns
    }

    /// The leader of each set among its reachable members.
    pub fn leaders(&self) -> Vec<(NamespacedName, Option<Name>)> {
        let mut leaders: Vec<(NamespacedName, Option<Name>)> = Vec::new();
        for member in self.members.values().filter(|m| m.ordinal.is_some() && m.copies && !self.silent.contains(&m.place.node)) {
            let leader = member.role.leads().then(|| Rc::clone(&member.place.pod));
            match leaders.iter_mut().find(|(group, _)| *group == member.group) {
                Some((_, known)) => *known = leader.or(known.take()),
                None => leaders.push((member.group.clone(), leader)),
            }
        }
        leaders
    }

    /// How many acknowledged writes no leading member holds; `None` while nobody leads.
    pub fn lost(&self, set: &NamespacedName) -> Option<usize> {
        let leads: Vec<&Member> = self.members(set).filter(|m| m.role.leads()).collect();
        let held = |mark: &&Mark| leads.iter().any(|leader| log::holds(&leader.log, mark));
        let marks = self.ledger(set).map(|ledger| &ledger.acknowledged);
        (!leads.is_empty()).then(|| marks.map_or(0, |marks| marks.iter().filter(|mark| !held(mark)).count()))
    }

    /// How many acknowledged writes no member and none of these disks holds.
    fn gone<'a>(&self, set: &NamespacedName, disks: impl Iterator<Item = &'a Disk>) -> usize {
        let files = disks.flat_map(Disk::files).filter(|(path, _)| path.ends_with(FILE));
        let logs: Vec<Vec<Entry>> = files.map(|(_, text)| log::read(text)).collect();
        let held = |mark: &Mark| self.members(set).map(Member::log).chain(logs.iter().map(Vec::as_slice)).any(|log| log::holds(log, mark));
        self.ledger(set).map_or(0, |ledger| ledger.acknowledged.iter().filter(|mark| !held(mark)).count())
    }

    /// The member among a pod's processes.
    pub fn member_of(&self, uid: Uid) -> Option<&Member> {
        self.members.values().find(|member| member.place.uid == uid)
    }

    /// Whether a process copies what another one has, by its ordinal.
    pub(super) fn is_copy(&self, key: &(Uid, Name)) -> bool {
        self.members.contains_key(key) && !self.is_first(key)
    }

    /// Whether a partition separates two nodes; `None` is a place outside all nodes.
    pub fn apart(&self, from: Option<&Name>, to: &Name) -> bool {
        from != Some(to) && (self.silent.contains(to) || from.is_some_and(|from| self.silent.contains(from)))
    }

    /// When something happens next, here or with `others`, if that is earlier than the last wake-up requested.
    pub(super) fn wake(&mut self, others: Option<Time>) -> Option<Time> {
        let clients = self.ledgers.iter().filter(|(_, ledger)| ledger.left > 0).map(|(_, ledger)| ledger.next);
        let next = clients.chain(self.agree).chain(others).min()?;
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

    /// A node became unreachable, or reachable again.
    pub fn hears_of_node(&mut self, node: &Name, silent: bool, now: Time) {
        if silent {
            self.silent.insert(Rc::clone(node));
        } else {
            self.silent.remove(node);
        }
        self.unsettle(now);
    }

    /// A container's process ended.
    pub fn stopped(&mut self, key: &Key, now: Time) {
        if self.members.remove(key).is_some() {
            self.turns += 1;
            self.agree = Some(now + AGREE);
        }
    }

    /// A set is gone, and with it its ledger.
    pub fn set_gone(&mut self, group: &NamespacedName) {
        self.ledgers.retain(|(of, _)| of != group);
    }

    fn ledger_mut(&mut self, group: &NamespacedName) -> &mut Ledger {
        let at = self.ledgers.iter().position(|(of, _)| of == group).unwrap_or_else(|| {
            self.ledgers.push((group.clone(), Ledger::default()));
            self.ledgers.len() - 1
        });
        &mut self.ledgers[at].1
    }

    fn side(&self, member: &Member) -> Option<Name> {
        Some(&member.place.node).filter(|node| self.silent.contains(*node)).cloned()
    }

    /// The keys of a group's members, in order of their pods' uids.
    fn keys(&self, group: &NamespacedName) -> Vec<Key> {
        self.members.iter().filter(|(_, m)| m.group == *group).map(|(key, _)| key.clone()).collect()
    }

    /// Writes to a leading member and its followers, for whoever asks, through a Service or not; returns whether the write is acknowledged.
    fn write_to(&mut self, (asks, service): (Party, Option<Name>), leader: &Key, text: &str, disks: &mut Disks, now: Time) -> bool {
        let Some(member) = self.members.get(leader) else { return false };
        let (side, group, needed) = (self.side(member), member.group.clone(), member.majority());
        let copies = |key: &Key| self.members[key].follows(member) && self.side(&self.members[key]) == side;
        let copies: Vec<Key> = self.keys(&group).into_iter().filter(copies).collect();
        if member.role == Role::Leader && copies.len() + 1 < needed {
            return false;
        }
        let Some(member) = self.members.get_mut(leader) else { return false };
        let mark = member.take(text, disks, now);
        let (by, log) = member.own_log();
        let call = member.called(service, disks, now);
        disks.requests.take(now, asks, call);
        for key in &copies {
            if let Some(copy) = self.members.get_mut(key) {
                copy.copy(&by, &log, disks, now);
            }
        }
        Rc::make_mut(&mut self.ledger_mut(&group).acknowledged).push(mark);
        true
    }

    /// A client on each side of every partition writes to the leader there. The write counts as refused if no reachable leader accepts it.
    /// Where nothing replicates, there is one client, and its writes go to one process after another, as a Service sends them.
    fn write_everywhere(&mut self, group: &NamespacedName, text: &str, disks: &mut Disks, now: Time) {
        let mut leaders: Vec<Key> = self.keys(group).into_iter().filter(|k| self.members[k].role.leads()).collect();
        if leaders.iter().any(|key| self.members[key].role == Role::Single) {
            leaders.retain(|key| self.side(&self.members[key]).is_none());
            leaders.sort_small_by(|a, b| self.members[a].ordinal.cmp(&self.members[b].ordinal));
            let turn = self.ledger(group).map_or(0, |ledger| ledger.acknowledged.len()) % leaders.len().max(1);
            leaders = leaders.into_iter().skip(turn).take(1).collect();
        }
        let (client, mut served) = (Party::Client(Rc::clone(&group.name)), false);
        for leader in leaders {
            let outside = self.side(&self.members[&leader]).is_none();
            served |= self.write_to((client.clone(), None), &leader, text, disks, now) && outside;
        }
        if !served {
            let call = Call { host: Rc::clone(&group.name), service: None, ip: None, server: None, disk: None, outcome: Outcome::Refused };
            disks.requests.take(now, client, Exchange::Call(call));
            self.ledger_mut(group).refused += 1;
        }
    }
}

impl Disks {
    /// The replicated applications.
    pub fn replicated(&self) -> &Replicated {
        &self.replicated
    }

    /// The same, for reporting changes.
    pub fn replicated_mut(&mut self) -> &mut Replicated {
        &mut self.replicated
    }

    /// How many writes that a set acknowledged are lost: no process and no volume that is there holds them, whoever leads.
    pub fn gone(&self, set: &NamespacedName) -> usize {
        let torn: Vec<Name> = self.torn.values().map(|volume| volume.medium("")).collect();
        self.replicated.gone(set, self.volumes.iter().filter(|(medium, _)| !torn.contains(medium)).map(|(_, disk)| disk))
    }

    /// Gives access to the applications and the disks at once.
    pub(super) fn with_replicated<T>(&mut self, act: impl FnOnce(&mut Replicated, &mut Disks) -> T) -> T {
        let mut replicated = std::mem::take(&mut self.replicated);
        let result = act(&mut replicated, self);
        self.replicated = replicated;
        result
    }

    /// Starts a member.
    pub(super) fn begin_member(&mut self, pod: &Pod, place: ContainerInfo, tables: &Tables, now: Time) {
        let member = member(pod, place, tables, self, now);
        self.replicated.members.insert((member.place.uid, Rc::clone(&member.place.container)), member);
        self.replicated.agree = Some(now + AGREE);
    }

    /// Makes a client write `count` times, once a second from now on.
    pub fn begin_client(&mut self, set: &NamespacedName, count: u32, now: Time) {
        let ledger = self.replicated.ledger_mut(set);
        ledger.left = count.min(MAX_WRITES);
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
            let due: Vec<NamespacedName> =
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

/// A starting member: its configuration, and the log it finds on its disk.
fn member(pod: &Pod, place: ContainerInfo, tables: &Tables, disks: &mut Disks, now: Time) -> Member {
    let namespace = &pod.meta.namespace;
    let set = pod.meta.controller().and_then(|owner| tables.stateful_set(namespace, &owner.name));
    let ordinal: Option<u32> = set.and_then(|set| pod.meta.name.strip_prefix(&*set.meta.name)?.strip_prefix('-')?.parse().ok());
    let replicas = set.map_or(1, |set| usize::try_from(set.spec.replicas).unwrap_or(0));
    let folder = data_folder(&place);
    let group = set.map_or(&pod.meta, |set| &set.meta).namespaced_name();
    let mut room = Room { place: &place, disks, now };
    if room.list(&folder).is_none() {
        let _ = room.make_folders(&folder);
    }
    let numbered = place.app().numbered;
    if let Some(ordinal) = ordinal.filter(|_| !numbered.is_empty()) {
        let _ = room.write(&format!("{folder}/{numbered}"), &format!("{}\n", ordinal.saturating_add(1)));
    }
    let file: Rc<str> = format!("{folder}/{FILE}").into();
    if place.app().peers == Peers::Primary && !place.app().starts_anew && room.read(&file).is_err() {
        // A database makes its files when it starts for the first time.
        let _ = room.write(&file, "");
    }
    let log = room.read(&file).map_or(Vec::new(), |text| log::read(&text));
    let voters = voters(&place).unwrap_or(replicas);
    let epoch = log::end(&log).0;
    Member {
        group,
        ordinal,
        voters,
        copies: copies(pod, &place, tables),
        file,
        log: Rc::new(log),
        joined: false,
        role: Role::Alone,
        follows: None,
        epoch,
        place: Rc::new(place),
    }
}
