//! What a change takes away or leaves as it was, although nobody has said so. Lists that a patch replaces, data that no container mounts,
//! what was refused beside a set that rolls, what an undo does not reach.

use std::rc::Rc;

use api::kind::Kind;
use api::object::meta::Labels;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Name, Object, ObjectKey, StatefulSet};
use base::value::Value;
use cluster::kubelet::references::needs;
use intake::told::short;
use text::plan::Says;
use why::ProbeKind;

use crate::ends::{Ends, name, once, pods_of, rolls, some};
use crate::ways::HANDLERS;

/// The words by which a server refuses an immutable ConfigMap or Secret.
const IMMUTABLE: &str = "field is immutable when `immutable` is set";
/// The line that takes a template back.
const UNDO: &str = " rollout undo ";
/// The line that changes an annotation to have pods replaced.
const RESTART: &str = " rollout restart ";
/// Lines that may change more of a set than its template and its number of replicas.
const WIDE: [&str; 4] = [" apply ", " replace ", " patch ", " edit "];

/// Whether a line writes an object as a whole.
fn is_whole(line: &str) -> bool {
    [" apply ", " replace "].iter().any(|verb| line.contains(verb))
}

impl Ends<'_> {
    /// What a set that changes loses or keeps unsaid.
    pub(crate) fn taken(&self, set: &StatefulSet, manifest: Option<&str>) -> Vec<Says> {
        let Some(was) = self.was(set) else { return Vec::new() };
        let mut says: Vec<Says> =
            self.old_beside(was, set).into_iter().chain(self.old_field(was, set)).chain(self.new_beside(was, set)).collect();
        if rolls(was, set) {
            says.extend(self.taken_away(was, set, manifest));
            says.extend(self.unmounted(was, set));
        }
        if was.meta.uid == set.meta.uid {
            says.extend(self.relabeled(was, set, manifest));
            says.extend(self.not_undone(was, set));
        }
        says
    }

    /// Parts of a template that are gone. A JSON merge patch takes away what it does not name; of other lines, whoever typed them knows.
    fn taken_away(&self, was: &StatefulSet, set: &StatefulSet, manifest: Option<&str>) -> Option<Says> {
        let merge = self.typed.iter().any(|line| is_merge(line));
        let fields = gone_of(&was.spec.template.raw, &set.spec.template.raw);
        let is_told = merge || manifest.is_some() || self.typed.iter().any(|line| is_whole(line));
        (is_told && !fields.is_empty()).then(|| Says::TakenAway { set: name(set), fields, merge, line: self.rollout("undo", set) })
    }

    /// Labels and annotations of a template that replace pods in which nothing else is new. Of other lines, whoever typed them knows.
    fn relabeled(&self, was: &StatefulSet, set: &StatefulSet, manifest: Option<&str>) -> Option<Says> {
        let (old, new) = (&was.spec.template, &set.spec.template);
        let differ = |name: &str, old: &Labels, new: &Labels| -> Vec<String> {
            let keys = once(old.iter().chain(new.iter()).map(|(key, _)| key)).into_iter();
            keys.filter(|key| old.get(*key) != new.get(*key)).map(|key| format!("metadata.{name}.{key}")).collect()
        };
        let is_told =
            manifest.is_some() || self.typed.iter().any(|line| is_whole(line)) && !self.typed.iter().any(|line| line.contains(RESTART));
        let all =
            || differ("labels", &old.labels, &new.labels).into_iter().chain(differ("annotations", &old.annotations, &new.annotations));
        let fields = if is_told && old.raw == new.raw { some(all()) } else { None };
        fields.map(|fields| Says::Relabeled { set: name(set), fields })
    }

    /// Claims of a set that containers mounted, and that none mounts any more although the set asks for them.
    fn unmounted(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let path = |set: &StatefulSet, name: &str| {
            let spec = &set.spec.template.raw;
            let mut mounts = LISTS.iter().flat_map(|list| spec.list_at(&[list])).flat_map(|one| one.list_at(&["volumeMounts"]));
            mounts
                .find(|mount| mount.text_at(&["name"]) == Some(name))
                .map(|mount| mount.text_at(&["mountPath"]).unwrap_or_default().into())
        };
        let is_asked = |name: &Name| set.spec.claim_templates.iter().any(|one| one.name == *name);
        let lost = was.spec.claim_templates.iter().map(|one| &one.name).filter(|name| is_asked(name) && path(set, name).is_none());
        let (volumes, paths): (Vec<Name>, Vec<String>) = lost.filter_map(|name| Some((Rc::clone(name), path(was, name)?))).unzip();
        (!volumes.is_empty()).then(|| Says::Unmounted { set: name(set), volumes, paths, line: self.rollout("undo", set) })
    }

    /// Objects whose change was refused, and that pods of a set need or that stand before them.
    fn old_beside(&self, was: &StatefulSet, set: &StatefulSet) -> Vec<Says> {
        let needed = needs(&set.spec.template.raw);
        let rolled = rolls(was, set);
        let told = |(kind, name, words): (Kind, Name, &str)| {
            let key = ObjectKey::new(kind, &set.meta.namespace, &name);
            let object = self.old_tables().get(&key)?;
            let is_needed = needed.iter().any(|need| need.kind == kind && *need.name == *name);
            let mut own = pods_of(self.tables(), set);
            let leads = matches!(object, Object::Service(service) if own.any(|pod| service.selects(&pod.meta)));
            let immutable = words.contains(IMMUTABLE);
            let (set, object) = (Rc::clone(&set.meta.name), short(&key));
            (is_needed && (rolled || immutable) || leads && rolled).then_some(Says::OldBeside { set, object, name, rolled, immutable })
        };
        refused(&self.said).filter(|(kind, ..)| *kind != Kind::StatefulSet).filter_map(told).collect()
    }

    /// Fields of a template that were refused, where another line changed the template all the same.
    fn old_field(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let own = refused(&self.said).filter(|(kind, name, _)| *kind == Kind::StatefulSet && *name == set.meta.name);
        let path = |words: &str| {
            let path = words.split(": ").next()?.strip_prefix("spec.template.spec.")?;
            let whole = path.rsplit_once('.').filter(|(_, last)| HANDLERS.contains(last));
            Some(whole.map_or(path, |(probe, _)| probe).to_owned())
        };
        let fields: Vec<String> = own.filter_map(|(.., words)| path(words)).collect();
        (rolls(was, set) && !fields.is_empty()).then(|| Says::OldField { set: name(set), fields })
    }

    /// Objects that pods of a set need and that changed, where the change of the set itself was refused.
    fn new_beside(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let is_refused = refused(&self.said).any(|(kind, name, _)| kind == Kind::StatefulSet && name == set.meta.name);
        if !is_refused || rolls(was, set) {
            return None;
        }
        let needed = needs(&set.spec.template.raw).into_iter();
        let keys = needed.map(|need| ObjectKey::new(need.kind, &set.meta.namespace, &need.name.as_str().into()));
        let is_content =
            |fields: &[String]| fields.iter().any(|field| ["data", "binaryData", "stringData"].iter().any(|data| field.starts_with(data)));
        let mut objects: Vec<String> =
            keys.filter_map(|key| self.changed(&key)).filter(|(_, fields)| is_content(fields)).map(|(key, _)| short(&key)).collect();
        objects.dedup();
        Some(Says::NewBeside { set: name(set), objects: some(objects)? })
    }

    /// What lines before an undo have changed, and the undo leaves.
    fn not_undone(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let (last, before) = self.typed.split_last()?;
        if !last.contains(UNDO) || !before.iter().any(|line| WIDE.iter().any(|verb| line.contains(verb))) {
            return None;
        }
        let (old, new) = (was.spec.value(), set.spec.value());
        let is_other = |(field, value): &(&Name, &Value)| ***field != *"template" && old.get(field) != Some(*value);
        let shown = |value: &Value| if value.as_map().is_some() { "{…}".to_owned() } else { value.to_json() };
        let told = |(field, value): (&Name, &Value)| match old.get(field) {
            Some(old) => format!("{field}: {} -> {}", shown(old), shown(value)),
            None => format!("{field}: {}", shown(value)),
        };
        let mut fields: Vec<String> = new.members().filter(is_other).map(told).collect();
        let kinds = [Kind::ConfigMap, Kind::Secret, Kind::Service, Kind::PodDisruptionBudget, Kind::HorizontalPodAutoscaler];
        let beside = kinds.into_iter().flat_map(|kind| self.old_tables().within(kind, &set.meta.namespace)).map(|one| one.key());
        let changed = beside.filter_map(|key| self.changed(&key));
        fields.extend(changed.map(|(key, fields)| format!("{} ({})", short(&key), fields.join(", "))));
        Some(Says::NotUndone { set: name(set), fields: some(fields)? })
    }

    /// How a set gets back from a new version of which nobody knows whether it runs. The old template alone frees no pod that is not Ready.
    pub(crate) fn back_again(&self, set: &StatefulSet, told: &[Says]) -> Option<Says> {
        let was = self.was(set)?;
        let name = &set.meta.name;
        let may_fail = |says: &Says| match says {
            Says::NewMajor { .. } => true,
            Says::LessRoom { set, .. } | Says::OtherUser { set, .. } | Says::NewProbe { set, .. } => set == name,
            _ => false,
        };
        let is_rolled = rolls(was, set) && set.spec.strategy == UpdateStrategy::RollingUpdate;
        let is_undone = self.typed.last().is_some_and(|line| line.contains(UNDO));
        let first = set.ordinals().next_back().filter(|_| is_rolled && !set.parallel() && !is_undone && told.iter().any(may_fail))?;
        let delete = self.naming(&set.key()).delete(Kind::Pod, &set.pod_name(first));
        Some(Says::BackAgain { set: Rc::clone(name), lines: vec![self.rollout("undo", set), delete] })
    }
}

