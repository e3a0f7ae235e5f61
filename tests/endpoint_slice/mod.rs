//! EndpointSlices follow pods as on a real control plane, and an incremental plan equals a full one.

mod recorded;
mod world;

use ordinal::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{Condition, Ip, PodPhase, READY};
use ordinal::api::object::{Deletion, Name, Object, ObjectKey, Pod, Service, Uid};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::endpoint_slice::{Concern, SliceWrite, concern};
use ordinal::why::{EndpointChanges, Slices};

use world::{World, json};

const NGINX: &str = r#"{"metadata":{"name":"nginx","labels":{"app":"nginx"}},
    "spec":{"clusterIP":"None","selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":"web"}]}}"#;

/// A ready pod `web-N` with this port `web`.
fn pod(number: u16, port: i64) -> Pod {
    let text = format!(
        r#"{{"metadata":{{"name":"web-{number}","namespace":"default","labels":{{"app":"web"}}}},
            "spec":{{"hostname":"web-{number}","subdomain":"nginx","nodeName":"node-1",
            "containers":[{{"name":"c","ports":[{{"name":"web","containerPort":{port},"protocol":"TCP"}}]}}]}}}}"#
    );
    let mut pod = Pod::decode(&json(&text));
    let [high, low] = number.to_be_bytes();
    pod.meta.uid = Uid::from_bits((u64::from(number) + 7) << 32);
    pod.status.phase = PodPhase::Running;
    pod.status.ip = Some(Ip([10, 244, high, low]));
    pod.set_condition(Condition::new(READY, true, Time(5_500)));
    pod
}

/// A cluster with the Service `nginx` and this many ready pods.
fn cluster(pods: u16) -> World {
    let mut world = World::with_nodes(&["node-1"]);
    world.put_service(&json(NGINX));
    for number in 0..pods {
        world.put_pod(&format!("web-{number}"), Some(&pod(number, 8080)));
    }
    world
}

fn sizes(world: &World) -> Vec<usize> {
    let mut sizes: Vec<usize> = world.slices("nginx").iter().map(|s| s.endpoints.len()).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn a_service_without_pods_has_one_empty_slice() {
    let world = cluster(0);
    let slice = Object::from(world.slices("nginx")[0].clone()).encode();
    assert_eq!((slice.get("endpoints"), slice.get("ports")), (Some(&Value::Null), Some(&Value::Null)));
    let labels = json(
        r#"{"app":"nginx","endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",
            "kubernetes.io/service-name":"nginx","service.kubernetes.io/headless":""}"#,
    );
    assert_eq!(slice.at(&["metadata", "labels"]), Some(&labels));
    assert_eq!(slice.text_at(&["metadata", "generateName"]), Some("nginx-"));
    let owner = &slice.list_at(&["metadata", "ownerReferences"])[0];
    assert_eq!((owner.text_at(&["kind"]), owner.get("controller")), (Some("Service"), Some(&Value::Bool(true))));
}

#[test]
fn the_empty_slice_is_used_for_the_first_pod_and_left_by_the_last() {
    let mut world = cluster(0);
    let name = world.slices("nginx")[0].meta.name.clone();
    for round in 0..2 {
        world.put_pod("web-0", Some(&pod(0, 8080)));
        assert_eq!((sizes(&world), &world.slices("nginx")[0].meta.name), (vec![1], &name), "round {round}");
        let plans = world.put_pod("web-0", None);
        let changes = EndpointChanges { removed: vec!["web-0".into()], ..EndpointChanges::default() };
        assert_eq!(plans[0].because, Slices::FollowPods(changes));
        assert_eq!((sizes(&world), &world.slices("nginx")[0].meta.name), (vec![0], &name), "round {round}");
    }
}

#[test]
fn slices_hold_a_hundred_and_new_pods_fill_what_is_written_anyway() {
    let mut world = cluster(250);
    assert_eq!(sizes(&world), [50, 100, 100]);
    let plans = world.put_pod("web-7", None);
    assert_eq!(plans[0].writes.len(), 1, "one pod, one slice");
    assert_eq!(sizes(&world), [50, 99, 100]);
    // The slice with room for one more fits a single pod best.
    world.put_pod("web-7", Some(&pod(7, 8080)));
    assert_eq!(sizes(&world), [50, 100, 100]);
    for number in 250..300 {
        world.put_pod(&format!("web-{number}"), Some(&pod(number, 8080)));
    }
    assert_eq!(sizes(&world), [100, 100, 100]);
    world.put_pod("web-300", Some(&pod(300, 8080)));
    assert_eq!(sizes(&world), [1, 100, 100, 100]);
    world.put_pod("web-300", None);
    assert_eq!(sizes(&world), [100, 100, 100], "an empty slice goes where others stay");
}

