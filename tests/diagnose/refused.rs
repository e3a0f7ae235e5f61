//! What kubectl could not read, by its errors.

use ordinal::api::kind::Kind;
use ordinal::intake::Withheld;

fn read(line: &str) -> Option<(String, Option<Kind>, bool)> {
    Withheld::of(line).map(|one| (one.resource.clone(), one.kind(), one.is_absent()))
}

#[test]
fn kubectl_says_what_it_could_not_read() {
    let told = |resource: &str, kind, is_absent| Some((resource.to_owned(), kind, is_absent));
    let dev = "is forbidden: User \"dev\" cannot list resource";
    let forbidden = [
        (format!("nodes {dev} \"nodes\" in API group \"\" at the cluster scope"), "nodes", Kind::Node),
        (
            format!("statefulsets.apps {dev} \"statefulsets\" in API group \"apps\" in the namespace \"a\""),
            "statefulsets.apps",
            Kind::StatefulSet,
        ),
        (
            "pods \"web-0\" is forbidden: User \"dev\" cannot get resource \"pods\" in API group \"\" in the namespace \"a\"".into(),
            "pods",
            Kind::Pod,
        ),
    ];
    for (words, resource, kind) in forbidden {
        assert_eq!(read(&format!("Error from server (Forbidden): {words}")), told(resource, Some(kind), false), "{words}");
    }
    let late = "Error from server (Timeout): the server was unable to return a response in the time allotted (get statefulsets.apps)";
    assert_eq!(read(late), told("statefulsets.apps", Some(Kind::StatefulSet), false));
    assert_eq!(read("error: the server doesn't have a resource type \"foos\""), told("foos", None, true));
    assert_eq!(read("error: the server doesn't have a resource type \"foos\" in group \"bar.io\""), told("foos.bar.io", None, true));
}

#[test]
fn other_errors_of_a_server_are_none_of_reading() {
    let others = [
        "Error from server (Forbidden): pods \"web-2\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4",
        "Error from server (Forbidden): pods is forbidden: User \"dev\" cannot create resource \"pods\" in API group \"\" in the namespace \"a\"",
        "Error from server (NotFound): statefulsets.apps \"web\" not found",
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
        "nodes is forbidden: User \"dev\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
    ];
    for line in others {
        assert_eq!(read(line), None, "{line}");
    }
}