/// Whether a line is a JSON merge patch: lists in it replace those that were there.
fn is_merge(line: &str) -> bool {
    line.contains(" patch ") && ["--type merge", "--type=merge", "--type 'merge'", "--type=\"merge\""].iter().any(|how| line.contains(how))
}

/// The objects whose change a server refused as invalid, each with the words after that.
fn refused(said: &str) -> impl Iterator<Item = (Kind, Name, &str)> {
    let objects = said.split("The ").skip(1).filter_map(|one| {
        let (kind, rest) = one.split_once(" \"")?;
        let (name, words) = rest.split_once("\" is invalid: ")?;
        Some((Kind::named(kind)?, Name::from(name), words))
    });
    // Several fields stand in a list.
    objects.map(|(kind, name, words)| (kind, name, words.trim_start_matches(['*', ' ', '\n'])))
}

/// The lists of containers of a pod's spec.
const LISTS: [&str; 2] = ["initContainers", "containers"];
/// Lists of a container whose elements are called by a field.
const NAMED: [(&str, &str); 5] =
    [("volumeMounts", "mountPath"), ("env", "name"), ("envFrom", ""), ("ports", "containerPort"), ("volumeDevices", "devicePath")];

/// What a pod's spec had and a new one lacks, of its containers and within those.
fn gone_of(was: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for list in LISTS {
        for old in was.list_at(&[list]) {
            let name = old.text_at(&["name"]).unwrap_or_default();
            match now.list_at(&[list]).iter().find(|new| new.get("name") == old.get("name")) {
                None => found.push(format!("{list}[{name}]")),
                Some(new) => found.extend(gone_within(old, new).into_iter().map(|field| format!("{list}[{name}].{field}"))),
            }
        }
    }
    found
}

