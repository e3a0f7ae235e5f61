//! Requests that are seen: each as a dot on its way, as a sentence, and in the count of its client.
//!
//! A dot leaves whoever asks, reaches what is asked, and goes on to the disk that is read or written. It comes back with what was said.
//! One that gets no answer does not come back.
//!
//! Promises: each dot is a request that was made, at its own instant. Requests of one program at one instant leave one after the other.
//! Must not know: the browser, which measures where things are.

use super::cluster::{Cluster, ItemKey};
use super::links::token;
use super::{Hue, Snapshot};
use api::kind::Kind;
use api::object::NamespacedName;
use api::object::pod::Ip;
use base::time::{Span, Time};
use causes::loss;
use cluster::inside::clients::Client;
use cluster::inside::requests::{Asked, Call, Exchange, Outcome, Party};

/// For so long a dot is on its way at normal speed.
pub(super) const FLIGHT: Span = Span(900);
/// A whole way, in thousandths, and the way there and back.
const WAY: u64 = 1000;
const DOUBLE: u64 = 2 * WAY;
/// How many dots wait for one before them at most.
const CHAIN: u64 = 32;
/// How many requests are listed.
pub(super) const LISTED: usize = 4;
/// How many clients and names have a place of their own.
pub(super) const PLACES: usize = 4;

/// Where a dot passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A tile of the cluster.
    Item(ItemKey),
    /// A disk of the cluster, by the token of its claim.
    Disk(String),
    /// What carries a token, such as the heading of an identity.
    Link(String),
    /// A place in the strip below the cluster: a program without a tile, or a name that is looked up.
    Strip(String),
    /// Nowhere: nobody has the address.
    Nowhere,
}

/// A request on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    /// The request's number in the run.
    pub number: u64,
    /// Where it passes, from whoever asks on.
    pub way: Vec<Place>,
    /// Whether it comes back.
    pub returns: bool,
    /// What it carries back.
    pub words: String,
    /// The request as a sentence.
    pub said: String,
    pub hue: Hue,
    pub begins: Time,
    pub takes: Span,
}

impl Dot {
    /// How far along its way it is at an instant, in thousandths of the way, and whether it comes back; `None` before and after.
    pub fn place(&self, now: Time) -> Option<(u64, bool)> {
        let passed = now.0.checked_sub(self.begins.0)?;
        let doubled = passed * DOUBLE / self.takes.0.max(1);
        match doubled {
            ..WAY => Some((doubled, false)),
            WAY..DOUBLE if self.returns => Some((DOUBLE - doubled, true)),
            WAY..DOUBLE => Some((WAY, false)),
            _ => None,
        }
    }
}

/// Somebody or something in the strip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// What dots find it by, and its title.
    pub title: String,
    /// What is told beside it: counts of a client, the answer of a name.
    pub told: String,
    /// What came back to a client last, in its own words; `None` before.
    pub latest: Option<Line>,
}

/// A request as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub hue: Hue,
    pub said: String,
}

/// Everything that is drawn of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// Those on their way, and those that have yet to leave.
    pub dots: Vec<Dot>,
    /// Those who ask and have no tile.
    pub clients: Vec<Seat>,
    /// The names that were looked up lately, with the latest answer.
    pub names: Vec<Seat>,
    /// The latest requests, newest first.
    pub lines: Vec<Line>,
}

/// The requests at an instant; a dot is on its way longer by a factor where time passes faster.
pub fn of(shot: &Snapshot, cluster: &Cluster, stretch: u64) -> Requests {
    let drawn = Drawn { shot, cluster, takes: Span(FLIGHT.0 * stretch.max(1)) };
    let made = shot.disks.requests();
    let lines = made.iter().rev().take(LISTED).map(|(number, asked)| drawn.line(number, asked)).collect();
    Requests { dots: drawn.dots(), clients: drawn.clients(), names: drawn.names(), lines }
}

/// Every request that is still kept, oldest first, as it is told.
pub fn lines(shot: &Snapshot, cluster: &Cluster) -> Vec<Line> {
    let drawn = Drawn { shot, cluster, takes: FLIGHT };
    shot.disks.requests().iter().map(|(number, asked)| drawn.line(number, asked)).collect()
}

struct Drawn<'a> {
    shot: &'a Snapshot<'a>,
    cluster: &'a Cluster,
    takes: Span,
}

