//! The kinds of probes.

use base::fields::{Field, Fields};

base::named! {
    /// What a probe asks of a container.
    #[derive(Hash)]
    ProbeKind {
        /// Whether it has started up.
        Startup "startup",
        /// Whether it may receive traffic.
        Readiness "readiness",
        /// Whether it still works or must be restarted.
        Liveness "liveness",
    }
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
