//! What a server refuses to change in a set, and what claims would have to grow.

use std::rc::Rc;

use crate::course::{Act, Course, Outcome, Refused};
use crate::ways::{Wanted, naming};
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::IMMUTABLE_FIELDS;
use api::object::{ObjectKey, StatefulSet, Volume};
use api::schema::schema;
use base::quantity::Quantity;
use base::value::Value;
use playground::Playground;
use playground::documents::objects;
use sim::Sim;
use text::plan::{Says, Way};
use tools::tool::Flag;

use crate::documents::objects_of;
use crate::ends::{once, some};

/// The words by which the API server refuses to change a field of a set for good: of all at once up to 1.36, of each from 1.37 on.
const REFUSES: [&str; 2] = ["updates to statefulset spec for fields other than ", "field is immutable"];

/// A set whose change was refused because of fields that cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    pub set: ObjectKey,
    /// The fields below `spec`.
    pub fields: Vec<&'static str>,
    /// What differs in them: `volumeClaimTemplates.0.spec.resources.requests.storage: 1Gi -> 5Gi`.
    pub changes: Vec<String>,
    /// The lines that let its claims grow to the size that the manifest asks for.
    pub grow: Vec<String>,
}

/// The sets of a manifest whose change was refused because of fields that cannot be changed.
pub fn fixed(before: &Playground, manifest: &str, outcome: &Outcome) -> Vec<Fixed> {
    let says = |refused: &&Refused| refused.said.contains("StatefulSet") && REFUSES.iter().any(|words| refused.said.contains(words));
    if outcome.refused.iter().find(says).is_none() {
        return Vec::new();
    }
    let documents = objects(&yaml::parse(manifest));
    let sets =
        documents.iter().filter_map(|document| document.value.as_ref()).filter(|value| Kind::claimed(value) == Some(Kind::StatefulSet));
    let of_set = |wanted: &Value| {
        let text = |key: &str| wanted.text_at(&["metadata", key]);
        let set = before.tables().stateful_set(text("namespace").unwrap_or("default"), text("name")?)?;
        let (has, asks) = (set.spec.value(), wanted.get("spec")?);
        let differs = |field: &&&str| match (has.get(field), asks.get(field)) {
            (Some(has), Some(asks)) => !agrees(has, asks),
            (None, Some(_)) => true,
            // A policy that is not asked for is filled in.
            (has, None) => **field != "podManagementPolicy" && has.is_some_and(|has| !is_empty(has)),
        };
        let fields: Vec<&'static str> = IMMUTABLE_FIELDS.iter().filter(differs).copied().collect();
        let mut changes = Vec::new();
        for field in &fields {
            let none = Value::Null;
            differences(field, has.get(field).unwrap_or(&none), asks.get(field).unwrap_or(&none), &mut changes);
        }
        let is_refused = || {
            outcome.refused.iter().any(|one| {
                [format!("The StatefulSet \"{}\"", set.meta.name), format!("StatefulSet.apps \"{}\"", set.meta.name)]
                    .iter()
                    .any(|begins| one.said.contains(begins))
            })
        };
        let fields = if fields.is_empty() && is_refused() { taken_away(before, set, wanted, &mut changes) } else { fields };
        changes.truncate(MOST_CHANGES);
        (!fields.is_empty()).then(|| Fixed { set: set.key(), changes, grow: growing(before, set, wanted), fields })
    };
    sets.filter_map(of_set).collect()
}

/// The fields of a set that cannot be changed and from which a manifest takes something away, with what that is.
fn taken_away(before: &Playground, set: &StatefulSet, wanted: &Value, changes: &mut Vec<String>) -> Vec<&'static str> {
    let mut whole = wanted.clone();
    (api::rules::rules().fill_in)(Kind::StatefulSet, &mut whole, before.sim().release());
    let (has, asks) = (set.spec.value(), whole.get("spec").cloned().unwrap_or_default());
    let mut fields = Vec::new();
    for field in IMMUTABLE_FIELDS {
        let (Some(old), Some(new)) = (has.get(field), asks.get(field)) else { continue };
        let known = changes.len();
        differences(field, new, old, changes);
        fields.extend((changes.len() > known).then_some(field));
    }
    // What is there stands first.
    changes.iter_mut().for_each(|change| {
        if let Some((path, (new, old))) = change.split_once(": ").and_then(|(path, both)| Some((path, both.split_once(" -> ")?))) {
            *change = format!("{path}: {old} -> {new}");
        }
    });
    fields
}

