//! Questions and their answers: about any object, existing or not, who deleted it, why it is bound, and why a name resolves as it does.

use std::rc::Rc;

use super::facts::{beyond, pod_fact, seen};
use super::pane::{Why, assemble, verdict_mark};
use super::{about_existing, bound, deleted, full, name, print, source};
use crate::links::comes_from;
use crate::{Glyph, Hue, Mark, Snapshot, node};
use api::kind::Kind;
use api::object::ObjectKey;
use base::time::Time;
use causes::command::{Entry, read_naming};
use causes::ground::tell;
use causes::ways::of_closed;
use causes::{Evidence, remedy};
use kubectl::resources;
use server::log::Change;
use text::why::{Because, Explanation};
use why::{Decision, Reason, Verdict};

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why an object is as it is, or why there is none.
    Object(ObjectKey),
    Deleted(ObjectKey),
    /// Why a pod is on its node, or a claim has its volume.
    Bound(ObjectKey),
    /// Why a DNS name has its answer.
    Name {
        /// The namespace it is asked from.
        namespace: String,
        name: String,
    },
}

impl Question {
    /// The object that is asked about; `None` for a name.
    pub fn key(&self) -> Option<&ObjectKey> {
        match self {
            Question::Object(key) | Question::Deleted(key) | Question::Bound(key) => Some(key),
            Question::Name { .. } => None,
        }
    }
}

/// Kinds that a bare name may mean, the likeliest first.
const BARE: [Kind; 11] = [
    Kind::Pod,
    Kind::StatefulSet,
    Kind::PersistentVolumeClaim,
    Kind::Service,
    Kind::Node,
    Kind::PersistentVolume,
    Kind::Deployment,
    Kind::ReplicaSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::PodDisruptionBudget,
];
/// How far back the log is read for whether there ever was a pod of a name.
const LOOK_BACK: usize = 2000;

/// The answer to a question.
pub fn answer(shot: &Snapshot, question: &Question) -> Why {
    match question {
        Question::Object(key) => {
            let why = object(shot, key);
            if why.comes_from.is_empty() { Why { comes_from: comes_from(shot, key), ..why } } else { why }
        }
        Question::Deleted(key) => deleted::of_deleted(shot, key),
        Question::Bound(key) => bound::tell(shot, key),
        Question::Name { namespace, name } => name::tell(shot, namespace, name),
    }
}

/// What the terminal answers to `why WORDS`, and the exit code.
pub fn told(shot: &Snapshot, words: &[&str]) -> (String, i32) {
    let why = match read(shot, words) {
        Ok(Some(question)) => answer(shot, &question),
        Ok(None) => latest(shot),
        Err(NoQuestion) => return (format!("{}\n", shot.text().ask.usage()), 1),
    };
    (print::lines(&why, shot.lang), 0)
}

/// Without a question: the latest decision about the first set.
fn latest(shot: &Snapshot) -> Why {
    let set = shot.tables.stateful_sets().next();
    full(shot, set.map(|set| set.meta.namespaced_name()).as_ref(), None, None)
}

/// Words that ask nothing.
struct NoQuestion;

/// Reads a question; `None` where nothing in particular is asked.
fn read(shot: &Snapshot, words: &[&str]) -> Result<Option<Question>, NoQuestion> {
    let (namespace, rest) = read_naming(words, shot.current).ok_or(NoQuestion)?;
    let key = |words: &[&str]| object_named(shot, namespace, words).ok_or(NoQuestion);
    let name = |name: &str| Question::Name { namespace: namespace.to_owned(), name: name.to_owned() };
    Ok(match rest.as_slice() {
        [] => None,
        ["deleted", what @ ..] => Some(Question::Deleted(key(what)?)),
        ["bound", what @ ..] => Some(Question::Bound(key(what)?)),
        ["dns", asked] => Some(name(asked)),
        [one] if one.contains('.') && key(&[one]).is_ok_and(|key| shot.tables.get(&key).is_none()) => Some(name(one)),
        what => Some(Question::Object(key(what)?)),
    })
}

