//! Who deleted an object, and by which decision.

use api::object::{ObjectKey, parent_and_ordinal};
use server::log::{Actor, Change};
use text::why::Who;
use why::{Decision, DecisionLog};

/// Who an author is; which line somebody typed is not known.
pub fn who(actor: &Actor) -> Who<'_> {
    match actor {
        Actor::User => Who::You(""),
        Actor::ApiServer => Who::Component("kube-apiserver"),
        Actor::Controller(controller) => Who::Component(controller.component().name()),
        Actor::Scheduler => Who::Component("kube-scheduler"),
        Actor::Kubelet(node) => Who::Kubelet(node),
        Actor::Provisioner(name) => Who::Component(name),
        Actor::Speaker(name) => Who::Component(name),
        Actor::Setup => Who::Setup,
    }
}

/// The decision by which a component deleted an object: its last such decision before the write.
pub fn deletion_cause<'a>(decisions: &'a DecisionLog, key: &ObjectKey, change: &Change) -> Option<&'a Decision> {
    if change.by == Actor::User {
        return None;
    }
    let mine = parent_and_ordinal(&key.name);
    let owner = change.object().and_then(|object| object.meta().controller());
    let about = |decision: &Decision| {
        let its_own = decision.about == *key;
        let owners = owner.is_some_and(|owner| Some(decision.about.kind) == owner.kind && decision.about.name == owner.name);
        let of_ordinal = || decision.because.ordinal().is_none_or(|ordinal| mine.is_some_and(|(_, own)| own == ordinal));
        decision.because.rule().deletes && (its_own || owners && of_ordinal())
    };
    let before = decisions.recent().rev().filter(|(at, _)| *at <= change.at);
    before.map(|(_, decision)| &**decision).find(|decision| about(decision))
}