/// The most changes that are told one by one.
const MOST_CHANGES: usize = 6;

/// How what is asked for differs from what is stored; an element of a list is called by its name, where it has one.
fn differences(path: &str, has: &Value, asks: &Value, found: &mut Vec<String>) {
    match (has, asks) {
        _ if agrees(has, asks) => {}
        (Value::Map(_), Value::Map(_)) => {
            for (key, asked) in asks.members() {
                differences(&format!("{path}.{key}"), has.get(key).unwrap_or(&Value::Null), asked, found);
            }
        }
        (Value::List(_), Value::List(_)) if has.list_at(&[]).len() == asks.list_at(&[]).len() => {
            for (old, new) in has.list_at(&[]).iter().zip(asks.list_at(&[])) {
                let name = new.text_at(&["metadata", "name"]).or_else(|| new.text_at(&["name"])).unwrap_or("-");
                differences(&format!("{path}[{name}]"), old, new, found);
            }
        }
        _ => found.push(format!("{path}: {} -> {}", shown(has), shown(asks))),
    }
}

/// A value in a few letters.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Map(_) | Value::List(_) => "{…}".to_owned(),
        _ => value.spelled(),
    }
}

/// Whether what is stored says all that is asked for; what is not asked for was filled in.
fn agrees(has: &Value, asks: &Value) -> bool {
    match (has, asks) {
        (Value::Map(_), Value::Map(asks)) => asks.iter().all(|(key, asks)| has.get(key).is_some_and(|has| agrees(has, asks))),
        (Value::List(has), Value::List(asks)) => {
            has.len() == asks.len() && has.iter().zip(asks.iter()).all(|(has, asks)| agrees(has, asks))
        }
        _ => has == asks || Quantity::read(has).is_some_and(|has| Quantity::read(asks) == Some(has)),
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_text() == Some("") || value.as_list().is_some_and(<[Value]>::is_empty)
}

/// The lines that let the claims of a set grow to what its templates in a manifest ask for.
fn growing(before: &Playground, set: &StatefulSet, wanted: &Value) -> Vec<String> {
    let size = |claim: &Value| claim.at(&["spec", "resources", "requests", "storage"]).cloned();
    let templates = wanted.list_at(&["spec", "volumeClaimTemplates"]);
    let mut lines = Vec::new();
    for ordinal in set.ordinals() {
        for template in &set.spec.claim_templates {
            let asked = templates.iter().find(|asked| asked.text_at(&["metadata", "name"]) == Some(&template.name)).and_then(size);
            let claim = template.claim_name(&set.meta.name, ordinal);
            let Some(has) = before.tables().claim(&set.meta.namespace, &claim) else { continue };
            let more = asked.filter(|asked| Quantity::read(asked) > Quantity::read(&Value::from(&has.spec.request)));
            lines.extend(more.map(|size| {
                let patch = format!("{{\"spec\":{{\"resources\":{{\"requests\":{{\"storage\":\"{}\"}}}}}}}}", size.spelled());
                naming(before, &set.key()).patch(Kind::PersistentVolumeClaim, &claim, PatchType::Strategic, &patch)
            }));
        }
    }
    lines
}

/// What is to be told of refusals in these words: where a field belongs, and how a class is changed.
pub(crate) fn told(said: &str, before: &Sim, manifest: Option<&str>) -> Vec<Says> {
    let unknown = said.split("unknown field \"").skip(1).filter_map(|rest| rest.split('"').next());
    let created = said.split_once(" in version ").and_then(|(head, _)| head.rsplit(' ').next());
    // A refused patch has the object that was applied in its words.
    let patched =
        said.split_once("\\\"kind\\\":\\\"").or(said.split_once("\"kind\":\"")).and_then(|(_, rest)| rest.split(['\\', '"']).next());
    let kind = created.or(patched).and_then(Kind::named);
    let mut says: Vec<Says> = unknown.filter_map(|field| misplaced(kind?, field)).collect();
    says.extend(conflict(said));
    let class = said.split("The StorageClass \"").nth(1).and_then(|rest| rest.split_once('"'));
    says.extend(class.filter(|(_, words)| words.contains(REFUSES[1])).map(|(class, _)| class_fixed(class, before, manifest)));
    says
}

/// How the API server begins to say which manager owns a field that an apply writes: of one field, and of several.
const CONFLICTS: [&str; 2] = ["conflict with ", "conflicts with "];

/// The fields of which an apply on the server's side was told that others own them.
fn conflict(said: &str) -> Option<Says> {
    let (_, told) = said.split_once("Apply failed with ")?;
    let told = told.split("\nPlease review").next()?;
    let by = |part: &str| part.split(" using ").next().unwrap_or_default().replace('"', "`").trim().to_owned();
    let managers = once(CONFLICTS.iter().flat_map(|begins| told.split(begins).skip(1)).map(by));
    let is_field = |word: &&str| word.starts_with('.') && word.len() > 1;
    let fields = some(told.split_whitespace().filter(is_field).map(str::to_owned))?;
    Some(Says::Conflict { fields, managers, tool: said.contains(" FAILED: ") })
}

/// The given lines where the apply that was refused for such fields takes them over.
pub(crate) fn forced(given: &Course) -> Option<Wanted> {
    let line = &given.outcome.refused.iter().find(|one| conflict(&one.said).is_some())?.line;
    let forced = |act: &Act| match act {
        Act::By(asked) => asked.with(Flag::ForceConflicts).map_or(act.clone(), |asked| Act::By(Rc::new(asked))),
        Act::Line(own) if own == line => Act::Line(format!("{own} --force-conflicts")),
        other => other.clone(),
    };
    let acts: Vec<Act> = given.acts.iter().map(forced).collect();
    let way = if given.way == Way::Owned { Way::OwnedForced } else { Way::Forced };
    (acts != given.acts).then_some((way, acts))
}

/// How Helm begins to say that an object is of no release.
const OF_NO_RELEASE: &str = "invalid ownership metadata";

/// The given change where the tool takes objects over that are there and of no release.
pub(crate) fn owned(given: &Course) -> Option<Wanted> {
    given.outcome.refused.iter().find(|one| one.said.contains(OF_NO_RELEASE))?;
    let owned = |act: &Act| match act {
        Act::By(asked) => asked.with(Flag::TakeOwnership).map_or(act.clone(), |asked| Act::By(Rc::new(asked))),
        other => other.clone(),
    };
    let acts: Vec<Act> = given.acts.iter().map(owned).collect();
    (acts != given.acts).then_some((Way::Owned, acts))
}

/// How deep a field is looked for below its kind, and how many places are told.
const DEEP: usize = 6;
const PLACES: usize = 2;

/// The places where a kind knows a field that it does not know where it stands.
fn misplaced(kind: Kind, path: &str) -> Option<Says> {
    let field = path.rsplit('.').next()?.split('[').next()?;
    let mut belongs: Vec<String> = Vec::new();
    let mut level = vec![(String::new(), schema().kind(kind))];
    for _ in 0..DEEP {
        let mut next = Vec::new();
        for (above, of) in &level {
            for one in &of.fields {
                let own = if above.is_empty() { one.name.to_owned() } else { format!("{above}.{}", one.name) };
                if one.name.eq_ignore_ascii_case(field) && own != path {
                    belongs.push(own.clone());
                }
                next.extend(schema().inside(one).map(|inside| (own, inside)));
            }
        }
        if !belongs.is_empty() {
            belongs.truncate(PLACES);
            return Some(Says::Misplaced { field: path.to_owned(), belongs });
        }
        level = next;
    }
    None
}

/// How a class is changed that a server does not change, and the volumes that keep another policy than is asked for.
fn class_fixed(class: &str, before: &Sim, manifest: Option<&str>) -> Says {
    let documents = manifest.map(objects_of).unwrap_or_default();
    let is_it = |one: &&Value| Kind::claimed(one) == Some(Kind::StorageClass) && one.text_at(&["metadata", "name"]) == Some(class);
    let asked = documents.iter().find(is_it).and_then(|one| one.text_at(&["reclaimPolicy"]));
    let is_of = |volume: &&Rc<Volume>| volume.class() == class && asked.is_some_and(|asked| *volume.spec.reclaim != *asked);
    let patch = |volume: &Rc<Volume>| {
        let policy = asked.unwrap_or_default();
        format!("kubectl patch pv {} -p '{{\"spec\":{{\"persistentVolumeReclaimPolicy\":\"{policy}\"}}}}'", volume.meta.name)
    };
    Says::ClassFixed { class: class.into(), lines: before.tables().volumes().filter(is_of).map(patch).collect() }
}
