//! Defaults of volumes, claims, classes and Secrets.
//!
//! Models pkg/apis/core/v1/defaults.go and pkg/apis/storage/v1/defaults.go.

use api::release::Release;
use base::base64;
use base::value::{Value, members};

/// Moves `stringData` into `data`, overriding it. Models `SetDefaults_Secret` and `Convert_v1_Secret_To_core_Secret`.
pub(super) fn secret(secret: &mut Value, _: &Release) {
    let plain = secret.remove(&["stringData"]);
    for (key, text) in members(plain.as_ref().and_then(Value::as_map)) {
        secret.set(&["data", key], base64::encode(text.as_text().unwrap_or("").as_bytes()));
    }
}
