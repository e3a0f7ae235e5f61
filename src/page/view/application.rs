//! The replicated application of a set: who leads, whether there is a quorum, which writes are kept and lost.
//!
//! Promises: what nobody can know about a process on an unreachable node is not shown, unless another process of its name is reachable;
//! what clients were told is counted all the same, because somebody was told it.

use super::{Glyph, Hue, MAX_COLUMNS, Mark, Prose, Snapshot, short_uid};
use api::object::pod::Truth;
use api::object::{NamespacedName, StatefulSet, Uid};
use base::sort::Sort;
use causes::command::{self, Entry};
use cluster::inside::replicated::{Member, Replicated, Role};
use cluster::programs::{App, Peers};
use text::why::Explanation;

/// The pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// The image; empty if the set has no such application.
    pub image: String,
    /// Who leads, in one sentence.
    pub verdict: Prose,
    /// The verdict's mark.
    pub mark: Option<Mark>,
    /// The consequences; may be empty.
    pub paragraph: Prose,
    /// A row per process.
    pub rows: Vec<Process>,
    /// Acknowledged, refused and lost writes, each with its hue.
    pub counts: Vec<(Hue, String)>,
    /// The actions for clients.
    pub entries: Vec<Entry>,
}

impl Application {
    /// Whether it is well and nothing was written to it, so that there is nothing to follow.
    pub fn is_still(&self) -> bool {
        self.counts.is_empty() && self.mark.is_some_and(|mark| mark.1 == Hue::Ready)
    }
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub mark: Mark,
    pub pod: String,
    /// As much of its uid as identifies it.
    pub uid: String,
    /// The role it believes it has.
    pub role: String,
    /// How many writes it holds.
    pub holds: String,
}

/// How many writes each of the buttons makes.
const WRITES: [u32; 3] = [1, 60, 600];

/// The members of a set, as far as each may be shown.
struct Group<'a> {
    app: &'static App,
    /// All of them, by ordinal; there is one.
    members: Vec<&'a Member>,
    seen: Vec<&'a Member>,
    /// Those that accept writes.
    leaders: Vec<&'a Member>,
}

