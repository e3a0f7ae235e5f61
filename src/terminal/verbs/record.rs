//! `--record`: annotates an object with the command that changed it.
//!
//! Models k8s.io/cli-runtime/pkg/genericclioptions/record_flags.go.

use api::client::{Patch, Subresource, WriteOptions};
use base::given::SetGiven;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// The annotation that `rollout history` shows.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// The command to be recorded, if `--record` was given.
pub fn cause(call: &Call) -> Option<String> {
    let words = std::iter::once("kubectl").chain([call.command.name]).chain(call.args.iter().map(String::as_str));
    call.flags.on("record").then(|| words.collect::<Vec<_>>().join(" ") + &call.flags.spelled())
}

/// Sets the change cause of an object that is about to be sent.
pub fn record(call: &Call, object: &mut Value) {
    object.set_some(&["metadata", "annotations", CHANGE_CAUSE], cause(call));
}

/// Sets the change cause of an object that was changed, in a separate request.
pub(crate) fn record_on(call: &Call, session: &mut Session, target: &Target, options: &WriteOptions) -> Result<(), Failure> {
    let Some(cause) = cause(call) else { return Ok(()) };
    let mut patch = Value::map();
    patch.set(&["metadata", "annotations", CHANGE_CAUSE], cause);
    let Target { kind, namespace, name, .. } = target;
    session.client.patch(*kind, namespace, name, Patch::merge(&patch), Subresource::None, options)?;
    Ok(())
}
