//! Who owns which field, as far as it can be told without field managers.
//!
//! Models the refusal of k8s.io/apimachinery/pkg/util/managedfields for one case: an object that `kubectl apply` made client-side is
//! applied server-side with other values. What the annotation remembers belongs to the client-side manager.

use crate::api::kind::Kind;
use crate::base::value::Value;
use crate::kubectl::applied::remembered;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;

/// The manager of fields that a client-side apply has set.
const CLIENT_SIDE: &str = "kubectl-client-side-apply";

const ADVICE: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Refuses a server-side apply that would change fields of another manager.
pub fn conflicts(call: &Call, live: &Value, wanted: &Value, kind: Kind) -> Result<(), Failure> {
    let Some(owned) = remembered(live) else { return Ok(()) };
    if call.flags.on("force-conflicts") {
        return Ok(());
    }
    let mut fields = Vec::new();
    for part in ["spec", "data", "metadata"] {
        if let (Some(owned), Some(wanted), Some(live)) = (owned.get(part), wanted.get(part), live.get(part)) {
            differing(&format!(".{part}"), owned, wanted, live, &mut fields);
        }
    }
    let words = match fields.as_slice() {
        [] => return Ok(()),
        [one] => format!("Apply failed with 1 conflict: conflict with {CLIENT_SIDE:?} using {}: {one}", kind.api_version()),
        many => {
            let (count, version, list) = (many.len(), kind.api_version(), many.join("\n- "));
            format!("Apply failed with {count} conflicts: conflicts with {CLIENT_SIDE:?} using {version}:\n- {list}")
        }
    };
    Err(Failure::client(format!("{words}\n{ADVICE}")))
}

/// The paths of what is owned, wanted and there with another value.
fn differing(path: &str, owned: &Value, wanted: &Value, live: &Value, fields: &mut Vec<String>) {
    match (owned, wanted, live) {
        (_, wanted, live) if wanted == live => {}
        (Value::Map(owned), Value::Map(wanted), Value::Map(live)) => {
            for (key, value) in wanted.iter() {
                if let (Some(owned), Some(live)) = (owned.get(key), live.get(key)) {
                    differing(&format!("{path}.{key}"), owned, value, live, fields);
                }
            }
        }
        (Value::List(owned), Value::List(wanted), Value::List(live)) if is_keyed(path) => {
            let find = |list: &[Value], name: &str| list.iter().find(|o| o.text_at(&["name"]) == Some(name)).cloned();
            for item in wanted.iter() {
                let name = item.text_at(&["name"]).unwrap_or_default();
                if let (Some(owned), Some(live)) = (find(owned, name), find(live, name)) {
                    differing(&format!("{path}[name={name:?}]"), &owned, item, &live, fields);
                }
            }
        }
        (Value::List(_), Value::List(_), Value::List(_)) if !is_atomic(path) => {}
        _ => fields.push(path.to_owned()),
    }
}

/// Whether the elements of a list are told apart by their names.
fn is_keyed(path: &str) -> bool {
    ["containers", "initContainers", "env", "volumes"].iter().any(|field| path.ends_with(&format!(".{field}")))
}

/// Whether a list is owned as a whole.
fn is_atomic(path: &str) -> bool {
    ["volumeClaimTemplates", "command", "args", "tolerations", "accessModes"].iter().any(|field| path.ends_with(&format!(".{field}")))
}
