//! What a tool did: its words, what of it was written, who manages the sets afterwards, and what others had written there.

use std::rc::Rc;

use crate::documents::{key_of, objects_of};
use crate::ends::{once, some};
use api::client::{Client, Subresource};
use api::kind::Kind;
use api::managed::walk::compare;
use api::managed::{Entry, decode, fields, root};
use api::object::{Claim, Name, Object, ObjectKey, Pod, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::time::Span;
use base::value::Value;
use done::{Judge, Said};
use intake::told::short;
use playground::Playground;
use server::tables::Tables;
use sim::Sim;
use text::plan::Says;
use tools::asked::{Asked, Options};
use tools::tool::{Flag, Tool};
use tools::{Ended, is_hook};

/// What a tool did.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    pub asked: Rc<Asked>,
    /// What it printed.
    pub said: Vec<String>,
    pub failed: bool,
    /// From its first request to its end.
    pub took: Span,
    /// The objects in which the states differ: those that are other than before once it has ended, and those that are as before.
    pub done: Vec<ObjectKey>,
    pub not: Vec<ObjectKey>,
    /// The sets of both states.
    pub sets: Vec<ObjectKey>,
    /// Who manages each set once all is at rest: `helm Apply`, `kubectl Update scale`.
    pub managers: Vec<(ObjectKey, Vec<String>)>,
    /// What it makes of each set then; nothing where it has given up.
    pub calls: Vec<(ObjectKey, Judge, Said)>,
    /// What others had written and it wrote over: their names, and the fields.
    pub over: Vec<(ObjectKey, Vec<String>, Vec<String>)>,
}

impl Applied {
    /// What it did between two worlds, the second of which is that of its end.
    pub(crate) fn of(asked: &Rc<Asked>, ended: Ended, before: &Playground, after: &Playground) -> Applied {
        let (old, new) = (before.sim(), after.sim());
        let space = before.current_namespace();
        let find = |state: &[Value], key: &ObjectKey| state.iter().find(|object| key_of(object, space).as_ref() == Some(key)).cloned();
        let keys = once(asked.after.iter().chain(asked.before.iter()).filter_map(|object| key_of(object, space)));
        let (done, same): (Vec<ObjectKey>, Vec<ObjectKey>) =
            keys.iter().cloned().partition(|key| is_other(old.tables().get(key), new.tables().get(key)));
        let is_asked = |key: &ObjectKey| find(&asked.before, key) != find(&asked.after, key);
        let not = same.iter().filter(|key| is_asked(key)).cloned().collect();
        let sets = || keys.iter().filter(|key| key.kind == Kind::StatefulSet);
        Applied {
            asked: Rc::clone(asked),
            said: ended.said,
            failed: ended.failed.is_some(),
            took: new.now().since(old.now()),
            done,
            not,
            sets: sets().cloned().collect(),
            managers: Vec::new(),
            calls: Vec::new(),
            over: sets().filter_map(|key| written_over(asked, key, old, new)).collect(),
        }
    }

    /// The same with what is so at the end.
    pub(crate) fn at_rest(&self, after: &Sim) -> Applied {
        let of_set = |key: &ObjectKey| Some((key.clone(), after.tables().get(key).map(|_| managers_of(after, key))?));
        let judge = match self.asked.tool {
            Tool::Kubectl | Tool::KubectlServerSide => Judge::Kubectl,
            Tool::Helm3 => Judge::Helm3,
            Tool::Helm4 => Judge::Helm4,
            Tool::ArgoCd => Judge::ArgoCd,
            Tool::Flux => Judge::Flux,
        };
        let pods: Vec<Value> = after.tables().pods().map(|pod| pod.encode()).collect();
        // Who gave up at once judges nothing later.
        let goes_on = !self.failed || matches!(self.asked.tool, Tool::ArgoCd | Tool::Flux);
        let says = |key: &ObjectKey| Some((key.clone(), judge, judge.says(&after.tables().get(key)?.encode(), &pods)));
        Applied {
            managers: self.sets.iter().filter_map(of_set).collect(),
            calls: self.sets.iter().filter(|_| goes_on).filter_map(says).collect(),
            ..self.clone()
        }
    }

    /// What is to be told of it. `after` is the cluster at the end.
    pub(crate) fn notes(&self, before: &Sim, after: &Sim) -> Vec<Says> {
        let told = |keys: &[ObjectKey]| keys.iter().map(short).collect::<Vec<String>>();
        let mut says: Vec<Says> = self.over.iter().map(|over| self.takes_back(over)).collect();
        let Asked { tool, after: wanted, .. } = &*self.asked;
        // To Flux a hook is an object like others.
        let hooks = wanted.iter().filter(|object| *tool != Tool::Flux && is_hook(object)).filter_map(|object| key_of(object, ""));
        says.extend(some(hooks.map(|key| short(&key))).map(|objects| Says::Hooks { objects, tool: tool.traits().name }));
        let is_refused = self.failed && !self.not.is_empty();
        if is_refused {
            says.extend(match self.done.as_slice() {
                [] => (!self.undoes()).then(|| self.nothing_done()),
                done => Some(Says::HalfDone { done: told(done), not: told(&self.not) }),
            });
        }
        says.extend(self.deleted_first(before.tables(), after.tables()));
        says.extend(self.loses_data(before.tables(), after.tables()));
        says.extend(self.left_by_rollback(after.tables()));
        says
    }

    fn nothing_done(&self) -> Says {
        Says::NothingDone { configured: self.said.iter().any(|said| said.contains("configured")) }
    }

    /// Whether the tool takes back what failed.
    fn undoes(&self) -> bool {
        [Flag::RollbackOnFailure, Flag::Atomic].into_iter().any(|flag| self.asked.options.on(flag))
    }

