//! `getent`, as far as it asks for hosts.
//!
//! Models glibc's nss/getent.c print_hosts and ahosts_keys_int, and Alpine's, which prints one address of a name.
//! Not modelled: its other databases, `localhost`, and what Alpine's finds for an address.

use super::context::ProgramContext;
use super::place::ContainerInfo;
use super::ran::Ran;
use crate::dns::tool::final_name;
use crate::dns::{Data, Query, RecordType, ResolverStyle, reverse_name};
use crate::programs::Base;
use api::object::pod::Ip;

/// The exit code for a word that is not found.
const NOT_FOUND: i32 = 2;

/// What is asked, and of whose program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    Hosts,
    HostsOfAlpine,
    /// `ahosts`: the addresses as programs get them.
    Sockets,
}

/// What is known of a word.
struct Entry {
    addresses: Vec<String>,
    /// The full name stands first.
    names: Vec<String>,
}

/// The lines for each word; `None` for what is not simulated.
pub(super) fn getent(args: &[String], place: &ContainerInfo, around: &mut ProgramContext) -> Option<Ran> {
    let [name, words @ ..] = args else { return None };
    let database = Database::of(name, place)?;
    if words.is_empty() || !words.iter().all(|word| database.takes(word)) {
        return None;
    }
    let mut ran = Ran::default();
    for word in words {
        match database.find(word, place, around) {
            Some(entry) => ran.out.push_str(&database.print(&entry)),
            None => ran.code = NOT_FOUND,
        }
    }
    Some(ran)
}

impl Database {
    fn of(name: &str, place: &ContainerInfo) -> Option<Database> {
        let is_alpine = Base::of(&place.image) == Base::Alpine;
        match name {
            "hosts" if is_alpine => Some(Database::HostsOfAlpine),
            "hosts" => Some(Database::Hosts),
            // No pod has an address of IPv6.
            "ahosts" | "ahostsv4" if !is_alpine => Some(Database::Sockets),
            _ => None,
        }
    }

    fn takes(self, word: &str) -> bool {
        match word {
            "localhost" => false,
            _ if word.starts_with('-') => false,
            _ => self != Database::HostsOfAlpine || Ip::parse(word).is_none(),
        }
    }

    fn find(self, word: &str, place: &ContainerInfo, around: &mut ProgramContext) -> Option<Entry> {
        let address = Ip::parse(word);
        if self == Database::Sockets && address.is_some() {
            return Some(Entry::of(word, [word]));
        }
        let in_file = place.hosts_line(word);
        if let Some((ip, names)) = in_file.and_then(|line| line.split_once(char::is_whitespace)) {
            return Some(Entry::of(ip, names.split_whitespace()));
        }
        let query = match address {
            Some(ip) => Query::exact(&reverse_name(ip), RecordType::Ptr),
            None => {
                let config = place.resolver.clone();
                Query::exact(word, RecordType::A).searching(config, ResolverStyle::Glibc)
            }
        };
        let answer = around.disks.resolve(Some(place), &query, around.tables, around.now);
        if address.is_some() {
            let names = answer.records.iter().filter_map(|record| match &record.data {
                Data::Ptr(to) => Some(to.trim_end_matches('.')),
                _ => None,
            });
            return Some(Entry::of(word, names)).filter(|entry| !entry.names.is_empty());
        }
        let name = final_name(&answer);
        let addresses: Vec<String> = answer.addresses().map(|ip| ip.to_string()).collect();
        let names = vec![name.trim_end_matches('.').to_owned()];
        (!addresses.is_empty()).then_some(Entry { addresses, names })
    }

    fn print(self, entry: &Entry) -> String {
        let Entry { addresses, names } = entry;
        let lines = |ip: &String| match self {
            Database::Hosts => format!("{ip:<15} {}\n", names.join(" ")),
            Database::HostsOfAlpine => format!("{ip:<16}  {}\n", names.join("  ")),
            Database::Sockets => {
                let name = if addresses.first() == Some(ip) { &*names[0] } else { "" };
                format!("{ip:<15} STREAM {name}\n{ip:<15} DGRAM  \n{ip:<15} RAW    \n")
            }
        };
        let most = if self == Database::HostsOfAlpine { 1 } else { usize::MAX };
        addresses.iter().take(most).map(lines).collect()
    }
}

impl Entry {
    fn of<'a>(address: &str, names: impl IntoIterator<Item = &'a str>) -> Entry {
        let names = names.into_iter().map(str::to_owned).collect();
        Entry { addresses: vec![address.to_owned()], names }
    }
}
