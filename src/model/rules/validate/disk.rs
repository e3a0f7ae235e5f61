//! Volume sources of clouds and storage systems: what their table (`src/model/kinds/volume.table`) cannot say in a row.

use crate::validate::report::{Members, Report};
use crate::validate::rules::Here;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The valid prefixes of iSCSI names.
const ISCSI_PREFIXES: [&str; 3] = ["iqn", "eui", "naa"];

/// A name that is there has to begin as one.
pub(super) fn iscsi_name(here: &Here, report: &mut Report) {
    let name = here.value.as_text().unwrap_or_default();
    let is_wrong = !name.is_empty() && !ISCSI_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let of_pod = if here.ty.key == "ISCSIVolumeSource" { " starting with iqn, eui, or naa" } else { "" };
    report.invalid_if(is_wrong, here.path, name, format!("must be valid format{of_pod}"));
}

/// An error for each pair of Quobyte's registry that is none.
pub(super) fn registry(pairs: &str) -> Vec<String> {
    let wrong = pairs.split(',').filter(|pair| !is_host_and_port(pair));
    wrong.map(|_| "must be a host:port pair or multiple pairs separated by commas".to_owned()).collect()
}

/// Models net.SplitHostPort.
fn is_host_and_port(pair: &str) -> bool {
    pair.rsplit_once(':').is_some_and(|(host, _)| !host.contains(':') || host.starts_with('[') && host.ends_with(']'))
}

pub(super) fn secret(secret: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, secret, "name", "");
}

/// As volumes of the cluster name it.
pub(super) fn secret_of_namespace(secret: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, secret, "name", "");
    report.needs(path, secret, "namespace", "");
}

pub(super) fn flocker(source: &Value, path: &FieldPath, report: &mut Report) {
    let name = source.text("datasetName");
    match (name.is_empty(), source.text("datasetUUID").is_empty()) {
        (true, true) => report.required(path, "one of datasetName and datasetUUID is required"),
        (false, false) => report.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"),
        _ => {}
    }
    report.invalid_if(name.contains('/'), &path.field("datasetName"), name, "must not contain '/'");
}

pub(super) fn fibre_channel(source: &Value, path: &FieldPath, report: &mut Report) {
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
        Some(number) => report.each(&path.field("lun"), number, names::in_range(number, 0, 255)),
    }
}
