//! The world that a change is planned in: made of a manifest, or of what kubectl printed of a cluster.

use crate::course::Act;
use crate::trial::Trial;
use api::release::Release;
use base::slices::{Slices, whole};
use intake::verdict::LOOKS;
use intake::{Dump, World, looks_printed};
use playground::{Playground, setup};
use sim::Setup;
use std::rc::Rc;
use text::Lang;
use text::plan::Way;

/// Why a text makes no world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line and the column, counted from 1, where one is to blame.
    pub place: Option<(usize, usize)>,
    pub words: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.words)
    }
}

/// What of a text is no YAML, or is no object.
pub fn faults(text: &str) -> Vec<Fault> {
    let documents = yaml::parse(text);
    let errors = documents.iter().filter_map(|document| document.error());
    let mut found: Vec<Fault> =
        errors.map(|error| Fault { place: Some((error.span.line, error.span.column)), words: error.problem.to_string() }).collect();
    if documents.iter().all(yaml::Document::is_empty) {
        found.push(Fault { place: None, words: "no object".to_owned() });
    }
    found
}

/// The cluster of a text, quiet. A dump tells its release by itself.
pub fn world(text: &str, release: &'static Release) -> Result<Playground, Vec<Fault>> {
    if looks_printed(text) {
        let dump = Dump::read_whole([text]);
        if dump.objects.is_empty() {
            let words = Lang::English.text().diagnose;
            return Err(dump.unread.iter().map(|one| Fault { place: None, words: words.not_read(one) }).collect());
        }
        // Nobody types before the components have decided about what they found.
        return Ok(Playground::around(whole(World::after(&World::of(dump).sim, LOOKS, Slices::WHOLE)), ""));
    }
    let found = faults(text);
    if !found.is_empty() {
        return Err(found);
    }
    let empty = Rc::new(Playground::new(&Setup { release, ..setup() }, ""));
    let mut trial = Trial::new(&empty, Way::AsGiven, vec![Act::Apply(text.into())]);
    while !trial.step() {}
    let (made, refused) = trial.into_world();
    let fault = |one: crate::course::Refused| Fault { place: one.at.map(|line| (line, 1)), words: one.said };
    if refused.is_empty() { Ok(made) } else { Err(refused.into_iter().map(fault).collect()) }
}
