//! What volumes show of objects: ConfigMaps, Secrets, the pod's own fields, a service account's token, and several of them in one.
//!
//! Models pkg/volume/configmap and secret MakePayload, pkg/volume/downwardapi CollectData and pkg/volume/projected collectData.
//! Not modelled: tokens, in place of which a file says so; file modes; the volume's own symbolic links.

use super::disk::Disk;
use super::environment::secret_text;
use super::fields::{container_named, field, resource};
use api::kind::Kind;
use api::object::{Object, Pod};
use base::value::{Value, members};
use server::tables::Tables;

/// What stands in place of a service account's token.
const NO_TOKEN: &str = "ordinal: tokens are not simulated.\n";

/// The files of a volume whose contents are objects, as a pod sees them; `None` for any other volume.
pub(super) fn shown(volume: &Value, pod: &Pod, tables: &Tables) -> Option<Disk> {
    let view = View { pod, tables };
    let mut files = Disk::default();
    if let Some(several) = volume.get("projected") {
        for source in several.list_at(&["sources"]) {
            view.show(source, "name", &mut files);
        }
        return Some(files);
    }
    view.show(volume, "secretName", &mut files).then_some(files)
}

struct View<'a> {
    pod: &'a Pod,
    tables: &'a Tables,
}

impl View<'_> {
    /// Adds the files of a source, whose Secret is named in this field; returns whether it is one that shows objects.
    fn show(&self, source: &Value, secret_name: &str, files: &mut Disk) -> bool {
        if let Some(map) = source.get("configMap") {
            self.pairs(Kind::ConfigMap, map, "name", files, |text| text.as_text().unwrap_or_default().to_owned());
        } else if let Some(secret) = source.get("secret") {
            self.pairs(Kind::Secret, secret, secret_name, files, secret_text);
        } else if let Some(fields) = source.get("downwardAPI") {
            for item in fields.list_at(&["items"]) {
                put(files, item, &self.item(item));
            }
        } else if let Some(token) = source.get("serviceAccountToken") {
            put(files, token, NO_TOKEN);
        } else {
            return false;
        }
        true
    }

    /// Adds what a ConfigMap or Secret holds: all of it under its keys, or only what is listed, under its paths.
    fn pairs(&self, kind: Kind, source: &Value, name: &str, files: &mut Disk, read: impl Fn(&Value) -> String) {
        let Some(name) = source.text_at(&[name]) else { return };
        let Some(object) = self.tables.find(kind, &self.pod.meta.namespace, name).map(Object::encode) else { return };
        let data = object.get("data");
        let items = source.list_at(&["items"]);
        for (key, value) in members(data.and_then(Value::as_map)).filter(|_| items.is_empty()) {
            let _ = files.put(&format!("/{key}"), &read(value));
        }
        for item in items {
            if let Some(value) = item.text_at(&["key"]).and_then(|key| data?.get(key)) {
                put(files, item, &read(value));
            }
        }
    }

    /// A field of the pod, or a resource of one of its containers.
    fn item(&self, item: &Value) -> String {
        if let Some(path) = item.text_at(&["fieldRef", "fieldPath"]) {
            return field(self.pod, path, self.tables);
        }
        let reference = item.get("resourceFieldRef").unwrap_or(&Value::Null);
        resource(reference, container_named(reference, self.pod), self.pod, self.tables).unwrap_or_default()
    }
}

/// Adds a file at an item's path.
fn put(files: &mut Disk, item: &Value, text: &str) {
    if let Some(path) = item.text_at(&["path"]) {
        let _ = files.put(&format!("/{path}"), text);
    }
}
