//! How a StatefulSet's first revision is named.

use ordinal::api::kind::Kind;
use ordinal::api::object::{Meta, Object, StatefulSet};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;
use ordinal::control::plan::Action;
use ordinal::control::stateful_set::plan;
use ordinal::server::request::Request;

use crate::control::{key, see, view};

#[test]
fn a_revision_is_named_as_the_real_cluster_named_it() {
    // The template of scenario create-ordered, whose revision is web-69c579c864.
    let json = r#"{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"nginx:1.25","imagePullPolicy":"IfNotPresent","name":"nginx","ports":[{"containerPort":80,"name":"web","protocol":"TCP"}],"readinessProbe":{"failureThreshold":3,"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"periodSeconds":1,"successThreshold":1,"timeoutSeconds":1},"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/usr/share/nginx/html","name":"www"}]}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":10}}}}"#;
    let data: Value = serde_json::from_str(json).unwrap();
    let mut template = data.at(&["spec", "template"]).cloned().unwrap();
    template.remove(&["$patch"]);
    let spec = Value::of([("selector", Value::of([("matchLabels", Value::of([("app", "nginx")]))])), ("template", template)]);
    let mut set = StatefulSet::decode(&Value::of([("spec", spec)]));
    set.meta = Meta { namespace: "default".into(), name: "web".into(), ..Meta::default() };
    let mut cache = Cache::default();
    see(&mut cache, set);
    let plan = plan(view(&cache, Time(0)), &key(Kind::StatefulSet, "web"));
    let made = plan.preamble.iter().flatten().flatten().find_map(|step| match &step.action {
        Action::Server(Request::Create(Object::ControllerRevision(revision))) => Some(revision),
        _ => None,
    });
    let made = made.expect("a revision");
    assert_eq!((made.data.value().to_json().as_str(), &*made.meta.name), (json, "web-69c579c864"));
}
