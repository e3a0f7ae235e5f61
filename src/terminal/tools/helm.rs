//! `helm install` and `helm upgrade`: what is new is made and what is there is changed, in the order of kinds; then what the new state
//! lacks is deleted. What of it was done stays where the rest is refused.
//!
//! Models helm.sh/helm pkg/kube client.go (update, patchResourceClientSide, patchResourceServerSide, replaceResource,
//! upgradeClientSideFieldManager), pkg/action upgrade.go, install.go, rollback.go and validate.go.

use api::client::{Client, DeleteOptions, Patch, PatchType, Subresource, WriteOptions};
use api::kind::Kind;
use api::managed::{MANAGED_FIELDS, decode, encode, hand_over};
use api::patch::three_way;
use api::status::{Status, StatusReason};
use base::time::{Span, Time};
use base::value::{Map, Value};
use kubectl::settings::DEFAULT_NAMESPACE;

use crate::asked::Asked;
use crate::heard::Heard;
use crate::item::{Item, is_kept};
use crate::ready;
use crate::state::State;
use crate::tool::{Flag, Method, Tool};
use crate::work::{Ended, Step, Work};

/// How often Helm looks at what it waits for; it hears of what happens in between.
const LOOK: Span = Span(500);
const MANAGED_BY: [&str; 3] = ["metadata", "labels", "app.kubernetes.io/managed-by"];
const RELEASE_NAME: [&str; 3] = ["metadata", "annotations", "meta.helm.sh/release-name"];
const RELEASE_NAMESPACE: [&str; 3] = ["metadata", "annotations", "meta.helm.sh/release-namespace"];
/// What the label says of an object that is of a release.
const HELM: &str = "Helm";

#[derive(Clone, Debug)]
enum Phase {
    Begins,
    Waits(Time),
    /// The old state was applied after this error, and is waited for.
    RollsBack(String, Time),
}

/// Helm at work.
#[derive(Clone, Debug)]
pub struct Helm {
    asked: Asked,
    old: Vec<Item>,
    new: Vec<Item>,
    phase: Phase,
    /// What it heard of the sets that it waits for.
    heard: Vec<Heard>,
}

impl Helm {
    /// Begins with what is asked for.
    pub fn new(asked: &Asked) -> Helm {
        let labelled = |objects: &[Value]| {
            let mut items = Item::all(objects, asked.tool);
            for item in &mut items {
                item.value.set(&MANAGED_BY, HELM);
                item.value.set(&RELEASE_NAME, asked.release());
                item.value.set(&RELEASE_NAMESPACE, DEFAULT_NAMESPACE);
            }
            items
        };
        // What another tool has made is of no release.
        let old = if asked.is_upgrade() { labelled(&asked.before) } else { Vec::new() };
        Helm { old, new: labelled(&asked.after), asked: asked.clone(), phase: Phase::Begins, heard: Vec::new() }
    }

    fn on(&self, flag: Flag) -> bool {
        self.asked.options.on(flag)
    }

    fn replaces(&self) -> bool {
        self.on(Flag::ForceReplace) || self.on(Flag::Force)
    }

    /// Whether the server merges: as the release before, unless somebody says.
    fn by_server(&self) -> bool {
        match self.asked.options.value(Flag::ServerSide) {
            Some("auto") | None => {
                let last = if self.asked.is_upgrade() { self.asked.made_by } else { None };
                self.asked.tool == Tool::Helm4 && last.unwrap_or(Tool::Helm4).traits().method == Method::ServerSide
            }
            Some(value) => value != "false",
        }
    }

    fn options(&self) -> WriteOptions {
        WriteOptions { manager: self.asked.tool.traits().manager.into(), force: self.on(Flag::ForceConflicts), ..WriteOptions::default() }
    }

