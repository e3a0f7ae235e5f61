//! Volume sources of clouds and storage systems: their required fields.
//!
//! Must not know: whether the source belongs to a pod or to a PersistentVolume; which systems are still supported.
//! Not modelled: the numbers in iSCSI names, `host:port` pairs of Quobyte, options of flexible volumes, Azure's disk paths.
//!
//! Models pkg/apis/core/validation/validation.go `validate…VolumeSource`.

use crate::validate::report::{Members, Report, is_empty};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The required fields of each source, in the server's order.
const NEEDS: [(&str, &[&str]); 17] = [
    ("gcePersistentDisk", &["pdName"]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("iscsi", &["targetPortal", "iqn"]),
    ("glusterfs", &["endpoints", "path"]),
    ("rbd", &["monitors", "image"]),
    ("cinder", &["volumeID"]),
    ("cephfs", &["monitors"]),
    ("flexVolume", &["driver"]),
    ("azureFile", &["secretName", "shareName"]),
    ("vsphereVolume", &["volumePath"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("storageos", &["volumeName"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
    ("persistentVolumeClaim", &["claimName"]),
    ("quobyte", &["registry", "volume"]),
];
/// The valid prefixes of iSCSI names.
const ISCSI_PREFIXES: [&str; 3] = ["iqn", "eui", "naa"];
const HOST_AND_PORT: &str = "must be a host:port pair or multiple pairs separated by commas";

/// Checks the source in `field`. `in_cluster`: it belongs to a PersistentVolume, whose secret references include a namespace.
pub fn check(field: &str, source: &Value, in_cluster: bool, path: &FieldPath, report: &mut Report) {
    let needs = NEEDS.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, needs)| needs);
    for need in needs {
        let is_missing = source.given(need).is_none_or(|value| is_empty(value) || value.as_text() == Some(""));
        if is_missing {
            report.required(&path.field(need), if field == "quobyte" && *need == "registry" { HOST_AND_PORT } else { "" });
        } else if field == "storageos" {
            report.each(&path.field(need), source.text(need), names::dns_label(source.text(need)));
        } else if *need == "iqn" && !ISCSI_PREFIXES.iter().any(|prefix| source.text("iqn").starts_with(prefix)) {
            let detail = if in_cluster { "must be valid format" } else { "must be valid format starting with iqn, eui, or naa" };
            report.invalid(&path.field("iqn"), source.text("iqn"), detail);
        } else if field == "quobyte" && *need == "registry" {
            let registry = source.text("registry");
            for _ in registry.split(',').filter(|pair| !is_host_and_port(pair)) {
                report.invalid(&path.field("registry"), registry, HOST_AND_PORT);
            }
        }
    }
    match field {
        "gcePersistentDisk" | "awsElasticBlockStore" => {
            let partition = source.number("partition").unwrap_or(0);
            report.invalid_if(!(0..=255).contains(&partition), &path.field("partition"), partition, "must be between 1 and 255, inclusive");
        }
        "flocker" => flocker(source, path, report),
        "fc" => fibre_channel(source, path, report),
        "iscsi" => {
            unit(source.number("lun").unwrap_or(0), &path.field("lun"), report);
            let needs_secret = source.flag("chapAuthDiscovery") || source.flag("chapAuthSession");
            report.required_if(needs_secret && source.given("secretRef").is_none(), &path.field("secretRef"), "");
        }
        "storageos" => report.may_be_named(path, source, "volumeNamespace", names::dns_label),
        "azureDisk" => {
            report.may_be(path, source, "cachingMode", &["None", "ReadOnly", "ReadWrite"]);
            report.may_be(path, source, "kind", &["Dedicated", "Managed", "Shared"]);
        }
        _ => {}
    }
    let Some(secret) = source.given("secretRef") else { return };
    let wanted: &[&str] = match (field, in_cluster) {
        ("cinder" | "storageos", true) => &["name", "namespace"],
        ("cinder" | "storageos", false) | ("iscsi", true) => &["name"],
        _ => &[],
    };
    for part in wanted {
        report.needs(&path.field("secretRef"), secret, part, "");
    }
}

/// Models net.SplitHostPort.
fn is_host_and_port(pair: &str) -> bool {
    pair.rsplit_once(':').is_some_and(|(host, _)| !host.contains(':') || host.starts_with('[') && host.ends_with(']'))
}

fn unit(number: i64, path: &FieldPath, report: &mut Report) {
    report.each(path, number, names::in_range(number, 0, 255));
}

fn flocker(source: &Value, path: &FieldPath, report: &mut Report) {
    let name = source.text("datasetName");
    match (name.is_empty(), source.text("datasetUUID").is_empty()) {
        (true, true) => report.required(path, "one of datasetName and datasetUUID is required"),
        (false, false) => report.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"),
        _ => {}
    }
    report.invalid_if(name.contains('/'), &path.field("datasetName"), name, "must not contain '/'");
}

fn fibre_channel(source: &Value, path: &FieldPath, report: &mut Report) {
    let (targets, ids) = (source.items("targetWWNs"), source.items("wwids"));
    let at = path.field("targetWWNs");
    match (targets.is_empty(), ids.is_empty()) {
        (true, true) => report.required(&at, "must specify either targetWWNs or wwids, but not both"),
        (false, false) => {
            report.invalid(&at, Value::list(targets.to_vec()), "targetWWNs and wwids can not be specified simultaneously");
        }
        _ => {}
    }
    match source.number("lun") {
        _ if targets.is_empty() => {}
        None => report.required(&path.field("lun"), "lun is required if targetWWNs is specified"),
        Some(number) => unit(number, &path.field("lun"), report),
    }
}