impl Drawn<'_> {
    /// The dots on their way, and those that have yet to leave.
    fn dots(&self) -> Vec<Dot> {
        let since = Time(self.shot.now.0.saturating_sub(self.takes.0 * CHAIN));
        let mut recent: Vec<(u64, &Asked)> = self.shot.disks.requests().iter().rev().take_while(|(_, asked)| asked.at >= since).collect();
        recent.reverse();
        let mut begun: Vec<(&Asked, Time)> = Vec::new();
        let mut dots = Vec::new();
        for (number, asked) in recent {
            let begins = self.begins(asked, &begun);
            begun.push((asked, begins));
            let dot = self.dot(number, asked, begins);
            if dot.begins + dot.takes > self.shot.now {
                dots.push(dot);
            }
        }
        dots
    }

    /// When a dot leaves: after the last one that the same program sent at that instant, and a copy once the write is there.
    fn begins(&self, asked: &Asked, before: &[(&Asked, Time)]) -> Time {
        let mut same = before.iter().rev().take_while(|(other, _)| other.at == asked.at);
        let after = same.find_map(|(other, begins)| Some(*begins + wait_after(asked, other, self.takes)?));
        after.unwrap_or(asked.at)
    }

    fn dot(&self, number: u64, asked: &Asked, begins: Time) -> Dot {
        let mut way = vec![self.party(&asked.by)];
        let mut disk = None;
        match &asked.what {
            Exchange::Lookup { name, .. } => way.push(self.name(name)),
            Exchange::Call(call) => {
                way.extend(call.service.as_ref().map(|service| Place::Link(self.service(service))));
                way.push(call.server.as_ref().map_or(Place::Nowhere, |server| self.party(server)));
                disk = call.disk.as_deref();
            }
            Exchange::Copy { to, disk: on } => {
                way.push(self.party(to));
                disk = on.as_deref();
            }
        }
        way.extend(disk.and_then(|medium| self.disk(medium)));
        let (hue, words) = self.comes_back(&asked.what);
        let said = self.line(number, asked).said;
        Dot { number, way, returns: hue != Hue::Gone, words, said, hue, begins, takes: self.takes }
    }

    /// Where a party is drawn.
    fn party(&self, party: &Party) -> Place {
        match party {
            Party::Pod { uid, .. } if self.cluster.pods.contains_key(&uid.to_string()) => Place::Item(ItemKey::Pod(uid.to_string())),
            _ => Place::Strip(self.called(party)),
        }
    }

    /// Where a name is drawn: at its identity, or else in the strip.
    fn name(&self, name: &str) -> Place {
        let first = name.split('.').next().unwrap_or_default();
        let column = self.cluster.columns.iter().find(|column| column.identity.pod == first && name.contains('.'));
        column.map_or_else(
            || Place::Strip(name.to_owned()),
            |column| Place::Link(token(Kind::Pod, &column.identity.namespace, &column.identity.pod, self.cluster.namespace())),
        )
    }

    fn service(&self, service: &str) -> String {
        token(Kind::Service, self.cluster.namespace(), service, self.cluster.namespace())
    }

    /// The disk that is drawn of what holds a volume's content.
    fn disk(&self, medium: &str) -> Option<Place> {
        let is_there = |volume: &str| self.shot.tables.volume("", volume).is_some_and(|volume| *loss::medium(self.shot, volume) == *medium);
        let (_, disk) = self.cluster.disks.iter().find(|(volume, _)| is_there(volume))?;
        let namespace = self.cluster.namespace();
        Some(Place::Disk(token(Kind::PersistentVolumeClaim, namespace, &disk.claim, namespace)))
    }

    fn called(&self, party: &Party) -> String {
        let text = &self.shot.text().requests;
        match party {
            Party::Outside => text.outside().to_owned(),
            Party::Client(title) => text.client(title),
            Party::Pod { name, .. } => name.to_string(),
        }
    }

    /// What a dot carries back, and how that is taken.
    fn comes_back(&self, what: &Exchange) -> (Hue, String) {
        let text = &self.shot.text().requests;
        match what {
            Exchange::Lookup { addresses, .. } if addresses.is_empty() => (Hue::Danger, text.nameless_word().to_owned()),
            Exchange::Lookup { addresses, kept, .. } => {
                let hue = if kept.is_some_and(|kept| kept.stale) { Hue::Wait } else { Hue::Ink };
                (hue, listed(addresses))
            }
            Exchange::Call(call) => match &call.outcome {
                Outcome::Answer(words) => (Hue::Ready, words.to_string()),
                Outcome::Accepted => (Hue::Ready, text.accepted_word().to_owned()),
                Outcome::Kept => (Hue::Ready, text.kept_word().to_owned()),
                Outcome::Refused => (Hue::Danger, text.refused_word().to_owned()),
                Outcome::Nameless => (Hue::Danger, text.nameless_word().to_owned()),
                Outcome::Lost => (Hue::Gone, text.lost_word().to_owned()),
            },
            Exchange::Copy { .. } => (Hue::Ink, String::new()),
        }
    }

    /// A request as a sentence.
    fn line(&self, number: u64, asked: &Asked) -> Line {
        let (text, by) = (&self.shot.text().requests, self.called(&asked.by));
        let said = match &asked.what {
            Exchange::Lookup { name, addresses, kept } => {
                let found = listed(addresses);
                match kept {
                    _ if addresses.is_empty() => text.nameless(&by, name),
                    Some(kept) if kept.stale => text.stale(&by, name, &found),
                    Some(_) => text.cached(&by, name, &found),
                    None => text.found(&by, name, &found),
                }
            }
            Exchange::Call(call) => {
                let to = self.reached(call);
                match &call.outcome {
                    Outcome::Answer(words) => text.answered(&by, &to, words),
                    Outcome::Accepted => text.accepted(&by, &to),
                    Outcome::Kept => text.kept(&by, &to),
                    Outcome::Refused => text.refused(&by, &to),
                    Outcome::Lost => text.lost(&by, &to),
                    Outcome::Nameless => text.nameless(&by, &to),
                }
            }
            Exchange::Copy { to, .. } => text.copied(&by, &self.called(to)),
        };
        Line { number, hue: self.comes_back(&asked.what).0, said }
    }

    /// Whom a call reached: the pod, and by which address; or the host that was asked for.
    fn reached(&self, call: &Call) -> String {
        let pod = call.server.as_ref().map(|server| self.called(server));
        match (pod, call.ip) {
            (Some(pod), Some(ip)) => format!("{pod} ({ip})"),
            (Some(pod), None) => pod,
            (None, _) => call.host.to_string(),
        }
    }

    /// Those who ask and have no tile: the clients that ask on their own, and programs that asked lately.
    fn clients(&self) -> Vec<Seat> {
        let text = &self.shot.text().requests;
        let clients = self.shot.disks.clients();
        let seat = |(title, client): (&NamespacedName, &Client)| Seat {
            title: text.client(&title.name),
            told: self.counted(client),
            latest: self.latest(&title.name),
        };
        let mut seats: Vec<Seat> = clients.map(seat).collect();
        for (_, asked) in self.shot.disks.requests().iter().rev() {
            if let Place::Strip(title) = self.party(&asked.by)
                && seats.len() < PLACES
                && seats.iter().all(|seat| seat.title != title)
            {
                seats.push(Seat { title, ..Seat::default() });
            }
        }
        seats
    }

    /// What came back to a client last: from a pod, or no address from DNS.
    fn latest(&self, title: &str) -> Option<Line> {
        let is_own = |asked: &Asked| matches!(&asked.by, Party::Client(by) if **by == *title);
        let is_last = |what: &Exchange| !matches!(what, Exchange::Lookup { addresses, .. } if !addresses.is_empty());
        let mut own = self.shot.disks.requests().iter().rev().filter(|(_, asked)| is_own(asked));
        let (number, asked) = own.find(|(_, asked)| is_last(&asked.what))?;
        let (hue, said) = self.comes_back(&asked.what);
        Some(Line { number, hue, said })
    }

    /// What a client has counted, and how often it still asks.
    fn counted(&self, client: &Client) -> String {
        let (text, all) = (&self.shot.text().requests, client.counts);
        let [answered, refused, lost, misled, left] = [all.answered, all.refused, all.lost, all.misled, client.left].map(count);
        let told = text.counts(answered, refused, lost, misled);
        if left > 0 { format!("{told}; {}", text.left(left)) } else { told }
    }

    /// The names that were looked up lately, with the latest answer of each.
    fn names(&self) -> Vec<Seat> {
        let mut seats: Vec<Seat> = Vec::new();
        for (_, asked) in self.shot.disks.requests().iter().rev() {
            if let Exchange::Lookup { name, .. } = &asked.what
                && seats.len() < PLACES
                && seats.iter().all(|seat| seat.title != **name)
            {
                seats.push(Seat { title: name.to_string(), told: self.comes_back(&asked.what).1, ..Seat::default() });
            }
        }
        seats
    }
}

/// How long after another request one leaves that was made at the same instant; `None` if it does not wait for that.
fn wait_after(asked: &Asked, other: &Asked, takes: Span) -> Option<Span> {
    let is_copy = matches!(asked.what, Exchange::Copy { .. });
    match &other.what {
        Exchange::Call(call) if is_copy && call.server.as_ref() == Some(&asked.by) => Some(Span(takes.0 / 2)),
        Exchange::Copy { .. } => None,
        _ if !is_copy && other.by == asked.by => Some(takes),
        _ => None,
    }
}

fn count(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn listed(addresses: &[Ip]) -> String {
    addresses.iter().map(Ip::to_string).collect::<Vec<_>>().join(", ")
}
