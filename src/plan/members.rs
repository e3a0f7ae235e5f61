//! Members that keep data or a place in their own cluster: the end of a pod is not the end of its member.

use std::rc::Rc;

use api::object::{Name, StatefulSet};
use base::image_name::name_and_tag;
use cluster::programs::{Program, program_of};
use text::plan::Says;

use crate::guess;
use crate::notes::Ends;

/// Names of variables and words of commands by which members of a program that nobody knows look for each other.
const SIGNS: [&str; 8] = ["nodetool", "seeds", "seed_hosts", "seed-hosts", "peers", "--join", "initial-cluster", "initial_cluster"];

impl Ends<'_> {
    /// Members of a set that goes on with fewer, whose places and data nobody has given to others.
    pub(crate) fn stay_members(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let (old, new) = (was.ordinals(), set.ordinals());
        let pods: Vec<Name> = old.rev().filter(|ordinal| !new.contains(ordinal)).map(|ordinal| was.pod_name(ordinal)).collect();
        if pods.is_empty() || set.spec.replicas == 0 {
            return None;
        }
        let settings: String = guess::texts(self.before, was).map(|(_, text)| text.to_ascii_lowercase()).collect();
        let known = |image: &Name| Some((name_and_tag(image).0.to_owned(), program_of(image)?));
        let remembers = |(_, program): &(String, &Program)| !program.leaves.is_empty();
        let mut programs = was.spec.template.containers.iter().filter_map(|container| known(&container.image)).filter(remembers);
        let does = |by: &[&str]| by.iter().any(|word| settings.contains(word) || self.typed.iter().any(|line| line.contains(word)));
        let (program, leaves) = match programs.next() {
            Some((_, program)) if does(program.by) => return None,
            Some((image, program)) => (image, program.leaves),
            None => (self.sign(was)?, ""),
        };
        Some(Says::MemberStays { set: Rc::clone(&set.meta.name), pods, program, leaves })
    }

    /// The word by which members of a program that nobody knows look for each other.
    fn sign(&self, set: &StatefulSet) -> Option<String> {
        let containers = set.spec.template.raw.list_at(&["containers"]);
        let named = |field: &'static str| containers.iter().flat_map(move |one| one.list_at(&[field]));
        let variables = named("env").filter_map(|one| one.text_at(&["name"])).map(str::to_owned);
        let words = named("command").chain(named("args")).filter_map(|one| one.as_text()).map(str::to_owned);
        let hooks = containers.iter().filter_map(|one| one.get("lifecycle")).map(|one| one.to_json());
        let texts: Vec<String> = variables.chain(words).chain(hooks).map(|text| text.to_ascii_lowercase()).collect();
        SIGNS.iter().find(|sign| texts.iter().any(|text| text.contains(*sign))).map(|sign| (*sign).to_owned())
    }
}