#[test]
fn many_pods_at_once_make_full_slices() {
    let mut world = World::with_nodes(&["node-1"]);
    for number in 0..230 {
        world.put_pod(&format!("web-{number}"), Some(&pod(number, 8080)));
    }
    let plan = world.put_service(&json(NGINX));
    assert_eq!(plan.writes.len(), 3);
    assert_eq!(sizes(&world), [30, 100, 100]);
}

#[test]
fn pods_that_differ_in_a_named_port_are_in_different_slices() {
    let mut world = cluster(2);
    world.put_pod("web-2", Some(&pod(2, 9090)));
    let mut unnamed = pod(3, 0);
    Rc::make_mut(&mut unnamed.spec).template.set(&["spec", "containers"], Value::Null);
    world.put_pod("web-3", Some(&unnamed));
    let ports: SortedSet<Vec<i64>> = world.slices("nginx").iter().map(|s| s.ports.iter().map(|p| p.port).collect()).collect();
    assert_eq!(ports, SortedSet::from([vec![], vec![8080], vec![9090]]));
    let found =
        |number: u16| world.slices("nginx").iter().filter(|s| s.endpoints.iter().any(|e| *e.pod == *format!("web-{number}"))).count();
    assert_eq!([0, 1, 2, 3].map(found), [1; 4]);
}

#[test]
fn a_pod_that_comes_back_elsewhere_moves_to_the_end() {
    let mut world = cluster(3);
    let mut back = pod(1, 8080);
    back.status.ip = Some(Ip([10, 244, 9, 9]));
    let plans = world.put_pod("web-1", Some(&back));
    let pods: Vec<&str> = world.slices("nginx")[0].endpoints.iter().map(|e| &*e.pod).collect();
    assert_eq!(pods, ["web-0", "web-2", "web-1"]);
    let changes = EndpointChanges { changed: vec!["web-1".into()], ..EndpointChanges::default() };
    assert_eq!(plans[0].because, Slices::FollowPods(changes));
}

