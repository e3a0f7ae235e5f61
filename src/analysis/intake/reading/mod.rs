//! A text that is no dump: it is read, and never completed.
//!
//! ```text
//!   lines ──paste──▶ objects as far as the text tells them ──state──┐
//!              └───▶ Events, messages, lines of logs ───────words───┴──▶ findings ──▶ verdicts: quote, meaning, what decides
//! ```
//!
//! What the text says is looked up in the catalogue ([`sayings`]); what rows and statuses say by themselves is in [`state`].
//!
//! Promises: no world is made, nothing is tried, and no name, number or namespace comes from anywhere but the text. Where a set itself is
//! fine, that is said first. A verdict that is not certain says what decides.

mod decides;
mod finding;
mod law;
pub(super) mod logs;
mod revisions;
mod services;
mod state;
mod text;
mod words;

use super::dump::Dump;
use super::report::{Door, Report, Verdict};
use super::{owner, places, waits};
use ::text::diagnose::{Sign, Told};
use api::kind::Kind;
use api::object::ObjectKey;
use base::sort::Sort;
use base::time::Time;
use causes::blame::{Blame, Sure};
use finding::{Finding, field};
pub use law::{Fact, against};
use sayings::Matter;
use std::cmp::Reverse;
use text::Text;
use why::{Cause, Family};

/// Families of which only a client is told, or which a pod that runs does not show.
const BESIDE: [Family; 5] = [Family::RefusedUpdate, Family::DrainBlocked, Family::OnDelete, Family::Expansion, Family::DataLeaves];

/// What a text says.
pub(super) fn report(dump: Dump) -> Report {
    let text = Text { dump: &dump };
    let mut found = words::said(&text);
    found.extend(state::unknown_fields(&text));
    found.extend(services::unanswered(&text));
    found.extend(state::shown(&text, &found));
    let mut found = chosen(&text, found);
    let well = state::well(&text);
    if found.iter().all(|one| one.blame.family() == Family::CannotKnow || one.blame.family() == Family::NotStuck) {
        found.extend(services::remarks(&text));
    }
    let is_asked = |key: &ObjectKey, of: &ObjectKey| dump.only.as_ref().is_none_or(|only| only == key || only == of);
    found.retain(|one| is_asked(&one.workload, &one.blame.object));
    // A set that is fine is said first, unless its own pods or claims are spoken of.
    let fine: Vec<Finding> = well
        .iter()
        .filter(|key| is_asked(key, key) && !found.iter().any(|one| one.workload == **key && one.blame.family() != Family::NotStuck))
        .map(|key| state::complete(&text, key))
        .collect();
    let is_quiet = found.iter().all(|one| one.blame.family() == Family::NotStuck || !text.is_of_set(&one.workload));
    let mut all = if is_quiet { fine } else { Vec::new() };
    all.extend(found);
    if all.is_empty() {
        all.push(state::nothing(&text));
    }
    let is_open = |one: &Finding| one.blame.family() == Family::CannotKnow;
    let asks_for_names = dump.sentences.of_names || dump.signs.iter().any(|one| one.sign == Sign::NameNotFound);
    let remark =
        all.iter().position(|one| one.blame.family() == Family::NotStuck && one.rank == usize::MAX && one.blame.cause != Cause::Complete);
    if let Some(at) = remark.filter(|_| asks_for_names) {
        let remark = all.remove(at);
        all.insert(0, remark);
    }
    if all.iter().all(is_open)
        && let Some(log) = logs::finding(&text)
    {
        all.retain(|one| one.blame.cause != Cause::NoWorkload && field(&one.blame, "called").is_none());
        if !all.first().is_some_and(|one| says_more(one, &log)) {
            all.insert(0, log);
        }
    }
    let mut verdicts: Vec<Verdict> = all.into_iter().map(|one| verdict(&text, one)).collect();
    logs::signed(&text, &mut verdicts);
    waits::attach(&dump, &mut verdicts);
    let spoken: Vec<ObjectKey> = verdicts.iter().flat_map(|one| [one.workload.clone(), one.object.clone()]).collect();
    let well = well.into_iter().filter(|key| dump.unread.is_empty() && !spoken.contains(key)).collect();
    Report {
        verdicts,
        assumed: Vec::new(),
        otherwise: Default::default(),
        at: dump.newest.unwrap_or(Time(0)),
        well,
        door: Door::Text,
        unread: dump.unread,
        account: dump.account,
        others: dump.others,
        facts: dump.facts,
        with: None,
    }
}

/// Whether what is read of an object, or what a tool says of its own accord, says more than a log.
fn says_more(one: &Finding, log: &Finding) -> bool {
    match log.blame.cause {
        Cause::LogSays => field(&one.blame, "matter").is_some() && log.about.name.is_empty(),
        _ => one.quoted > 0 || !one.blame.object.name.is_empty(),
    }
}

