//! What a description may use besides the object.

use api::client::Client;
use api::release::Release;
use base::time::Time;

/// What a description may use besides the object.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The server.
    pub client: &'a dyn Client,
    /// The current time.
    pub now: Time,
    /// The release of kubectl.
    pub release: &'static Release,
}
