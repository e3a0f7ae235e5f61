//! A name of the cluster that lacks its end, asked for by an `nslookup` that adds none: whoever waits for an answer waits for ever.

use crate::Instant;
use crate::log::{asked_as_typed, hosts};
use api::object::{Name, Pod};
use cluster::dns::{self, Options, Query, RecordType, ResolvConf};
use cluster::programs::{Family, app_of};

/// A name as it was asked for, and what it is called in full.
pub struct ShortName {
    pub name: String,
    pub full: String,
    /// Whether the full name has an address.
    pub(crate) is_there: bool,
}

/// The name that busybox's `nslookup` did not find in a container, by the line that it printed. Its full name is the first with an address
/// of those that other programs would try.
pub(crate) fn of(shot: &Instant, pod: &Pod, container: &Name, said: &str) -> Option<ShortName> {
    let image = &pod.spec.template.all_containers().find(|one| one.name == *container)?.image;
    let said = said.to_ascii_lowercase();
    let name = asked_as_typed(&said).filter(|_| app_of(image).family == Family::Busybox)?;
    let search = ResolvConf::of_pod(pod, &Options::default()).search;
    let whole = |end: &Name| format!("{name}.{end}");
    let found = search.iter().map(whole).find(|full| has_address(shot, full));
    let is_there = found.is_some();
    let full = found.or_else(|| search.first().map(whole).filter(|_| hosts(name).next().is_some()))?;
    Some(ShortName { name: name.to_owned(), full, is_there })
}

fn has_address(shot: &Instant, full: &str) -> bool {
    dns::resolve(shot.names, &Query::exact(full, RecordType::A), &Options::default()).addresses().next().is_some()
}

impl ShortName {
    /// A text with the full name in place of the short one; `None` where the short one does not stand in it.
    pub(crate) fn put_in_full(&self, text: &str) -> Option<String> {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let (mut out, mut rest, mut is_changed) = (String::new(), text, false);
        while let Some((before, after)) = rest.split_once(&self.name) {
            let is_part = before.ends_with(is_of_name) || after.starts_with(is_of_name);
            out.push_str(before);
            out.push_str(if is_part { &self.name } else { &self.full });
            is_changed |= !is_part;
            rest = after;
        }
        is_changed.then(|| out + rest)
    }
}
