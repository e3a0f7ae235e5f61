//! The controllers one by one: what each plans over a cache, and what it keeps of the pods that it looks after.

mod cache;
mod daemon_set;
mod deployment;
mod disruption;
mod heartbeat;
mod node_lifecycle;
mod pod_gc;
mod replica_pods;
mod replica_set;
mod set_pods;
mod stateful_set;
mod taint_eviction;

use ordinal::api::kind::Kind;
use ordinal::api::object::{Object, ObjectKey};
use ordinal::api::release::V1_37;
use ordinal::base::dice::Dice;
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;
use ordinal::control::{Environment, View};
use ordinal::server::log::{Actor, Change};
use ordinal::yaml;

/// What the newest release's controllers see where the cache lags behind nothing.
fn view(cache: &Cache, now: Time) -> View<'_> {
    const AROUND: Environment = Environment {
        watch: Span(1),
        sync: Span(1),
        collect: Span(1),
        node_monitor_period: Span(1),
        node_monitor_grace: Span(1),
        has_drivers: false,
        dice: Dice { seed: 1 },
        heartbeat: &|_| None,
    };
    View { cache, live: &cache.tables, now, release: &V1_37, behind: false, around: &AROUND }
}

/// The change of an object from one state to another, `None` where there is none; one of them exists.
fn change(before: Option<Object>, after: Option<Object>) -> Change {
    let key = after.as_ref().or(before.as_ref()).map(Object::key).expect("an object");
    Change { revision: 1, at: Time(0), key, before, after, by: Actor::User, signed: None }
}

/// Shows a new object to a cache.
fn see(cache: &mut Cache, object: impl Into<Object>) {
    cache.see(&change(None, Some(object.into())));
}

/// The value of a text in YAML.
fn value(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

/// The key of an object in the namespace `default`.
fn key(kind: Kind, name: &str) -> ObjectKey {
    ObjectKey::new(kind, &"default".into(), &name.into())
}
