//! The way to a pod's kubelet, by which its logs, processes and ports are reached, and what the API server says where there is none.
//!
//! Models pkg/registry/core/pod/strategy.go ResourceLocation and k8s.io/apimachinery/pkg/util/proxy/upgradeaware.go.

use std::fmt::Write;

use api::status::{Status, StatusReason};
use api::view;
use base::value::Value;
use kubectl::failure::Failure;
use kubectl::session::Session;

/// The port of a kubelet.
const PORT: u16 = 10250;

/// A kubelet that does not answer.
struct Silent {
    /// Its address and port.
    host: String,
}

impl Silent {
    /// The kubelet of a pod, if it does not answer.
    fn of(session: &Session, pod: &Value) -> Option<Silent> {
        let address = session.client.unreachable_node(view::text(pod, &["spec", "nodeName"]))?;
        Some(Silent { host: format!("{address}:{PORT}") })
    }

    fn dial(&self) -> String {
        format!("dial tcp {}: connect: no route to host", self.host)
    }

    fn path(&self, verb: &str, pod: &Value, container: &str) -> String {
        format!("https://{}/{verb}/{}/{}/{container}", self.host, view::namespace(pod), view::name(pod))
    }
}

/// Whether a stream to a container can be opened. `verb` is `exec` or `attach`, `query` what is asked for.
pub fn stream(session: &Session, pod: &Value, container: &str, verb: &str, query: &[(&str, &str)]) -> Result<(), Failure> {
    if view::text(pod, &["spec", "nodeName"]).is_empty() {
        return Err(Failure::client(format!("unable to upgrade connection: pod {} does not have a host assigned", view::name(pod))));
    }
    let Some(kubelet) = Silent::of(session, pod) else { return Ok(()) };
    let post = format!("Post \"{}?{}\"", kubelet.path(verb, pod, container), encoded(query));
    Err(Failure::client(format!("Internal error occurred: error sending request: {post}: {}", kubelet.dial())))
}

/// Whether a container's log can be read.
pub fn log(session: &Session, pod: &Value, container: &str, query: &[(&str, &str)]) -> Result<(), Failure> {
    let Some(kubelet) = Silent::of(session, pod) else { return Ok(()) };
    let query = if query.is_empty() { String::new() } else { format!("?{}", encoded(query)) };
    let message = format!("Get \"{}{query}\": {}", kubelet.path("containerLogs", pod, container), kubelet.dial());
    Err(Failure::Server(Status { reason: StatusReason::Unknown, ..Status::bad_request(message) }))
}

/// Whether ports of a pod can be forwarded to.
pub fn ports(session: &Session, pod: &Value) -> Result<(), Failure> {
    let Some(kubelet) = Silent::of(session, pod) else { return Ok(()) };
    let why = format!("error upgrading connection: unable to upgrade connection: error dialing backend: {}", kubelet.dial());
    Err(Failure::client(why))
}

/// A query as Go writes it: by key, with blanks as `+`.
fn encoded(query: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (key, value) in query {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(key);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b' ' => text.push('+'),
                _ if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => text.push(char::from(byte)),
                _ => drop(write!(text, "%{byte:02X}")),
            }
        }
    }
    text
}
