//! A pod's volumes: each needs a name and exactly one source.
//!
//! Not modelled: detailed rules for cloud volumes (their required fields are checked), certificates in projections.
//!
//! Models pkg/apis/core/validation/validation.go `ValidateVolumes` and `validateVolumeSource`.

use base::sorted::SortedSet;

use crate::validate::file_path::{descending_path, free_path, no_backsteps};
use crate::validate::report::{Members, Report};
use crate::validate::scope::Volumes;
use crate::validate::{claim, container, env, resources, rules};
use api::names;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;

/// The maximum file mode, 0777.
const MODE_MAX: i64 = 0o777;
/// The minimum lifetime of a token, in seconds.
const TOKEN_SECONDS_MIN: i64 = 600;
/// The maximum lifetime.
const TOKEN_SECONDS_MAX: i64 = 1 << 32;

/// How a source is checked.
enum Check {
    /// As its table says.
    Table,
    Rule(fn(&Value, &FieldPath, bool, &mut Report)),
}

/// A volume source: its field, the field's spelling in "only one" errors, and its check.
struct Source(&'static str, &'static str, Check);

/// In the order in which the server checks them: the second one found gets the error. Some paths are misspelt upstream.
const SOURCES: &[Source] = &[
    Source("emptyDir", "emptyDir", Check::Rule(empty_dir)),
    Source("hostPath", "hostPath", Check::Rule(host_path)),
    Source("gitRepo", "gitRepo", Check::Rule(git_repo)),
    Source("gcePersistentDisk", "gcePersistentDisk", Check::Table),
    Source("awsElasticBlockStore", "awsElasticBlockStore", Check::Table),
    Source("secret", "secret", Check::Rule(secret)),
    Source("nfs", "nfs", Check::Rule(nfs)),
    Source("iscsi", "iscsi", Check::Table),
    Source("glusterfs", "glusterfs", Check::Table),
    Source("flocker", "flocker", Check::Table),
    Source("persistentVolumeClaim", "persistentVolumeClaim", Check::Rule(claimed)),
    Source("rbd", "rbd", Check::Table),
    Source("cinder", "cinder", Check::Table),
    Source("cephfs", "cephFS", Check::Table),
    Source("quobyte", "quobyte", Check::Table),
    Source("downwardAPI", "downwarAPI", Check::Rule(downward_api)),
    Source("fc", "fc", Check::Table),
    Source("flexVolume", "flexVolume", Check::Table),
    Source("configMap", "configMap", Check::Rule(config_map)),
    Source("azureFile", "azureFile", Check::Table),
    Source("vsphereVolume", "vsphereVolume", Check::Table),
    Source("photonPersistentDisk", "photonPersistentDisk", Check::Table),
    Source("portworxVolume", "portworxVolume", Check::Table),
    Source("azureDisk", "azureDisk", Check::Table),
    Source("storageos", "storageos", Check::Table),
    Source("projected", "projected", Check::Rule(projected)),
    Source("scaleIO", "scaleIO", Check::Table),
    Source("csi", "csi", Check::Rule(csi)),
    Source("ephemeral", "ephemeral", Check::Rule(ephemeral)),
    Source("image", "image", Check::Rule(image)),
];

/// Validates a pod's volumes; returns the valid ones. `pod` is the pod's name; `None` for a template.
/// Models `ValidateVolumes`.
pub fn volumes<'a>(volumes: &'a [Value], pod: Option<&str>, path: &FieldPath, report: &mut Report) -> Volumes<'a> {
    let mut sound = Volumes::new();
    let claim_of = |volume: &Value| pod.map(|pod| format!("{pod}-{}", volume.text("name")));
    let made: SortedSet<String> = volumes.iter().filter(|v| v.given("ephemeral").is_some()).filter_map(claim_of).collect();
    for (at, volume) in path.each(volumes.iter()) {
        let before = report.len();
        let name = volume.text("name");
        source(volume, pod, &at, report);
        report.name(&at, volume, "name", names::dns_label);
        if sound.contains_key(name) {
            report.duplicate(&at.field("name"), name);
        }
        if report.len() == before {
            sound.insert(name, volume);
        }
        let claim = volume.part("persistentVolumeClaim").text("claimName");
        if made.contains(claim) {
            let detail = "must not reference a PVC that gets created for an ephemeral volume";
            report.invalid(&at.field("persistentVolumeClaim").field("claimName"), claim, detail);
        }
    }
    sound
}

