//! What the members of a set need: a majority of those that their settings name, and an end of their own.
//!
//! The end of a pod is not the end of its member.

use api::object::{Name, StatefulSet};
use base::image_name::name_and_tag;
use base::value::Value;
use cluster::inside::apps::is_built_otherwise;
use cluster::programs::{JOINS, Keeps, Program, keeps, program_of};
use text::plan::Says;

use crate::ends::{Ends, containers, name, some};
use crate::guess;
use crate::shared::in_common;
use crate::watch::majority;

/// Names of variables and words of commands by which members of a program that nobody knows look for each other.
const SIGNS: [&str; 8] = ["nodetool", "seeds", "seed_hosts", "seed-hosts", "peers", "--join", "initial-cluster", "initial_cluster"];

impl Ends<'_> {
    /// What is to be told of the members of a set that has another size.
    pub(crate) fn members(&self, was: &StatefulSet, set: &StatefulSet) -> Vec<Says> {
        let stays = self.stay_members(was, set);
        let mut says: Vec<Says> = self.too_few(was, set, stays.is_some()).into_iter().chain(stays).collect();
        if says.is_empty() {
            says.extend(self.lists_gone(was, set));
        }
        says
    }

    /// New members that a fixed list of members does not name.
    fn not_listed(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let listed = i64::try_from(guess::members_listed(self.after, set)?.len()).ok()?;
        let new = set.ordinals().skip_while(|ordinal| was.ordinals().contains(ordinal));
        let pods: Vec<Name> = new.map(|ordinal| set.pod_name(ordinal)).collect();
        let waits = if set.parallel() { Vec::new() } else { pods.iter().skip(1).cloned().collect() };
        let is_short = listed >= was.spec.replicas && listed < set.spec.replicas;
        is_short.then(|| Says::NotListed { set: name(set), listed, pods, waits })
    }

    /// Members that go, and that a fixed list goes on naming.
    fn lists_gone(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let named = guess::members_listed(self.after, set)?;
        let goes = |ordinal: &&i64| was.ordinals().contains(ordinal) && !set.ordinals().contains(ordinal);
        let pods = some(named.iter().filter(goes).map(|ordinal| set.pod_name(*ordinal)))?;
        let listed = i64::try_from(named.len()).ok()?;
        (set.spec.replicas > 0).then(|| Says::ListsGone { set: name(set), listed, pods })
    }

    /// Members that are left of those that their settings name, where these are no majority. `told`: how members leave is told beside.
    fn too_few(&self, was: &StatefulSet, set: &StatefulSet, told: bool) -> Option<Says> {
        let left = set.spec.replicas;
        if left > was.spec.replicas {
            return self.not_listed(was, set).or_else(|| self.unjoined(was, set));
        }
        if left == 0 || left >= was.spec.replicas {
            return None;
        }
        let members = guess::members(self.before, was)?;
        let needed = majority(members);
        let set = name(set);
        match left - needed {
            ..0 => Some(Says::NoQuorum { set, members, left, needed, told }),
            0 => Some(Says::NoReserve { set, members, left, needed, told }),
            _ => None,
        }
    }

    /// Stores of which each keeps data of its own, in a set that gets more of them.
    fn unjoined(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let is_alone = |image: &&Name| keeps(image) == Keeps::Alone && !is_built_otherwise(image);
        let image = set.spec.template.containers.iter().map(|one| &one.image).find(is_alone)?;
        if !in_common(&set.spec.template.raw).is_empty() {
            return None;
        }
        // Beside the containers, a pod's own fields have words of their own (`ClusterFirst`).
        let settings = guess::texts(self.after, set).skip(1).map(|(_, text)| text);
        let lists = ["containers", "initContainers"].into_iter().flat_map(|list| set.spec.template.raw.list_at(&[list]));
        let texts: String = settings.chain(lists.map(Value::to_json)).collect::<String>().to_ascii_lowercase();
        let is_joined = JOINS.iter().any(|word| texts.contains(word));
        let pods = set.ordinals().filter(|ordinal| !was.ordinals().contains(ordinal)).map(|ordinal| set.pod_name(ordinal)).collect();
        (!is_joined).then(|| Says::Unjoined { set: name(set), program: name_and_tag(image).0.to_owned(), pods })
    }

    /// Members of a set that goes on with fewer, whose places and data nobody has given to others.
    fn stay_members(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let (old, new) = (was.ordinals(), set.ordinals());
        let gone = old.rev().filter(|ordinal| !new.contains(ordinal) && set.spec.replicas > 0);
        let pods = some(gone.map(|ordinal| was.pod_name(ordinal)))?;
        let settings: String = guess::texts(self.before, was).map(|(_, text)| text.to_ascii_lowercase()).collect();
        let known = |image: &Name| Some((name_and_tag(image).0.to_owned(), program_of(image)?));
        let remembers = |(_, program): &(String, &Program)| !program.leaves.text.is_empty();
        let mut programs = was.spec.template.containers.iter().filter_map(|container| known(&container.image)).filter(remembers);
        let does = |by: &[&str]| by.iter().any(|word| settings.contains(word) || self.typed.iter().any(|line| line.contains(word)));
        let (program, leaves) = match programs.next() {
            Some((_, program)) if does(program.leaves.words) => return None,
            Some((image, program)) => (image, program.leaves.text),
            None => (self.sign(was)?, ""),
        };
        Some(Says::MemberStays { set: name(set), pods, program, leaves })
    }

    /// The word by which members of a program that nobody knows look for each other.
    fn sign(&self, set: &StatefulSet) -> Option<String> {
        let containers = containers(set);
        let named = |field: &'static str| containers.iter().flat_map(move |one| one.list_at(&[field]));
        let variables = named("env").filter_map(|one| one.text_at(&["name"])).map(str::to_owned);
        let words = named("command").chain(named("args")).filter_map(|one| one.as_text()).map(str::to_owned);
        let hooks = containers.iter().filter_map(|one| one.get("lifecycle")).map(|one| one.to_json());
        let texts: Vec<String> = variables.chain(words).chain(hooks).map(|text| text.to_ascii_lowercase()).collect();
        SIGNS.iter().find(|sign| texts.iter().any(|text| text.contains(*sign))).map(|sign| (*sign).to_owned())
    }
}
