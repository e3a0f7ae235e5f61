//! The columns of `kubectl get`, kind by kind, as data.
//!
//! Models pkg/printers/internalversion/printers.go. Kinds that are not listed have NAME and AGE, as with the server's generic
//! printer.

use crate::print::jsonpath::Template;
use crate::print::{cells, golang};
use crate::view::{self, object_age};
use api::change::Change;
use api::custom;
use api::kind::Kind;
use base::time::Time;
use base::value::Value;

/// A column: its heading, and its cell for an object.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// `READY`.
    pub heading: &'static str,
    /// Shown only with `-o wide`.
    pub wide: bool,
    /// The change that introduced it, if guides do not show it.
    pub since: Option<Change>,
    cell: Cell,
}

/// Where a cell's text comes from.
#[derive(Clone, Copy, Debug)]
enum Cell {
    /// From an object, at a point in time.
    Of(fn(&Value, Time) -> String),
    /// From what a CustomResourceDefinition says.
    Defined(&'static custom::Column),
}

impl Column {
    /// The cell of an object at a point in time.
    pub fn cell(&self, object: &Value, now: Time) -> String {
        match self.cell {
            Cell::Of(text) => text(object, now),
            Cell::Defined(column) => defined(column, object, now),
        }
    }
}

/// A cell of a column that a definition adds. Models apiextensions-apiserver pkg/registry/customresource/tableconvertor.
fn defined(column: &custom::Column, object: &Value, now: Time) -> String {
    let found = Template::parse_relaxed(column.path).and_then(|path| path.results(object)).unwrap_or_default().concat();
    match found.first().and_then(Value::as_text) {
        Some(time) if column.is_date => view::age(now, time),
        _ => found.iter().map(golang::plain).collect::<Vec<_>>().join(" "),
    }
}

const fn column(heading: &'static str, cell: fn(&Value, Time) -> String) -> Column {
    Column { heading, wide: false, since: None, cell: Cell::Of(cell) }
}

const fn wide(heading: &'static str, cell: fn(&Value, Time) -> String) -> Column {
    Column { wide: true, ..column(heading, cell) }
}

/// A column with the number at a path, 0 if it is missing.
macro_rules! number {
    ($heading:literal, $($key:literal).+) => {
        column($heading, |o, _| view::int(o, &[$($key),+]).to_string())
    };
}

/// A column with the text at a path, empty if it is missing.
macro_rules! text {
    ($heading:literal, $($key:literal).+) => {
        column($heading, |o, _| view::text(o, &[$($key),+]).to_owned())
    };
}

const NAME: Column = column("NAME", |o, _| view::name(o).to_owned());
const AGE: Column = column("AGE", |o, now| object_age(now, o));
const CONTAINERS: Column = wide("CONTAINERS", |o, _| cells::template_containers(o, "name"));
const IMAGES: Column = wide("IMAGES", |o, _| cells::template_containers(o, "image"));
const SELECTOR: Column = wide("SELECTOR", |o, _| cells::selector(o));
const ATTRIBUTES_CLASS: Column =
    Column { since: Some(Change::AttributesClass), ..column("VOLUMEATTRIBUTESCLASS", cells::attributes_class) };
const VOLUME_MODE: Column = wide("VOLUMEMODE", |o, _| cells::or_unset(view::text(o, &["spec", "volumeMode"])));

const POD: &[Column] = &[
    NAME,
    column("READY", |o, _| cells::pod_summary(o).ready()),
    column("STATUS", |o, _| cells::pod_summary(o).status.to_string()),
    column("RESTARTS", cells::restarts),
    AGE,
    wide("IP", |o, _| view::text_or_none(o, &["status", "podIP"])),
    wide("NODE", |o, _| view::text_or_none(o, &["spec", "nodeName"])),
    wide("NOMINATED NODE", |o, _| view::text_or_none(o, &["status", "nominatedNodeName"])),
    wide("READINESS GATES", |o, _| cells::readiness_gates(o)),
];
const SERVICE: &[Column] = &[
    NAME,
    text!("TYPE", "spec"."type"),
    column("CLUSTER-IP", |o, _| cells::cluster_ip(o)),
    column("EXTERNAL-IP", |o, _| cells::external_ip(o)),
    column("PORT(S)", |o, _| cells::service_ports(o)),
    AGE,
    wide("SELECTOR", |o, _| view::labels_text(view::map_at(o, &["spec", "selector"]))),
];
const CLAIM: &[Column] = &[
    NAME,
    column("STATUS", |o, _| cells::phase_or_terminating(o)),
    text!("VOLUME", "spec"."volumeName"),
    column("CAPACITY", |o, _| cells::claim_capacity(o)),
    column("ACCESS MODES", |o, _| cells::claim_modes(o)),
    column("STORAGECLASS", |o, _| cells::storage_class(o)),
    ATTRIBUTES_CLASS,
    AGE,
    VOLUME_MODE,
];
const VOLUME: &[Column] = &[
    NAME,
    column("CAPACITY", |o, _| view::scalar(o.at(&["spec", "capacity", "storage"]).unwrap_or(&Value::from("")))),
    column("ACCESS MODES", |o, _| view::access_modes(o.list_at(&["spec", "accessModes"]))),
    text!("RECLAIM POLICY", "spec"."persistentVolumeReclaimPolicy"),
    column("STATUS", |o, _| cells::phase_or_terminating(o)),
    column("CLAIM", |o, _| cells::claim_reference(o)),
    column("STORAGECLASS", |o, _| cells::storage_class(o)),
    ATTRIBUTES_CLASS,
    text!("REASON", "status"."reason"),
    AGE,
    VOLUME_MODE,
];
const CONFIG_MAP: &[Column] = &[NAME, column("DATA", |o, _| cells::data_count(o)), AGE];
const SECRET: &[Column] = &[NAME, text!("TYPE", "type"), column("DATA", |o, _| cells::data_count(o)), AGE];
const NAMESPACE: &[Column] = &[NAME, text!("STATUS", "status"."phase"), AGE];
const NODE: &[Column] = &[
    NAME,
    column("STATUS", |o, _| cells::node_status(o)),
    column("ROLES", |o, _| cells::node_roles(o)),
    AGE,
    text!("VERSION", "status"."nodeInfo"."kubeletVersion"),
    wide("INTERNAL-IP", |o, _| cells::node_address(o, "InternalIP")),
    wide("EXTERNAL-IP", |o, _| cells::node_address(o, "ExternalIP")),
    wide("OS-IMAGE", |o, _| cells::or_unknown(view::text(o, &["status", "nodeInfo", "osImage"]))),
    wide("KERNEL-VERSION", |o, _| cells::node_kernel(o)),
    wide("CONTAINER-RUNTIME", |o, _| cells::or_unknown(view::text(o, &["status", "nodeInfo", "containerRuntimeVersion"]))),
];
const EVENT: &[Column] = &[
    column("LAST SEEN", cells::event_last_seen),
    text!("TYPE", "type"),
    text!("REASON", "reason"),
    column("OBJECT", |o, _| cells::event_object(o)),
    wide("SUBOBJECT", |o, _| view::text(o, &["involvedObject", "fieldPath"]).to_owned()),
    wide("SOURCE", |o, _| cells::event_source(o)),
    column("MESSAGE", |o, _| view::text(o, &["message"]).trim().to_owned()),
    wide("FIRST SEEN", cells::event_first_seen),
    wide("COUNT", |o, _| cells::event_count(o).to_string()),
    wide("NAME", |o, _| view::name(o).to_owned()),
];
const ENDPOINTS: &[Column] = &[NAME, column("ENDPOINTS", |o, _| cells::endpoints(o)), AGE];
const ENDPOINT_SLICE: &[Column] = &[
    NAME,
    text!("ADDRESSTYPE", "addressType"),
    column("PORTS", |o, _| cells::slice_ports(o)),
    column("ENDPOINTS", |o, _| cells::slice_addresses(o)),
    AGE,
];
const REPLICA_SET: &[Column] = &[
    NAME,
    number!("DESIRED", "spec"."replicas"),
    number!("CURRENT", "status"."replicas"),
    number!("READY", "status"."readyReplicas"),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const DAEMON_SET: &[Column] = &[
    NAME,
    number!("DESIRED", "status"."desiredNumberScheduled"),
    number!("CURRENT", "status"."currentNumberScheduled"),
    number!("READY", "status"."numberReady"),
    number!("UP-TO-DATE", "status"."updatedNumberScheduled"),
    number!("AVAILABLE", "status"."numberAvailable"),
    column("NODE SELECTOR", |o, _| view::labels_text(view::map_at(o, &["spec", "template", "spec", "nodeSelector"]))),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const DEPLOYMENT: &[Column] = &[
    NAME,
    column("READY", |o, _| cells::ready_replicas(o)),
    number!("UP-TO-DATE", "status"."updatedReplicas"),
    number!("AVAILABLE", "status"."availableReplicas"),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const STATEFUL_SET: &[Column] = &[NAME, column("READY", |o, _| cells::ready_replicas(o)), AGE, CONTAINERS, IMAGES];
const CONTROLLER_REVISION: &[Column] = &[NAME, column("CONTROLLER", |o, _| cells::controller(o)), number!("REVISION", "revision"), AGE];
const AUTOSCALER: &[Column] = &[
    NAME,
    column("REFERENCE", |o, _| cells::scale_target(o)),
    column("TARGETS", |o, _| cells::autoscaler_targets(o)),
    column("MINPODS", |o, _| o.at(&["spec", "minReplicas"]).map_or_else(|| view::UNSET.to_owned(), view::scalar)),
    number!("MAXPODS", "spec"."maxReplicas"),
    number!("REPLICAS", "status"."currentReplicas"),
    AGE,
];
const JOB: &[Column] = &[
    NAME,
    column("STATUS", |o, _| cells::job_status(o)),
    column("COMPLETIONS", |o, _| cells::job_completions(o)),
    column("DURATION", cells::job_duration),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const CRON_JOB: &[Column] = &[
    NAME,
    text!("SCHEDULE", "spec"."schedule"),
    column("TIMEZONE", |o, _| view::text_or_none(o, &["spec", "timeZone"])),
    column("SUSPEND", |o, _| if view::truth(o, &["spec", "suspend"]) { "True" } else { "False" }.to_owned()),
    column("ACTIVE", |o, _| o.list_at(&["status", "active"]).len().to_string()),
    column("LAST SCHEDULE", |o, now| match view::text(o, &["status", "lastScheduleTime"]) {
        "" => view::NONE.to_owned(),
        stamp => view::age(now, stamp),
    }),
    AGE,
    wide("CONTAINERS", |o, _| cells::template_containers(job_template(o), "name")),
    wide("IMAGES", |o, _| cells::template_containers(job_template(o), "image")),
    wide("SELECTOR", |o, _| cells::selector(job_template(o))),
];

/// The template of a CronJob's Jobs.
fn job_template(cron_job: &Value) -> &Value {
    cron_job.at(&["spec", "jobTemplate"]).unwrap_or(&Value::Null)
}

const DISRUPTION_BUDGET: &[Column] = &[
    NAME,
    column("MIN AVAILABLE", |o, _| cells::or_not_applicable(o.at(&["spec", "minAvailable"]))),
    column("MAX UNAVAILABLE", |o, _| cells::or_not_applicable(o.at(&["spec", "maxUnavailable"]))),
    number!("ALLOWED DISRUPTIONS", "status"."disruptionsAllowed"),
    AGE,
];
const PRIORITY_CLASS: &[Column] = &[
    NAME,
    number!("VALUE", "value"),
    column("GLOBAL-DEFAULT", |o, _| view::truth(o, &["globalDefault"]).to_string()),
    AGE,
    text!("PREEMPTIONPOLICY", "preemptionPolicy"),
];
const RUNTIME_CLASS: &[Column] = &[NAME, text!("HANDLER", "handler"), AGE];
const CSI_NODE: &[Column] = &[NAME, column("DRIVERS", |o, _| o.list_at(&["spec", "drivers"]).len().to_string()), AGE];
const STORAGE_CLASS: &[Column] = &[
    column("NAME", |o, _| cells::class_name(o)),
    text!("PROVISIONER", "provisioner"),
    column("RECLAIMPOLICY", |o, _| o.text_at(&["reclaimPolicy"]).unwrap_or("Delete").to_owned()),
    column("VOLUMEBINDINGMODE", |o, _| cells::or_unset(view::text(o, &["volumeBindingMode"]))),
    column("ALLOWVOLUMEEXPANSION", |o, _| view::truth(o, &["allowVolumeExpansion"]).to_string()),
    AGE,
];
const QUOTA: &[Column] = &[NAME, column("REQUEST", |o, _| cells::quota(o, false)), column("LIMIT", |o, _| cells::quota(o, true)), AGE];

const POD_TEMPLATE: &[Column] = &[
    NAME,
    column("CONTAINERS", |o, _| cells::containers_of(o, &["template", "spec", "containers"], "name")),
    column("IMAGES", |o, _| cells::containers_of(o, &["template", "spec", "containers"], "image")),
    column("POD LABELS", |o, _| view::labels_text(view::map_at(o, &["template", "metadata", "labels"]))),
];
const VOLUME_ATTACHMENT: &[Column] = &[
    NAME,
    text!("ATTACHER", "spec"."attacher"),
    text!("PV", "spec"."source"."persistentVolumeName"),
    text!("NODE", "spec"."nodeName"),
    column("ATTACHED", |o, _| view::truth(o, &["status", "attached"]).to_string()),
    AGE,
];
const NETWORK_POLICY: &[Column] =
    &[NAME, column("POD-SELECTOR", |o, _| cells::label_selector(o.at(&["spec", "podSelector"]).unwrap_or(&Value::Null))), AGE];
const INGRESS: &[Column] = &[
    NAME,
    column("CLASS", |o, _| view::text_or_none(o, &["spec", "ingressClassName"])),
    column("HOSTS", |o, _| cells::ingress_hosts(o)),
    column("ADDRESS", |o, _| cells::balancers(o)),
    column("PORTS", |o, _| if o.list_at(&["spec", "tls"]).is_empty() { "80" } else { "80, 443" }.to_owned()),
    AGE,
];
const INGRESS_CLASS: &[Column] = &[
    column("NAME", |o, _| cells::class_name(o)),
    text!("CONTROLLER", "spec"."controller"),
    column("PARAMETERS", |o, _| cells::class_parameters(o)),
    AGE,
];
const LEASE: &[Column] = &[NAME, text!("HOLDER", "spec"."holderIdentity"), AGE];
const CREATED: Column = text!("CREATED AT", "metadata"."creationTimestamp");
const CREATED_AT: &[Column] = &[NAME, CREATED];
const DRIVER: &[Column] = &[
    NAME,
    column("ATTACHREQUIRED", |o, _| o.at(&["spec", "attachRequired"]).and_then(Value::as_bool).unwrap_or(true).to_string()),
    column("PODINFOONMOUNT", |o, _| view::truth(o, &["spec", "podInfoOnMount"]).to_string()),
    column("STORAGECAPACITY", |o, _| view::truth(o, &["spec", "storageCapacity"]).to_string()),
    column("TOKENREQUESTS", |o, _| cells::or_unset(&cells::containers_of(o, &["spec", "tokenRequests"], "audience"))),
    column("REQUIRESREPUBLISH", |o, _| view::truth(o, &["spec", "requiresRepublish"]).to_string()),
    column("MODES", |o, _| o.list_at(&["spec", "volumeLifecycleModes"]).iter().filter_map(Value::as_text).collect::<Vec<_>>().join(",")),
    AGE,
];
const WEBHOOKS: &[Column] = &[NAME, column("WEBHOOKS", |o, _| o.list_at(&["webhooks"]).len().to_string()), AGE];
const DEFINITION: &[Column] = &[
    NAME,
    text!("SCOPE", "spec"."scope"),
    column("VERSIONS", |o, _| cells::versions(o)),
    CREATED,
    wide("GROUP", |o, _| view::text(o, &["spec", "group"]).to_owned()),
    wide("KIND", |o, _| view::text(o, &["spec", "names", "kind"]).to_owned()),
    wide("SHORTNAMES", |o, _| o.list_at(&["spec", "names", "shortNames"]).iter().filter_map(Value::as_text).collect::<Vec<_>>().join(",")),
    wide("ESTABLISHED", |_, _| "true".to_owned()),
];
const ADMISSION: &[Column] = &[
    NAME,
    column("VALIDATIONS", |o, _| o.list_at(&["spec", "validations"]).len().to_string()),
    column("PARAMKIND", |o, _| cells::or_unset(&cells::path_of(o, &["spec", "paramKind"], ["apiVersion", "kind"]))),
    AGE,
];
const ADMISSION_BINDING: &[Column] = &[
    NAME,
    text!("POLICYNAME", "spec"."policyName"),
    column("PARAMREF", |o, _| cells::or_unset(&cells::path_of(o, &["spec", "paramRef"], ["namespace", "name"]))),
    AGE,
];
const FLOWS: &[Column] = &[
    NAME,
    text!("PRIORITYLEVEL", "spec"."priorityLevelConfiguration"."name"),
    number!("MATCHINGPRECEDENCE", "spec"."matchingPrecedence"),
    column("DISTINGUISHERMETHOD", |o, _| view::text_or_none(o, &["spec", "distinguisherMethod", "type"])),
    AGE,
    column("MISSINGPL", |_, _| "False".to_owned()),
];
const LEVELS: &[Column] = &[
    NAME,
    text!("TYPE", "spec"."type"),
    column("NOMINALCONCURRENCYSHARES", |o, _| cells::number_or_none(o, &["spec", "limited", "nominalConcurrencyShares"])),
    column("QUEUES", |o, _| cells::number_or_none(o, &["spec", "limited", "limitResponse", "queuing", "queues"])),
    column("HANDSIZE", |o, _| cells::number_or_none(o, &["spec", "limited", "limitResponse", "queuing", "handSize"])),
    column("QUEUELENGTHLIMIT", |o, _| cells::number_or_none(o, &["spec", "limited", "limitResponse", "queuing", "queueLengthLimit"])),
    AGE,
];
const ATTRIBUTES: &[Column] = &[NAME, text!("DRIVERNAME", "driverName"), AGE];
const ROLE_BINDING: &[Column] = &[
    NAME,
    column("ROLE", |o, _| cells::role_reference(o)),
    AGE,
    wide("USERS", |o, _| cells::subjects(o, "User")),
    wide("GROUPS", |o, _| cells::subjects(o, "Group")),
    wide("SERVICEACCOUNTS", |o, _| cells::subjects(o, "ServiceAccount")),
];
const GENERIC: &[Column] = &[NAME, AGE];

/// The columns of a kind, wide ones included.
pub fn columns(kind: Kind) -> Vec<Column> {
    let defined =
        |column: &'static custom::Column| Column { heading: column.heading, wide: column.wide, since: None, cell: Cell::Defined(column) };
    match kind {
        Kind::Custom(_) => std::iter::once(NAME).chain(kind.info().columns.iter().map(defined)).collect(),
        own => columns_of_own(own).to_vec(),
    }
}

fn columns_of_own(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Pod => POD,
        Kind::Service => SERVICE,
        Kind::PersistentVolumeClaim => CLAIM,
        Kind::PersistentVolume => VOLUME,
        Kind::ConfigMap => CONFIG_MAP,
        Kind::Secret => SECRET,
        Kind::Namespace => NAMESPACE,
        Kind::Node => NODE,
        Kind::Event => EVENT,
        Kind::Endpoints => ENDPOINTS,
        Kind::EndpointSlice => ENDPOINT_SLICE,
        Kind::ReplicaSet | Kind::ReplicationController => REPLICA_SET,
        Kind::DaemonSet => DAEMON_SET,
        Kind::Deployment => DEPLOYMENT,
        Kind::StatefulSet => STATEFUL_SET,
        Kind::ControllerRevision => CONTROLLER_REVISION,
        Kind::HorizontalPodAutoscaler => AUTOSCALER,
        Kind::Job => JOB,
        Kind::CronJob => CRON_JOB,
        Kind::PodDisruptionBudget => DISRUPTION_BUDGET,
        Kind::PriorityClass => PRIORITY_CLASS,
        Kind::RuntimeClass => RUNTIME_CLASS,
        Kind::CSINode => CSI_NODE,
        Kind::StorageClass => STORAGE_CLASS,
        Kind::VolumeAttachment => VOLUME_ATTACHMENT,
        Kind::ResourceQuota => QUOTA,
        Kind::LimitRange | Kind::Role | Kind::ClusterRole => CREATED_AT,
        Kind::PodTemplate => POD_TEMPLATE,
        Kind::Lease => LEASE,
        Kind::NetworkPolicy => NETWORK_POLICY,
        Kind::Ingress => INGRESS,
        Kind::IngressClass => INGRESS_CLASS,
        Kind::CSIDriver => DRIVER,
        Kind::CustomResourceDefinition => DEFINITION,
        Kind::ValidatingAdmissionPolicy => ADMISSION,
        Kind::ValidatingAdmissionPolicyBinding => ADMISSION_BINDING,
        Kind::FlowSchema => FLOWS,
        Kind::PriorityLevelConfiguration => LEVELS,
        Kind::ValidatingWebhookConfiguration | Kind::MutatingWebhookConfiguration => WEBHOOKS,
        Kind::VolumeAttributesClass => ATTRIBUTES,
        Kind::RoleBinding | Kind::ClusterRoleBinding => ROLE_BINDING,
        _ => GENERIC,
    }
}