/// What the pods of a set that are not Ready say for certain in the states of their containers.
pub(super) fn object_says(dump: &Dump, set: &ObjectKey) -> Option<Blame> {
    let text = Text { dump };
    let open = |pod: &text::Thing<'_>| pod.is_ready() == Some(false) && !pod.is_leaving();
    let pods = text.pods_of(set).into_iter().map(|(_, pod)| pod).filter(open);
    pods.flat_map(|pod| words::states(&text, &pod)).map(|one| one.blame).find(|blame| blame.sure == Sure::Certain && is_of_container(blame))
}

/// Whether a cause was said in the state of a container, with words.
fn is_of_container(blame: &Blame) -> bool {
    blame.family() == Family::ContainerFails
        && field(blame, "container").is_some()
        && field(blame, "message").is_some_and(|said| said.contains(' '))
}

/// Which findings tell something beside the others. That somebody waits, or gave up, tells nothing beside what held them up.
/// A failing readiness probe tells nothing of a container that ends.
fn telling(all: &[Finding]) -> Vec<bool> {
    let progresses = |one: &Finding| field(&one.blame, "matter") == Some(Matter::Progress.word());
    let beside = |one: &Finding| match one.blame.cause {
        // That something is in progress tells less than what it waits for.
        Cause::RolloutWaits
            if progresses(one) && all.iter().any(|other| other.blame.cause == Cause::RolloutWaits && !progresses(other)) =>
        {
            true
        }
        Cause::TimedOut => all.iter().any(|other| other.blame.cause != Cause::TimedOut),
        Cause::RolloutWaits => all.iter().any(|other| other.about.kind == Kind::Pod && !other.about.name.is_empty()),
        Cause::ReadinessProbe => all.iter().any(|other| other.about == one.about && logs::RESTARTS.contains(&other.blame.cause)),
        _ => false,
    };
    all.iter().map(|one| !beside(one)).collect()
}

/// Which findings are told before others, the first first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// A rollback that cannot go on, before whatever its pod waits for.
    Rollback,
    Certain,
    Likely,
    Unknown,
    /// It stands behind what is amiss with a set.
    Aside,
    Fine,
}

impl Class {
    fn of(text: &Text<'_>, one: &Finding) -> Class {
        let is_foreign = one.about.kind == Kind::Pod && !one.about.name.is_empty() && !text.is_of_set(&one.workload);
        match (one.blame.family(), one.blame.cause, one.blame.sure) {
            (Family::NotStuck, ..) => Class::Fine,
            // Pods of other workloads, and why no node is added.
            _ if is_foreign => Class::Aside,
            (_, Cause::NoScaleUp, _) => Class::Aside,
            (Family::RollbackTrap, ..) => Class::Rollback,
            // Of processes that are not Ready, none tells more than a pod that has no node.
            _ if tells_little(&one.blame) => Class::Unknown,
            (_, _, Sure::Certain) => Class::Certain,
            (_, _, Sure::Likely) => Class::Likely,
            (_, _, Sure::Unknown) => Class::Unknown,
        }
    }
}

/// The rank of a finding in its text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    class: Class,
    /// What is said of nobody stands behind what is said of an object.
    is_nameless: bool,
    /// What people call by its name comes first.
    is_uncalled: bool,
    is_of_no_set: bool,
    /// That of the row that says it.
    row: usize,
    object: String,
    quoted: Reverse<usize>,
}

impl Rank {
    fn of(text: &Text<'_>, one: &Finding) -> Rank {
        let names = [&*one.about.name, &*one.blame.object.name];
        Rank {
            class: Class::of(text, one),
            is_nameless: names.iter().all(|name| name.is_empty()),
            is_uncalled: !text.dump.sentences.pods.iter().any(|pod| names.contains(&&**pod)),
            is_of_no_set: !text.is_of_set(&one.workload),
            // A claim without a volume tells more than its pod without a node.
            row: match one.blame.cause {
                Cause::NotScheduled => one.rank - 1,
                _ if one.blame.family() == Family::ClaimPending && one.rank == state::LAST => one.rank - 2,
                _ => one.rank,
            },
            object: one.blame.object.name.to_string(),
            quoted: Reverse(one.quoted),
        }
    }
}

/// The findings that are told: of each object the most telling, the surest first.
fn chosen(text: &Text<'_>, mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_small_by_key(|one| Rank::of(text, one));
    let mut kept: Vec<Finding> = Vec::new();
    let tells = telling(&found);
    for one in found.into_iter().zip(tells).filter_map(|(one, tells)| tells.then_some(one)) {
        let beside = |blame: &Blame| BESIDE.contains(&blame.family()) || blame.cause == Cause::NoScaleUp;
        let is_told = |other: &Finding| {
            let same_object = other.about == one.about || other.blame.object == one.blame.object;
            let same_kind = beside(&other.blame) == beside(&one.blame) && other.blame.family() != Family::NotStuck;
            let same_work = other.workload == one.workload && (!one.workload.name.is_empty() || one.workload.kind == Kind::StatefulSet);
            let again = other.blame.cause == one.blame.cause && same_work && one.blame.family() != Family::DataLeaves;
            let beside_unnamed = one.about.name.is_empty() && one.blame.sure != Sure::Certain && other.blame.family() == one.blame.family();
            same_object && (same_kind || one.blame.family() == Family::NotStuck) || again || beside_unnamed || explains(text, other, &one)
        };
        if !kept.iter().any(is_told) {
            kept.push(one);
        }
    }
    kept
}

