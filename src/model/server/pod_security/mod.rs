//! The PodSecurity admission plugin: a namespace's labels say what its pods must not do, and of what clients are warned.
//!
//! Models plugin/pkg/admission/security/podsecurity and k8s.io/pod-security-admission: admission/admission.go, api/helpers.go
//! `PolicyToEvaluate`. Nothing is exempt, as nothing is configured.
//! Promises: a namespace without such labels costs a look at its labels.
//! Not modelled: audit, which only writes to a log that nobody reads here; the limit of 3,000 pods that labelling looks at.

mod checks;

use std::rc::Rc;

use super::ingest::Accepted;
use super::limits;
use super::tables::Tables;
use api::admit::ENFORCE;
use api::kind::Kind;
use api::object::{Labels, Name, Object};
use api::obstacle::Obstacle;
use api::release::Release;
use api::status::Status;
use base::sort::Sort;
use base::sorted::SortedMap;
use base::value::Value;
use checks::{Finding, findings};

const WARN: &str = "pod-security.kubernetes.io/warn";

/// How much is forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Privileged,
    Baseline,
    Restricted,
}

/// A level, and the version of its checks, as one of the modes of a namespace's policy has it. Models `LevelVersion`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standard {
    level: Level,
    /// As the label says it: `latest` or `v1.30`.
    version: Name,
}

/// What a namespace's labels ask for.
struct Policy {
    enforce: Standard,
    warn: Standard,
}

impl Policy {
    /// That of a namespace's labels, which are valid; `None` if there are none. Who is not told of what to be warned is warned of what is
    /// enforced.
    fn of(labels: &Labels) -> Option<Policy> {
        let given = |mode: &str| labels.get(mode).map(|level| Level::called(level));
        let version = |mode: &str| labels.get(&*format!("{mode}-version")).cloned();
        let (enforce, warn) = (given(ENFORCE), given(WARN));
        enforce.or(warn)?;
        let latest = || Name::from("latest");
        let enforce = Standard { level: enforce.unwrap_or(Level::Privileged), version: version(ENFORCE).unwrap_or_else(latest) };
        let unasked = || if warn.is_none() && enforce.level > Level::Privileged { enforce.version.clone() } else { latest() };
        let warn = Standard { level: warn.unwrap_or(enforce.level), version: version(WARN).unwrap_or_else(unasked) };
        Some(Policy { enforce, warn })
    }

    /// That of the namespace with this name.
    fn within(tables: &Tables, namespace: &str) -> Option<Policy> {
        Policy::of(&tables.find(Kind::Namespace, "", namespace)?.meta().labels)
    }
}

impl Level {
    fn called(name: &str) -> Level {
        match name {
            "privileged" => Level::Privileged,
            "baseline" => Level::Baseline,
            _ => Level::Restricted,
        }
    }
}

impl Standard {
    /// The standard in words: `restricted:latest`.
    fn name(&self) -> String {
        let level = match self.level {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        };
        format!("{level}:{}", self.version)
    }

    /// What it forbids of a pod or a template. Versions that are newer than the release have its checks.
    fn forbids(&self, pod: &Value, release: &Release) -> Vec<Finding> {
        let minor = |version: &str| version.rsplit('.').next().and_then(|minor| minor.parse().ok()).unwrap_or(u64::MAX);
        findings(self.level, minor(&self.version).min(minor(release.name)), pod)
    }

