//! Where the scheduler would place a pod if things were otherwise.

use std::rc::Rc;

use crate::Instant;
use api::object::storage::{BIND_COMPLETED, ClaimPhase, SELECTED_NODE};
use api::object::{Claim, Name, Node, Pod};
use base::dice::Dice;
use base::sorted::SortedMap;
use cluster::scheduler::{self, Loads, TieBreak, View};
use server::tables::Tables;

/// What the scheduler is asked about a pod. The cluster is copied for the first question, which most snapshots never come to.
pub(crate) struct Fits<'a> {
    shot: &'a Instant<'a>,
    pod: &'a Pod,
    copy: Option<(Tables, Loads)>,
}

impl<'a> Fits<'a> {
    /// Of a pod without a node.
    pub(crate) fn of(shot: &'a Instant<'a>, pod: &'a Pod) -> Self {
        Fits { shot, pod, copy: None }
    }

    /// Whether it takes the pod as things are.
    pub(crate) fn as_it_is(&mut self) -> bool {
        self.now()
    }

    /// Whether it would take the pod if a node were different.
    pub(crate) fn on(&mut self, node: &Node, change: &dyn Fn(&mut Node)) -> bool {
        let mut other = node.clone();
        change(&mut other);
        let before = self.tables().insert(other.into());
        let fits = self.now();
        let tables = self.tables();
        match before {
            Some(before) => drop(tables.insert(before)),
            None => drop(tables.remove(&node.key())),
        }
        fits
    }

    /// Whether it would take the pod if these claims of it were made anew.
    pub(crate) fn with_new(&mut self, claims: &[Name]) -> bool {
        let namespace = &self.pod.meta.namespace;
        let there: Vec<Rc<Claim>> = claims.iter().filter_map(|claim| self.shot.tables.claim(namespace, claim)).cloned().collect();
        for claim in &there {
            let mut new = Claim::clone(claim);
            new.status.phase = ClaimPhase::Pending;
            new.spec.edit(|spec| drop(spec.remove(&["volumeName"])));
            let notes = Rc::make_mut(&mut new.meta.annotations);
            for note in [BIND_COMPLETED, SELECTED_NODE] {
                notes.remove(note);
            }
            self.tables().insert(new.into());
        }
        let fits = self.now();
        for claim in there {
            self.tables().insert(claim.into());
        }
        fits
    }

    fn copy(&mut self) -> &mut (Tables, Loads) {
        let tables = self.shot.tables;
        self.copy.get_or_insert_with(|| {
            let mut loads = Loads::default();
            tables.pods().for_each(|pod| loads.place(pod));
            (tables.clone(), loads)
        })
    }

    fn tables(&mut self) -> &mut Tables {
        &mut self.copy().0
    }

    fn now(&mut self) -> bool {
        let (shot, pod) = (self.shot, self.pod);
        let (tables, loads) = self.copy();
        let view = View { tables, loads, nominated: &SortedMap::new(), release: shot.release, now: shot.now };
        let tie = TieBreak { prefer: None, dice: Dice { seed: 0 }, attempt: 0 };
        matches!(scheduler::decide(&view, pod, &tie), scheduler::Verdict::Fits(_))
    }
}