/// The object that `KIND/NAME`, `KIND NAME` or `NAME` means.
pub(crate) fn object_named(shot: &Snapshot, namespace: &str, words: &[&str]) -> Option<ObjectKey> {
    let key = |kind: Kind, name: &str| ObjectKey::new(kind, &namespace.into(), &name.into());
    match words {
        [one] => match one.split_once('/') {
            Some((kind, name)) => Some(key(resources::find_own(kind)?, name)),
            None => Some(bare(shot, namespace, one)),
        },
        [kind, name] => Some(key(resources::find_own(kind)?, name)),
        _ => None,
    }
}

/// What a bare name means: what is there, or what there was last, or else a pod.
fn bare(shot: &Snapshot, namespace: &str, name: &str) -> ObjectKey {
    let key = |kind: Kind| ObjectKey::new(kind, &namespace.into(), &name.into());
    let there = BARE.into_iter().map(key).find(|key| shot.tables.get(key).is_some());
    let was = || {
        let named =
            |key: &&ObjectKey| *key.name == *name && BARE.contains(&key.kind) && (key.namespace.is_empty() || *key.namespace == *namespace);
        (shot.log.first()..shot.log.len()).rev().filter_map(|at| shot.log.get(at)).map(|change| &change.key).find(named).cloned()
    };
    there.or_else(was).unwrap_or_else(|| key(Kind::Pod))
}

/// Why an object is as it is, or why there is none.
fn object(shot: &Snapshot, key: &ObjectKey) -> Why {
    let there = shot.tables.get(key).is_some();
    match key.kind {
        Kind::Pod => pod(shot, key),
        Kind::Node if there || shot.machines.get(&key.name).is_some() => {
            let mut why = source::sourced(shot, node::why(shot, &key.name), key, &Reason::NodeIsHeard);
            // A pod that may not leave it is told of before the others.
            let on_it = || shot.tables.pods().filter(|pod| pod.node.as_deref() == Some(&*key.name));
            let held = on_it().find(|pod| shot.held_by_budget(pod).is_some());
            let let_be = || on_it().find(|pod| shot.no_longer_evicted(pod).is_some());
            if let Some(pod) = held.or_else(let_be) {
                why.evidence.insert(0, pod_fact(shot, "", pod, None));
            }
            why.ways = remedy::ways(shot, &held.map_or_else(|| key.clone(), |pod| pod.key()));
            if held.is_none() && let_be().is_some() {
                why.ways = of_closed(shot, &key.name);
            }
            why
        }
        Kind::Service if there => name::tell(shot, &key.namespace, &key.name),
        Kind::StatefulSet if there => full(shot, Some(&key.namespaced_name()), None, None),
        Kind::PersistentVolume
            if there && shot.tables.volume("", &key.name).is_some_and(|v| v.spec.claim.is_some() && !v.meta.terminating()) =>
        {
            bound::tell(shot, key)
        }
        _ if there => of_object(shot, key),
        _ => deleted::absent(shot, key),
    }
}

fn pod(shot: &Snapshot, key: &ObjectKey) -> Why {
    let identity = remedy::identity(key);
    let set = shot.set_of(key);
    let pod = shot.tables.pod(&key.namespace, &key.name);
    let own = pod.is_none_or(|pod| set.is_some_and(|set| pod.meta.is_controlled_by(set.meta.uid)));
    match (set.filter(|set| own && set.ordinal_of(&key.name).is_some()), pod) {
        (Some(set), _) => full(shot, Some(&set.meta.namespaced_name()), None, Some(&identity)),
        (None, Some(pod)) => Why { ways: remedy::ways(shot, key), asks: asks(shot, key), ..about_existing(shot, None, pod) },
        (None, None) => deleted::absent(shot, key),
    }
}