    /// Begins: what was refused, in words.
    fn begin(&self, client: &mut dyn Client) -> Result<(), String> {
        if self.by_server() && self.replaces() {
            return Err("invalid operation: cannot use server-side apply and force replace together".to_owned());
        }
        let is_new = |item: &&Item| !self.old.iter().any(|old| old.is(item));
        if !self.on(Flag::TakeOwnership) {
            self.new.iter().filter(is_new).try_for_each(|item| self.check_owner(client, item))?;
        }
        self.write(client, &self.old, &self.new)
    }

    /// Refuses an object that is there and of no release.
    fn check_owner(&self, client: &dyn Client, item: &Item) -> Result<(), String> {
        let Some(live) = item.live(client) else { return Ok(()) };
        let wrong = |what: &str, path: &[&str; 3], wanted: &str| {
            let key = path[2];
            match live.text_at(path) {
                Some(value) if value == wanted => None,
                Some(value) => {
                    Some(format!("{what} validation error: key \"{key}\" must equal \"{wanted}\": current value is \"{value}\""))
                }
                None => Some(format!("{what} validation error: missing key \"{key}\": must be set to \"{wanted}\"")),
            }
        };
        let all = [
            wrong("label", &MANAGED_BY, HELM),
            wrong("annotation", &RELEASE_NAME, self.asked.release()),
            wrong("annotation", &RELEASE_NAMESPACE, DEFAULT_NAMESPACE),
        ];
        let all: Vec<String> = all.into_iter().flatten().collect();
        if all.is_empty() {
            return Ok(());
        }
        let (unable, kind) = (if self.asked.tool == Tool::Helm3 { "Unable" } else { "unable" }, item.kind.info().name);
        let doing = if self.asked.is_upgrade() { "update" } else { "install" };
        let place = format!("{kind} \"{}\" in namespace \"{}\"", item.name, item.namespace);
        let why = all.join("; ");
        Err(format!(
            "{unable} to continue with {doing}: {place} exists and cannot be imported into the current release: invalid ownership \
             metadata; {why}"
        ))
    }

