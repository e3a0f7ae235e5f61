//! What the clients inside the cluster ask, and what comes of that.

use std::rc::Rc;

use super::clients::{Client, Order};
use super::disks::Disks;
use super::http::{Request, send_as};
use super::requests::{Outcome, Party};
use crate::dns::{Options, Query, RecordType, ResolvConf, ResolverStyle};
use api::object::pod::Ip;
use api::object::{Name, NamespacedName};
use base::time::Time;
use server::tables::Tables;

impl Disks {
    /// The clients that ask on their own, by namespace and title.
    pub fn clients(&self) -> impl Iterator<Item = (&NamespacedName, &Client)> {
        self.clients.iter()
    }

    /// Whether a client asks at an instant.
    pub fn has_client_due(&self, now: Time) -> bool {
        self.clients.is_due(now)
    }

    /// When an application or a client does something next, if that is earlier than the last wake-up requested.
    pub fn wake(&mut self) -> Option<Time> {
        self.replicated.wake(self.clients.next())
    }

    /// Makes a client ask as an order says, once a second from now on; a count of 0 stops it.
    pub fn begin_to_ask(&mut self, namespace: &Name, order: &Order, now: Time) {
        self.clients.begin(namespace, order, now);
    }

    /// Has the clients ask that are due.
    pub fn run_clients(&mut self, tables: &Tables, now: Time) {
        for (title, mut client) in self.clients.due(now) {
            self.ask_once(&title, &mut client, tables, now);
            self.clients.keep(title, client);
        }
    }

    fn ask_once(&mut self, title: &NamespacedName, client: &mut Client, tables: &Tables, now: Time) {
        let by = Party::Client(Rc::clone(&title.name));
        let resolver = ResolvConf::in_namespace(&title.namespace, &Options::default());
        let query = Query::exact(&client.host, RecordType::A).searching(resolver, ResolverStyle::Glibc);
        let resolved = Ip::parse(&client.host).or_else(|| self.resolve_for(by.clone(), &query, tables, now).addresses().next());
        let counts = &mut client.counts;
        let Some(ip) = resolved else {
            counts.refused += 1;
            return;
        };
        let method = if client.body.is_empty() { "GET" } else { "POST" };
        let (body, asks) = (client.body.to_string(), Request::to("/", "curl/8.5.0"));
        let request = Request { host: ip.to_string(), port: client.port, method: method.into(), body, ..asks };
        match send_as(by, None, &request, tables, self, now).err().map(Outcome::from) {
            None | Some(Outcome::Accepted) => {
                counts.answered += 1;
                counts.misled += u32::from(self.requests.is_misled(&client.host));
            }
            Some(Outcome::Lost) => counts.lost += 1,
            Some(_) => counts.refused += 1,
        }
    }
}
