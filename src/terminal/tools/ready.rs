//! What tools wait for: whether an object is what its manifest asks for, as each of them reckons.
//!
//! `done` judges sets, and `kinds` what else is judged.

use api::client::Client;
use api::kind::Kind;
use base::value::Value;
use done::Verdict;

use crate::item::Item;
use crate::kinds;
use crate::state::State;
use crate::tool::Tool;

/// What a tool says of an object now.
pub fn of(tool: Tool, item: &Item, client: &dyn Client) -> State {
    let Some(live) = item.live(client) else { return State::Missing };
    match item.kind {
        Kind::StatefulSet => of_set(tool, &live, &client.list(Kind::Pod, Some(&item.namespace))),
        _ if leaves(tool, &live) => State::Leaves,
        kind => kinds::of(tool, kind, &live, client),
    }
}

/// Whether an object is told to go, and the tool minds.
fn leaves(tool: Tool, live: &Value) -> bool {
    live.at(&["metadata", "deletionTimestamp"]).is_some() && tool != Tool::Helm3
}

/// What a tool says of a set.
pub fn of_set(tool: Tool, set: &Value, pods: &[Value]) -> State {
    if leaves(tool, set) {
        return State::Leaves;
    }
    let said = tool.traits().judge.says(set, pods);
    let words = said.words.unwrap_or_default();
    match said.verdict {
        Verdict::Ready => State::Ready(words),
        Verdict::Failed => State::Failed(words),
        Verdict::Waits | Verdict::Error | Verdict::Unknown => State::Waits(words),
    }
}