    /// Makes a new state of an old one. Where an object that is there cannot be changed, the others are, and nothing is deleted.
    fn write(&self, client: &mut dyn Client, old: &[Item], new: &[Item]) -> Result<(), String> {
        let mut wrong = Vec::new();
        for item in new {
            if item.live(client).is_none() {
                self.make(client, item).map_err(|why| format!("{}{why}", self.making()))?;
                continue;
            }
            let before = old.iter().find(|old| old.is(item)).unwrap_or(item);
            wrong.extend(self.change(client, before, item).err());
        }
        if wrong.is_empty() {
            let gone = old.iter().filter(|old| !new.iter().any(|new| new.is(old)));
            wrong.extend(gone.filter_map(|item| self.delete(client, item).err()));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join(" && ")) }
    }

    /// How an error begins of an object that could not be made.
    fn making(&self) -> &'static str {
        if self.asked.is_upgrade() { "failed to create resource: " } else { "" }
    }

    fn make(&self, client: &mut dyn Client, item: &Item) -> Result<(), String> {
        if self.by_server() {
            return self.merge(client, item);
        }
        let options = WriteOptions { force: false, ..self.options() };
        client.create(item.kind, &item.namespace, &item.value, &options).map(drop).map_err(|status| status.message)
    }

    fn change(&self, client: &mut dyn Client, before: &Item, item: &Item) -> Result<(), String> {
        if self.replaces() {
            return self.replace(client, item);
        }
        if !self.by_server() {
            return self.patch(client, before, item);
        }
        if self.asked.made_by.is_some_and(|by| by.traits().method == Method::ClientSide) && self.asked.is_upgrade() {
            self.move_to_server(client, item).map_err(|status| status.message)?;
        }
        self.merge(client, item)
    }

    /// Has the server merge it.
    fn merge(&self, client: &mut dyn Client, item: &Item) -> Result<(), String> {
        let answer = client.apply(item.kind, &item.namespace, &item.name, &item.value, &self.options());
        answer.map(drop).map_err(|Status { reason, message, .. }| match reason {
            StatusReason::Conflict => format!("conflict occurred while applying object {}: {message}", item.with_kind()),
            _ => format!("server-side apply failed for object {}: {message}", item.with_kind()),
        })
    }

    /// Hands what an earlier Helm wrote by itself to the one that applies.
    fn move_to_server(&self, client: &mut dyn Client, item: &Item) -> Result<(), Status> {
        let manager = self.asked.tool.traits().manager;
        let mut managers = decode(&client.managers(item.kind, &item.namespace, &item.name)).unwrap_or_default();
        let before = managers.clone();
        hand_over(&mut managers, manager, manager);
        if managers == before {
            return Ok(());
        }
        let mut owned = Value::map();
        owned.set(&MANAGED_FIELDS, encode(&managers));
        client.patch(item.kind, &item.namespace, &item.name, Patch::merge(&owned), Subresource::None, &self.options()).map(drop)
    }

    fn patch(&self, client: &mut dyn Client, before: &Item, item: &Item) -> Result<(), String> {
        let live = item.live(client).unwrap_or_default();
        let patch = three_way(item.kind, &before.value, &item.value, &live).map_err(|why| format!("failed to create patch: {why}"))?;
        if patch.as_map().is_some_and(Map::is_empty) {
            return Ok(());
        }
        let sent = Patch { how: PatchType::Strategic, body: &patch };
        let answer = client.patch(item.kind, &item.namespace, &item.name, sent, Subresource::None, &self.options());
        answer.map(drop).map_err(|status| format!("cannot patch \"{}\" with kind {}: {status}", item.name, item.kind.info().name))
    }

    fn replace(&self, client: &mut dyn Client, item: &Item) -> Result<(), String> {
        let answer = client.replace(item.kind, &item.namespace, &item.name, &item.value, Subresource::None, &self.options());
        answer.map(drop).map_err(|status| format!("failed to replace object: {status}"))
    }

    /// Deletes what the new state lacks, unless that says to be kept.
    fn delete(&self, client: &mut dyn Client, item: &Item) -> Result<(), String> {
        let traits = self.asked.tool.traits();
        let Some(live) = item.live(client).filter(|live| !is_kept(live, traits.keeps.as_ref())) else { return Ok(()) };
        drop(live);
        let options = DeleteOptions { propagation: Some(traits.propagation), ..DeleteOptions::default() };
        let answer = client.delete(item.kind, &item.namespace, &item.name, &options);
        answer.map(drop).map_err(|status| format!("failed to delete resource {}: {status}", item.name))
    }

    /// How the wait for objects ends; `None` where it goes on. `is_late` is whether the time to wait is over.
    fn waited(tool: Tool, heard: &mut [Heard], client: &dyn Client, items: &[Item], is_late: bool) -> Option<Result<(), String>> {
        let states: Vec<(&Item, State)> = items.iter().map(|item| (item, state(tool, heard, client, item))).collect();
        let waits: Vec<&(&Item, State)> = states.iter().filter(|(_, state)| !state.is_ready()).collect();
        if waits.is_empty() {
            return Some(Ok(()));
        }
        if tool == Tool::Helm3 {
            return is_late.then(|| Err("context deadline exceeded".to_owned()));
        }
        let is_final = waits.iter().all(|(_, state)| matches!(state, State::Failed(_)));
        let told = waits.iter().map(|(item, state)| {
            let (item, word, message) = (item.told(), state.word(), state.message());
            format!("resource {item} not ready. status: {word}, message: {message}")
        });
        let told: Vec<String> = told.chain((!is_final).then(|| "context deadline exceeded".to_owned())).collect();
        (is_late || is_final).then(|| Err(told.join("\n")))
    }

    fn waits(&self) -> bool {
        self.on(Flag::Wait) || self.undoes()
    }

    fn undoes(&self) -> bool {
        self.on(Flag::RollbackOnFailure) || self.on(Flag::Atomic)
    }

    /// Ends without success, or begins to go back.
    fn fail(&mut self, client: &mut dyn Client, why: String) -> Step {
        if !self.undoes() {
            return self.failed(&why);
        }
        if !self.asked.is_upgrade() {
            self.new.iter().rev().for_each(|item| drop(self.delete(client, item)));
            return self.failed(&format!(
                "release {} failed, and has been uninstalled due to {}: {why}",
                self.asked.release(),
                self.because()
            ));
        }
        if let Err(again) = self.write(client, &self.new, &self.old) {
            return self.not_undone(&why, &again);
        }
        self.heard = listen(self.asked.tool, client, &self.old);
        self.phase = Phase::RollsBack(why, client.now() + self.asked.options.timeout());
        Step::Until(client.now() + LOOK)
    }

    fn because(&self) -> &'static str {
        if self.asked.tool == Tool::Helm3 { "atomic being set" } else { "rollback-on-failure being set" }
    }

    fn not_undone(&self, why: &str, again: &str) -> Step {
        let release = self.asked.release();
        let again = format!("release {release} failed: {again}");
        self.failed(&format!("an error occurred while rolling back the release. original upgrade error: {why}: {again}"))
    }

    fn failed(&self, why: &str) -> Step {
        let doing = if self.asked.is_upgrade() { "UPGRADE" } else { "INSTALLATION" };
        Step::Done(Ended { said: Vec::new(), failed: Some(format!("Error: {doing} FAILED: {why}")) })
    }

    fn done(&self) -> Step {
        let release = self.asked.release();
        let upgraded = format!("Release \"{release}\" has been upgraded. Happy Helming!");
        let said = self.asked.is_upgrade().then_some(upgraded).into_iter().chain(["STATUS: deployed".to_owned()]);
        Step::Done(Ended { said: said.collect(), failed: None })
    }
}