/// Any other object that is there: the decision about it, and what it hangs on.
pub(super) fn of_object(shot: &Snapshot, key: &ObjectKey) -> Why {
    let explanation = shot.explain(key);
    let Some(entry) = explanation.links.first().and_then(|link| link.entry.as_ref()) else { return undecided(shot, key) };
    let because = &entry.decision.because;
    let set = if key.kind == Kind::StatefulSet { &*key.name } else { "" };
    let told = tell(shot, set, &key.name, Because::Decided(because));
    let mark = verdict_mark(entry.decision.verdict);
    let own = Evidence::new(mark, &format!("<{}>", key.name), shot.time(entry.first)).seen(seen(shot, key, Some(entry)));
    let facts = std::iter::once(own).chain(beyond(shot, key)).chain(done_before(shot, key, because)).collect();
    let why = assemble(&key.name, &told, mark, facts);
    let why = source::with_line(shot, why, key, because);
    let leaving = shot.tables.get(key).is_some_and(|object| object.meta().terminating());
    Why { ways: remedy::ways(shot, key), asks: leaving.then(|| who_deleted(shot, key)).into_iter().collect(), ..why }
}

/// What was done last for an object, where that was for another reason than the present one.
fn done_before(shot: &Snapshot, key: &ObjectKey, because: &Reason) -> Option<Evidence> {
    let done = |(_, decision): &&(Time, Rc<Decision>)| decision.about == *key && decision.verdict == Verdict::Acts;
    let (at, decision) = shot.decisions.recent().rev().find(done).filter(|(_, decision)| decision.because != *because)?;
    let told = tell(shot, "", &key.name, Because::Decided(&decision.because));
    let words = told.verdict.trim_end_matches('.');
    Some(Evidence::new(verdict_mark(decision.verdict), words, shot.time(*at)))
}

/// An object about which nobody decided: who wrote it first and last.
fn undecided(shot: &Snapshot, key: &ObjectKey) -> Why {
    let ask = &shot.text().ask;
    let told = Explanation { verdict: ask.is_there(&key.name), ..Explanation::default() };
    let changes = || (shot.log.first()..shot.log.len()).rev().filter_map(|at| shot.log.get(at)).filter(|change| change.key == *key);
    let made = changes().find(|change| change.before.is_none());
    let mark = Mark(Glyph::Check, Hue::Ink);
    let fact = |change: &Change, words: &str| {
        Evidence::new(mark, words, shot.time(change.at)).seen(format!("resourceVersion {}", change.revision))
    };
    let made = made.map(|change| fact(change, &ask.made_by(&deleted::author(shot, change))));
    let written = changes().next().map(|change| fact(change, &ask.written_by(&deleted::author(shot, change))));
    assemble(&key.name, &told, mark, made.into_iter().chain(written).collect())
}

/// What else can be asked about a pod: who deleted it, what its containers that were restarted say, why it is where it is.
pub(super) fn asks(shot: &Snapshot, key: &ObjectKey) -> Vec<Entry> {
    let pod = shot.tables.get(key).and_then(api::object::Object::as_pod);
    let leaving = match pod {
        Some(pod) => pod.meta.terminating(),
        None => was_there(shot, key),
    };
    let deleted = leaving.then(|| who_deleted(shot, key));
    let node = pod.and_then(|pod| pod.node.as_ref());
    let there = node.map(|node| {
        let line = format!("why bound {}{}", key.name, shot.naming(&key.namespace));
        Entry::new(shot.text().ask.why_there(&key.name, node), line)
    });
    // A container that does not stay up mostly says why.
    let statuses = pod.into_iter().flat_map(|pod| pod.status.init_containers.iter().chain(&pod.status.containers));
    let log = statuses.filter(|status| status.restarts > 0 && !status.ready).map(|status| {
        let line = format!("kubectl logs {} -c {}{}", key.name, status.name, shot.naming(&key.namespace));
        Entry::new(shot.text().ask.log_of(&status.name), line)
    });
    deleted.into_iter().chain(log).chain(there).collect()
}

fn was_there(shot: &Snapshot, key: &ObjectKey) -> bool {
    let newest = (shot.log.first()..shot.log.len()).rev().take(LOOK_BACK);
    newest.filter_map(|at| shot.log.get(at)).any(|change| change.key == *key)
}

/// The button that asks who deleted something.
fn who_deleted(shot: &Snapshot, key: &ObjectKey) -> Entry {
    let kind = if key.kind == Kind::Pod { String::new() } else { format!("{}/", key.kind.info().singular) };
    let line = format!("why deleted {kind}{}{}", key.name, shot.naming(&key.namespace));
    Entry::new(shot.text().ask.who_deleted(&key.name), line)
}
