//! Changes that people ask about before they make them.

use api::kind::Kind;
use api::object::NamespacedName;
use api::release::Release;
use causes::command::{self, Naming};
use playground::Playground;

/// Lines for a set, or for the first one if there is none of that name; a drain of each node; an upgrade to each other release.
pub fn lines(world: &Playground, set: Option<&NamespacedName>) -> Vec<String> {
    let (sim, tables) = (world.sim(), world.tables());
    let chosen = set.and_then(|set| tables.stateful_set(&set.namespace, &set.name)).or_else(|| tables.stateful_sets().next());
    let mut lines = Vec::new();
    if let Some(set) = chosen {
        let (naming, name, count) = (Naming::of(&set.meta.namespace, world.current_namespace()), &set.meta.name, set.spec.replicas);
        let sizes = [Some(count + 1), (count > 0).then_some(count - 1)];
        lines.extend(sizes.into_iter().flatten().map(|count| naming.scale(Kind::StatefulSet, name, count)));
        lines.push(naming.rollout("restart", Kind::StatefulSet, name));
        lines.push(naming.delete(Kind::StatefulSet, name));
    }
    lines.extend(tables.nodes().map(|node| command::drain(&node.meta.name)));
    let others = Release::ALL.into_iter().filter(|release| release.name != sim.release().name);
    lines.extend(others.map(command::upgrade));
    lines
}
