//! Which type a patched object says it is of.
//!
//! Models apimachinery pkg/runtime/serializer/json Decode into an internal object, as patch.go of the apiserver's handlers calls it for
//! merge patches and JSON patches; a strategic patch is decoded into the type of the object whatever it says.
//! Not modelled: versions of old releases beyond [`OLDER`], which the server still reads.

use crate::kind::Kind;
use crate::status::Status;
use base::field_path::FieldPath;
use base::value::Value;

use super::text::cannot_unmarshal;

/// What stands in the way of reading a patched object.
pub(super) enum Misread {
    /// It is no object of this type: the patch is refused with these words.
    Foreign(String),
    /// It is read as an object of no version, and has no name then: the refusal, and what of it nobody knows.
    Nameless(Box<Status>, Vec<FieldPath>),
}

/// What the type that a patched object says it is of makes of it; `before` is the object that was patched. An empty kind is that of the
/// object.
pub(super) fn check(before: &Value, patched: &Value) -> Result<(), Misread> {
    let text = |object: &'_ Value, key: &str| object.text_at(&[key]).unwrap_or_default().to_owned();
    let (own_version, own_kind) = (text(before, "apiVersion"), text(before, "kind"));
    for key in ["apiVersion", "kind"] {
        if let Some(value) = patched.get(key).filter(|value| !matches!(value, Value::Text(_) | Value::Null)) {
            let words = cannot_unmarshal(value, "string").replace("Go value", &format!("Go struct field .{key}"));
            return Err(Misread::Foreign(format!("couldn't get version/kind; json parse error: {words}")));
        }
    }
    let (version, kind) = (text(patched, "apiVersion"), Some(text(patched, "kind")).filter(|kind| !kind.is_empty()));
    let kind = kind.unwrap_or_else(|| own_kind.clone());
    if (&version, &kind) == (&own_version, &own_kind) {
        return Ok(());
    }
    if version.is_empty() && kind == own_kind {
        let members = patched.as_map().into_iter().flat_map(|map| map.iter().map(|(name, _)| &**name));
        let unknown = members.filter(|name| !["apiVersion", "kind"].contains(name)).map(FieldPath::of).collect();
        let name = before.text_at(&["metadata", "name"]).unwrap_or_default();
        let words = format!("the name of the object ({name} based on URL) was undeterminable: name must be provided");
        return Err(Misread::Nameless(Status::bad_request(words).into(), unknown));
    }
    if kind == own_kind && OLDER.contains(&(&*own_version, &*version)) {
        return Ok(());
    }
    Err(Misread::Foreign(if version.matches('/').count() > 1 {
        format!("unexpected GroupVersion string: {version}")
    } else if Kind::of(&version, &kind).is_some() || (version.as_str(), kind.as_str()) == SCALE {
        format!("converting ({}.{kind}) to ({}.{own_kind}): unknown conversion", parts(&version).1, package(parts(&own_version).0))
    } else if version.is_empty() {
        let group = parts(&own_version).0;
        format!("no kind {kind:?} is registered for the internal version of group {group:?} in scheme {SCHEME:?}")
    } else {
        format!("no kind {kind:?} is registered for version {version:?} in scheme {SCHEME:?}")
    }))
}

/// What the server still reads as an object of a version.
const OLDER: [(&str, &str); 2] = [("apps/v1", "apps/v1beta1"), ("apps/v1", "apps/v1beta2")];

/// The server's scheme, as it names itself.
const SCHEME: &str = "pkg/runtime/scheme.go:111";

/// A kind that is only ever part of others here.
const SCALE: (&str, &str) = ("autoscaling/v1", "Scale");

/// Group and version of an `apiVersion`.
fn parts(version: &str) -> (&str, &str) {
    version.split_once('/').unwrap_or(("", version))
}

/// The package of a group's internal types.
fn package(group: &str) -> &str {
    let first = group.split('.').next().unwrap_or_default();
    if first.is_empty() { "core" } else { first }
}
