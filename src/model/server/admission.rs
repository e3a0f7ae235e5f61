//! Admission: what the API server checks and changes in new objects, whoever creates them.
//!
//! Models plugin/pkg/admission/{storage/storageclass/setdefault,storage/persistentvolume/resize,nodetaint,podtopologylabels,
//! serviceaccount,priority,runtimeclass,network/defaultingressclass} and the protection finalizers.
//! Not modelled: the second or two until a namespace has its ServiceAccount `default`, which is assumed to exist everywhere; the
//! refusal of a pod with priority 0 if the default class has another.

use std::cmp::Reverse;
use std::rc::Rc;

use crate::namespaces::{DEFAULT_ACCOUNT, check_open};
use crate::tables::Tables;
use api::admit::{DEFAULT_INGRESS_CLASS, INGRESS_CLASS, PREEMPT_LOWER, merge_label_keys};
use api::kind::Kind;
use api::object::node::{NO_SCHEDULE, NOT_READY_TAINT, REGION, Taint, ZONE};
use api::object::pod::Truth;
use api::object::storage::{CLAIM_PROTECTION, VOLUME_PROTECTION, named_class};
use api::object::{Meta, Name, Object, Parsed, Plain, Pod, PodTemplate, no_name};
use api::obstacle::Obstacle;
use api::status::Status;
use api::well_known::OF_JOB;
use base::given::SetGiven;
use base::quantity::Quantity;
use base::value::{Value, members};

/// Refuses an object whose namespace is missing or terminating, and a pod with a missing service account or a priority that differs
/// from its class. For clients this runs before validation.
pub fn check(tables: &Tables, object: &Object) -> Result<(), Status> {
    check_open(tables, object)?;
    let Some(pod) = object.as_pod() else { return Ok(()) };
    let refusal = |why: &str| Status::forbidden(&object.kind().resource(), asked_name(&pod.meta), why);
    let refuse = |why: &str| Err(refusal(why));
    let lacks = |kind: Kind, name: &str, why: &str| Err(refusal(why).blocked_by(Obstacle::Missing(kind, name.into())));
    let raw = &pod.spec.template.raw;
    let account = account_of(pod);
    let namespace = &pod.meta.namespace;
    if account != DEFAULT_ACCOUNT && tables.find(Kind::ServiceAccount, namespace, account).is_none() {
        let why = format!("error looking up service account {namespace}/{account}: serviceaccount \"{account}\" not found");
        return lacks(Kind::ServiceAccount, account, &why);
    }
    let class = raw.text_at(&["priorityClassName"]).unwrap_or("");
    let Some(rank) = Rank::of(tables, class) else {
        return lacks(Kind::PriorityClass, class, &format!("no PriorityClass with name {class} was found"));
    };
    let filled_in = class.is_empty().then_some((0, PREEMPT_LOWER));
    let (priority, policy) = (rank.priority, &*rank.policy);
    if let Some(given) = raw.int_at(&["priority"]).filter(|given| *given != priority && Some(*given) != filled_in.map(|(n, _)| n)) {
        return refuse(&format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} \
             from the given PriorityClass name"
        ));
    }
    if let Some(given) = raw.text_at(&["preemptionPolicy"]).filter(|given| *given != policy && Some(*given) != filled_in.map(|(_, p)| p)) {
        return refuse(&format!(
            "the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission controller computed {policy} \
             from the given PriorityClass name"
        ));
    }
    match (raw.text_at(&["runtimeClassName"]), runtime(tables, pod)) {
        (Some(class), None) => lacks(Kind::RuntimeClass, class, &format!("pod rejected: RuntimeClass {class:?} not found")),
        (_, Some(class)) => runs_with(class, raw).map(drop).or_else(|why| refuse(&why)),
        _ => Ok(()),
    }
}

/// The RuntimeClass of a pod.
fn runtime<'a>(tables: &'a Tables, pod: &Pod) -> Option<&'a Value> {
    let class = pod.spec.template.raw.text_at(&["runtimeClassName"])?;
    tables.find(Kind::RuntimeClass, "", class).and_then(Object::as_plain).map(|class| &class.raw)
}

