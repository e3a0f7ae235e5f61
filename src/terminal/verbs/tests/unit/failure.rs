//! Refusals, as kubectl prints them.

use api::status::{Fault, FieldError, Status};
use base::field_path::FieldPath;
use kubectl::commands::find;
use kubectl::failure::Failure;
use kubectl::output::{Output, Stream};

fn printed(failure: &Failure) -> String {
    let mut output = Output::default();
    assert_eq!(failure.print(&mut output), 1);
    output.text(Stream::Err)
}

#[test]
fn refusals_read_as_kubectl_prints_them() {
    let negative = FieldError::new(FieldPath::of("spec.replicas"), Fault::Invalid((-1).into()), "must be 0 or more");
    let required = FieldError::new(FieldPath::of("spec.selector"), Fault::Required, "");
    let one = Status::invalid("StatefulSet.apps", "web", vec![negative.clone()]);
    let two = Status::invalid("StatefulSet.apps", "web", vec![required.clone(), negative, required]);
    let missing = Failure::from(Status::not_found("pods", "web-9"));
    let cases = [
        (missing.clone(), "Error from server (NotFound): pods \"web-9\" not found\n"),
        (
            missing.clone().from_source("deleting", "a.yaml"),
            "Error from server (NotFound): error when deleting \"a.yaml\": pods \"web-9\" not found\n",
        ),
        (one.clone().into(), "The StatefulSet \"web\" is invalid: spec.replicas: Invalid value: -1: must be 0 or more\n"),
        (
            two.into(),
            "The StatefulSet \"web\" is invalid: \n* spec.selector: Required value\n* spec.replicas: Invalid value: -1: must be 0 or more\n",
        ),
        (
            Failure::Many(vec![missing, one.into(), Failure::client("no")]),
            "Error from server (NotFound): pods \"web-9\" not found\n\
             Error from server (Invalid): StatefulSet.apps \"web\" is invalid: spec.replicas: Invalid value: -1: must be 0 or more\nno\n",
        ),
        (Failure::client("no"), "error: no\n"),
        (
            Failure::Usage { message: "bad".into(), command: find(None, "get").expect("a command") },
            "error: bad\nSee 'kubectl get -h' for help and examples\n",
        ),
    ];
    for (failure, want) in cases {
        assert_eq!(printed(&failure), want);
    }
}