    /// The same in words, if it is anything. Models `ForbiddenDetail`.
    fn violated_by(&self, pod: &Value, release: &Release) -> Option<String> {
        let found = self.forbids(pod, release);
        let told: Vec<String> = found.iter().map(|(reason, detail)| format!("{reason} ({detail})")).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// Refuses a pod that its namespace forbids. Models `ValidatePod`.
pub fn check(tables: &Tables, object: &Object, release: &Release) -> Result<(), Status> {
    let Object::Pod(pod) = object else { return Ok(()) };
    let Some(policy) = Policy::within(tables, &pod.meta.namespace) else { return Ok(()) };
    let Some(found) = policy.enforce.violated_by(&object.encode(), release) else { return Ok(()) };
    let level = policy.enforce.name();
    let refusal = Status::forbidden(&Kind::Pod.resource(), &pod.meta.name, &format!("violates PodSecurity \"{level}\": {found}"));
    let namespace = Rc::clone(&pod.meta.namespace);
    Err(refusal.blocked_by(Obstacle::PodSecurity { namespace, level: level.into(), found: found.into() }))
}

impl Accepted {
    /// What a client sent, with the warnings about its pods, unless it is refused. A new pod is refused only when it is stored, by
    /// [`check`]; what is not stored is not warned of. Models `Validate`.
    pub fn secured(mut self, old: Option<&Object>, tables: &Tables, release: &Release) -> Result<Accepted, Status> {
        let object = &self.object;
        if let (Kind::Namespace, Some(old)) = (object.kind(), old) {
            self.warnings.extend(about_namespace(&old.meta().labels, object, tables, release));
            return Ok(self);
        }
        let Some(path) = object.kind().pod_template() else { return Ok(self) };
        let Some(policy) = Policy::within(tables, &object.meta().namespace) else { return Ok(self) };
        let value = object.encode();
        if object.kind() == Kind::Pod {
            match old {
                Some(old) if !is_significant(&value, &old.encode()) => return Ok(self),
                Some(_) => check(tables, object, release)?,
                None if limits::check(tables, object).and_then(|()| check(tables, object, release)).is_err() => return Ok(self),
                None => {}
            }
        }
        let violation = value.at(path).and_then(|pod| policy.warn.violated_by(pod, release));
        self.warnings.extend(violation.map(|found| format!("would violate PodSecurity \"{}\": {found}", policy.warn.name())));
        Ok(self)
    }
}

/// The images of a list of containers.
fn images<'a>(pod: &'a Value, list: &str) -> Vec<Option<&'a str>> {
    pod.list_at(&["spec", list]).iter().map(|container| container.text_at(&["image"])).collect()
}

/// Whether an update of a pod is looked at: only new containers and images matter. Models `isSignificantPodUpdate`.
fn is_significant(pod: &Value, old: &Value) -> bool {
    let before = old.list_at(&["spec", "ephemeralContainers"]);
    let is_known = |added: &Value| before.iter().any(|known| ["name", "image"].iter().all(|field| known.get(field) == added.get(field)));
    ["containers", "initContainers"].iter().any(|list| images(pod, list) != images(old, list))
        || !pod.list_at(&["spec", "ephemeralContainers"]).iter().all(is_known)
}

/// The line about pods with the same faults, by the first of them.
fn line(faults: &str, first: &str, count: usize) -> String {
    match count {
        1 => format!("{first}: {faults}"),
        2 => format!("{first} (and 1 other pod): {faults}"),
        _ => format!("{first} (and {} other pods): {faults}", count - 1),
    }
}

/// The warnings about pods that are there when more is enforced: pods with the same faults are told together, by the first.
/// Models `ValidateNamespace` and `EvaluatePodsInNamespace`.
fn about_namespace(before: &Labels, namespace: &Object, tables: &Tables, release: &Release) -> Vec<String> {
    let privileged = || Standard { level: Level::Privileged, version: "latest".into() };
    let [new, old] = [&namespace.meta().labels, before].map(|labels| Policy::of(labels).map_or_else(privileged, |policy| policy.enforce));
    let is_relaxed = new.version == old.version && new.level <= old.level;
    if new.level == Level::Privileged || is_relaxed {
        return Vec::new();
    }
    let name = &namespace.meta().name;
    let mut groups: SortedMap<String, (Name, usize)> = SortedMap::default();
    for pod in tables.within(Kind::Pod, name) {
        let reasons: Vec<&str> = new.forbids(&pod.encode(), release).iter().map(|(reason, _)| *reason).collect();
        if !reasons.is_empty() {
            groups.entry(reasons.join(", ")).or_insert_with(|| (Rc::clone(&pod.meta().name), 0)).1 += 1;
        }
    }
    let mut lines: Vec<String> = groups.iter().map(|(faults, (first, count))| line(faults, first, *count)).collect();
    lines.sort_small();
    if !lines.is_empty() {
        let level = new.name();
        lines.insert(0, format!("existing pods in namespace \"{name}\" violate the new PodSecurity enforce level \"{level}\""));
    }
    lines
}