/// Models `validateVolumeSource`.
fn source(volume: &Value, pod: Option<&str>, path: &FieldPath, report: &mut Report) {
    let mut found = false;
    for Source(field, blamed, check) in SOURCES {
        let Some(source) = volume.given(field) else { continue };
        if found {
            report.forbidden(&path.field(blamed), "may not specify more than 1 volume type");
            continue;
        }
        found = true;
        let at = path.field(if *field == "gcePersistentDisk" { "persistentDisk" } else { field });
        match check {
            Check::Table => rules::member("Volume", field, source, &at, report),
            Check::Rule(rule) => rule(source, &at, pod.is_some(), report),
        }
        if let (true, Some(pod)) = (*field == "ephemeral", pod.filter(|pod| !pod.is_empty() && !volume.text("name").is_empty())) {
            let claim = format!("{pod}-{}", volume.text("name"));
            let wrong = names::dns_subdomain(&claim).into_iter().map(|w| format!("PVC name {}: {w}", base::quoted::go_quoted(&claim)));
            report.each(&path.field("name"), volume.text("name"), wrong.collect());
        }
    }
    report.required_if(!found, path, "must specify a volume type");
}

fn claimed(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    report.needs(path, source, "claimName", "");
}

fn empty_dir(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    if source.given("sizeLimit").and_then(Quantity::read).is_some_and(Quantity::is_negative) {
        report.forbidden(&path.field("sizeLimit"), "SizeLimit field must be a valid resource quantity");
    }
}

/// A directory or file on the node. Models `validateHostPathVolumeSource`.
pub fn host_path(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    let supported = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    let place = source.text("path");
    if place.is_empty() {
        return report.required(&path.field("path"), "");
    }
    no_backsteps(place, &path.field("path"), report);
    report.known(&path.field("type"), source.text("type"), &supported);
}

fn git_repo(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    report.needs(path, source, "repository", "");
    descending_path(source.text("directory"), &path.field("directory"), report);
}

fn secret(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    report.needs(path, source, "secretName", "");
    mode(source.number("defaultMode"), &path.field("defaultMode"), report);
    user(source.number("defaultUser"), &path.field("defaultUser"), report);
    keys(source.items("items"), &path.field("items"), report);
}

fn config_map(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    report.needs(path, source, "name", "");
    mode(source.number("defaultMode"), &path.field("defaultMode"), report);
    user(source.number("defaultUser"), &path.field("defaultUser"), report);
    keys(source.items("items"), &path.field("items"), report);
}

/// An NFS export. Models `validateNFSVolumeSource`.
pub fn nfs(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    for field in ["server", "path"] {
        report.needs(path, source, field, "");
    }
    report.invalid_if(!source.text("path").starts_with('/'), &path.field("path"), source.text("path"), "must be an absolute path");
}

fn downward_api(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    mode(source.number("defaultMode"), &path.field("defaultMode"), report);
    user(source.number("defaultUser"), &path.field("defaultUser"), report);
    for file in source.items("items") {
        downward_file(file, path, report);
    }
}

fn csi(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    csi_driver(source.text("driver"), &path.field("driver"), report);
    if let Some(secret) = source.given("nodePublishSecretRef") {
        match secret.text("name") {
            "" => report.required(&path.field("nodePublishSecretRef").field("name"), ""),
            name => report.each(&path.field("name"), name, names::dns_subdomain(name)),
        }
    }
}

/// The name of a CSI driver. Models `ValidateCSIDriverName`.
pub fn csi_driver(driver: &str, path: &FieldPath, report: &mut Report) {
    if driver.is_empty() {
        return report.required(path, "");
    }
    if driver.len() > names::DNS_LABEL_MAX {
        report.too_long(path, names::DNS_LABEL_MAX);
    }
    report.each(path, driver, names::dns_subdomain(&driver.to_ascii_lowercase()));
}

fn ephemeral(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    let path = path.field("volumeClaimTemplate");
    match source.given("volumeClaimTemplate") {
        Some(template) => claim::template(template, &path, report),
        None => report.required(&path, ""),
    }
}

