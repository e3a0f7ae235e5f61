//! Gentler ways to what given lines come to: each row of a table is one change of the lines, tried as any other course.
//!
//! Promises: a row looks at what the given lines did, and at how they are spelled. Whether its lines are gentler is known from their trial
//! alone ([`harm`]).

use std::rc::Rc;

use api::kind::Kind;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Name, ObjectKey, StatefulSet};
use kubectl::Call;
use kubectl::commands::resolve::resolve;
use kubectl::resources::find_own;
use kubectl::words;
use playground::Playground;
use text::plan::Way;

use crate::course::{Act, Course, End, Outcome, SetCourse};
use crate::ways::{PARTITION, Wanted, naming, patch, retain};

/// The rows, the one that changes least first.
const ROWS: [(Way, fn(&Lines) -> Option<Vec<Act>>); 8] = [
    (Way::KeepPods, keeps_pods),
    (Way::Evicts, evicts),
    (Way::WithGrace, with_grace),
    (Way::Restarts, restarts),
    (Way::OneByOne, one_by_one),
    (Way::KeepClaims, keeps_claims),
    (Way::KeepVolumes, keeps_volumes),
    (Way::AllOrdinals, all_ordinals),
];

/// The most objects that one way names.
const NAMED: usize = 5;

/// The gentler ways of given lines that are worth a trial.
pub(crate) fn ways(before: &Playground, given: &Course) -> Vec<Wanted> {
    let lines = Lines::of(before, given);
    ROWS.iter().filter_map(|(way, row)| Some((*way, row(&lines)?))).collect()
}

/// Whether a way is one of the table.
pub(crate) fn is_gentler(way: Way) -> bool {
    ROWS.iter().any(|(row, _)| *row == way)
}

/// How much harm a course does, the gravest first: what data goes, whether it ends well, what is away at once.
pub(crate) fn harm(outcome: &Outcome) -> impl Ord + use<> {
    let summary = outcome.summary();
    let many = |of: fn(&SetCourse) -> bool| outcome.sets.iter().filter(|set| of(set)).count();
    let claims = outcome.sets.iter().flat_map(|set| &set.watched.storage).filter(|one| one.fate.loses()).count();
    let ends = (outcome.loses(), claims, outcome.end >= End::Stopped, many(SetCourse::is_held));
    // A pod more or less that is away for some seconds is no reason to type other lines.
    (ends, many(SetCourse::is_away_at_once), many(SetCourse::is_unavailable), summary.unready.is_none())
}

/// Lines that were given, read.
struct Lines<'a> {
    before: &'a Playground,
    given: &'a Course,
    /// Each line that was not refused, and the command that it types, where it is one of kubectl's.
    all: Vec<(&'a Act, Option<Typed>)>,
}

/// A command of kubectl's, and the objects that it names.
struct Typed {
    call: Call,
    objects: Vec<ObjectKey>,
}

impl Typed {
    fn read(before: &Playground, line: &str) -> Option<Typed> {
        let words = words::split(line).ok()?;
        let (_, rest) = words.split_first().filter(|(program, _)| *program == "kubectl" || *program == "k")?;
        let call = resolve(rest).ok()?;
        let space: Name = call.flags.text("namespace").map_or_else(|| Rc::from(before.current_namespace()), Rc::from);
        let key = |kind: Kind, name: &str| {
            let space: Name = if kind.is_namespaced() { Rc::clone(&space) } else { Rc::from("") };
            ObjectKey::new(kind, &space, &Rc::from(name))
        };
        let pair = |word: &String| word.split_once('/').and_then(|(kind, name)| Some(key(find_own(kind)?, name)));
        let apart = call.args.split_first().and_then(|(kind, names)| Some((find_own(kind)?, names)));
        let apart = apart.into_iter().flat_map(|(kind, names)| names.iter().map(move |name| key(kind, name)));
        let objects = call.args.iter().filter_map(pair).chain(apart).collect();
        Some(Typed { call, objects })
    }

    fn is(&self, verb: &str) -> bool {
        self.call.command.name == verb
    }

    fn deletes(&self, kind: Kind) -> bool {
        self.is("delete") && self.objects.iter().any(|key| key.kind == kind)
    }

    /// To how many replicas the line scales.
    fn replicas(&self) -> Option<i64> {
        if self.is("scale") { self.call.flags.int("replicas") } else { None }
    }
}

