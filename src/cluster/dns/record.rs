//! Records, their types and how a query can end: what travels in a DNS message.

use std::fmt;

use crate::api::object::Name;
use crate::api::object::pod::Ip;

/// What kind of record is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordType {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// A port and the host that serves it.
    Srv,
    /// The name of an address.
    Ptr,
    /// What a name is another name for.
    Cname,
    /// Text.
    Txt,
    /// Who answers for a zone.
    Soa,
    /// Another type, by its upper-case name; nothing in the cluster has such a record.
    Other(Name),
}

impl RecordType {
    /// Reads a type's name, in either case.
    pub fn read(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "A" => RecordType::A,
            "AAAA" => RecordType::Aaaa,
            "SRV" => RecordType::Srv,
            "PTR" => RecordType::Ptr,
            "CNAME" => RecordType::Cname,
            "TXT" => RecordType::Txt,
            "SOA" => RecordType::Soa,
            other => RecordType::Other(other.into()),
        }
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            RecordType::A => "A",
            RecordType::Aaaa => "AAAA",
            RecordType::Srv => "SRV",
            RecordType::Ptr => "PTR",
            RecordType::Cname => "CNAME",
            RecordType::Txt => "TXT",
            RecordType::Soa => "SOA",
            RecordType::Other(name) => name,
        })
    }
}

/// How a question ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rcode {
    /// The name exists; it may have no record of the type.
    #[default]
    NoError,
    /// The server could not answer.
    ServerFailure,
    /// There is no such name.
    NameError,
}

impl Rcode {
    /// Its number in a message.
    pub fn number(self) -> u8 {
        match self {
            Rcode::NoError => 0,
            Rcode::ServerFailure => 2,
            Rcode::NameError => 3,
        }
    }
}

/// `NOERROR`, `SERVFAIL`, `NXDOMAIN`.
impl fmt::Display for Rcode {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Rcode::NoError => "NOERROR",
            Rcode::ServerFailure => "SERVFAIL",
            Rcode::NameError => "NXDOMAIN",
        })
    }
}

/// What a record says. Names are without a dot at their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An address.
    A(Ip),
    /// A port.
    Srv {
        /// The lower one is to be tried first.
        priority: u32,
        /// How often, among those of one priority.
        weight: u32,
        /// The port.
        port: i64,
        /// The host.
        target: Name,
    },
    /// The name of the address.
    Ptr(Name),
    /// The other name.
    Cname(Name),
    /// Text.
    Txt(Name),
    /// Who answers for the zone.
    Soa {
        /// The name of the server.
        server: Name,
        /// The mailbox of whoever runs it, with a dot for the at sign.
        mailbox: Name,
        /// Grows with every change.
        serial: u64,
        /// Seconds after which a second server asks again.
        refresh: u32,
        /// Seconds after which it tries once more.
        retry: u32,
        /// Seconds after which it gives up.
        expire: u32,
        /// Seconds for which it may be remembered that a name does not exist.
        minimum: u32,
    },
}

impl Data {
    /// The type of a record that says this.
    pub fn kind(&self) -> RecordType {
        match self {
            Data::A(_) => RecordType::A,
            Data::Srv { .. } => RecordType::Srv,
            Data::Ptr(_) => RecordType::Ptr,
            Data::Cname(_) => RecordType::Cname,
            Data::Txt(_) => RecordType::Txt,
            Data::Soa { .. } => RecordType::Soa,
        }
    }
}

/// As a zone file writes it.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Data::A(ip) => write!(f, "{ip}"),
            Data::Srv { priority, weight, port, target } => write!(f, "{priority} {weight} {port} {target}."),
            Data::Ptr(name) | Data::Cname(name) => write!(f, "{name}."),
            Data::Txt(text) => write!(f, "\"{text}\""),
            Data::Soa { server, mailbox, serial, refresh, retry, expire, minimum } => {
                write!(f, "{server}. {mailbox}. {serial} {refresh} {retry} {expire} {minimum}")
            }
        }
    }
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Whose it is, without a dot at its end, spelled as it was asked for.
    pub name: Name,
    /// Seconds for which it may be kept.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

/// `web-0.nginx.default.svc.cluster.local. 30 IN A 10.244.1.6`.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}. {} IN {} {}", self.name, self.ttl, self.data.kind(), self.data)
    }
}