impl<'a> Group<'a> {
    fn of(shot: &Snapshot<'a>, set: &NamespacedName) -> Option<Group<'a>> {
        let all = shot.disks.replicated();
        let mut members: Vec<&Member> = all.members(set).collect();
        let app = members.first()?.place().app();
        members.sort_small_by(|a, b| a.ordinal().cmp(&b.ordinal()));
        let seen: Vec<&Member> = members.iter().copied().filter(|member| is_told(shot, all, member)).collect();
        let leaders = seen.iter().copied().filter(|member| member.role().leads()).collect();
        Some(Group { app, members, seen, leaders })
    }

    fn has_quorum_rule(&self) -> bool {
        self.app.peers == Peers::Quorum
    }

    /// How many members a majority is.
    fn majority(&self) -> usize {
        self.members.iter().map(|member| member.majority()).max().unwrap_or(1)
    }

    /// How many members have found others.
    fn reached(&self) -> usize {
        self.seen.iter().filter(|member| member.has_joined()).count()
    }
}

/// Why an application refuses writes although its set is as declared: the verdict, the consequences, and what ends that.
pub(super) fn refusal(shot: &Snapshot, set: &NamespacedName) -> Option<Explanation> {
    let group = Group::of(shot, set).filter(|group| group.leaders.is_empty())?;
    let text = &shot.text().application;
    let (verdict, paragraph, ends_when) = if group.has_quorum_rule() {
        let voters = group.members.iter().map(|member| member.voters()).max().unwrap_or(1);
        let verdict = text.declared_no_quorum(&set.name, group.reached(), group.majority(), voters);
        (verdict, text.no_quorum_words(), text.quorum_ends(group.majority()))
    } else {
        (text.declared_no_primary(&set.name), text.no_primary_words(), text.primary_ends(&format!("{}-0", set.name)))
    };
    Some(Explanation { verdict, brief: String::new(), paragraph: paragraph.to_owned(), ends_when })
}

/// The application of a set.
pub fn project(shot: &Snapshot, shown: Option<&NamespacedName>) -> Application {
    let found = shown.and_then(|shown| Some((shown, shot.set(&shown.namespace, &shown.name)?, Group::of(shot, shown)?)));
    let Some((shown, set, group)) = found else { return Application::default() };
    let (all, text) = (shot.disks.replicated(), &shot.text().application);
    let (quorum, majority, reached) = (group.has_quorum_rule(), group.majority(), group.reached());
    let Group { app, members, seen, leaders } = group;
    let followers = seen.iter().filter(|m| leaders.iter().any(|leader| m.follows(leader))).count();
    let single = leaders.iter().any(|leader| leader.role() == Role::Single);
    let (glyph, hue, verdict) = match leaders.as_slice() {
        all if single => (Glyph::Ready, Hue::Ready, text.singles(all.len())),
        [] if quorum => (Glyph::Pending, Hue::Wait, text.no_quorum(reached, majority)),
        [] => (Glyph::Pending, Hue::Wait, text.no_primary(&format!("{}-0", shown.name))),
        [one] if quorum => (Glyph::Ready, Hue::Ready, text.leads(&one.place().pod, followers + 1, one.voters())),
        [one] => (Glyph::Ready, Hue::Ready, text.is_primary(&one.place().pod, followers)),
        [one, ..] => (Glyph::Hazard, Hue::Danger, text.two_lead(&one.place().pod, leaders.len())),
    };
    let paragraph = match leaders.len() {
        _ if single => text.singles_words(),
        0 if quorum => text.no_quorum_words(),
        0 => text.no_primary_words(),
        1 => "",
        _ => text.two_lead_words(),
    };
    let ledger = all.ledger(shown);
    let left = ledger.map_or(0, |ledger| ledger.left);
    Application {
        image: app.name.to_owned(),
        verdict: Prose::read(&verdict),
        mark: Some(Mark(glyph, hue)),
        paragraph: Prose::read(paragraph),
        rows: rows(shot, set, all, &members),
        counts: counts(shot, all, shown),
        entries: entries(shot, set, left),
    }
}

/// Whether a process's own view may be shown: its node is reachable, or another process of its name is.
fn is_told(shot: &Snapshot, all: &Replicated, member: &Member) -> bool {
    let place = member.place();
    let answers = |pod: &std::rc::Rc<api::object::Pod>| pod.meta.uid != place.uid && pod.ready();
    !all.apart(None, &place.node) || shot.tables.pod(&place.namespace, &place.pod).is_some_and(answers)
}

/// The role of a pod's process in a word, if it has one that may be shown.
pub(super) fn role(shot: &Snapshot, uid: Uid) -> Option<String> {
    let all = shot.disks.replicated();
    let member = all.member_of(uid).filter(|member| is_told(shot, all, member))?;
    Some(shot.text().application.role(&member.role(), member.place().app().peers == Peers::Quorum))
}

fn rows(shot: &Snapshot, set: &StatefulSet, all: &Replicated, members: &[&Member]) -> Vec<Process> {
    let text = &shot.text().application;
    let held = |member: &Member| text.holds(member.log().len());
    let mut rows = Vec::new();
    let ordinals = shot.ordinals(set);
    let beyond = ordinals.len().saturating_sub(MAX_COLUMNS);
    for ordinal in ordinals.into_iter().take(MAX_COLUMNS) {
        let name = set.pod_name(ordinal);
        for member in members.iter().filter(|member| member.place().pod == name && is_told(shot, all, member)) {
            let role = role(shot, member.place().uid).unwrap_or_default();
            let outlived = all.apart(None, &member.place().node);
            let mark = match member.role() {
                _ if outlived => Mark(Glyph::Unknown, Hue::Danger),
                role if role.is_alone() => Mark(Glyph::Pending, Hue::Wait),
                _ => Mark(Glyph::Ready, Hue::Ready),
            };
            let uid = hashed(member.place().uid);
            rows.push(Process { mark, pod: name.to_string(), uid, role, holds: held(member) });
        }
        let silent = |pod: &&std::rc::Rc<api::object::Pod>| {
            let node = pod.node.as_deref().and_then(|node| shot.tables.node("", node));
            node.is_some_and(|node| node.ready() != Truth::True || all.apart(None, &node.meta.name))
        };
        if let Some(pod) = shot.tables.pod(&set.meta.namespace, &name).filter(silent) {
            let uid = hashed(pod.meta.uid);
            rows.push(Process {
                mark: Mark(Glyph::Unknown, Hue::Gone),
                pod: name.to_string(),
                uid,
                role: text.out_of_sight().to_owned(),
                holds: "?".to_owned(),
            });
        }
    }
    if beyond > 0 {
        let more = shot.text().cluster.more(beyond);
        rows.push(Process {
            mark: Mark(Glyph::Absent, Hue::Mute),
            pod: more,
            uid: String::new(),
            role: String::new(),
            holds: String::new(),
        });
    }
    rows
}

/// A short uid for rows: `#a02e`.
fn hashed(uid: Uid) -> String {
    format!("#{}", short_uid(uid))
}

fn counts(shot: &Snapshot, all: &Replicated, set: &NamespacedName) -> Vec<(Hue, String)> {
    let text = &shot.text().application;
    let Some(ledger) = all.ledger(set) else { return Vec::new() };
    let lost = all.lost(set).unwrap_or(0);
    let mut counts = vec![(Hue::Ink, text.acknowledged(ledger.acknowledged.len()))];
    if ledger.refused > 0 {
        counts.push((Hue::Wait, text.refused(ledger.refused as usize)));
    }
    if lost > 0 {
        let alone = all.members(set).any(|member| member.role() == Role::Single);
        counts.push((Hue::Danger, if alone { text.lost_alone(lost) } else { text.lost(lost) }));
    }
    counts
}

fn entries(shot: &Snapshot, set: &StatefulSet, left: u32) -> Vec<Entry> {
    let text = &shot.text().application;
    let naming = shot.naming(&set.meta.namespace);
    let line = |count: u32| command::write(&set.meta.name, count, &naming);
    if left > 0 {
        return vec![Entry::new(text.stop_writing(left as usize), line(0))];
    }
    let labels = [text.write_once(), text.write_minute(), text.write_ten_minutes()];
    WRITES.into_iter().zip(labels).map(|(count, label)| Entry::new(label, line(count))).collect()
}
