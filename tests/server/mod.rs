//! The API server and its store, by examples.

mod admission;
mod allocate;
mod ephemeral;
mod ingest;
mod life;
mod log;
mod unavailable;

use ordinal::api::client::DeleteOptions;
use ordinal::api::object::{Deletion, Pod};
use ordinal::api::release::V1_37;
use ordinal::base::dice::Dice;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::server::Server;
use ordinal::server::log::Actor;

#[test]
fn a_second_deletion_can_only_shorten_the_first() {
    let mut pod = Pod::decode(&Value::of([("spec", Value::of([("terminationGracePeriodSeconds", 30)]))]));
    (pod.meta.name, pod.node) = ("web-0".into(), Some("node-1".into()));
    for (under_way, period, want) in [
        (None, None, Some((40, 30))),
        (None, Some(-5), Some((11, 1))),
        (Some((60, 60)), None, None),
        (Some((60, 60)), Some(60), None),
        (Some((60, 60)), Some(20), Some((20, 20))),
        (Some((60, 60)), Some(5), Some((10, 1))),
        (Some((60, 60)), Some(0), Some((10, 0))),
    ] {
        pod.meta.deletion = under_way.map(|(at, grace)| Deletion { at: Time(at * 1000), grace });
        let mut server = Server::new(&V1_37, Dice { seed: 1 });
        server.now = Time(10_000);
        server.take_over(pod.clone().into(), &Actor::Setup);
        let seen = server.log().len();
        let options = DeleteOptions { grace_period_seconds: period, ..DeleteOptions::default() };
        server.delete(&pod.key(), &options, &Actor::User).expect("a deletion");
        // What the deletion wrote first; one that changes nothing writes nothing.
        let written = server.log().from(seen).next().and_then(|change| change.after.as_ref()).and_then(|pod| pod.meta().deletion);
        assert_eq!(written.map(|d| (d.at.seconds(), d.grace)), want, "{under_way:?} {period:?}");
    }
}