/// A line without some of its flags: those of the second list have a value, which may stand in the next word.
fn without(line: &str, switches: &[&str], valued: &[&str]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut words = line.split(' ');
    while let Some(word) = words.next() {
        let flag = word.strip_prefix("--").map(|flag| flag.split_once('=').map_or((flag, false), |(flag, _)| (flag, true)));
        match flag {
            Some((name, has_value)) if valued.contains(&name) => drop((!has_value).then(|| words.next())),
            Some((name, _)) if switches.contains(&name) => {}
            _ => kept.push(word),
        }
    }
    kept.join(" ")
}

impl<'a> Lines<'a> {
    fn of(before: &'a Playground, given: &'a Course) -> Lines<'a> {
        let is_refused = |act: &Act| matches!(act, Act::Line(line) if given.outcome.refused.iter().any(|one| one.line == *line));
        let read = |act: &'a Act| (act, if let Act::Line(line) = act { Typed::read(before, line) } else { None });
        // The same line may go through later.
        let is_in_vain = |at: usize, act: &Act| is_refused(act) && !given.acts[..at].contains(act);
        let all = given.acts.iter().enumerate().filter(|(at, act)| !is_in_vain(*at, act)).map(|(_, act)| read(act)).collect();
        Lines { before, given, all }
    }

    /// The lines, where those of which something is made are others; `None` where none is.
    fn changed(&self, other: impl Fn(&str, &Typed) -> Option<Vec<Act>>) -> Option<Vec<Act>> {
        let mut is_changed = false;
        let mut acts = Vec::new();
        for (act, typed) in &self.all {
            let made = if let (Act::Line(line), Some(typed)) = (act, typed) { other(line, typed) } else { None };
            is_changed |= made.is_some();
            acts.extend(made.unwrap_or_else(|| vec![(*act).clone()]));
        }
        is_changed.then_some(acts)
    }

    fn after(&self, acts: Vec<Act>) -> Option<Vec<Act>> {
        (!acts.is_empty()).then(|| acts.into_iter().chain(self.all.iter().map(|(act, _)| (*act).clone())).collect())
    }

    fn set(&self, key: &ObjectKey) -> Option<&'a Rc<StatefulSet>> {
        self.before.tables().stateful_set(&key.namespace, &key.name)
    }

    fn course(&self, key: &ObjectKey) -> Option<&'a SetCourse> {
        self.given.outcome.sets.iter().find(|set| set.watched.set == *key)
    }

    fn owner(&self, pod: &ObjectKey) -> Option<&'a Rc<StatefulSet>> {
        let pod = self.before.tables().pod(&pod.namespace, &pod.name)?;
        self.before.tables().stateful_sets().find(|set| pod.meta.is_controlled_by(set.meta.uid))
    }
}

/// A set that is deleted and made anew leaves its pods, which the new one takes over.
fn keeps_pods(lines: &Lines) -> Option<Vec<Act>> {
    let is_back = |key: &ObjectKey| lines.course(key).is_some_and(|set| set.was_deleted && !set.is_gone());
    lines.changed(|line, typed| {
        let is_it = typed.deletes(Kind::StatefulSet) && !typed.call.flags.given("cascade") && typed.objects.iter().all(is_back);
        is_it.then(|| vec![Act::Line(format!("{line} --cascade=orphan"))])
    })
}

/// A drain asks the budgets.
fn evicts(lines: &Lines) -> Option<Vec<Act>> {
    lines.changed(|line, typed| {
        let is_it = typed.is("drain") && typed.call.flags.on("disable-eviction");
        is_it.then(|| vec![Act::Line(without(line, &["disable-eviction"], &["grace-period"]))])
    })
}

/// A pod ends before another of its name is made.
fn with_grace(lines: &Lines) -> Option<Vec<Act>> {
    lines.changed(|line, typed| {
        let is_it = typed.deletes(Kind::Pod) && typed.call.flags.on("force");
        is_it.then(|| vec![Act::Line(without(line, &["force"], &["grace-period"]))])
    })
}

