//! What is about to happen, as far as it is of interest.

use super::zero::{seconds, to_tenths};
use api::object::ObjectKey;
use base::time::Span;
use cluster::kubelet::Timer;
use server::tables::Tables;
use sim::event::Event;
use sim::retries::Retry;
use text::Lang;
use text::ahead::{Again, Ahead, Does};

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

/// How many of the objects that are tried again are named.
const NAMED: usize = 3;

/// What is tried again and again, where nothing else happens: `mysql-0 starts again every 5m, kafka-0 goes on trying`.
pub fn retries(tried: &[(ObjectKey, Retry)], lang: Lang) -> String {
    let text = lang.text();
    let told = |(key, retry): &(ObjectKey, Retry)| text.time.again(&key.name, &again(*retry));
    let more = Some(tried.len().saturating_sub(NAMED)).filter(|more| *more > 0).map(|more| text.cluster.more(more));
    tried.iter().take(NAMED).map(told).chain(more).collect::<Vec<_>>().join(", ")
}

fn again(retry: Retry) -> Again {
    match retry {
        Retry::Start(wait) => Again::Starts { every: wait.human() },
        Retry::Program => Again::Tries,
        Retry::Pull => Again::Pulls,
        Retry::Probe => Again::Probes,
        Retry::Reference => Again::LooksFor,
        Retry::Look => Again::LookedAt,
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
