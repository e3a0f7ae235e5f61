//! A port of this machine that a command listens on.

/// A port of this machine that a command listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    pub port: i64,
    /// The pod behind it, its namespace and its port; `None` for the API server.
    pub pod: Option<(String, String, i64)>,
}
