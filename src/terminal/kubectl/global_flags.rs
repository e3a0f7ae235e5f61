//! What the flags of every command say of the server: how long a request may take, and which kubeconfig, context and user are meant.

use crate::call::Call;
use crate::commands::command::CommandQuirk;
use crate::failure::Failure;
use crate::files::Files;
use crate::flags::read_duration;
use crate::settings::{CONTEXT, PATH};
use base::time::Span;

/// How long one request may take, if there is a limit. Models k8s.io/client-go/tools/clientcmd ParseTimeout.
pub fn request_timeout(call: &Call) -> Result<Option<Span>, Failure> {
    let text = call.flags.text("request-timeout").unwrap_or("0");
    let ms = text.parse().map(|seconds: u32| i64::from(seconds) * 1000).or_else(|_| read_duration(text)).map_err(|_| {
        Failure::client(
            "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit \
             (e.g. 1s | 2m | 3h)",
        )
    })?;
    Ok(Some(Span(ms.unsigned_abs())).filter(|_| ms > 0))
}

/// Checks the time that requests may take, and that there is what is named of a kubeconfig, which `config` alone does not read so.
/// Models k8s.io/client-go/tools/clientcmd loader.go and client_config.go.
pub fn check(call: &Call, files: &Files) -> Result<(), Failure> {
    request_timeout(call)?;
    let named = |flag: &str| call.flags.text(flag).filter(|name| !name.is_empty() && *name != CONTEXT);
    if let Some(other) = named("context") {
        return Err(Failure::Plain(format!("Error in configuration: context was not found for specified context: {other}")));
    }
    if call.command.has(CommandQuirk::ReadsConfig) {
        return Ok(());
    }
    let missing = named("kubeconfig").filter(|path| !path.ends_with(&PATH[1..]) && files.get(path).is_none());
    if let Some(path) = missing {
        return Err(Failure::client(format!("stat {path}: no such file or directory")));
    }
    // Of a binding, they are its subjects.
    let are_subjects = call.command.flags().any(|flag| flag.name == "user");
    if let Some(user) = named("user").filter(|_| !are_subjects) {
        return Err(Failure::client(format!("auth info {user:?} does not exist")));
    }
    named("cluster").map_or(Ok(()), |cluster| Err(Failure::client(format!("no server found for cluster {cluster:?}"))))
}