fn image(source: &Value, path: &FieldPath, of_pod: bool, report: &mut Report) {
    if source.text("reference").is_empty() && (of_pod || report.release.templates_name_images_of_volumes) {
        report.required(&path.field("reference"), "");
    }
    container::pull_policy(source.text("pullPolicy"), &path.field("pullPolicy"), report);
}

/// Models `validateProjectedVolumeSource`.
fn projected(source: &Value, path: &FieldPath, _: bool, report: &mut Report) {
    mode(source.number("defaultMode"), &path.field("defaultMode"), report);
    user(source.number("defaultUser"), &path.field("defaultUser"), report);
    let mut places = SortedSet::new();
    for (at, projection) in path.field("sources").each(source.items("sources").iter()) {
        let mut found = 0;
        for kind in ["secret", "configMap"] {
            let Some(source) = projection.given(kind) else { continue };
            found += 1;
            report.needs(&at.field(kind), source, "name", "");
            for (j, item) in source.items("items").iter().enumerate() {
                key_to_path(item, &at.field(kind).field("items").index(j), report);
                unique_place(item.text("path"), source.text("name"), &mut places, path, report);
            }
        }
        if let Some(source) = projection.given("downwardAPI") {
            found += 1;
            for file in source.items("items") {
                downward_file(file, &at.field("downwardAPI"), report);
                unique_place(file.text("path"), file.text("path"), &mut places, path, report);
            }
        }
        if let Some(token) = projection.given("serviceAccountToken") {
            found += 1;
            service_account_token(token, path, &at.field("serviceAccountToken"), report);
        }
        report.forbidden_if(found > 1, &at, "may not specify more than 1 volume type per source");
    }
}

fn service_account_token(token: &Value, path: &FieldPath, at: &FieldPath, report: &mut Report) {
    let seconds = token.number("expirationSeconds").unwrap_or(0);
    if seconds < TOKEN_SECONDS_MIN {
        report.invalid(&at.field("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes");
    }
    if seconds > TOKEN_SECONDS_MAX {
        report.invalid(&at.field("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds");
    }
    match token.text("path") {
        "" => report.required(&path.field("path"), ""),
        place => free_path(place, &path.field("path"), report),
    }
}

fn unique_place<'a>(place: &'a str, shown: &str, places: &mut SortedSet<&'a str>, path: &FieldPath, report: &mut Report) {
    if !place.is_empty() && !places.insert(place) {
        report.invalid(path, shown, "conflicting duplicate paths");
    }
}

/// Models `validateDownwardAPIVolumeFile`; the server reports no index here.
fn downward_file(file: &Value, path: &FieldPath, report: &mut Report) {
    let place = file.text("path");
    report.needs(path, file, "path", "");
    free_path(place, &path.field("path"), report);
    match (file.given("fieldRef"), file.given("resourceFieldRef")) {
        (Some(field), resource) => {
            env::field_reference(field, &env::VOLUME_FIELDS, &path.field("fieldRef"), report);
            report.invalid_if(resource.is_some(), path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        }
        (None, Some(resource)) => resources::field_reference(resource, true, &path.field("resourceFieldRef"), report),
        (None, None) => report.required(path, "one of fieldRef and resourceFieldRef is required"),
    }
    mode(file.number("mode"), &path.field("mode"), report);
    user(file.number("user"), &path.field("user"), report);
}

fn keys(items: &[Value], path: &FieldPath, report: &mut Report) {
    for (i, item) in items.iter().enumerate() {
        key_to_path(item, &path.index(i), report);
    }
}

/// Models `validateKeyToPath`.
fn key_to_path(item: &Value, path: &FieldPath, report: &mut Report) {
    for field in ["key", "path"] {
        report.needs(path, item, field, "");
    }
    free_path(item.text("path"), &path.field("path"), report);
    mode(item.number("mode"), &path.field("mode"), report);
    user(item.number("user"), &path.field("user"), report);
}

/// Of a user of files; releases that give files to no user have dropped it before.
fn user(user: Option<i64>, path: &FieldPath, report: &mut Report) {
    let most = i64::from(i32::MAX);
    if let Some(user) = user.filter(|user| !(0..=most).contains(user)) {
        report.invalid(path, user, format!("must be between 0 and {most}, inclusive"));
    }
}

fn mode(mode: Option<i64>, path: &FieldPath, report: &mut Report) {
    if let Some(mode) = mode.filter(|mode| !(0..=MODE_MAX).contains(mode)) {
        report.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }
}
