//! `ordinal explain`: what a cause, a message or a risk is, how it is seen, what ends it, and which lesson shows it.

use std::fmt::Write;

use ordinal::api::kind::Kind;
use ordinal::base::fields::Fields;
use ordinal::causes::message;
use ordinal::lesson;
use ordinal::plan::Finding;
use ordinal::plan::matter::Matter;
use ordinal::risks::change::worth;
use ordinal::sayings::{Said, SaidIn, frame_of, remedies};
use ordinal::text::diagnose::{CAUSE, Told};
use ordinal::text::risks::{FOUND, Fault, Harm};
use ordinal::text::{ANALYSIS, Lang, Prose};
use ordinal::why::{Cause, Family};

use crate::input::Failure;
use crate::words;

/// Something that reports name by an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// What a workload waits for.
    Cause(Cause),
    /// What can go wrong.
    Risk(Harm),
    /// What fields of a manifest show by themselves.
    Fault(Fault),
    /// What a change does.
    Change(Finding),
    /// What surprises people of a change.
    Matter(Matter),
    /// What is only told: there is nothing to look up.
    Told,
}

/// What stands before the id of what a change does.
const OF_PLAN: &str = "plan-";

impl Topic {
    /// All of them, by kinds.
    pub fn all() -> impl Iterator<Item = Topic> {
        let causes = Cause::ALL.iter().copied().map(Topic::Cause);
        let of_plan = Finding::ALL.into_iter().map(Topic::Change).chain(Matter::ALL.into_iter().map(Topic::Matter));
        let faults = Fault::ALL.into_iter().map(Topic::Fault);
        causes.chain(Harm::ALL.into_iter().map(Topic::Risk)).chain(faults).chain(of_plan)
    }

    /// The word by which reports name it; causes of two families may share one.
    pub fn id(self) -> String {
        match self {
            Topic::Cause(cause) => cause.word().to_owned(),
            Topic::Risk(harm) => harm.word().to_owned(),
            Topic::Fault(fault) => fault.word().to_owned(),
            Topic::Change(finding) => format!("{OF_PLAN}{}", finding.word()),
            Topic::Matter(matter) => format!("{OF_PLAN}{}", matter.word()),
            Topic::Told => String::new(),
        }
    }

    /// A heading.
    pub fn title(self) -> String {
        match self {
            Topic::Cause(cause) => {
                format!("{}: {}", ANALYSIS.diagnose.family(cause.family().word()), plain(&of_cause(cause).brief))
            }
            Topic::Risk(harm) => ANALYSIS.risks.level(ordinal::risks::judge::level(harm).word()),
            Topic::Fault(_) => words::MANIFEST.to_owned(),
            Topic::Change(_) | Topic::Matter(_) => words::CHANGE.to_owned(),
            Topic::Told => String::new(),
        }
    }

    /// What it is, in sentences about an example.
    pub fn what(self) -> String {
        match self {
            Topic::Cause(cause) => plain(&of_cause(cause).verdict),
            Topic::Risk(harm) => plain(&of_risk(harm)),
            Topic::Fault(fault) => {
                // What a field makes special is told where it is so.
                let value = if fault.common().is_some() { "" } else { "…" };
                plain(&ANALYSIS.risks.fault(fault.word(), "sts/web", "web", value, "…"))
            }
            Topic::Change(finding) => words::finding(finding).to_owned(),
            Topic::Matter(matter) => plain(words::matter(matter)),
            Topic::Told => String::new(),
        }
    }

    /// How it is seen.
    fn seen(self) -> Vec<String> {
        match self {
            Topic::Cause(cause) => {
                let mut said: Vec<String> = message::words_of(cause).map(|said| format!("`{said}`")).collect();
                said.dedup();
                if said.is_empty() { vec![words::OBJECTS.to_owned()] } else { said }
            }
            Topic::Risk(harm) => vec![words::seen(harm).to_owned()],
            Topic::Fault(_) => vec![words::OF_RISKS.to_owned()],
            Topic::Change(finding) => vec![words::plan(finding.word())],
            Topic::Matter(Matter::Gone) => vec![words::OF_CHECK.to_owned()],
            Topic::Matter(_) => vec![words::OF_PLAN.to_owned()],
            Topic::Told => Vec::new(),
        }
    }