/// Whether a cause says no more of a process than that it is not Ready.
fn tells_little(blame: &Blame) -> bool {
    let waits = [Cause::NeverReady, Cause::GateNeverReady, Cause::Init, Cause::ObjectUnread];
    waits.contains(&blame.cause) && blame.sure != Sure::Certain
}

/// Whether what is known of one object tells why another waits: its claim, its node, or an earlier pod.
fn explains(text: &Text<'_>, one: &Finding, other: &Finding) -> bool {
    let same = one.workload == other.workload && !one.workload.name.is_empty();
    let of_claim = [Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass].contains(&one.blame.object.kind);
    let waits = matches!(
        other.blame.cause,
        Cause::ClaimPending | Cause::WaitsForPod | Cause::NotScheduled | Cause::NotStarted | Cause::NoVolumeFits | Cause::MountTimesOut
    );
    let by_claim = waits && of_claim && (same || text.uses(&other.about, &one.blame.object));
    let waits_for_pod =
        [Cause::WaitsForPod, Cause::NotScheduled].contains(&other.blame.cause) && other.about.kind == Kind::PersistentVolumeClaim;
    let by_pod = waits_for_pod && same;
    // The set itself has no more to say than its pod.
    let of_set = other.blame.object.kind == Kind::StatefulSet && other.blame.sure == Sure::Unknown && same;
    let open = other.blame.sure == Sure::Unknown && same && one.blame.sure != Sure::Unknown && one.blame.family() != Family::NotStuck;
    let open = open && !tells_little(&one.blame);
    // A node and its pod say the same.
    let is_on = |pod: &Finding, node: &Finding| {
        let of = text.find(&pod.about).and_then(|pod| pod.value.text_at(&["spec", "nodeName"]));
        node.blame.object.kind == Kind::Node && of == Some(&*node.blame.object.name)
    };
    let by_node = one.blame.family() == other.blame.family() && (is_on(one, other) || is_on(other, one));
    by_node || by_claim || by_pod || of_set || open && one.blame.family() != Family::DataLeaves
}

fn verdict(text: &Text<'_>, one: Finding) -> Verdict {
    let Finding { blame, workload, mut lines, .. } = one;
    let mut blame = blame;
    text.budget_of(&mut blame);
    let blame = blame;
    let told = told(text, &blame, &workload);
    let names = |slot: &str| match slot {
        "object" => Some(&*blame.object.name).filter(|name| !name.is_empty()),
        _ => text.name_of(slot, &blame, &workload),
    };
    let namespace = [&blame.object, &workload].into_iter().map(|key| &*key.namespace).find(|place| !place.is_empty());
    let namespace = namespace.unwrap_or_else(|| text.dump.typed.namespace());
    let open = blame.family() != Family::NotStuck;
    let spoken = decides::owner(text, &blame, &workload);
    let custom = field(&blame, "custom").map(|custom| format!("kubectl describe {custom}"));
    // Of what is fine, and of mere sentences, nothing is asked for.
    let asks = open && field(&blame, "prints").is_none();
    let missing = custom.or_else(|| asks.then(|| decides::decides(text, &blame, namespace, names)));
    lines.extend(text.lines_of(&blame.object).chain(text.lines_of(&workload)));
    lines.sort_small();
    lines.dedup();
    Verdict {
        cause: blame.cause,
        owner: owner::owners(text.dump).into_iter().find(|(key, _)| key.name == workload.name).map(|(_, owner)| owner).or(spoken),
        sure: blame.sure,
        nodes: places::counted(&blame.said),
        object: blame.object,
        workload,
        said: blame.said,
        told,
        lines,
        quoted: one.quoted,
        missing: missing.into_iter().collect(),
        since: None,
        ends_in: None,
        chain: Vec::new(),
        cures: Vec::new(),
        not_cures: Vec::new(),
        hangs_on: Vec::new(),
        signs: Vec::new(),
        waits: Vec::new(),
        judged: Vec::new(),
    }
}

/// What is to be told of a cause.
fn told(text: &Text<'_>, blame: &Blame, workload: &ObjectKey) -> Told {
    let mut fields = causes::waits::basis(blame, workload);
    text.fields_of(&blame.object, &mut fields);
    if !text.dump.unread.is_empty() {
        fields.text("unread", "unread");
    }
    Told { key: ::text::diagnose::CAUSE, fields }
}
