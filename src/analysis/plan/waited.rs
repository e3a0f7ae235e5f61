//! When each tool that waits for a set after a change comes back.
//!
//! Promises: a tool begins to wait with the first write of the change to the set. It looks at every write of the set and its pods.
//! Must not know: timeouts, which people choose.

use api::kind::Kind;
use api::object::{Object, ObjectKey};
use base::sorted::SortedMap;
use base::time::{Span, Time};
use base::value::Value;
use done::{Judge, Verdict};
use sim::Sim;

/// How a wait ends, and after how long.
pub(crate) type Ended = (Verdict, Span);

/// The end of each tool's wait for a set that a change makes or writes; `None` where it waits until its timeout. Nothing for other sets.
pub(crate) fn waits(before: &Sim, after: &Sim, key: &ObjectKey) -> Vec<(Judge, Option<Ended>)> {
    let generation = |sim: &Sim| sim.tables().stateful_set(&key.namespace, &key.name).map(|set| set.meta.generation);
    let (old, new) = (generation(before), generation(after));
    if new.is_none() || old == new {
        return Vec::new();
    }
    let pods = before.tables().pods().filter(|pod| pod.meta.namespace == key.namespace);
    let mut pods: SortedMap<ObjectKey, Value> = pods.map(|pod| (pod.key(), pod.encode())).collect();
    let mut wait: Option<(Time, Value)> = None;
    let mut ends: Vec<(Judge, Option<Ended>)> = Judge::ALL.map(|tool| (tool, None)).to_vec();
    for change in after.log().from(before.log().len()) {
        let is_pod = change.key.kind == Kind::Pod && change.key.namespace == key.namespace;
        if change.key != *key && !is_pod {
            continue;
        }
        match change.after.as_ref().map(Object::encode) {
            Some(pod) if is_pod => drop(pods.insert(change.key.clone(), pod)),
            None if is_pod => drop(pods.remove(&change.key)),
            Some(set) => {
                let is_new = old.is_none_or(|old| set.int_at(&["metadata", "generation"]).is_some_and(|new| new > old));
                let since = wait.take().map(|(since, _)| since).or(is_new.then_some(change.at));
                wait = since.map(|since| (since, set));
            }
            None => wait = None,
        }
        let Some((since, set)) = &wait else { continue };
        for (tool, end) in ends.iter_mut().filter(|(_, end)| end.is_none()) {
            let verdict = tool.says(set, pods.values()).verdict;
            *end = (verdict != Verdict::Waits).then(|| (verdict, change.at.since(*since)));
        }
    }
    ends
}