    /// What ends it, or prevents it.
    fn ends(self) -> Vec<String> {
        match self {
            Topic::Cause(cause) => {
                let words = ANALYSIS.diagnose;
                let remedies = remedies(cause).iter().map(|remedy| plain(&words.remedy(remedy.word())));
                [plain(&of_cause(cause).paragraph)].into_iter().chain(remedies).collect()
            }
            Topic::Risk(harm) => worth(harm, false, None).iter().map(|word| plain(&ANALYSIS.risks.change(word.word()))).collect(),
            Topic::Fault(_) => vec![words::CHANGE_FIELD.to_owned()],
            Topic::Change(_) => vec![words::OTHERWISE.to_owned()],
            Topic::Matter(matter) => vec![words::remedy(matter).to_owned()],
            Topic::Told => Vec::new(),
        }
    }

    /// The lesson that shows it: its name and its file.
    fn lesson(self) -> Option<File> {
        match self {
            Topic::Cause(cause) => lesson_of_cause(cause),
            Topic::Risk(harm) => lesson_of_risk(harm),
            Topic::Fault(_) | Topic::Change(_) | Topic::Matter(_) | Topic::Told => None,
        }
    }

    /// All of it.
    pub fn text(self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}\n{}\n\n{}", self.id(), self.title(), self.what());
        let ends = if matches!(self, Topic::Risk(_)) { words::PREVENTS } else { words::ENDS };
        for (title, lines) in [(words::IS_SEEN, self.seen()), (ends, self.ends())] {
            let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).map(|line| format!("  - {line}\n")).collect();
            if !lines.is_empty() {
                let _ = write!(out, "\n{title}:\n{}", lines.concat());
            }
        }
        if let Some((name, text)) = self.lesson() {
            let lesson = lesson::read(name, text).expect("a lesson of the course");
            let _ = writeln!(out, "\n{}: {} (#lesson={})", words::LESSON, lesson.title.told(Lang::English), lesson.name);
        }
        out
    }
}

/// What an id stands for, or all ids with their headings.
pub fn explain(id: Option<&str>) -> Result<String, Failure> {
    let Some(id) = id else { return Ok(list()) };
    if id.contains(' ') {
        let cause = said(id).ok_or_else(|| Failure(format!("no saying that is known: {id}")))?;
        return Ok(Topic::Cause(cause).text());
    }
    let found: Vec<String> = Topic::all().filter(|topic| topic.id() == id).map(|topic| topic.text()).collect();
    if found.is_empty() {
        let near = words::nearest(id, Topic::all().map(Topic::id));
        let near = near.map_or(String::new(), |near| format!(" did you mean `{near}`?"));
        return Err(Failure(format!("{id}: no such id;{near} `ordinal explain` lists all")));
    }
    Ok(found.join("\n"))
}

/// The cause that a message means, by the catalogue.
fn said(text: &str) -> Option<Cause> {
    let event = frame_of(text).map(|frame| Said { place: SaidIn::Event, reason: frame.reason, text });
    let found = event.and_then(message::take_apart).or_else(|| message::take_apart(Said::of(SaidIn::Line, text)));
    found.map(|told| told.cause)
}

