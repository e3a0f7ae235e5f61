//! Flux's kustomize-controller: all objects are tried before the first is applied, in its own name and whoever owns what. With force,
//! what the server refuses to change is deleted in the trial, and made anew after it.
//!
//! Models github.com/fluxcd/pkg/ssa manager_apply.go (ApplyAllStaged), patch.go, manager_delete.go and manager_wait.go, with the apply
//! options of kustomize-controller.

use api::client::{Client, DeleteOptions, Patch, Subresource, WriteOptions};
use api::kind::Kind;
use api::managed::{Entry, KUBECTL, LAST_APPLIED, MANAGED_FIELDS, decode, encode, hand_over};
use api::status::{Status, StatusReason};
use base::sort::Sort;
use base::time::{Span, Time};
use base::value::Value;

use crate::asked::Asked;
use crate::item::{Item, has_option, is_kept};
use crate::ready;
use crate::state::State;
use crate::tool::Flag;
use crate::work::{Ended, Step, Work};

/// The kinds of what defines namespaces and other kinds.
const DEFINES: [Kind; 2] = [Kind::CustomResourceDefinition, Kind::Namespace];
/// How often objects are asked for that are waited for.
const LOOK: Span = Span::seconds(2);
/// How long the next request comes after a deletion.
const NEXT: Span = Span(50);
const FORCE: &str = "kustomize.toolkit.fluxcd.io/force";
const APPLY: &str = "kustomize.toolkit.fluxcd.io/ssa";
const RECONCILE: &str = "kustomize.toolkit.fluxcd.io/reconcile";

#[derive(Clone, Debug)]
enum Phase {
    /// The objects are tried: the place of the next, and whether it was just deleted.
    Tries(usize, bool),
    Waits(Time),
}

/// Flux at work.
#[derive(Clone, Debug)]
pub struct Apply {
    asked: Asked,
    old: Vec<Item>,
    new: Vec<Item>,
    /// What becomes of each object that was tried.
    found: Vec<Becomes>,
    /// How many of these are applied: what defines namespaces and kinds is, before the rest is tried.
    applied: usize,
    phase: Phase,
}

/// What an apply makes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    Created,
    Configured,
    Unchanged,
    Skipped,
}

impl Becomes {
    fn word(self) -> &'static str {
        match self {
            Becomes::Created => "created",
            Becomes::Configured => "configured",
            Becomes::Unchanged => "unchanged",
            Becomes::Skipped => "skipped",
        }
    }
}

impl Apply {
    /// Begins with what is asked for.
    pub fn new(asked: &Asked) -> Apply {
        let all = |objects: &[Value]| {
            let mut items = Item::all(objects, asked.tool);
            let turn = |item: &Item| asked.tool.turn(item.kind.info().name);
            items.sort_small_by(|a, b| (turn(a), &a.namespace, &a.name).cmp(&(turn(b), &b.namespace, &b.name)));
            items
        };
        let old = if asked.is_upgrade() { all(&asked.before) } else { Vec::new() };
        Apply { old, new: all(&asked.after), asked: asked.clone(), found: Vec::new(), applied: 0, phase: Phase::Tries(0, false) }
    }

    fn options(&self, dry_run: bool) -> WriteOptions {
        WriteOptions { dry_run, manager: self.asked.tool.traits().manager.into(), force: true, ..WriteOptions::default() }
    }

