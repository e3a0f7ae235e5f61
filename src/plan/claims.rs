//! What claims of a set have after a change: data that is gone, what the template no longer asks for, data that another program wrote.

use std::rc::Rc;

use crate::notes::Ends;
use crate::watch::ordinal_in;
use crate::ways::naming;
use api::client::PatchType;
use api::kind::Kind;
use api::object::stateful_set::ClaimTemplate;
use api::object::storage::RECLAIM_DELETE;
use api::object::{Claim, Name, Object, ObjectKey, Pod, StatefulSet, Volume, parent_and_ordinal};
use base::image_name::without_tag;
use base::quantity::Quantity;
use base::value::Value;
use intake::told::short;
use server::log::Actor;
use text::plan::Says;

/// A claim of a set as it is, the template that it is of, and the claim of that name before.
type Own<'a> = (&'a Rc<Claim>, &'a ClaimTemplate, Option<&'a Rc<Claim>>);

impl Ends<'_> {
    /// What is to be told of the claims of a set.
    pub(crate) fn claims(&self, set: &StatefulSet) -> Vec<Says> {
        let (space, before) = (&set.meta.namespace, self.before.tables());
        let own = |claim| -> Option<Own> {
            let claim: &Rc<Claim> = claim;
            let (template, _) = set.of_claim(&claim.meta.name).filter(|_| claim.meta.namespace == *space)?;
            Some((claim, template, before.claim(space, &claim.meta.name)))
        };
        let own: Vec<Own> = self.after.tables().claims().filter_map(own).collect();
        let was = before.stateful_set(space, &set.meta.name);
        let mut says = Vec::from_iter(self.emptied(set, &own));
        if !says.is_empty() && was.is_some_and(|was| was.meta.uid != set.meta.uid && was.spec.retention.delete_when_deleted) {
            says.push(Says::TookClaims { set: Rc::clone(&set.meta.name) });
        }
        says.extend(self.released(&own, set));
        says.extend(was.into_iter().flat_map(|was| set.spec.claim_templates.iter().filter_map(|one| unlike(was, one, &own))));
        says.extend(self.new_major(set));
        says
    }

    /// Claims that the change told to go, and that only stay until the pods that use them go.
    pub(crate) fn doomed(&self) -> Vec<Says> {
        let (before, tables) = (self.before.tables(), self.after.tables());
        let is_new = |claim: &Claim| before.claim(&claim.meta.namespace, &claim.meta.name).is_none_or(|old| !old.meta.terminating());
        let told = |claim: &Rc<Claim>| {
            let uses = |pod: &&Rc<Pod>| {
                pod.meta.namespace == claim.meta.namespace && pod.claim_volumes().any(|one| *one.claim == *claim.meta.name)
            };
            let pods: Vec<Name> = tables.pods().filter(uses).map(|pod| Rc::clone(&pod.meta.name)).collect();
            let deletes = tables.volume("", &claim.spec.volume).is_some_and(|volume| *volume.spec.reclaim == *RECLAIM_DELETE);
            (!pods.is_empty()).then(|| Says::Doomed { claim: short(&claim.key()), pods, deletes })
        };
        tables.claims().filter(|claim| claim.meta.terminating() && is_new(claim)).filter_map(told).collect()
    }

    /// Claims that were deleted and made anew, and the old volumes that stay.
    fn emptied(&self, set: &StatefulSet, own: &[Own]) -> Option<Says> {
        let is_anew =
            |new: &Claim, old: &Claim| new.spec.volume != old.spec.volume && !old.spec.volume.is_empty() && !self.is_given_up(set, old);
        let anew = own.iter().filter_map(|(new, _, old)| old.filter(|old| is_anew(new, old)));
        let (claims, volumes): (Vec<String>, Vec<&Name>) = anew.map(|old| (short(&old.key()), &old.spec.volume)).unzip();
        let stays = volumes.into_iter().filter(|volume| self.after.tables().volume("", volume).is_some());
        let old = stays.map(|volume| short(&ObjectKey::global(Kind::PersistentVolume, volume))).collect();
        (!claims.is_empty()).then_some(Says::Empty { claims, old })
    }

    /// Whether a claim was deleted while its set wanted no pod of its ordinal: who wants to begin empty does so.
    fn is_given_up(&self, set: &StatefulSet, claim: &Claim) -> bool {
        let mut wanted = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name).map(|set| set.ordinals());
        let ordinal = parent_and_ordinal(&claim.meta.name).map(|(_, ordinal)| ordinal);
        for change in self.after.log().from(self.before.log().len()) {
            if change.key == set.key() {
                wanted = change.after.as_ref().and_then(Object::as_stateful_set).map(|set| set.ordinals());
            } else if change.key == claim.key()
                && change.by == Actor::User
                && change.object().is_some_and(|object| object.meta().terminating())
            {
                return wanted.zip(ordinal).is_some_and(|(wanted, ordinal)| !wanted.contains(&ordinal));
            }
        }
        false
    }

    /// The volumes that keep the data of claims that were made anew.
    fn released(&self, own: &[Own], set: &StatefulSet) -> Option<Says> {
        let naming = naming(self.world, &set.key());
        let stays = |(new, _, old): &Own| {
            let volume = &(*old)?.spec.volume;
            let is_given_up = *volume != new.spec.volume && !volume.is_empty();
            self.after.tables().volume("", volume).filter(|_| is_given_up)
        };
        let volumes: Vec<_> = own.iter().filter_map(stays).collect();
        let patch = r#"{"spec":{"claimRef":null}}"#;
        let line = |volume: &&Rc<Volume>| naming.patch(Kind::PersistentVolume, &volume.meta.name, PatchType::Merge, patch);
        let lines = volumes.iter().map(line).collect();
        let volumes: Vec<String> = volumes.iter().map(|volume| short(&volume.key())).collect();
        (!volumes.is_empty()).then_some(Says::Released { volumes, lines })
    }

    /// An image of another major version that gets the data of the one before.
    fn new_major(&self, set: &StatefulSet) -> Option<Says> {
        let key = set.key();
        let log = self.after.log().from(self.before.log().len()).filter(|change| change.before.is_none());
        let mut made = log.filter_map(|change| change.after.as_ref()?.as_pod()).filter(|pod| ordinal_in(&key, &pod.meta).is_some());
        let pairs = |new: &Rc<Pod>| {
            let old = self.before.tables().pod(&key.namespace, &new.meta.name)?;
            let kept = new.claim_volumes().any(|one| old.claim_volumes().any(|other| other.claim == one.claim));
            let of = |pod: &Pod| pod.spec.template.containers.iter().map(|one| Rc::clone(&one.image)).collect::<Vec<Name>>();
            of(old).into_iter().zip(of(new)).find(|(from, to)| kept && is_new_major(from, to))
        };
        made.find_map(pairs).map(|(from, to)| Says::NewMajor { from, to })
    }
}