/// What a container had and the new one of its name lacks.
fn gone_within(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (field, name) in NAMED {
        let is_gone = |one: &&Value| {
            !new.list_at(&[field]).iter().any(|other| if name.is_empty() { other == *one } else { other.get(name) == one.get(name) })
        };
        let shown = |one: &Value| one.get(name).map_or(String::new(), Value::spelled);
        let gone: Vec<String> = old.list_at(&[field]).iter().filter(is_gone).map(shown).collect();
        match gone.as_slice() {
            [] => {}
            _ if name.is_empty() => found.push(field.to_owned()),
            _ => found.push(format!("{field}[{}]", gone.join(", "))),
        }
    }
    let probes = [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness].map(ProbeKind::field);
    for field in probes.into_iter().chain(["lifecycle", "securityContext", "command", "args"]) {
        let is_set = |one: &Value| one.get(field).is_some_and(|value| !value.is_null() && value.as_map().is_none_or(|map| !map.is_empty()));
        found.extend((is_set(old) && !is_set(new)).then(|| field.to_owned()));
    }
    for part in ["requests", "limits"] {
        let of = |one: &Value| one.at(&["resources", part]).cloned().unwrap_or_default();
        let lacks = of(new);
        let gone: Vec<String> = of(old).members().filter(|(name, _)| lacks.get(name).is_none()).map(|(name, _)| name.to_string()).collect();
        found.extend((!gone.is_empty()).then(|| format!("resources.{part}[{}]", gone.join(", "))));
    }
    found
}
