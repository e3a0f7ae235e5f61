//! The rules of single objects, as the crates above ask for them: what is filled in, and what is refused.
//!
//! The rules themselves are the crate `rules`, which only programs and tests name. A program plugs them in as it begins.

use std::rc::Rc;
use std::sync::OnceLock;

use crate::kind::Kind;
use crate::object::Meta;
use crate::object::stateful_set::StatefulSetStatus;
use crate::release::Release;
use crate::status::FieldError;
use base::sorted::SortedMap;
use base::value::Value;

/// What is wrong with an object, in the server's order and words, and the warnings about one with which nothing is.
pub type Verdict = (Vec<FieldError>, Vec<String>);

/// A server's rules, as a table: pure functions of single objects, which have been strictly decoded.
#[derive(Debug)]
pub struct Rules {
    /// Applies the scheme's defaults.
    pub fill_in: fn(Kind, &mut Value, &Release),
    /// Applies the kind's strategy to a new object with defaults: the initial status, the generation, fields that clients may not set.
    pub prepare_new: fn(Kind, &mut Value, &Release),
    /// The same to the new version of an object, given the stored one.
    pub prepare_update: fn(Kind, &mut Value, &Value, &Release),
    /// Judges a new object, whose name and namespace have been filled in.
    pub judge_new: fn(Kind, &Value, &'static Release) -> Verdict,
    /// Judges a new version of an object, given the old one. An error may occur more than once, because the server checks some things
    /// twice; messages drop the duplicates.
    pub judge_update: fn(Kind, &Value, &Value, &'static Release) -> Verdict,
    /// The errors in a status update, given the new and the old object.
    pub judge_status: fn(Kind, &Value, &Value) -> Vec<FieldError>,
    /// The warnings about an accepted status.
    pub status_warnings: fn(&Value) -> Vec<String>,
    /// The errors in the numbers of a StatefulSet's status, without those in the rest of the set.
    pub stateful_set_counts: fn(&StatefulSetStatus) -> Vec<FieldError>,
    /// The errors in a pod whose ephemeral containers were updated, given the new and the old one.
    pub ephemeral_containers: fn(&Value, &Value, &'static Release) -> Vec<FieldError>,
    /// The errors in the IP families and addresses that a Service requests; checked before allocation.
    pub addresses: fn(&Value) -> Vec<FieldError>,
    /// The errors in an object's owner references.
    pub owner_references: fn(&Meta) -> Vec<FieldError>,
    /// The errors in an object that a controller made of a valid template, as for a new one, without judging the template again.
    pub derived: fn(Kind, &Derived, &'static Release) -> Vec<FieldError>,
    /// Whether a CSI driver can have a name.
    pub can_be_driver: fn(&str) -> bool,
}

/// What a controller sets in an object created from an already valid template.
#[derive(Clone, Copy, Debug)]
pub struct Derived<'a> {
    pub name: &'a str,
    pub labels: &'a SortedMap<Rc<str>, Rc<str>>,
    /// A pod's host name; may be empty.
    pub hostname: &'a str,
    /// A pod's subdomain; may be empty.
    pub subdomain: &'a str,
}

static PLUGGED: OnceLock<&'static Rules> = OnceLock::new();

/// Sets the rules of the whole program. The first ones stay.
pub fn plug(rules: &'static Rules) {
    PLUGGED.get_or_init(|| rules);
}

/// The rules that are plugged in. Panics where a program has forgotten to.
pub fn rules() -> &'static Rules {
    PLUGGED.get().expect("no rules: a program begins with `rules::plug()`, a test program with `use plugged as _`")
}
