//! What is about to happen, as far as it is of interest.

use super::zero::{seconds, to_tenths};
use base::time::Span;
use cluster::kubelet::Timer;
use server::tables::Tables;
use sim::event::Event;
use text::Lang;
use text::ahead::{Ahead, Does};

/// What a pending event means to the viewer; `None` if it means nothing.
pub fn ahead_of(event: &Event, tables: &Tables) -> Option<Ahead> {
    match event {
        Event::Kubelet(node, uid, timer) => {
            let pod = tables.pods().find(|pod| pod.meta.uid == *uid)?;
            Some(Ahead::Kubelet { node: node.to_string(), pod: pod.meta.name.to_string(), does: does(timer) })
        }
        Event::Inside(node, uid, _) => {
            let pod = tables.pods().find(|pod| pod.meta.uid == *uid)?;
            Some(Ahead::Kubelet { node: node.to_string(), pod: pod.meta.name.to_string(), does: Does::Looks })
        }
        Event::NodeStatus(node) => Some(Ahead::Node(node.to_string())),
        Event::Provisioned(claim, _) => Some(Ahead::Provisioner { claim: claim.name.to_string() }),
        Event::Schedule => Some(Ahead::Scheduler),
        Event::Applications => Some(Ahead::Application),
        _ => None,
    }
}

/// What a pending event means to a viewer for whom nothing else is to happen.
pub fn behind(event: &Event) -> Ahead {
    match event {
        Event::Sync(controller, key, _) => {
            Ahead::Controller { controller: controller.component().name().to_owned(), name: key.name.to_string() }
        }
        _ => Ahead::ControlPlane,
    }
}

fn does(timer: &Timer) -> Does {
    match timer {
        Timer::Admit => Does::Admits,
        Timer::Start => Does::Starts,
        Timer::ComesUp(..) | Timer::ProbePasses(..) | Timer::ProbeFails(..) | Timer::Asks(..) => Does::Probes,
        Timer::Report
        | Timer::HookAsks(..)
        | Timer::Exits(..)
        | Timer::OutgrowsMemory(..)
        | Timer::CrashBacksOff(..)
        | Timer::PullBacksOff(..) => Does::Looks,
        Timer::Restart(..) => Does::Restarts,
        Timer::Pulled(..) => Does::HasPulled,
        Timer::PullAgain(..) => Does::Pulls,
        Timer::Stopped | Timer::Deadline(_) | Timer::Confirm => Does::Stops,
    }
}

/// `Next: kubelet on node-1 probes web-1 in 1.8 s`.
pub fn sentence(wait: u64, ahead: &Ahead, lang: Lang) -> String {
    let text = &lang.text().time;
    // What is next at once is not said to come in no time.
    let wait = match wait {
        ..100 => String::new(),
        100..60_000 => text.seconds(&seconds(Span(wait))),
        _ => to_tenths(Span(wait)),
    };
    text.next(&text.ahead(ahead), &wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::controller::Controller;
    use api::kind::Kind;
    use api::object::ObjectKey;
    use base::slots::Place;
    use cluster::kubelet::Incarnation;

    #[test]
    fn a_first_pull_is_not_a_second_one() {
        let told = |timer: &Timer| {
            let ahead = Ahead::Kubelet { node: "node-1".into(), pod: "web-0".into(), does: does(timer) };
            sentence(300, &ahead, Lang::English)
        };
        assert_eq!(
            told(&Timer::Pulled(Incarnation { container: 0, starts: 0 }, Span(2500))),
            "Next: kubelet on node-1 finishes pulling the image of web-0 in 0.3 s"
        );
        assert_eq!(told(&Timer::PullAgain(0, 1)), "Next: kubelet on node-1 retries the image pull of web-0 in 0.3 s");
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
            sentence(4200, &behind(&Event::Sync(controller, key, Place::default())), lang)
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
}
