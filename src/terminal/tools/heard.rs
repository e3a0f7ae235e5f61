//! How Helm 4 waits for a set: it reads the set and its pods each time the set is written, and every three minutes. Of a pod that waits
//! after a crash it hears nothing unless the set is written in that while.
//!
//! Models helm.sh/helm/v4 pkg/kube/statuswait.go and github.com/fluxcd/cli-utils pkg/kstatus/watcher/object_status_reporter.go.

use api::client::{Client, WatchEvent, WatchKind};
use api::kind::Kind;
use base::time::{Span, Time};
use base::value::Value;

use crate::item::Item;
use crate::ready;
use crate::state::State;
use crate::tool::Tool;

/// How long until all is read again.
const RESYNC: Span = Span::seconds(180);

/// What was heard of one set.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    item: Item,
    /// The pods as they were then.
    pods: Vec<Value>,
    /// Up to where it was heard.
    revision: u64,
    read: Time,
    state: State,
}

impl Heard {
    /// Begins with the set as it is.
    pub fn new(item: &Item, client: &dyn Client) -> Heard {
        let pods = client.list(Kind::Pod, Some(&item.namespace));
        let state = ready::of_set(Tool::Helm4, &item.live(client).unwrap_or_default(), &pods);
        Heard { item: item.clone(), pods, revision: client.revision(), read: client.now(), state }
    }

    /// Whether it is of an object.
    pub fn is_of(&self, item: &Item) -> bool {
        self.item.is(item)
    }

    /// Hears what was written since; the state in which the set was read last.
    pub fn hear(&mut self, client: &dyn Client) -> State {
        let space = Some(&*self.item.namespace);
        let mut pods = client.watch(Kind::Pod, space, self.revision).into_iter().peekable();
        for event in client.watch(Kind::StatefulSet, space, self.revision) {
            if event.object.text_at(&["metadata", "name"]) != Some(&self.item.name) {
                continue;
            }
            while let Some(pod) = pods.next_if(|pod| pod.revision < event.revision) {
                self.take(&pod);
            }
            self.state = ready::of_set(Tool::Helm4, &event.object, &self.pods);
        }
        pods.for_each(|pod| self.take(&pod));
        self.revision = client.revision();
        match self.item.live(client) {
            None => self.state = State::Missing,
            Some(live) if client.now().since(self.read) >= RESYNC => {
                self.read = client.now();
                self.state = ready::of_set(Tool::Helm4, &live, &self.pods);
            }
            Some(_) => {}
        }
        self.state.clone()
    }

    fn take(&mut self, event: &WatchEvent) {
        let uid = |pod: &Value| pod.text_at(&["metadata", "uid"]).map(str::to_owned);
        self.pods.retain(|pod| uid(pod) != uid(&event.object));
        if event.kind != WatchKind::Deleted {
            self.pods.push(event.object.clone());
        }
    }
}