/// A pod's spec with what its RuntimeClass adds. Models plugin/pkg/admission/runtimeclass setOverhead and setScheduling.
fn runs_with(class: &Value, spec: &Value) -> Result<Value, String> {
    let mut spec = spec.clone();
    if let Some(overhead) = class.at(&["overhead", "podFixed"]) {
        if spec.get("overhead").is_some_and(|own| own != overhead) {
            return Err("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead".into());
        }
        spec.set(&["overhead"], overhead.clone());
    }
    for (key, value) in members(class.at(&["scheduling", "nodeSelector"]).and_then(Value::as_map)) {
        let value = value.as_text().unwrap_or_default();
        if let Some(own) = spec.text_at(&["nodeSelector", key]).filter(|own| *own != value) {
            return Err(format!("conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {own}"));
        }
        spec.set(&["nodeSelector", key], value);
    }
    let more = class.list_at(&["scheduling", "tolerations"]);
    if !more.is_empty() {
        spec.set(&["tolerations"], merged(spec.list_at(&["tolerations"]), more));
    }
    Ok(spec)
}

/// Tolerations without those that others cover; of the same ones, the first is kept. Models pkg/util/tolerations MergeTolerations.
fn merged(own: &[Value], more: &[Value]) -> Value {
    let all: Vec<&Value> = own.iter().chain(more).collect();
    let is_needed = |(at, one): &(usize, &&Value)| {
        let (before, after) = (&all[..*at], &all[at + 1..]);
        !before.iter().any(|other| covers(other, one)) && !after.iter().any(|other| other != *one && covers(other, one))
    };
    Value::list(all.iter().enumerate().filter(is_needed).map(|(_, one)| (*one).clone()))
}

/// Whether a toleration covers all that another does. Models pkg/util/tolerations isSuperset.
fn covers(by: &Value, one: &Value) -> bool {
    let [by_text, text] = [by, one].map(|of| move |key: &str| of.text_at(&[key]).unwrap_or(""));
    let all = by_text("operator") == "Exists";
    let key = text("key") == by_text("key") || by_text("key").is_empty() && all;
    let effect = by_text("effect").is_empty() || by_text("effect") == text("effect");
    let limit = by.int_at(&["tolerationSeconds"]).filter(|_| by_text("effect") == "NoExecute");
    let long = limit.is_none_or(|most| one.int_at(&["tolerationSeconds"]).is_some_and(|seconds| seconds <= most));
    by == one || key && effect && long && (all || text("operator") == "Equal" && text("value") == by_text("value"))
}

/// Gives a pod what its RuntimeClass adds.
fn prepare(tables: &Tables, pod: &mut Rc<Pod>) {
    let template = &pod.spec.template;
    let Some(Ok(spec)) = runtime(tables, pod).map(|class| runs_with(class, &template.raw)) else { return };
    template_of(pod).set(&["spec"], spec);
}

/// The template of a pod, to be changed.
fn template_of(pod: &mut Rc<Pod>) -> &mut Parsed<PodTemplate> {
    &mut Rc::make_mut(&mut Rc::make_mut(pod).spec).template
}

/// Refuses a valid pod that sets its own overhead, which only a `RuntimeClass` may do.
/// Models plugin/pkg/admission/runtimeclass validateOverhead.
pub fn check_overhead(tables: &Tables, object: &Object) -> Result<(), Status> {
    let is_given = |pod: &Pod| runtime(tables, pod).is_some_and(|class| class.at(&["overhead", "podFixed"]).is_some());
    match object.as_pod() {
        Some(pod) if pod.spec.template.raw.get("overhead").is_some_and(|overhead| !overhead.is_null()) && !is_given(pod) => {
            let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
            Err(Status::forbidden(&object.kind().resource(), asked_name(&pod.meta), why))
        }
        _ => Ok(()),
    }
}