fn list() -> String {
    // Causes of two families that share an id are listed once; what is said of the id tells both.
    let mut all: Vec<(String, String)> = Vec::new();
    for topic in Topic::all() {
        if !all.iter().any(|(id, _)| *id == topic.id()) {
            all.push((topic.id(), topic.what()));
        }
    }
    let width = all.iter().map(|(id, _)| id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for (id, what) in all {
        let _ = writeln!(out, "{id:width$}  {what}");
    }
    out
}

fn plain(text: &str) -> String {
    Prose::read(text).plain()
}

/// The names of the example: a set of three pods with a claim each.
const EXAMPLE: [(&str, &str); 13] = [
    ("field", "spec.restartPolicy"),
    ("value", "web-5d4c…"),
    ("holder", "web-0"),
    ("selected", "app=nginx"),
    ("labels", "app=web"),
    ("workload", "web"),
    ("peer", "web-1"),
    ("node", "node-1"),
    ("claim", "data-web-0"),
    ("volume", "pv-1"),
    ("budget", "web"),
    ("path", "/data"),
    ("of", "StatefulSet"),
];

/// What the diagnosis says of a cause, of the example.
fn of_cause(cause: Cause) -> ordinal::base::sentences::Explanation {
    let on = message::kind_of(cause).unwrap_or(match (cause.family(), cause) {
        (_, Cause::VolumeLeaves) => Kind::PersistentVolume,
        (_, Cause::KubeletDoesNotEndIt | Cause::NotScheduled | Cause::NotStarted | Cause::PodFailed) => Kind::Pod,
        (_, Cause::PvcTerminatingFinalizer | Cause::ClaimLeaves | Cause::WaitsForPod)
        | (Family::ClaimPending | Family::ClaimGone | Family::Expansion, _) => Kind::PersistentVolumeClaim,
        (Family::OnDelete | Family::Partition | Family::RefusedUpdate | Family::NotStuck | Family::PodRefused | Family::CannotKnow, _)
        | (_, Cause::TwoSetsOneSelector) => Kind::StatefulSet,
        _ => Kind::Pod,
    });
    let object = match on {
        Kind::PersistentVolumeClaim => "data-web-0",
        Kind::PersistentVolume => "pv-1",
        Kind::StatefulSet | Kind::Service => "web",
        Kind::Node => "node-1",
        Kind::Namespace => "default",
        Kind::ResourceQuota => "quota",
        Kind::StorageClass => "standard",
        _ => "web-0",
    };
    let mut fields = Fields::default();
    for (name, value) in EXAMPLE.into_iter().chain([
        ("family", cause.family().word()),
        ("detail", cause.word()),
        ("kind", on.info().name),
        ("object", object),
    ]) {
        fields.text(name, value);
    }
    Told { key: CAUSE, fields }.explained()
}

/// What the search says of a kind of finding, of the example.
fn of_risk(harm: Harm) -> String {
    let mut fields = Fields::default();
    let object = if harm == Harm::VolumeDeleted { "data-web-0" } else { "web-0" };
    for (name, value) in EXAMPLE.into_iter().chain([("kind", harm.word()), ("object", object)]).filter(|(name, _)| *name != "of") {
        fields.text(name, value);
    }
    for (name, count) in [("ready", 1), ("of", 3), ("count", 2)] {
        fields.number(name, count);
    }
    Told { key: FOUND, fields }.explained().verdict
}

/// The name and the text of a file of the course.
type File = (&'static str, &'static str);

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../page/lesson/course/", $name, ".yaml")))
    };
}

/// The lesson in which a cause comes true.
fn lesson_of_cause(cause: Cause) -> Option<File> {
    Some(match cause {
        Cause::RollbackTrapImage | Cause::RollbackTrapCrash | Cause::RollbackTrapNeverReady | Cause::ImagePullDuringRollout => {
            file!("rollback")
        }
        Cause::CrashAllPodsAfterRollback => file!("fixed-template"),
        Cause::CrashLoop => file!("failing-pods"),
        Cause::GateNeverReady | Cause::NotReady | Cause::GateWrongPort => file!("creation"),
        Cause::WaitsForPeers => file!("starting-peers"),
        Cause::NodeUnreachable | Cause::NodeUnreachablePodTerminating => file!("silent-node"),
        Cause::Partition => file!("canary"),
        Cause::NameTooLong => file!("long-name"),
        Cause::TwoSetsOneSelector => file!("second-set"),
        Cause::BudgetAllowsNone => file!("quorum"),
        Cause::ImmutableField => file!("immutable-fields"),
        Cause::ImmutableClaim => file!("bigger-disks"),
        Cause::MinReadySeconds => file!("baked"),
        Cause::GoverningServiceMissing => file!("missing-service"),
        Cause::GoverningServiceNotHeadless => file!("clusterip-names"),
        Cause::PvcTerminating | Cause::ClaimInUse => file!("deleted-claim"),
        Cause::VolumeNodeUnavailable => file!("single-replica"),
        _ => return None,
    })
}

/// The lesson in which a kind of finding comes true.
fn lesson_of_risk(harm: Harm) -> Option<File> {
    Some(match harm {
        Harm::TwoWriters => file!("force-delete"),
        Harm::Terminating => file!("silent-node"),
        Harm::QuorumLost => file!("quorum"),
        Harm::RollbackTrap => file!("rollback"),
        Harm::ReadinessDeadlock => file!("starting-peers"),
        Harm::VolumeDeleted => file!("deleted-claim"),
        Harm::VolumePinned | Harm::Unavailable => file!("single-replica"),
        Harm::Together => file!("node-reboot"),
        _ => return None,
    })
}
