//! Clients inside the cluster that ask one name once a second.
//!
//! Promises: the same events give the same requests; nothing happens before [`Clients::next`].
//! Not modelled: where a client runs. No node that fails takes a client along, and each partition leaves all clients outside.

use std::rc::Rc;

use api::object::{Name, NamespacedName};
use base::sorted::SortedMap;
use base::time::{Span, Time};

/// Between two requests of a client.
const PAUSE: Span = Span::seconds(1);
/// How often a client asks at most.
const MOST: u32 = 600;

/// What came of a client's requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub answered: u32,
    /// Nothing listened, or the name was not there.
    pub refused: u32,
    /// No answer came.
    pub lost: u32,
    /// Of those answered: by another pod than the one whose name was asked for.
    pub misled: u32,
}

/// What a client is to ask.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The name or address.
    pub host: &'a str,
    pub port: i64,
    /// How often.
    pub count: u32,
    /// What it sends along; empty if it only asks.
    pub body: &'a str,
}

/// A client, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The name or address.
    pub host: Name,
    pub port: i64,
    /// What it sends along; empty if it only asks.
    pub body: Name,
    /// How often it has yet to ask.
    pub left: u32,
    pub counts: Counts,
    next: Time,
}

impl Client {
    fn is_due(&self, now: Time) -> bool {
        self.left > 0 && self.next <= now
    }

    /// The client once it has asked.
    fn after(&self, now: Time) -> Client {
        Client { left: self.left - 1, next: now + PAUSE, ..self.clone() }
    }
}

/// The clients, by their namespace and what they ask for: `web-1.nginx:80`.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients {
    all: SortedMap<NamespacedName, Client>,
}

impl Clients {
    /// The clients, by namespace and title.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&NamespacedName, &Client)> {
        self.all.iter()
    }

    /// When a client asks next; `None` if none does.
    pub(super) fn next(&self) -> Option<Time> {
        self.all.values().filter(|client| client.left > 0).map(|client| client.next).min()
    }

    /// Whether a client asks at an instant.
    pub(super) fn is_due(&self, now: Time) -> bool {
        self.all.values().any(|client| client.is_due(now))
    }

    /// Makes a client ask as an order says, once a second from now on; a count of 0 stops it.
    pub(super) fn begin(&mut self, namespace: &Name, order: &Order, now: Time) {
        let Order { host, port, .. } = *order;
        let title = NamespacedName { namespace: Rc::clone(namespace), name: format!("{host}:{port}").into() };
        let new = || Client { host: host.into(), port, body: "".into(), left: 0, counts: Counts::default(), next: now };
        let client = self.all.entry(title).or_insert_with(new);
        client.left = order.count.min(MOST);
        client.body = order.body.into();
        client.next = now;
    }

    /// The clients that ask at an instant, which have done so once they are kept again.
    pub(super) fn due(&self, now: Time) -> Vec<(NamespacedName, Client)> {
        let due = self.all.iter().filter(|(_, client)| client.is_due(now));
        due.map(|(title, client)| (title.clone(), client.after(now))).collect()
    }

    /// Keeps what came of a client's request.
    pub(super) fn keep(&mut self, title: NamespacedName, client: Client) {
        self.all.insert(title, client);
    }
}