/// The priority settings that a PriorityClass gives to its pods.
struct Rank {
    class: Name,
    priority: i64,
    policy: Name,
}

impl Rank {
    /// Those of the named class or, for the empty name, of the default class; without one, those of no class.
    /// Models plugin/pkg/admission/priority establishPriority.
    fn of(tables: &Tables, class: &str) -> Option<Rank> {
        let read = |class: &Object| match class {
            Object::Plain(plain) => Some(Rank {
                class: Rc::clone(&plain.meta.name),
                priority: plain.raw.int_at(&["value"]).unwrap_or(0),
                policy: plain.raw.at(&["preemptionPolicy"]).and_then(Value::as_shared_text).unwrap_or_default(),
            }),
            _ => None,
        };
        if class.is_empty() {
            let none = || Rank { class: no_name(), priority: 0, policy: PREEMPT_LOWER.into() };
            return Some(default_priority(tables).and_then(read).unwrap_or_else(none));
        }
        tables.find(Kind::PriorityClass, "", class).and_then(read)
    }

    /// Whether a template says the same already.
    fn is_of(&self, template: &PodTemplate) -> bool {
        template.raw.int_at(&["priority"]) == Some(self.priority) && template.raw.text_at(&["preemptionPolicy"]) == Some(&self.policy)
    }
}

/// The default PriorityClass; of several, the one with the lowest value. Models getDefaultPriorityClass.
fn default_priority(tables: &Tables) -> Option<&Object> {
    let number = |class: &Object| class.as_plain().and_then(|class| class.raw.int_at(&["value"]));
    tables.all(Kind::PriorityClass).filter(|class| is_default_priority(class)).min_by_key(|class| number(class))
}

fn is_default_priority(class: &Object) -> bool {
    matches!(class, Object::Plain(class) if class.raw.get("globalDefault").and_then(Value::as_bool) == Some(true))
}

/// Refuses a second default PriorityClass. Models plugin/pkg/admission/priority validatePriorityClass.
pub fn check_default(tables: &Tables, class: &Object, new: bool) -> Result<(), Status> {
    if class.kind() != Kind::PriorityClass || !is_default_priority(class) {
        return Ok(());
    }
    match default_priority(tables).map(|default| &default.meta().name).filter(|name| new || **name != class.meta().name) {
        None => Ok(()),
        Some(name) => {
            let why = format!("PriorityClass {name} is already marked as default. Only one default can exist");
            Err(Status::forbidden(&class.kind().resource(), asked_name(class.meta()), &why))
        }
    }
}

/// The service account of a pod.
fn account_of(pod: &Pod) -> &str {
    pod.spec.template.raw.text_at(&["serviceAccountName"]).unwrap_or(DEFAULT_ACCOUNT)
}

/// Gives a pod without image pull secrets those of its service account.
/// Models plugin/pkg/admission/serviceaccount Admit.
fn lend_secrets(tables: &Tables, pod: &mut Rc<Pod>) {
    const SECRETS: &str = "imagePullSecrets";
    let Some(Object::Plain(account)) = tables.find(Kind::ServiceAccount, &pod.meta.namespace, account_of(pod)) else { return };
    let lent = account.raw.list_at(&[SECRETS]);
    if !lent.is_empty() && pod.spec.template.raw.list_at(&[SECRETS]).is_empty() {
        template_of(pod).set(&["spec", SECRETS], Value::list(lent.to_vec()));
    }
}

/// The last template that was given a priority, before and after: the pods that a controller makes of one template share it.
#[derive(Clone, Debug, Default)]
pub struct Ranked(Option<(Parsed<PodTemplate>, Parsed<PodTemplate>)>);

impl Ranked {
    /// What a template became, if it is the last one and this rank would make the same of it.
    fn again(&self, template: &Parsed<PodTemplate>, rank: &Rank) -> Option<Parsed<PodTemplate>> {
        let (before, after) = self.0.as_ref().filter(|(before, _)| before.is_copy_of(template))?;
        let class = if rank.class.is_empty() { before.raw.text_at(&["priorityClassName"]) } else { Some(&*rank.class) };
        let same = rank.is_of(after) && after.raw.text_at(&["priorityClassName"]) == class;
        same.then(|| after.clone())
    }
}

