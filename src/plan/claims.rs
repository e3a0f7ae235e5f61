//! What claims of a set have after a change: data that is gone, what the template no longer asks for, data that another program wrote.

use std::rc::Rc;

use crate::notes::Ends;
use crate::watch::ordinal_in;
use api::kind::Kind;
use api::object::stateful_set::ClaimTemplate;
use api::object::storage::named_class;
use api::object::{Claim, Name, ObjectKey, Pod, StatefulSet};
use base::image_name::without_tag;
use base::quantity::Quantity;
use base::value::Value;
use intake::told::short;
use text::plan::Says;

impl Ends<'_> {
    /// What is to be told of the claims of a set.
    pub(crate) fn claims(&self, set: &StatefulSet) -> Vec<Says> {
        let emptied = self.emptied(set);
        let was = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name);
        let took = was.filter(|was| was.meta.uid != set.meta.uid && was.spec.retention.delete_when_deleted && emptied.is_some());
        let took = took.map(|_| Says::TookClaims { set: Rc::clone(&set.meta.name) });
        let templates = set.spec.claim_templates.iter().filter_map(|template| self.unlike(set, template));
        emptied.into_iter().chain(took).chain(templates).chain(self.new_major(set)).collect()
    }

    /// The claims of a set, each with that of its name before.
    fn of_set(&self, set: &StatefulSet) -> impl Iterator<Item = (&Rc<Claim>, Option<&Rc<Claim>>)> {
        let space = Rc::clone(&set.meta.namespace);
        let own: Vec<&Rc<Claim>> = self.after.tables().claims().filter(|claim| claim.meta.namespace == space).collect();
        let own: Vec<&Rc<Claim>> = own.into_iter().filter(|claim| set.of_claim(&claim.meta.name).is_some()).collect();
        own.into_iter().map(move |claim| (claim, self.before.tables().claim(&space, &claim.meta.name)))
    }

    /// Claims that were deleted and made anew, and the old volumes that stay.
    fn emptied(&self, set: &StatefulSet) -> Option<Says> {
        let is_anew =
            |new: &Claim, old: &Claim| new.meta.uid != old.meta.uid && !old.spec.volume.is_empty() && new.spec.volume != old.spec.volume;
        let anew = self.of_set(set).filter_map(|(new, old)| old.filter(|old| is_anew(new, old)));
        let (claims, volumes): (Vec<String>, Vec<&Name>) = anew.map(|old| (short(&old.key()), &old.spec.volume)).unzip();
        let stays = volumes.into_iter().filter(|volume| self.after.tables().volume("", volume).is_some());
        let old = stays.map(|volume| short(&ObjectKey::global(Kind::PersistentVolume, volume))).collect();
        (!claims.is_empty()).then_some(Says::Empty { claims, old })
    }

    /// Claims that are not what their template asks for, where the template or a new claim shows that to be meant otherwise.
    fn unlike(&self, set: &StatefulSet, template: &ClaimTemplate) -> Option<Says> {
        let was = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name)?;
        let wants = Value::of([("spec", template.spec.clone())]);
        let size = wants.at(&["spec", "resources", "requests", "storage"])?;
        let class = named_class(&wants);
        let is_unlike = |claim: &Claim| {
            Quantity::read(size) != Quantity::read(&Value::from(&claim.spec.request))
                || class.is_some_and(|class| claim.class() != Some(class))
        };
        let asks = |class: Option<&str>, size: &str| class.into_iter().chain([size]).collect::<Vec<_>>().join(" ");
        let (mut others, mut made) = (Vec::new(), Vec::new());
        for (claim, old) in
            self.of_set(set).filter(|(claim, _)| set.of_claim(&claim.meta.name).is_some_and(|(of, _)| of.name == template.name))
        {
            match old {
                None => made.push(short(&claim.key())),
                Some(old) if old.meta.uid == claim.meta.uid && is_unlike(claim) => {
                    others.push(format!(
                        "{} ({})",
                        short(&claim.key()),
                        asks(claim.class().filter(|_| class.is_some()), &claim.spec.request)
                    ));
                }
                Some(_) => {}
            }
        }
        let is_same = was.spec.claim_templates.iter().any(|old| old.name == template.name && old.spec == template.spec);
        let asks = asks(class, &size.as_text().map_or_else(|| size.to_json(), str::to_owned));
        (!others.is_empty() && !(is_same && made.is_empty())).then_some(Says::Unlike { asks, claims: others, made })
    }

    /// An image of another major version that gets the data of the one before.
    fn new_major(&self, set: &StatefulSet) -> Option<Says> {
        let key = set.key();
        let log = self.after.log().from(self.before.log().len()).filter(|change| change.before.is_none());
        let made = log.filter_map(|change| change.after.as_ref()?.as_pod()).filter(|pod| ordinal_in(&key, &pod.meta).is_some());
        let pairs = |new: &Rc<Pod>| {
            let old = self.before.tables().pod(&key.namespace, &new.meta.name)?;
            let kept = new.claim_volumes().any(|one| old.claim_volumes().any(|other| other.claim == one.claim));
            let of = |pod: &Pod| pod.spec.template.containers.iter().map(|one| Rc::clone(&one.image)).collect::<Vec<Name>>();
            of(old).into_iter().zip(of(new)).find(|(from, to)| kept && is_new_major(from, to))
        };
        { made }.find_map(pairs).map(|(from, to)| Says::NewMajor { from, to })
    }
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