/// Begins to wait for objects: Helm 4 hears of what is written to sets.
fn listen(tool: Tool, client: &dyn Client, items: &[Item]) -> Vec<Heard> {
    let sets = items.iter().filter(|item| item.kind == Kind::StatefulSet && tool == Tool::Helm4);
    sets.map(|item| Heard::new(item, client)).collect()
}

/// What it says of an object. Helm 3 asks for all each time.
fn state(tool: Tool, heard: &mut [Heard], client: &dyn Client, item: &Item) -> State {
    let heard = heard.iter_mut().find(|heard| heard.is_of(item));
    heard.map_or_else(|| ready::of(tool, item, client), |heard| heard.hear(client))
}

impl Work for Helm {
    fn go_on(&mut self, client: &mut dyn Client) -> Step {
        let now = client.now();
        self.step(client, now)
    }

    fn copied(&self) -> Box<dyn Work> {
        Box::new(self.clone())
    }
}

impl Helm {
    fn step(&mut self, client: &mut dyn Client, now: Time) -> Step {
        let tool = self.asked.tool;
        match &self.phase {
            Phase::Begins => match self.begin(client) {
                Err(why) => self.fail(client, why),
                Ok(()) if self.waits() => {
                    self.heard = listen(self.asked.tool, client, &self.new);
                    self.phase = Phase::Waits(now + self.asked.options.timeout());
                    Step::Until(now + LOOK)
                }
                Ok(()) => self.done(),
            },
            Phase::Waits(until) => match Self::waited(tool, &mut self.heard, client, &self.new, now >= *until) {
                None => Step::Until(now + LOOK),
                Some(Ok(())) => self.done(),
                Some(Err(why)) => self.fail(client, why),
            },
            Phase::RollsBack(first, until) => match Self::waited(tool, &mut self.heard, client, &self.old, now >= *until) {
                None => Step::Until(now + LOOK),
                Some(Err(again)) => self.not_undone(first, &again),
                Some(Ok(())) => {
                    let (release, because) = (self.asked.release(), self.because());
                    self.failed(&format!("release {release} failed, and has been rolled back due to {because}: {first}"))
                }
            },
        }
    }
}
