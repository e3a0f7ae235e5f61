//! The scenes of a first visit: one customer puts three books into a cart on each side, in a StatefulSet and in a Deployment. Then each
//! scene has one control, and asks where the books are.
//!
//! Promises: every line of a scene is one that somebody could type; whatever a scene shows is what the model makes of these lines.
//! Must not know: what the page draws, how long a visitor waits.

use api::object::Pod;
use base::time::Span;
use cluster::inside::Content;
use text::Text;

use super::Playground;

/// The manifest of the scenes.
pub const MANIFEST: &str = include_str!("scene.yaml");

/// A scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// The pods that have the books are deleted.
    Kill,
    /// The node of one of them loses its power.
    Power,
    /// Both workloads are scaled to 1, and to 3 again.
    Scale,
    /// A new template comes, and the partition says which pods get it.
    Rollout,
}

/// Who has the books on the left.
const POD: &str = "cart-1";
/// Where the customer asks on the left.
pub const NAME: &str = "cart-1.cart:8080";
/// Where the customer asks on the right.
pub const ANY: &str = "shop:8080";
/// What the customer puts into the cart.
pub const BOOKS: &str = "3 books";
/// Long enough for a lost node to be missed, for its pods to be evicted, and for a Deployment to replace them.
pub(super) const LOST: Span = Span::seconds(420);

impl Scene {
    /// All, in their order.
    pub const ALL: [Scene; 4] = [Scene::Kill, Scene::Power, Scene::Scale, Scene::Rollout];

    /// What it is called, in a word.
    pub fn name(self, text: &'static Text) -> &'static str {
        match self {
            Scene::Kill => text.scene.name_kill(),
            Scene::Power => text.scene.name_power(),
            Scene::Scale => text.scene.name_scale(),
            Scene::Rollout => text.scene.name_rollout(),
        }
    }

    /// The scene after this one; `None` after the last.
    pub fn next(self) -> Option<Scene> {
        Scene::ALL.get(self as usize + 1).copied()
    }

    /// What is typed before the question, once all is up.
    pub fn prepares(self, state: &Playground) -> Vec<String> {
        match self {
            Scene::Kill => [NAME, ANY].map(|host| format!("playground ask {host} 1 '{BOOKS}'")).into(),
            Scene::Power => Vec::new(),
            Scene::Scale => dark_nodes(state).map(|node| format!("playground start node {node}")).collect(),
            Scene::Rollout => {
                let partition = r#"{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":3}}}}"#;
                let asks = (0..3).map(|ordinal| format!("playground ask cart-{ordinal}.cart:8080 600"));
                let lines =
                    [format!("kubectl patch statefulset cart -p '{partition}'"), "kubectl set env statefulset/cart VERSION=2".to_owned()];
                lines.into_iter().chain(asks).collect()
            }
        }
    }

    /// What the control types, step by step: each step waits until the one before it has come to rest. None in the last scene, whose
    /// control is the partition itself.
    pub fn acts(self, state: &Playground) -> Vec<Vec<String>> {
        let scaled = |replicas: usize| vec![format!("kubectl scale statefulset/cart deployment/shop --replicas={replicas}")];
        match self {
            Scene::Kill => vec![vec![delete(POD), delete(&holder(state).unwrap_or_default())]],
            Scene::Power => {
                let node = state.tables().pod("default", POD).and_then(|pod| pod.node.clone()).unwrap_or_default();
                vec![[vec![format!("playground stop node {node}")], self.asks()].concat()]
            }
            Scene::Scale => vec![scaled(1), scaled(3)],
            Scene::Rollout => Vec::new(),
        }
    }

    /// For how long time passes after the control was used; `None`: until all is up again.
    pub fn lasts(self) -> Option<Span> {
        (self == Scene::Power).then_some(LOST)
    }

    /// What is typed to ask for the books again.
    pub fn asks(self) -> Vec<String> {
        match self {
            Scene::Rollout => Vec::new(),
            _ => [NAME, ANY].map(|host| format!("playground ask {host} 1")).into(),
        }
    }

    /// Which of the two guesses is right, the first or the second.
    pub fn right(self) -> usize {
        match self {
            Scene::Kill | Scene::Power | Scene::Rollout => 1,
            Scene::Scale => 0,
        }
    }
}

/// Whether every pod that is wanted is Ready, and none is about to go.
pub fn is_settled(state: &Playground) -> bool {
    let tables = state.tables();
    let mut sets = tables.stateful_sets();
    let mut deployments = tables.deployments();
    tables.pods().all(|pod| pod.ready() && !pod.meta.terminating())
        && sets.all(|set| set.status.ready == set.spec.replicas && set.status.replicas == set.spec.replicas)
        && deployments.all(|one| one.status.ready == one.spec.replicas && one.status.replicas == one.spec.replicas)
}

fn delete(pod: &str) -> String {
    format!("kubectl delete pod/{pod} --wait=false")
}

/// The pod of the Deployment that has the books.
fn holder(state: &Playground) -> Option<String> {
    let books = |pod: &Pod| !Content::of(state.sim().disks().disk_within(pod.meta.uid, "data")).is_no_loss();
    let has = |pod: &Pod| pod.meta.label("app").is_some_and(|app| **app == *"shop") && books(pod);
    state.tables().pods().find(|pod| has(pod)).map(|pod| pod.meta.name.to_string())
}

/// The nodes without power.
fn dark_nodes(state: &Playground) -> impl Iterator<Item = String> {
    state.tables().nodes().filter(|node| node.silent()).map(|node| node.meta.name.to_string())
}
