//! DNS records, their types, and response codes.

use std::fmt;

use api::object::Name;
use api::object::pod::Ip;

/// The type of record asked for.
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
    /// An alias.
    Cname,
    /// Text.
    Txt,
    /// The start of authority of a zone.
    Soa,
    /// Another type, by its upper-case name; the cluster has no records of such a type.
    Other(Name),
}

impl RecordType {
    /// Parses a type's name, in either case.
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

/// A response code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rcode {
    /// The name exists, though perhaps without a record of the type.
    #[default]
    NoError,
    /// The server could not answer.
    ServerFailure,
    /// There is no such name.
    NameError,
}

impl Rcode {
    /// Its numeric value in a message.
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

/// A record's data. Names have no trailing dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An address.
    A(Ip),
    /// A port.
    Srv {
        /// Lower values are tried first.
        priority: u32,
        /// The relative share among those of one priority.
        weight: u32,
        port: i64,
        /// The host that serves it.
        target: Name,
    },
    /// The name of the address.
    Ptr(Name),
    /// The canonical name.
    Cname(Name),
    /// Text.
    Txt(Name),
    /// The start of authority.
    Soa {
        /// The primary name server.
        server: Name,
        /// The administrator's mailbox, with a dot for the at sign.
        mailbox: Name,
        /// Grows with every change.
        serial: u64,
        /// Seconds after which a secondary server checks again.
        refresh: u32,
        /// Seconds after which it retries.
        retry: u32,
        /// Seconds after which its data expire.
        expire: u32,
        /// Seconds for which a negative answer may be cached.
        minimum: u32,
    },
}

impl Data {
    /// The type of a record with this data.
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

/// The format of zone files.
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
    /// Its owner name, without a trailing dot, spelled as asked.
    pub name: Name,
    /// Seconds for which it may be cached.
    pub ttl: u32,
    pub data: Data,
}

/// `web-0.nginx.default.svc.cluster.local. 30 IN A 10.244.1.6`.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}. {} IN {} {}", self.name, self.ttl, self.data.kind(), self.data)
    }
}