/// A set that is scaled to nothing and back has its pods replaced by a rollout.
fn restarts(lines: &Lines) -> Option<Vec<Act>> {
    let scaled = |key: &ObjectKey| {
        let of_set = lines.all.iter().filter_map(|(_, typed)| typed.as_ref()).filter(|typed| typed.objects.contains(key));
        of_set.filter_map(Typed::replicas).collect::<Vec<i64>>()
    };
    let goes_and_returns = |key: &ObjectKey| {
        let is_rolled = |set: &Rc<StatefulSet>| set.spec.strategy == UpdateStrategy::RollingUpdate && set.spec.replicas > 1;
        lines.set(key).filter(|set| is_rolled(set)).is_some_and(|set| scaled(key) == [0, set.spec.replicas])
    };
    lines.changed(|_, typed| {
        let key = typed.objects.first().filter(|key| key.kind == Kind::StatefulSet && goes_and_returns(key))?;
        let restart = naming(lines.before, key).rollout("restart", Kind::StatefulSet, &key.name);
        Some(if typed.replicas()? == 0 { vec![Act::Line(restart)] } else { Vec::new() })
    })
}

/// Several pods of a set are deleted one after another, each once all are Ready.
fn one_by_one(lines: &Lines) -> Option<Vec<Act>> {
    let pods =
        || lines.all.iter().filter_map(|(_, typed)| typed.as_ref()).filter(|typed| typed.deletes(Kind::Pod)).flat_map(|one| &one.objects);
    let shares = |key: &ObjectKey| {
        let owner = lines.owner(key).map(|set| set.meta.uid);
        owner.is_some() && pods().filter(|other| lines.owner(other).map(|set| set.meta.uid) == owner).count() > 1
    };
    let many = pods().count();
    lines.changed(|_, typed| {
        let is_it = typed.deletes(Kind::Pod) && many <= NAMED && typed.objects.iter().all(shares);
        let delete = |key: &ObjectKey| [Act::Line(naming(lines.before, key).delete(Kind::Pod, &key.name)), Act::Proof];
        is_it.then(|| typed.objects.iter().flat_map(delete).collect())
    })
}

/// Claims that would go with their set, or with the pods that are scaled away, stay.
fn keeps_claims(lines: &Lines) -> Option<Vec<Act>> {
    let loses = |set: &&SetCourse| set.watched.storage.iter().any(|one| one.key.kind == Kind::PersistentVolumeClaim && one.fate.loses());
    let taken = |set: &SetCourse| {
        let policy = &lines.set(&set.watched.set)?.spec.retention;
        let fields = [("whenDeleted", policy.delete_when_deleted), ("whenScaled", policy.delete_when_scaled)];
        let paths: Vec<String> = fields
            .iter()
            .filter(|(_, deletes)| *deletes)
            .map(|(name, _)| format!("spec.persistentVolumeClaimRetentionPolicy.{name}"))
            .collect();
        let fields: Vec<(&str, &str)> = paths.iter().map(|path| (&**path, "Retain")).collect();
        (!fields.is_empty()).then(|| patch(lines.before, &set.watched.set, &fields))
    };
    lines.after(lines.given.outcome.sets.iter().filter(loses).filter_map(taken).collect())
}

/// Volumes that would go with their claims stay.
fn keeps_volumes(lines: &Lines) -> Option<Vec<Act>> {
    if keeps_claims(lines).is_some() {
        return None;
    }
    let tables = lines.before.tables();
    let storage = lines.given.outcome.sets.iter().flat_map(|set| &set.watched.storage);
    let lost = storage.filter(|one| one.key.kind == Kind::PersistentVolume && one.fate.loses());
    let names: Vec<&Name> = lost.filter_map(|one| Some(&tables.volume("", &one.key.name)?.meta.name)).collect();
    let line = |volume: &&Name| {
        let claim = tables.claims().find(|claim| claim.spec.volume == **volume)?;
        Some(Act::Line(retain(&naming(lines.before, &claim.key()), &claim.meta.name)))
    };
    let lines_of: Option<Vec<Act>> = names.iter().map(line).collect();
    lines.after(lines_of.filter(|all| all.len() <= NAMED)?)
}

/// A rollout that ends at the partition that the set had before goes on to all ordinals.
fn all_ordinals(lines: &Lines) -> Option<Vec<Act>> {
    // A manifest says which partition it wants.
    if lines.given.outcome.end > End::Amiss || lines.given.acts.iter().any(|act| act.text().is_some()) {
        return None;
    }
    let had = |set: &&SetCourse| {
        let partition = lines.set(&set.watched.set).map_or(0, |was| was.partition());
        set.is_held() && partition > 0 && partition == set.partition
    };
    let on: Vec<Act> =
        lines.given.outcome.sets.iter().filter(had).map(|set| patch(lines.before, &set.watched.set, &[(PARTITION, "0")])).collect();
    (!on.is_empty()).then(|| lines.all.iter().map(|(act, _)| (*act).clone()).chain(on).collect())
}
