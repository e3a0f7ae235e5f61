//! An object from a file.

use crate::applied::remembering;
use api::kind::Kind;
use api::view;
use base::value::Value;
use kubectl::target::Target;

/// An object from a file.
#[derive(Clone)]
pub struct Manifest {
    pub kind: Kind,
    /// Its namespace; empty for cluster-scoped kinds.
    pub namespace: String,
    /// Its name; empty if the server is to generate one.
    pub name: String,
    /// The object, with its namespace filled in unless the server is not asked about it.
    pub object: Value,
    /// The file it comes from.
    pub source: String,
    /// The list that it is an item of, by a number; nothing if it stands alone.
    pub list: Option<usize>,
    /// The object as written, if the server is not to see all of it.
    pub(crate) written: Option<Value>,
}

impl Manifest {
    /// What it names, as a target.
    pub fn target(&self) -> Target {
        let Manifest { kind, namespace, name, object, source, .. } = self.clone();
        Target { kind, namespace, name, source, object }
    }

    /// The object with the last-applied annotation, made from what was written.
    pub fn remembering(&self) -> Value {
        let mut object = remembering(&self.object);
        if let Some(written) = self.written.as_ref().map(remembering) {
            let path = ["metadata", "annotations", view::LAST_APPLIED];
            object.set(&path, written.text_at(&path).unwrap_or_default());
        }
        object
    }
}
