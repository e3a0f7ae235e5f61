//! What an autoscaler scales.
//!
//! Models pkg/controller/podautoscaler/horizontal.go scaleForResourceMappings: group and kind are looked up among those that are served,
//! whatever version is written.

use api::kind::{Kind, Trait};
use api::object::{Name, Object, Plain};

use crate::tables::Tables;

/// A reference to what is scaled, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    pub version: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
}

impl<'a> Target<'a> {
    /// That of an autoscaler.
    pub fn of(autoscaler: &'a Plain) -> Target<'a> {
        let [version, kind, name] =
            ["apiVersion", "kind", "name"].map(|field| autoscaler.raw.text_at(&["spec", "scaleTargetRef", field]).unwrap_or_default());
        Target { version, kind, name }
    }

    /// The object, or the server's words if none has that group, kind and name, or it has no scale.
    pub fn find<'t>(&self, tables: &'t Tables, namespace: &Name) -> Result<&'t Object, String> {
        let group = self.version.split_once('/').map_or("", |(group, _)| group);
        let unknown = || format!("no matches for kind {:?} in group {group:?}", self.kind);
        let kind = Kind::named(self.kind).filter(|kind| kind.info().group == group).ok_or_else(unknown)?;
        if !kind.has(Trait::Scale) {
            return Err("the server could not find the requested resource".to_owned());
        }
        let found = tables.find(kind, namespace, self.name);
        found.ok_or_else(|| format!("{} {:?} not found", kind.resource(), self.name))
    }
}
