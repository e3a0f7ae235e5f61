//! Which Events stand: Events are history, and a later one may say that an earlier one is over.

use super::event::Happened;
use causes::message::{Told, take_apart};
use why::Family;

/// Reasons of Events that say that a cause of a family is over.
const OVER: [(&str, &[Family]); 7] = [
    (
        "Scheduled",
        &[
            Family::NoNodeFits,
            Family::ClaimPending,
            Family::VolumeElsewhere,
            Family::ClaimGone,
            Family::NobodySchedules,
            Family::NodeSilent,
            Family::CannotKnow,
        ],
    ),
    ("SuccessfulAttachVolume", &[Family::AttachOrMount]),
    ("Pulled", &[Family::AttachOrMount]),
    ("Started", &[Family::AttachOrMount]),
    ("ProvisioningSucceeded", &[Family::ClaimPending, Family::CannotKnow]),
    ("SuccessfulCreate", &[Family::PodRefused]),
    ("NodeReady", &[Family::NodeSilent]),
];

/// Whether an Event is later than another: by their times, or by their places where these are the same.
fn is_later(all: &[Happened], one: usize, than: usize) -> bool {
    match (all[than].last, all[one].last) {
        (Some(before), Some(after)) if before != after => before < after,
        _ => than < one,
    }
}

/// What the Event at a place says, unless a later one says that it is over, or of the same reason something else.
pub(crate) fn stands(all: &[Happened], at: usize) -> Option<Told<'_>> {
    let event = &all[at];
    let told = take_apart(event.said())?;
    // Of a row that was cut before its message, no more is known than that something waits.
    let is_cut = told.is_any && event.message.trim().is_empty();
    if is_cut && [Family::NoNodeFits, Family::AttachOrMount].contains(&told.cause.family()) {
        return None;
    }
    let is_over = |(other, by): (usize, &Happened)| {
        let ends = OVER.iter().any(|(reason, families)| *reason == by.reason && families.contains(&told.cause.family()));
        let later = is_later(all, other, at);
        // A set makes many pods.
        let same = event.reason != "FailedCreate" || told.about().is_none_or(|(_, _, pod)| by.message.contains(&pod));
        // Of a message that says nothing that is known, no more is known than its reason.
        let otherwise = by.reason == event.reason
            && !event.reason.is_empty()
            && take_apart(by.said()).is_some_and(|by| by.cause.family() != told.cause.family() && (told.is_any || !by.is_any));
        (ends || otherwise) && later && same && by.about == event.about
    };
    (!all.iter().enumerate().any(is_over)).then_some(told)
}
