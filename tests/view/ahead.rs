//! What is about to happen, in words.

use ordinal::api::controller::Controller;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::slots::SlotId;
use ordinal::base::time::Span;
use ordinal::cluster::kubelet::{Incarnation, Timer};
use ordinal::server::tables::Tables;
use ordinal::sim::event::Event;
use ordinal::text::Lang;
use ordinal::text::ahead::Ahead;
use ordinal::view::{ahead_of, behind, sentence};

use crate::view::example;

#[test]
fn a_first_pull_is_not_a_second_one() {
    let example = example::ordered_creation();
    let uid = example.tables.pod("default", "web-0").expect("web-0").meta.uid;
    let told = |timer: Timer| {
        let ahead = ahead_of(&Event::Kubelet("node-1".into(), uid, timer), &example.tables).expect("something");
        sentence(300, &ahead, Lang::English)
    };
    assert_eq!(
        told(Timer::Pulled(Incarnation { container: 0, starts: 0 }, Span(2500))),
        "Next: kubelet on node-1 finishes pulling the image of web-0 in 0.3 s"
    );
    assert_eq!(told(Timer::PullAgain(0, 1)), "Next: kubelet on node-1 retries the image pull of web-0 in 0.3 s");
}

#[test]
fn a_kubelet_reports_on_its_node_too() {
    let ahead = ahead_of(&Event::NodeStatus("node-1".into()), &Tables::default()).expect("something");
    assert_eq!(sentence(300, &ahead, Lang::English), "Next: kubelet on node-1 reports on its node in 0.3 s");
    assert_eq!(sentence(300, &ahead, Lang::Korean), "다음: 0.3초 뒤 node-1 노드의 kubelet이 노드 상태를 보고함");
}

#[test]
fn a_wait_of_minutes_is_told_like_the_clock_and_a_look_finds_nothing_yet() {
    let told = |lang| sentence(324_700, &Ahead::Scheduler, lang);
    assert_eq!(told(Lang::English), "Next: the scheduler looks for a node in 5:24.7");
    assert_eq!(told(Lang::Korean), "다음: 5:24.7 뒤 스케줄러가 노드를 찾아봄");
    assert_eq!(sentence(59_900, &Ahead::Scheduler, Lang::English), "Next: the scheduler looks for a node in 59.9 s");
}

#[test]
fn a_controller_is_named_with_the_object_that_it_checks() {
    let told = |controller, name: &str, lang| {
        let key = ObjectKey::new(Kind::Pod, &"".into(), &name.into());
        sentence(4200, &behind(&Event::Sync(controller, key, SlotId::default())), lang)
    };
    assert_eq!(told(Controller::TaintEviction, "web-1", Lang::English), "Next: the taint-eviction-controller checks web-1 in 4.2 s");
    assert_eq!(told(Controller::TaintEviction, "web-1", Lang::Korean), "다음: 4.2초 뒤 taint-eviction-controller가 web-1을 확인함");
    assert_eq!(told(Controller::NodeMonitor, "", Lang::English), "Next: the node-lifecycle-controller looks again in 4.2 s");
    assert_eq!(told(Controller::NodeMonitor, "", Lang::Korean), "다음: 4.2초 뒤 node-lifecycle-controller가 다시 확인함");
}

#[test]
fn what_is_next_at_once_has_no_time_to_it() {
    let told = |lang| sentence(99, &Ahead::ControlPlane, lang);
    assert_eq!(told(Lang::English), "Next: the control plane acts");
    assert_eq!(told(Lang::Korean), "다음: 컨트롤 플레인이 동작함");
}