    fn takes_back(&self, (key, others, fields): &(ObjectKey, Vec<String>, Vec<String>)) -> Says {
        Says::TakesBack { object: short(key), tool: self.asked.tool.traits().name, others: others.clone(), fields: fields.clone() }
    }

    /// The sets that were deleted for a manifest which the server then refused.
    fn deleted_first(&self, before: &Tables, after: &Tables) -> Option<Says> {
        if !self.failed {
            return None;
        }
        let set = |tables: &Tables, key: &ObjectKey| tables.stateful_set(&key.namespace, &key.name).cloned();
        let is_it = |key: &&ObjectKey| match (set(before, key), set(after, key)) {
            (Some(old), new) => new.is_none_or(|new| new.meta.uid != old.meta.uid),
            (None, _) => false,
        };
        let key = self.done.iter().filter(|key| key.kind == Kind::StatefulSet).find(is_it)?;
        Some(Says::DeletedFirst { set: Rc::clone(&key.name), gone: set(after, key).is_none() })
    }

    /// The claims that went with a set, and whose volumes are gone.
    fn loses_data(&self, before: &Tables, after: &Tables) -> Option<Says> {
        let is_lost = |claim: &&Rc<Claim>| {
            let is_of = |key: &&ObjectKey| {
                before
                    .stateful_set(&key.namespace, &key.name)
                    .is_some_and(|set| claim.meta.owners.iter().any(|owner| owner.uid == set.meta.uid))
            };
            let volume = &claim.spec.volume;
            self.sets.iter().any(|key| is_of(&key)) && before.volume("", volume).is_some() && after.volume("", volume).is_none()
        };
        let lost: Vec<&Rc<Claim>> = before.claims().filter(is_lost).collect();
        let anew = lost.iter().any(|claim| after.claim(&claim.meta.namespace, &claim.meta.name).is_some());
        Some(Says::LosesData { claims: some(lost.iter().map(|claim| short(&claim.key())))?, anew })
    }

    /// Pods of a new template that a rollback does not replace.
    fn left_by_rollback(&self, after: &Tables) -> Option<Says> {
        let is_old = |set: &&Rc<StatefulSet>, pod: &&Rc<Pod>| {
            let revision = pod.meta.label(CONTROLLER_REVISION_HASH);
            pod.meta.is_controlled_by(set.meta.uid) && !pod.ready() && revision != Some(&set.status.update_revision)
        };
        let left = |set: &Rc<StatefulSet>| {
            after.pods().filter(|pod| is_old(&set, pod)).map(|pod| Rc::clone(&pod.meta.name)).collect::<Vec<Name>>()
        };
        let all = after.stateful_sets().find_map(|set| some(left(set)))?;
        (self.failed && self.undoes()).then_some(Says::RollbackLeaves { pods: all })
    }
}

/// Whether an object is other than before, but for its status and what the server counts.
fn is_other(old: Option<&Object>, new: Option<&Object>) -> bool {
    let shown = |object: &Object| {
        let mut shown = object.encode();
        for field in [&["status"][..], &["metadata", "resourceVersion"], &["metadata", "generation"]] {
            drop(shown.remove(field));
        }
        shown
    };
    old.map(shown) != new.map(shown)
}

fn managers(sim: &Sim, key: &ObjectKey) -> Vec<Entry> {
    decode(&sim.managers(key.kind, &key.namespace, &key.name)).unwrap_or_default()
}

/// Who manages an object.
pub fn managers_of(sim: &Sim, key: &ObjectKey) -> Vec<String> {
    managers(sim, key).iter().map(named).collect()
}

/// A manager as lists of them name it.
fn named(entry: &Entry) -> String {
    let part = entry.writer.part;
    let part = if part == Subresource::None { String::new() } else { format!(" {}", part.word()) };
    format!("{} {}{part}", entry.writer.manager, entry.operation())
}

/// What others wrote into an object, and a tool wrote over: neither the tool itself nor who made the object.
fn written_over(asked: &Asked, key: &ObjectKey, old: &Sim, new: &Sim) -> Option<(ObjectKey, Vec<String>, Vec<String>)> {
    let (was, is) = (old.tables().get(key)?.encode(), new.tables().get(key)?.encode());
    let changes = compare(root(key.kind), Some(&was), Some(&is));
    let changed = fields::union(&changes.set(), &changes.removed);
    let is_other = |entry: &&Entry| {
        let made = [Some(asked.tool), asked.made_by].into_iter().flatten().any(|tool| *entry.writer.manager == *tool.traits().manager);
        !made && entry.writer.part != Subresource::Status
    };
    let (mut others, mut lost) = (Vec::new(), Vec::new());
    for entry in managers(old, key).iter().filter(is_other) {
        let own = fields::paths(&fields::intersection(&entry.fields, &changed));
        if !own.is_empty() {
            others.push(named(entry));
            lost.extend(own);
        }
    }
    // Of a field within another, that one says nothing more.
    let is_within = |path: &String, outer: &String| path.strip_prefix(&**outer).is_some_and(|rest| rest.starts_with(['.', '[']));
    let inner = once(lost);
    let told = inner.iter().filter(|outer| !inner.iter().any(|path| is_within(path, outer))).cloned().collect();
    Some((key.clone(), some(others)?, told))
}

/// What a tool is asked for, by texts.
pub fn asked(tool: Tool, made_by: Option<Tool>, options: Options, [before, after]: [&str; 2]) -> Asked {
    let read = |text: &str| -> Rc<[Value]> { objects_of(text).into() };
    Asked { tool, options, made_by, before: read(before), after: read(after), text: after.into() }
}