    /// Tries objects from a place on; `None` once all are tried.
    fn try_all(&mut self, client: &mut dyn Client, from: usize, mut is_deleted: bool) -> Option<Step> {
        for at in from..self.new.len() {
            let item = self.new[at].clone();
            if !DEFINES.contains(&item.kind)
                && let Err(why) = self.apply(client)
            {
                return Some(failed(&why));
            }
            let live = item.live(client);
            if is_deleted && live.is_some() {
                self.phase = Phase::Tries(at, true);
                return Some(Step::Until(client.now() + Span::seconds(2)));
            }
            if is_skipped(&item.value, live.as_ref()) {
                self.found.push(Becomes::Skipped);
                continue;
            }
            let tried = client.apply(item.kind, &item.namespace, &item.name, &item.value, &self.options(true));
            match tried {
                Ok(written) => {
                    let becomes = match &live {
                        None => Becomes::Created,
                        Some(live) if self.clean(client, &item, live) || has_drifted(live, &written.object) => Becomes::Configured,
                        Some(_) => Becomes::Unchanged,
                    };
                    self.found.push(becomes);
                }
                Err(status) if !is_deleted && live.is_some() && self.is_forced(&item, live.as_ref(), &status) => {
                    let options = DeleteOptions { propagation: Some(self.asked.tool.traits().propagation), ..DeleteOptions::default() };
                    if let Err(status) = client.delete(item.kind, &item.namespace, &item.name, &options) {
                        let what = "immutable field detected, failed to delete object";
                        return Some(failed(&format!("{} {what}: {status}", item.told())));
                    }
                    self.phase = Phase::Tries(at, true);
                    return Some(Step::Until(client.now() + NEXT));
                }
                Err(status) => return Some(failed(&format!("{} dry-run failed ({:?}): {status}", item.told(), status.reason))),
            }
            is_deleted = false;
        }
        None
    }

    /// Whether an object is made anew that the server refuses to change: what it refuses for any other reason counts as well.
    fn is_forced(&self, item: &Item, live: Option<&Value>, status: &Status) -> bool {
        let says = |object: &Value| has_option(object, FORCE, "enabled");
        let is_asked = self.asked.options.on(Flag::Force) || says(&item.value) || live.is_some_and(says);
        is_asked && matches!(status.reason, StatusReason::Invalid | StatusReason::Conflict)
    }

    /// Takes over what kubectl manages, and the annotation in which kubectl remembers; whether there was anything of it.
    fn clean(&self, client: &mut dyn Client, item: &Item, live: &Value) -> bool {
        let own = self.asked.tool.traits().manager;
        let mut managers = decode(&client.managers(item.kind, &item.namespace, &item.name)).unwrap_or_default();
        let is_kubectl = |entry: &&mut Entry| entry.writer.part == Subresource::None && entry.writer.manager.starts_with(KUBECTL);
        let mut others = Vec::new();
        for entry in managers.iter_mut().filter(is_kubectl) {
            entry.applied = false;
            others.push(entry.writer.manager.clone());
        }
        let memory = ["metadata", "annotations", LAST_APPLIED];
        let remembers = live.at(&memory).is_some();
        if others.is_empty() && !remembers {
            return false;
        }
        let mut patch = Value::map();
        for other in others {
            hand_over(&mut managers, &other, own);
        }
        patch.set(&MANAGED_FIELDS, encode(&managers));
        if remembers {
            patch.set(&memory, Value::Null);
        }
        client.patch(item.kind, &item.namespace, &item.name, Patch::merge(&patch), Subresource::None, &self.options(false)).is_ok()
    }

    /// Applies what was tried and defines something, or all that was tried.
    fn apply(&mut self, client: &mut dyn Client) -> Result<(), String> {
        let defines = self.new.iter().take_while(|item| DEFINES.contains(&item.kind)).count();
        let to = if self.found.len() == self.new.len() { self.new.len() } else { defines.min(self.found.len()) };
        let from = self.applied;
        self.applied = from.max(to);
        let is_to_apply = |becomes: &Becomes| matches!(becomes, Becomes::Created | Becomes::Configured);
        for (item, _) in self.new.iter().zip(&self.found).take(to).skip(from).filter(|(_, becomes)| is_to_apply(becomes)) {
            let answer = client.apply(item.kind, &item.namespace, &item.name, &item.value, &self.options(false));
            answer.map_err(|status| format!("{} apply failed: {status}", item.told()))?;
        }
        Ok(())
    }

