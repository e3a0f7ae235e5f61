//! What tools wait for: whether an object is what its manifest asks for, as each of them reckons.
//!
//! `done` judges sets, and `kinds` what else is judged.

use api::client::Client;
use api::kind::Kind;
use base::sort::Sort;
use base::value::Value;
use done::Verdict;

use crate::item::Item;
use crate::kinds;
use crate::state::State;
use crate::tool::Tool;

/// What a tool says of an object now. Of pods, a tool that watches has seen all that they were since a revision.
pub fn of(tool: Tool, item: &Item, client: &dyn Client, since: u64) -> State {
    let Some(live) = item.live(client) else { return State::Missing };
    if live.at(&["metadata", "deletionTimestamp"]).is_some() && tool != Tool::Helm3 {
        return State::Leaves;
    }
    if item.kind == Kind::StatefulSet { of_set(tool, &live, client, since) } else { kinds::of(tool, item.kind, &live, client) }
}

/// What a tool says of a set. Of a pod that crashed and ran again in between, the crash counts: who watches has seen it.
fn of_set(tool: Tool, set: &Value, client: &dyn Client, since: u64) -> State {
    let namespace = set.text_at(&["metadata", "namespace"]);
    let seen = client.watch(Kind::Pod, namespace, since).into_iter().map(|event| event.object);
    let mut pods: Vec<Value> = client.list(Kind::Pod, namespace).into_iter().chain(seen).collect();
    let name = |pod: &Value| pod.text_at(&["metadata", "name"]).map(str::to_owned);
    pods.sort_small_by_key(|pod| (name(pod), !done::has_failed(pod)));
    pods.dedup_by_key(|pod| name(pod));
    let said = tool.traits().judge.says(set, &pods);
    let words = said.words.unwrap_or_default();
    match said.verdict {
        Verdict::Ready => State::Ready(words),
        Verdict::Failed => State::Failed(words),
        Verdict::Waits | Verdict::Error | Verdict::Unknown => State::Waits(words),
    }
}
