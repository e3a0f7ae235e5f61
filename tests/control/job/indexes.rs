//! How the indexes of a Job are read from its status and written to it, and which come next.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::{Meta, Object, OwnerRef, Pod, PodPhase, Uid};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::Memories;
use ordinal::control::cache::Cache;
use ordinal::control::job::CONTROLLER;
use ordinal::control::plan::Action;
use ordinal::server::request::Request;

use crate::control::{key, see, value, view};

const INDEX: &str = "batch.kubernetes.io/job-completion-index";

/// What a sync of a Job of so many indexes comes to, two at a time, whose status has this text and of whose pods these have succeeded: the
/// completed indexes, their number, and the indexes of the pods that are created.
fn looked_at(text: &str, end: i64, succeeded: &[i64]) -> (String, i64, Vec<String>) {
    let spec = format!(
        "{{completions: {end}, parallelism: 2, completionMode: Indexed, selector: {{matchLabels: {{job: a}}}}, template: {{metadata: {{}}, spec: {{}}}}}}"
    );
    let text = format!(
        "metadata: {{name: job, namespace: default}}\nspec: {spec}\nstatus: {{completedIndexes: {text:?}, startTime: \"2026-01-01T00:00:00Z\"}}"
    );
    let mut job = Object::decode(Kind::Job, &value(&text));
    job.meta_mut().uid = Uid::from_bits(9 << 4);
    let owner = OwnerRef::controller(Kind::Job, job.meta());
    let mut cache = Cache::default();
    see(&mut cache, job);
    for index in succeeded {
        let mut pod = Pod::decode(&Value::map());
        pod.meta = Meta {
            name: format!("job-{index}").into(),
            namespace: "default".into(),
            uid: Uid::from_bits(u64::try_from(100 + index).unwrap() << 4),
            labels: Rc::new([("job".into(), "a".into())].into()),
            annotations: Rc::new([(INDEX.into(), index.to_string().into())].into()),
            finalizers: vec!["batch.kubernetes.io/job-tracking".into()].into(),
            owners: vec![owner.clone()].into(),
            ..Meta::default()
        };
        pod.status.phase = PodPhase::Succeeded;
        see(&mut cache, pod);
    }
    let plan = (CONTROLLER.plan)(view(&cache, Time(0)), &key(Kind::Job, "job"), &mut Memories::default());
    let (mut status, mut made) = (Value::Null, Vec::new());
    for step in plan.steps() {
        match &step.action {
            Action::Server(Request::Create(pod)) => made.push(pod.meta().annotation(INDEX).expect("an index").to_string()),
            Action::Server(Request::Update(Object::Plain(job))) => status = job.raw.get("status").cloned().expect("a status"),
            _ => {}
        }
    }
    let shown = status.text_at(&["completedIndexes"]).unwrap_or_default().to_owned();
    (shown, status.int_at(&["succeeded"]).unwrap_or(0), made)
}

#[test]
fn indexes_are_printed_as_intervals_and_read_back() {
    for (text, end, shown, total, lacking) in [
        ("", 3, "", 0, vec!["0", "1"]),
        ("0,1", 9, "0,1", 2, vec!["2", "3"]),
        ("1,2,3,7", 9, "1-3,7", 4, vec!["0", "4"]),
        ("0-4,5", 5, "0-4", 5, vec![]),
        ("x,2-", 5, "", 0, vec!["0", "1"]),
    ] {
        assert_eq!(looked_at(text, end, &[]), (shown.to_owned(), total, lacking.into_iter().map(str::to_owned).collect()), "{text}");
    }
    assert_eq!(looked_at("4-6", 9, &[3, 8, 5]).0, "3-6,8");
}
