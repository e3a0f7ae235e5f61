//! What kubectl itself has against the items of a list.

use kubectl::failure::Failure;
use kubectl::{Files, Job};

use plugged::fake::Fake;

/// The words about a list with one item, of this type.
fn of(version: &str, kind: &str, text: &str) -> Vec<String> {
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: {version}, kind: {kind}, {text}}}\n");
    let files: Files = [("l.yaml", list)].into_iter().collect();
    let mut job = Job::new("apply -f l.yaml", &files);
    job.poll(&mut Fake::default());
    let Some(Failure::WrongShape(_, wrong)) = job.failure().map(Failure::itself) else { panic!("{:?}", job.failure()) };
    wrong.iter().map(|error| error.words.clone()).collect()
}

#[test]
fn complaints_name_the_place_and_the_definition() {
    assert_eq!(
        of("v1", "Service", "spec: {ports: [{port: '80', nam: a}], selector: 5}, metadata: {x: m}"),
        [
            "ValidationError(Service.metadata): unknown field \"x\" in io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
            "ValidationError(Service.spec.ports[0]): unknown field \"nam\" in io.k8s.api.core.v1.ServicePort",
            "ValidationError(Service.spec.ports[0].port): invalid type for io.k8s.api.core.v1.ServicePort.port: got \"string\", expected \"integer\"",
            "ValidationError(Service.spec.selector): invalid type for io.k8s.api.core.v1.ServiceSpec.selector: got \"integer\", expected \"map\"",
        ]
    );
}

#[test]
fn what_is_missing_comes_after_what_is_there_and_templates_are_of_core() {
    assert_eq!(
        of("apps/v1", "StatefulSet", "spec: {template: {spec: {containers: [{image: x}]}}}"),
        [
            "ValidationError(StatefulSet.spec.template.spec.containers[0]): missing required field \"name\" in io.k8s.api.core.v1.Container",
            "ValidationError(StatefulSet.spec): missing required field \"selector\" in io.k8s.api.apps.v1.StatefulSetSpec",
        ]
    );
}