#[test]
fn only_services_that_select_pods_are_looked_after() {
    let mut world = World::with_nodes(&["node-1"]);
    let mut manifest = json(NGINX);
    manifest.remove(&["spec", "selector"]);
    assert_eq!(world.put_service(&manifest).because, Slices::AreLeftToOthers);
    let alias = json(r#"{"metadata":{"name":"far"},"spec":{"type":"ExternalName","externalName":"example.com","selector":{"app":"web"}}}"#);
    assert_eq!(world.put_service(&alias).because, Slices::AreNotNeeded);
    assert!(world.view.slices().next().is_none());
}

#[test]
fn a_services_labels_become_those_of_its_slices() {
    let mut world = cluster(2);
    let mut manifest = json(NGINX);
    manifest.set(&["metadata", "labels"], json(r#"{"team":"a"}"#));
    let plan = world.put_service(&manifest);
    assert_eq!((plan.writes.len(), plan.because), (1, Slices::FollowService));
    let slice = world.slices("nginx")[0];
    assert!(slice.meta.label("team").is_some() && slice.meta.label("app").is_none());
    assert_eq!(world.put_service(&manifest).because, Slices::AreCurrent);
}

#[test]
fn slices_of_an_earlier_service_of_that_name_go() {
    let mut world = cluster(1);
    let old = world.slices("nginx")[0].meta.name.clone();
    world.view.remove(&ObjectKey::new(Kind::Service, &"default".into(), &"nginx".into()));
    let plan = world.put_service(&json(NGINX));
    assert!(matches!(plan.writes[..], [SliceWrite::Create(_), SliceWrite::Delete(_)]), "{plan:?}");
    assert_eq!(sizes(&world), [1]);
    assert_ne!(world.slices("nginx")[0].meta.name, old);
}

#[test]
fn a_slice_changed_by_somebody_else_is_put_right() {
    let mut world = cluster(3);
    let mut slice = world.slices("nginx")[0].clone();
    slice.endpoints.remove(0);
    slice.meta.revision = world.stamp().0;
    let slice = Rc::new(slice);
    world.view.insert(Rc::clone(&slice).into());
    world.memories.get_mut("nginx").expect("a memory").observe(&slice, false);
    world.look(&"nginx".into());
    assert_eq!(sizes(&world), [3]);
}

#[test]
fn a_pod_whose_node_is_unknown_waits_unless_all_are_published() {
    let check = |publish: bool, listed: usize| {
        let mut world = World::default();
        let mut manifest = json(NGINX);
        manifest.set(&["spec", "publishNotReadyAddresses"], publish);
        world.put_service(&manifest);
        let plans = world.put_pod("web-0", Some(&pod(0, 8080)));
        assert_eq!((plans[0].without_node.len(), sizes(&world)), (1 - listed, vec![listed]));
    };
    check(false, 0);
    check(true, 1);
}

#[test]
fn a_change_is_dated_by_the_earliest_news_of_readiness() {
    let date = |world: &World| {
        world.slices("nginx")[0].meta.annotation("endpoints.kubernetes.io/last-change-trigger-time").map(ToString::to_string)
    };
    let mut world = cluster(0);
    assert_eq!(date(&world).as_deref(), Some("2026-01-01T00:00:00Z"), "the Service's creation");
    world.put_pod("web-0", Some(&pod(0, 8080)));
    assert_eq!(date(&world).as_deref(), Some("2026-01-01T00:00:05Z"));
    let set = |ready: bool, at: u64| move |pod: &mut Pod| pod.set_condition(Condition::new(READY, ready, Time(at)));
    world.change("web-0", set(false, 9_100));
    assert_eq!(date(&world).as_deref(), Some("2026-01-01T00:00:09Z"));
    world.change("web-0", set(true, 9_900));
    assert_eq!(date(&world), None, "no news in whole seconds");
}

#[test]
fn only_changes_that_slices_show_make_the_controller_look() {
    let service = Service::decode(&json(NGINX));
    let base = {
        let mut p = pod(0, 8080);
        p.meta.namespace = Name::default();
        p
    };
    let changed = |change: &dyn Fn(&mut Pod)| {
        let mut p = base.clone();
        change(&mut p);
        p
    };
    let other_label = |p: &mut Pod| p.meta.labels = Rc::new(SortedMap::from([("app".into(), "other".into())]));
    for (what, after, want) in [
        ("nothing", changed(&|_| ()), Concern::Nothing),
        ("revision", changed(&|p| p.meta.revision = 99), Concern::Nothing),
        ("readiness", changed(&|p| p.set_condition(Condition::new(READY, false, Time(0)))), Concern::Noticed),
        ("address", changed(&|p| p.status.ip = None), Concern::Noticed),
        ("deletion", changed(&|p| p.meta.deletion = Some(Deletion { at: Time(0), grace: 0 })), Concern::Noticed),
        ("end", changed(&|p| p.status.phase = PodPhase::Failed), Concern::Unnoticed),
        ("labels", changed(&other_label), Concern::Noticed),
    ] {
        assert_eq!(concern(&service, Some(&base), Some(&after)), want, "{what}");
    }
    let stranger = changed(&other_label);
    assert_eq!(concern(&service, Some(&stranger), Some(&stranger)), Concern::Nothing);
    assert_eq!(concern(&service, None, Some(&stranger)), Concern::Nothing);
    assert_eq!(concern(&service, None, Some(&base)), Concern::Noticed);
    assert_eq!(concern(&service, Some(&base), None), Concern::Noticed);
}

#[test]
fn one_that_ended_and_was_not_ready_stays_until_the_next_look() {
    let mut world = cluster(2);
    world.change("web-0", |pod| pod.set_condition(Condition::new(READY, false, Time(9_000))));
    assert!(world.change("web-0", |pod| pod.status.phase = PodPhase::Failed).is_empty());
    assert_eq!(sizes(&world), [2]);
    world.change("web-1", |pod| pod.set_condition(Condition::new(READY, false, Time(9_500))));
    assert_eq!(sizes(&world), [1]);
}

#[test]
fn endpoints_show_ready_addresses_apart() {
    let mut world = cluster(3);
    world.change("web-1", |pod| pod.set_condition(Condition::new(READY, false, Time(9_000))));
    world.change("web-2", |pod| pod.meta.deletion = Some(Deletion { at: Time(0), grace: 0 }));
    let shown = Object::from(world.endpoints("nginx").clone()).encode();
    let subset = &shown.list_at(&["subsets"])[0];
    let ips = |key: &str| subset.list_at(&[key]).iter().filter_map(|a| a.text_at(&["ip"])).collect::<Vec<_>>();
    assert_eq!((ips("addresses"), ips("notReadyAddresses")), (vec!["10.244.0.0"], vec!["10.244.0.1"]));
    assert_eq!(subset.list_at(&["ports"])[0].to_json(), r#"{"name":"http","port":8080,"protocol":"TCP"}"#);
    assert_eq!(shown.text_at(&["metadata", "labels", "endpoints.kubernetes.io/managed-by"]), Some("endpoint-controller"));
    assert_eq!(Object::from(cluster(0).endpoints("nginx").clone()).encode().get("subsets"), None);
}

#[test]
fn endpoints_show_a_thousand_addresses_and_the_ready_ones_first() {
    let mut world = cluster(0);
    for number in 0..1002 {
        let mut pod = pod(number, 8080);
        pod.set_condition(Condition::new(READY, number >= 2, Time(9_000)));
        world.view.insert(pod.into());
    }
    world.put_service(&json(NGINX));
    let shown = |world: &World| {
        let shown = Object::from(world.endpoints("nginx").clone()).encode();
        let count = |list: &str| shown.list_at(&["subsets"])[0].list_at(&[list]).len();
        let over = shown.text_at(&["metadata", "annotations", "endpoints.kubernetes.io/over-capacity"]).map(ToOwned::to_owned);
        (count("addresses"), count("notReadyAddresses"), over)
    };
    assert_eq!(shown(&world), (1000, 0, Some("truncated".into())));
    world.put_pod("web-5", None);
    assert_eq!(shown(&world), (999, 1, Some("truncated".into())));
    world.put_pod("web-0", None);
    assert_eq!(shown(&world), (999, 1, None));
}

#[test]
fn a_plan_for_what_changed_is_a_plan_for_everything() {
    // Each step checks that a full sync finds nothing more to do.
    let mut world = cluster(0);
    let mut draw = 1_u64;
    for step in 0..600 {
        draw = ordinal::base::dice::mix(draw + step);
        let number = u16::try_from(draw % 130).unwrap_or(0);
        let name = format!("web-{number}");
        match ((draw >> 32) % 8, world.view.pod("default", &name).is_some()) {
            (0..=4, false) => drop(world.put_pod(&name, Some(&pod(number, 8080 + i64::from(number % 2))))),
            (0, true) => drop(world.put_pod(&name, None)),
            (1, true) => drop(world.change(&name, |p| p.status.phase = PodPhase::Succeeded)),
            (2, true) => drop(world.change(&name, |p| p.status.ip = Some(Ip([10, 9, 9, u8::try_from(number).unwrap_or(0)])))),
            (_, true) => drop(world.change(&name, |p| p.set_condition(Condition::new(READY, draw & 1 == 0, Time(step * 700))))),
            _ => {}
        }
    }
    assert!(world.slices("nginx").len() >= 2);
}

/// Recorded on a real 1.37.1 with ports `a` and `b`, and by `go run` of its own function for the rest.
#[test]
fn ports_are_in_the_order_of_their_hashes() {
    for (written, want) in
        [(["a", "b"], ["b", "a"]), (["b", "a"], ["b", "a"]), (["web", "a"], ["web", "a"]), (["more", "web"], ["web", "more"])]
    {
        let mut world = World::with_nodes(&["node-1"]);
        let [first, second] = written;
        world.put_service(&json(&format!(
            r#"{{"metadata":{{"name":"nginx"}},"spec":{{"selector":{{"app":"web"}},
                "ports":[{{"name":"{first}","port":80,"targetPort":80}},{{"name":"{second}","port":81,"targetPort":80}}]}}}}"#
        )));
        world.put_pod("web-0", Some(&pod(0, 80)));
        let names: Vec<String> = world.slices("nginx")[0].ports.iter().map(|p| p.name.to_string()).collect();
        assert_eq!(names, want, "{written:?}");
    }
}

/// Recorded on a real 1.37.1 (c-told-twice in tests/conformance/recordings/further). The hash is not that of slices.
#[test]
fn ports_of_endpoints_have_an_order_of_their_own() {
    let mut world = World::with_nodes(&["node-1"]);
    world.put_service(&json(
        r#"{"metadata":{"name":"nginx"},"spec":{"selector":{"app":"web"},"ports":[
            {"name":"dns","port":53,"targetPort":53,"protocol":"UDP"},
            {"name":"tls","port":443,"targetPort":443,"protocol":"TCP","appProtocol":"https"},
            {"name":"web","port":80,"targetPort":80,"protocol":"TCP"}]}}"#,
    ));
    world.put_pod("web-0", Some(&pod(0, 80)));
    let shown = Object::from(world.endpoints("nginx").clone()).encode();
    let ports = shown.list_at(&["subsets"])[0].list_at(&["ports"]);
    assert_eq!(ports.iter().filter_map(|port| port.text_at(&["name"])).collect::<Vec<_>>(), ["web", "dns", "tls"]);
}
