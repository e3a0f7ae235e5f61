//! Kubernetes' objects, and the rules that concern single objects.
//!
//! Promises: everything here is a pure function of its arguments; nothing panics on any input. The one trait, [`client::Client`], says what
//! a server answers; others implement it.
//! Must not know: the store, controllers, when it is, the browser.

pub mod admit;
pub mod change;
pub mod client;
pub mod controller;
pub mod custom;
pub mod decode;
pub mod go_dump;
pub mod kind;
pub mod managed;
pub mod names;
pub mod object;
pub mod obstacle;
pub mod patch;
pub mod pod_summary;
pub mod release;
pub mod rules;
pub mod scale;
pub mod schema;
pub mod status;
mod time_text;
pub mod typed;
pub mod view;
pub mod well_known;

/// Examples of our types for tests that have to see every variant.
mod samples {
    use crate::kind::Kind;
    use crate::object::ObjectKey;
    use crate::object::pod::Truth;

    base::sample! {
        ObjectKey: ObjectKey { kind: Kind::PersistentVolumeClaim, namespace: "default".into(), name: "data-web-0".into() };
        Kind: Kind::ConfigMap, Kind::Secret;
        Truth: Truth::False, Truth::Unknown;
    }
}
