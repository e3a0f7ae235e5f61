//! In which batches a Parallel StatefulSet creates its pods.

use ordinal::api::kind::Kind;
use ordinal::api::object::{Object, StatefulSet, parent_and_ordinal};
use ordinal::base::time::Time;
use ordinal::control::cache::Cache;
use ordinal::control::plan::Action;
use ordinal::control::stateful_set::plan;
use ordinal::server::request::Request;

use crate::control::{key, see, value, view};

/// The ordinals of the pods that a set with these ordinals creates at first, batch by batch.
fn batches(start: i64, replicas: i64) -> Vec<Vec<i64>> {
    let text = format!(
        "metadata: {{name: web, namespace: default}}\n\
         spec: {{podManagementPolicy: Parallel, replicas: {replicas}, ordinals: {{start: {start}}}, selector: {{matchLabels: {{app: a}}}}, \
         template: {{metadata: {{labels: {{app: a}}}}, spec: {{containers: [{{name: a, image: v1}}]}}}}}}"
    );
    let mut cache = Cache::default();
    see(&mut cache, StatefulSet::decode(&value(&text)));
    let plan = plan(view(&cache, Time(0)), &key(Kind::StatefulSet, "web"));
    let ordinal = |action: &Action| match action {
        Action::Server(Request::Create(Object::Pod(pod))) => parent_and_ordinal(&pod.meta.name).map(|(_, ordinal)| ordinal),
        _ => None,
    };
    let made = plan.batches.iter().map(|batch| batch.iter().flatten().filter_map(|step| ordinal(&step.action)).collect());
    made.filter(|batch: &Vec<i64>| !batch.is_empty()).collect()
}

#[test]
fn parts_double_up_to_the_largest_and_leave_nothing_out() {
    let parts = batches(5, 1995);
    let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
    assert_eq!(sizes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500, 484]);
    assert_eq!(parts.concat(), (5..2000).collect::<Vec<i64>>());
    assert_eq!(batches(3, 0), Vec::<Vec<i64>>::new());
}
