//! The wording of output: today's, or the classic one found in most guides.
//!
//! Guides on StatefulSets mostly date from 2024 or earlier. Whatever kubectl and the API server have worded differently since then is
//! a [`Change`]. The classic form reverts the changes of mere wording; what the cluster does stays the same.
//!
//! Promises: with [`Form::Today`] the output is not touched, but what guides show differently is recorded, so that a terminal can
//! point it out.
//! Must not know: how a change is explained to people, or in which language.
//! Not modelled: changes in what is accepted or refused, and the wording of refusals other than those of a set's immutable fields.

use crate::failure::Failure;
use crate::files::Files;
use crate::session::Session;
pub use api::change::Change;
use api::kind::Kind;
use api::release::{Release, V1_36};
use api::status::{Fault, FieldError, Fixed, Status};
use api::view::{View, condition, int, is_terminating, text, truth};
use base::field_path::FieldPath;
use base::fill::Fill;
use base::value::Value;

/// The file that stores the chosen form.
pub const PATH: &str = "/.kube/form";

/// The release whose descriptions the classic form uses.
static CLASSIC_DESCRIPTIONS: Release = Release {
    describes_set_policies: false,
    spells_probe_thresholds: false,
    names_ports: false,
    names_containers_of_events: false,
    ..V1_36
};

/// The form of output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As in the modelled release.
    #[default]
    Today,
    /// As guides show it.
    Classic,
}

/// An object as it was printed before a change; `None` if it was the same.
pub type Before = fn(&Value) -> Option<Value>;

/// The changes to whole objects.
pub const WHOLE: [(Change, Before); 2] = [(Change::MaxUnavailable, without_max_unavailable), (Change::TemplateTimestamp, with_timestamp)];

impl Form {
    /// The form with this name: `today` or `classic`.
    pub fn named(name: &str) -> Option<Form> {
        [Form::Today, Form::Classic].into_iter().find(|form| form.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Form::Today => "today",
            Form::Classic => "classic",
        }
    }

    /// The form chosen in these files.
    pub fn of(files: &Files) -> Form {
        files.get(PATH).and_then(Form::named).unwrap_or_default()
    }

    /// Stores the choice of this form.
    pub fn choose(self, files: &mut Files) {
        files.put(PATH, self.name());
    }
}

impl Session<'_> {
    /// Whether to apply a change: not on a release before it, nor in the classic form. If so, the output differs from what guides show,
    /// which is recorded.
    pub fn has(&mut self, change: Change) -> bool {
        if self.client.release().later_changes.contains(&change) {
            return false;
        }
        let today = Form::of(&self.around.files) == Form::Today;
        if today {
            self.output.changed(change);
        }
        today
    }

    /// Records that guides use an API version that is no longer served.
    pub fn note_removed_version(&mut self, version: &str) {
        if let Some(change) = Change::removed_version(version) {
            self.output.changed(change);
        }
    }

    /// A text in the chosen form; `of` produces it for a release of kubectl.
    pub fn described(&mut self, of: impl Fn(&View) -> String) -> String {
        let of = |release| of(&View { client: self.client, now: self.now(), release });
        let (today, classic) = (of(self.client.release()), of(&CLASSIC_DESCRIPTIONS));
        if today == classic || self.has(Change::Description) { today } else { classic }
    }

    /// A failure in the chosen form.
    pub fn put(&mut self, failure: Failure) -> Failure {
        match failure {
            Failure::Server(status) => match classic_refusal(&status) {
                Some(classic) if !self.has(Change::ImmutableFields) => Failure::Server(classic),
                _ => Failure::Server(status),
            },
            Failure::Many(all) => Failure::Many(all.into_iter().map(|one| self.put(one)).collect()),
            Failure::Of(at, failure) => Failure::Of(at, Box::new(self.put(*failure))),
            other => other,
        }
    }
}

/// If an object's row read differently, the change and the object as it was; otherwise `None`.
pub fn row_before(kind: Kind, object: &Value) -> Option<(Change, Value)> {
    let set = |path: &[&str], value: &str| {
        let mut before = object.clone();
        before.set(path, value);
        before
    };
    match kind {
        Kind::Pod if is_cut_off(object) => Some((Change::NodeLost, set(&["status", "reason"], "NodeLost"))),
        Kind::Pod if is_terminating(object) => Some((Change::FinishedPhase, set(&["status", "phase"], "Running"))),
        Kind::Event => {
            let message = classic_message(text(object, &["message"]))?;
            Some((Change::SchedulingWords, set(&["message"], &message)))
        }
        Kind::Node => {
            let mut before = object.clone();
            before.remove(&["status", "nodeInfo", "architecture"]).map(|_| (Change::KernelArchitecture, before))
        }
        _ => None,
    }
}

/// Whether a terminating pod's node is unreachable: its containers are still ready, but the pod no longer is.
fn is_cut_off(pod: &Value) -> bool {
    let containers = pod.list_at(&["status", "containerStatuses"]);
    let ready = !containers.is_empty() && containers.iter().all(|c| truth(c, &["ready"]));
    is_terminating(pod) && ready && condition(pod, "Ready").is_some_and(|c| text(c, &["status"]) == "False")
}

/// The old ending of a scheduler's message, if it differs today.
pub fn classic_message(message: &str) -> Option<String> {
    let why = message.strip_suffix(" not found")?;
    let nodes = why.strip_prefix("0/")?.split(' ').next()?;
    why.contains("nodes are available: ")
        .then(|| format!("{why} preemption: 0/{nodes} nodes are available: {nodes} Preemption is not helpful for scheduling.."))
}

/// A set as printed before `maxUnavailable` was a field of all sets.
fn without_max_unavailable(set: &Value) -> Option<Value> {
    const PATH: [&str; 4] = ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"];
    if text(set, &["kind"]) != Kind::StatefulSet.info().name || int(set, &PATH) != 1 {
        return None;
    }
    let mut before = set.clone();
    before.remove(&PATH)?;
    Some(before)
}

/// A workload as printed when templates had an empty `creationTimestamp`.
fn with_timestamp(workload: &Value) -> Option<Value> {
    const PATH: [&str; 4] = ["spec", "template", "metadata", "creationTimestamp"];
    workload.at(&PATH[..3]).filter(|_| workload.at(&PATH).is_none())?;
    let mut before = workload.clone();
    before.set(&PATH, Value::Null);
    before.each(&["spec", "volumeClaimTemplates"], |claim| claim.set(&PATH[2..], Value::Null));
    Some(before)
}

/// The old refusal of a change to a set's immutable fields. Models `ValidateStatefulSetUpdate` of 1.23 to 1.26.
fn classic_refusal(status: &Status) -> Option<Status> {
    const DETAIL: &str = "updates to statefulset spec for fields other than 'replicas', 'template', 'updateStrategy', \
                          'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
    const KIND: &str = "StatefulSet.apps";
    let immutable = !status.causes.is_empty() && status.causes.iter().all(|cause| cause.detail == "field is immutable");
    if !immutable || &*status.about.0 != KIND {
        return None;
    }
    let name = &status.about.1;
    let today = Status::invalid(KIND, name, status.causes.to_vec());
    let classic = Status::invalid(KIND, name, vec![FieldError::new(FieldPath::of("spec"), Fault::Forbidden, Fixed(DETAIL))]);
    Some(Status { message: status.message.replace(&today.message, &classic.message), ..classic })
}