    /// Deletes what the new state lacks; what became of it.
    fn prune(&self, client: &mut dyn Client) -> Vec<String> {
        let traits = self.asked.tool.traits();
        if !self.asked.options.prunes(self.asked.tool) {
            return Vec::new();
        }
        let mut said = Vec::new();
        for item in self.old.iter().rev().filter(|old| !self.new.iter().any(|new| new.is(old))) {
            let Some(live) = item.live(client) else { continue };
            let stays = is_kept(&live, traits.keeps.as_ref()) || has_option(&live, RECONCILE, "disabled");
            let options = DeleteOptions { propagation: Some(traits.propagation), ..DeleteOptions::default() };
            let done = if stays {
                "skipped"
            } else if client.delete(item.kind, &item.namespace, &item.name, &options).is_ok() {
                "deleted"
            } else {
                continue;
            };
            said.push(format!("{} {done}", item.told()));
        }
        said
    }

    fn said(&self) -> Vec<String> {
        self.new.iter().zip(&self.found).map(|(item, becomes)| format!("{} {}", item.told(), becomes.word())).collect()
    }

    /// What comes of waiting; `None` while it waits.
    fn waited(&self, client: &dyn Client, is_late: bool) -> Option<Step> {
        let states: Vec<(&Item, State)> = self.new.iter().map(|item| (item, ready::of(self.asked.tool, item, client))).collect();
        let waits: Vec<&(&Item, State)> = states.iter().filter(|(_, state)| !state.is_ready()).collect();
        if waits.is_empty() {
            return Some(Step::Done(Ended { said: self.said(), failed: None }));
        }
        let told: Vec<String> = waits.iter().map(|(item, state)| format!("{} status: '{}'", item.told(), state.word())).collect();
        let is_final = waits.iter().all(|(_, state)| matches!(state, State::Failed(_)));
        let words = if is_final { "failed early due to stalled resources" } else { "timeout waiting for" };
        let failed = Some(format!("error: {words}: [{}]", told.join(", ")));
        (is_late || is_final).then(|| Step::Done(Ended { said: self.said(), failed }))
    }
}

fn failed(why: &str) -> Step {
    Step::Done(Ended { said: Vec::new(), failed: Some(format!("error: {why}")) })
}

/// Whether an object is left as it is by what it says itself.
fn is_skipped(object: &Value, live: Option<&Value>) -> bool {
    let says = |object: &Value, annotation: &str, word: &str| {
        let at = |place: &str| object.text_at(&["metadata", place, annotation]);
        [at("annotations"), at("labels")].into_iter().flatten().any(|value| value.eq_ignore_ascii_case(word))
    };
    let either = |annotation: &str, word: &str| says(object, annotation, word) || live.is_some_and(|live| says(live, annotation, word));
    either(RECONCILE, "disabled") || either(APPLY, "Ignore") || live.is_some() && says(object, APPLY, "IfNotPresent")
}

/// Whether a trial makes something else of an object than what is there. Models ssa's hasDrifted.
fn has_drifted(live: &Value, tried: &Value) -> bool {
    let compared = |object: &Value| {
        let mut object = object.clone();
        let kept = ["labels", "annotations"].map(|field| object.at(&["metadata", field]).cloned());
        drop(object.remove(&["metadata"]));
        drop(object.remove(&["status"]));
        (object, kept)
    };
    compared(live) != compared(tried)
}

impl Work for Apply {
    fn go_on(&mut self, client: &mut dyn Client) -> Step {
        match self.phase {
            Phase::Tries(from, is_deleted) => {
                if let Some(step) = self.try_all(client, from, is_deleted) {
                    return step;
                }
                if let Err(why) = self.apply(client) {
                    return failed(&why);
                }
                let said = self.said().into_iter().chain(self.prune(client)).collect();
                if !self.asked.options.on(Flag::Wait) {
                    return Step::Done(Ended { said, failed: None });
                }
                self.phase = Phase::Waits(client.now() + self.asked.options.timeout());
                Step::Until(client.now() + LOOK)
            }
            Phase::Waits(until) => {
                let now = client.now();
                self.waited(client, now >= until).unwrap_or(Step::Until(now + LOOK))
            }
        }
    }

    fn copied(&self) -> Box<dyn Work> {
        Box::new(self.clone())
    }
}