/// Sets a pod's priority from its class. Models plugin/pkg/admission/priority admitPod.
fn rank(tables: &Tables, ranked: &mut Ranked, pod: &mut Rc<Pod>) {
    let raw = &pod.spec.template.raw;
    let Some(rank) = Rank::of(tables, raw.text_at(&["priorityClassName"]).unwrap_or("")) else { return };
    if rank.is_of(&pod.spec.template) {
        return;
    }
    let shared = template_of(pod);
    if let Some(again) = ranked.again(shared, &rank) {
        *shared = again;
        return;
    }
    let before = shared.clone();
    shared.edit(|template| {
        template.set(&["spec", "priority"], rank.priority);
        template.set(&["spec", "preemptionPolicy"], &rank.policy);
        template.set_filled(&["spec", "priorityClassName"], &rank.class);
    });
    ranked.0 = Some((before, shared.clone()));
}

/// Refuses to expand a claim beyond its namespace's ranges, or unless its class allows expansion.
/// Models plugin/pkg/admission/storage/persistentvolume/resize.
pub fn check_growth(tables: &Tables, before: &Value, claim: &Value) -> Result<(), Status> {
    let size =
        |of: &Value| of.text_at(&["spec", "resources", "requests", "storage"]).and_then(|t| Quantity::parse(t).ok()).unwrap_or_default();
    if claim.text_at(&["kind"]) != Some(Kind::PersistentVolumeClaim.info().name) || size(claim) <= size(before) {
        return Ok(());
    }
    // The LimitRanger comes first.
    super::limits::check(tables, &Object::decode(Kind::PersistentVolumeClaim, claim))?;
    let class = |of: &Value| named_class(of).and_then(|class| tables.class("", class)).map(|c| c.meta.uid);
    let grows =
        |name| tables.class("", name).is_some_and(|c| c.body.value().get("allowVolumeExpansion").and_then(Value::as_bool) == Some(true));
    if class(claim) == class(before) && named_class(claim).is_some_and(grows) {
        return Ok(());
    }
    let why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    let name = claim.text_at(&["metadata", "name"]).unwrap_or_default();
    let refusal = Status::forbidden(&Kind::PersistentVolumeClaim.resource(), name, why);
    // Another class would not be said of this one.
    let own = named_class(claim).filter(|name| class(claim) == class(before) && tables.class("", name).is_some());
    let asked = claim.text_at(&["spec", "resources", "requests", "storage"]).unwrap_or_default();
    Err(own.map_or(refusal.clone(), |class| refusal.blocked_by(Obstacle::MayNotGrow(class.into(), asked.into()))))
}

/// The name that admission errors use for a new object; with `generateName`, only the prefix is known yet.
/// Models k8s.io/apiserver/pkg/admission/errors.go extractResourceName.
pub fn asked_name(meta: &Meta) -> &str {
    if meta.name.is_empty() { meta.generate_name.as_deref().unwrap_or_default() } else { &meta.name }
}

/// Gives a pod the zone and the region of its node. Models plugin/pkg/admission/podtopologylabels, and what
/// pkg/registry/core/pod/storage setPodNodeAndMetadata takes from a Binding.
pub fn place(tables: &Tables, pod: &mut Rc<Pod>, node: &str) {
    let Some(node) = tables.node("", node) else { return };
    for key in [REGION, ZONE] {
        if let Some(value) = node.meta.label(key) {
            Rc::make_mut(&mut Rc::make_mut(pod).meta.labels).insert(key.into(), Rc::clone(value));
        }
    }
}

/// An object that a controller creates, as it is before it is validated: a client's comes prepared.
pub fn prepared(mut object: Object) -> Object {
    if let Object::Pod(pod) = &mut object
        && pod.spec.template.scheduling.asks_for_own_labels()
    {
        let mut spec = pod.spec.template.raw.clone();
        merge_label_keys(&mut spec, &|key| pod.meta.label(key).map(Into::into));
        template_of(pod).set(&["spec"], spec);
    }
    object
}