/// Claims that are not what their template asks for, where a new template or a new claim shows that others are meant.
fn unlike(was: &StatefulSet, template: &ClaimTemplate, own: &[Own]) -> Option<Says> {
    let class = template.spec.text_at(&["storageClassName"]);
    let size = template.spec.at(&["resources", "requests", "storage"])?;
    let told = |has: Option<&str>, size: &str| has.filter(|_| class.is_some()).into_iter().chain([size]).collect::<Vec<_>>().join(" ");
    let (mut claims, mut made) = (Vec::new(), Vec::new());
    for (claim, _, old) in own.iter().filter(|(_, of, _)| of.name == template.name) {
        let is_like =
            Quantity::read(size) == Quantity::read(&Value::from(&claim.spec.request)) && (class.is_none() || claim.class() == class);
        match old {
            None => made.push(short(&claim.key())),
            Some(old) if old.meta.uid == claim.meta.uid && !is_like => {
                claims.push(format!("{} ({})", short(&claim.key()), told(claim.class(), &claim.spec.request)));
            }
            Some(_) => {}
        }
    }
    let is_same = was.spec.claim_templates.iter().any(|old| old.name == template.name && old.spec == template.spec);
    let asks = told(class, &size.as_text().map_or_else(|| size.to_json(), str::to_owned));
    let is_meant = !is_same || !made.is_empty();
    (is_meant && !claims.is_empty()).then_some(Says::Unlike { asks, claims, made })
}

/// Whether two images are of one program in different major versions, as their tags begin.
fn is_new_major(from: &str, to: &str) -> bool {
    let read = |image| {
        let (name, tag) = without_tag(image);
        let digits = tag.trim_start_matches('v').split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        (name.to_owned(), digits.parse::<u64>().ok())
    };
    let ((from, old), (to, new)) = (read(from), read(to));
    from == to && old.is_some() && new.is_some() && old != new
}
