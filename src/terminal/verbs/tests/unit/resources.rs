//! Types and names, as they are given to commands.

use api::kind::Kind;
use kubectl::failure::Failure;
use kubectl::resources::{self, Asked};
use sim::Sim;
use sim::setup::Setup;

fn read(line: &str) -> Result<Asked, Failure> {
    Asked::read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), &Sim::new(&Setup::default()))
}

fn kind_called(word: &str) -> Result<Kind, Failure> {
    resources::kind_called(word, &Sim::new(&Setup::default()))
}

#[test]
fn a_type_goes_by_many_names() {
    for word in ["sts", "statefulset", "statefulsets", "StatefulSet", "sts.apps", "statefulsets.v1.apps", "sts.v1beta1.apps"] {
        assert_eq!(kind_called(word), Ok(Kind::StatefulSet), "{word}");
    }
    for word in ["pods.v1.", "pods.", "Pods", "po"] {
        assert_eq!(kind_called(word), Ok(Kind::Pod), "{word}");
    }
    for (word, want) in [
        ("stss", "the server doesn't have a resource type \"stss\""),
        ("Sts", "the server doesn't have a resource type \"Sts\""),
        ("pods.v1", "the server doesn't have a resource type \"pods\" in group \"v1\""),
        ("StatefulSets.Apps", "the server doesn't have a resource type \"StatefulSets\" in group \"Apps\""),
        ("statefulsets.v1beta1.apps", "the server doesn't have a resource type \"statefulsets\" in group \"v1beta1.apps\""),
        ("foos.apps", "the server doesn't have a resource type \"foos\" in group \"apps\""),
    ] {
        assert_eq!(kind_called(word), Err(Failure::client(want)));
    }
}

#[test]
fn arguments_name_objects_in_kubectls_order() {
    let names = |line: &str| read(line).unwrap().named().into_iter().map(|(k, n)| format!("{k}/{n}")).collect::<Vec<_>>();
    assert_eq!(names("sts,svc web nginx"), ["StatefulSet/web", "StatefulSet/nginx", "Service/web", "Service/nginx"]);
    assert_eq!(names("sts/web deploy/dep"), ["StatefulSet/web", "Deployment/dep"]);
    assert_eq!(names("pods nope sts"), ["Pod/nope", "Pod/sts"]);
    let all = read("all,pvc").unwrap().kinds;
    assert_eq!(
        (all[0], all[1], all[2], all.last().copied()),
        (Kind::Pod, Kind::ReplicationController, Kind::Service, Some(Kind::PersistentVolumeClaim))
    );
}

#[test]
fn mixed_forms_are_refused() {
    for (line, want) in [
        ("sts/web/x", "arguments in resource/name form may not have more than one slash"),
        ("sts/", "arguments in resource/name form must have a single resource and name"),
        ("sts web/x", "there is no need to specify"),
    ] {
        let Err(Failure::Client(said)) = read(line) else { panic!("{line} was taken") };
        assert!(said.starts_with(want), "{said}");
    }
}
