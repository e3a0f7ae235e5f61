//! The kinds of probes.

use base::fields::{Field, Fields};

/// What a probe asks of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// Whether it has started up.
    Startup,
    /// Whether it may receive traffic.
    Readiness,
    /// Whether it still works or must be restarted.
    Liveness,
}

impl ProbeKind {
    /// `Liveness`, as at the beginning of an event's message.
    pub fn title(self) -> &'static str {
        match self {
            ProbeKind::Startup => "Startup",
            ProbeKind::Readiness => "Readiness",
            ProbeKind::Liveness => "Liveness",
        }
    }

    /// `liveness`, as within a sentence.
    pub fn word(self) -> &'static str {
        match self {
            ProbeKind::Startup => "startup",
            ProbeKind::Readiness => "readiness",
            ProbeKind::Liveness => "liveness",
        }
    }

    /// `livenessProbe`, its field of a container.
    pub fn field(self) -> &'static str {
        match self {
            ProbeKind::Startup => "startupProbe",
            ProbeKind::Readiness => "readinessProbe",
            ProbeKind::Liveness => "livenessProbe",
        }
    }
}

impl Field for ProbeKind {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.title());
    }
}