/// Applies mutating admission to a new object.
pub fn admit(tables: &Tables, ranked: &mut Ranked, object: &mut Object) {
    match object {
        Object::Claim(claim) => {
            let claim = Rc::make_mut(claim);
            if let Some(class) = tables.default_class().filter(|_| claim.class().is_none()) {
                claim.spec.set(&["storageClassName"], &class.meta.name);
            }
            if !claim.meta.has_finalizer(CLAIM_PROTECTION) {
                claim.meta.finalizers.make_mut().push(CLAIM_PROTECTION.into());
            }
        }
        Object::Pod(pod) => {
            lend_secrets(tables, pod);
            rank(tables, ranked, pod);
            prepare(tables, pod);
            if let Some(node) = pod.node.clone() {
                place(tables, pod, &node);
            }
        }
        // Models pkg/registry/scheduling/priorityclass PrepareForCreate.
        Object::Plain(class) if class.kind == Kind::PriorityClass => Rc::make_mut(class).meta.generation = 1,
        Object::Plain(ingress) if ingress.kind == Kind::Ingress => lend_class(tables, Rc::make_mut(ingress)),
        Object::Plain(job) if job.kind == Kind::Job => name_uid(Rc::make_mut(job)),
        Object::Volume(volume) => {
            let volume = Rc::make_mut(volume);
            if !volume.meta.has_finalizer(VOLUME_PROTECTION) {
                volume.meta.finalizers.make_mut().push(VOLUME_PROTECTION.into());
            }
        }
        Object::Node(node) if node.ready() != Truth::True => {
            let node = Rc::make_mut(node);
            if node.taint(NOT_READY_TAINT, NO_SCHEDULE).is_none() {
                node.taints.push(Taint { key: NOT_READY_TAINT.into(), value: Name::default(), effect: NO_SCHEDULE.into(), since: None });
            }
        }
        _ => {}
    }
}

/// Gives an Ingress that names no class the default one, of several the newest.
/// Models plugin/pkg/admission/network/defaultingressclass Admit.
fn lend_class(tables: &Tables, ingress: &mut Plain) {
    if ingress.raw.at(&["spec", "ingressClassName"]).is_some() || ingress.meta.annotation(INGRESS_CLASS).is_some() {
        return;
    }
    let marked = tables
        .all(Kind::IngressClass)
        .map(Object::meta)
        .filter(|class| class.annotation(DEFAULT_INGRESS_CLASS).is_some_and(|says| **says == *"true"));
    if let Some(class) = marked.max_by_key(|class| (class.created.stamp(), Reverse(Rc::clone(&class.name)))) {
        ingress.raw.set(&["spec", "ingressClassName"], &*class.name);
    }
}

/// Puts a Job's uid into its selector and template: it is known only once the Job is stored. What is read back
/// is defaulted again, now that the template has labels.
/// Models pkg/registry/batch/job/strategy.go generateSelector.
fn name_uid(job: &mut Plain) {
    let uid = job.meta.uid.to_string();
    for path in [&["spec", "selector", "matchLabels"][..], &["spec", "template", "metadata", "labels"]] {
        for [label, _] in OF_JOB {
            let path = [path, &[label]].concat();
            if job.raw.text_at(&path) == Some("") {
                job.raw.set(&path, uid.as_str());
            }
        }
    }
    let labels = job.raw.at(&["spec", "template", "metadata", "labels"]).and_then(Value::as_map);
    let unnamed = job.meta.labels.is_empty() || OF_JOB.iter().any(|[label, _]| job.meta.label(label).is_some_and(|uid| uid.is_empty()));
    if let Some(labels) = labels.filter(|_| unnamed) {
        let texts = labels.iter().filter_map(|(key, value)| Some((Rc::clone(key), value.as_shared_text()?)));
        job.meta.labels = Rc::new(texts.collect());
    }
}
