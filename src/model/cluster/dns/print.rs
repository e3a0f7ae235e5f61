//! The output of DNS lookup programs, as pure functions of answers. `dig` is in [`super::dig`].
//!
//! Promises: verbatim what the real programs print for such answers.
//! Not modelled: options that change the format (`-debug`, `-v`), and the order in which answers to simultaneous questions arrive.

use super::record::{Data, Rcode, Record, RecordType};
use super::{Answer, Options};
use api::object::Name;
use api::object::pod::Ip;

/// The port of name servers.
const PORT: u16 = 53;

/// A program's output and exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

impl Printed {
    /// These lines on standard output.
    pub(super) fn lines(lines: &[String], failed: bool) -> Self {
        let stdout = lines.iter().flat_map(|l| [l, "\n"]).collect();
        Printed { stdout, stderr: String::new(), code: i32::from(failed) }
    }
}

/// `nslookup` of busybox up to 1.28, which uses the C library. `reverse` gives the name of an address.
/// Models busybox networking/nslookup.c print_host.
pub fn busybox_1_28(answer: &Answer, options: &Options, reverse: &mut dyn FnMut(Ip) -> Option<Name>) -> Printed {
    let mut host = |header: &str, name: &str, addresses: &[Ip]| {
        let address = |(i, ip): (usize, &Ip)| {
            let name = reverse(*ip).map(|n| format!(" {n}")).unwrap_or_default();
            format!("Address {}: {ip}{name}", i + 1)
        };
        let mut lines = vec![format!("{header:<10} {name}")];
        lines.extend(addresses.iter().enumerate().map(address));
        lines
    };
    let asked = &answer.query.name;
    let addresses: Vec<Ip> = Ip::parse(asked).map_or_else(|| answer.addresses().collect(), |ip| vec![ip]);
    let mut lines = host("Server:", &options.nameserver.to_string(), &[options.nameserver]);
    lines.push(String::new());
    if addresses.is_empty() {
        let stderr = format!("nslookup: can't resolve '{asked}'\n");
        return Printed { stderr, ..Printed::lines(&lines, true) };
    }
    lines.extend(host("Name:", asked, &addresses));
    Printed::lines(&lines, false)
}

/// `nslookup` of busybox from 1.33 on: the answers to its questions, in order. Models networking/nslookup.c nslookup_main.
pub fn busybox(answers: &[Answer], options: &Options) -> Printed {
    let server = options.nameserver;
    let mut lines = vec![format!("Server:\t\t{server}"), format!("Address:\t{server}:{PORT}"), String::new()];
    for answer in answers {
        if answer.rcode == Rcode::NoError {
            if !answer.authoritative {
                lines.push("Non-authoritative answer:".to_owned());
            }
            for record in &answer.records {
                lines.extend(nslookup_record(record, ""));
            }
        } else {
            lines.push(format!("** server can't find {}: {}", answer.query.name, answer.rcode));
        }
        lines.push(String::new());
    }
    Printed::lines(&lines, answers.iter().any(|a| a.rcode != Rcode::NoError))
}

/// BIND's `nslookup`. Without a type it asks for A and then AAAA (`by_default`), and shows the server for the first only.
/// Models bind9 bin/dig/nslookup.c printmessage.
pub fn nslookup(answers: &[Answer], by_default: bool, options: &Options) -> Printed {
    let mut lines = Vec::new();
    let mut no_address = false;
    for answer in answers {
        let kind = &answer.query.kind;
        let first = !by_default || *kind == RecordType::A;
        if first {
            let server = options.nameserver;
            lines.extend([format!("Server:\t\t{server}"), format!("Address:\t{server}#{PORT}"), String::new()]);
        }
        if answer.rcode != Rcode::NoError {
            lines.push(format!("** server can't find {}: {}", answer.name, answer.rcode));
            break;
        }
        if first && !answer.authoritative {
            lines.push("Non-authoritative answer:".to_owned());
        }
        let empty = answer.records.is_empty();
        if empty && by_default && *kind == RecordType::A {
            no_address = true;
        } else if empty && (!by_default || no_address) {
            lines.push(format!("*** Can't find {}: No answer", answer.query.name));
        }
        for record in &answer.records {
            lines.extend(nslookup_record(record, "."));
        }
    }
    lines.push(String::new());
    Printed::lines(&lines, answers.iter().any(|a| a.rcode != Rcode::NoError))
}

/// A record in the format of BIND's `nslookup`; `end` is appended to names in its data.
fn nslookup_record(record: &Record, end: &str) -> Vec<String> {
    let name = &record.name;
    match &record.data {
        Data::A(ip) => vec![format!("Name:\t{name}"), format!("Address: {ip}")],
        Data::Srv { priority, weight, port, target } => {
            vec![format!("{name}\tservice = {priority} {weight} {port} {target}{end}")]
        }
        Data::Ptr(to) => vec![format!("{name}\tname = {to}{end}")],
        Data::Cname(to) => vec![format!("{name}\tcanonical name = {to}{end}")],
        Data::Txt(text) => vec![format!("{name}\ttext = \"{text}\"")],
        Data::Soa { server, mailbox, serial, refresh, retry, expire, minimum } => vec![
            name.to_string(),
            format!("\torigin = {server}"),
            format!("\tmail addr = {mailbox}"),
            format!("\tserial = {serial}"),
            format!("\trefresh = {refresh}"),
            format!("\tretry = {retry}"),
            format!("\texpire = {expire}"),
            format!("\tminimum = {minimum}"),
        ],
    }
}

/// `host`. Without a type it asks for A, AAAA and MX (`by_default`). Models bind9 bin/dig/host.c printmessage.
pub fn host(answers: &[Answer], by_default: bool) -> Printed {
    let mut lines = Vec::new();
    let mut failed = false;
    for answer in answers {
        if answer.rcode != Rcode::NoError {
            let shown = if answer.rcode == Rcode::NameError { &answer.query.name } else { &answer.name };
            lines.push(format!("Host {shown} not found: {}({})", answer.rcode.number(), answer.rcode));
            failed = true;
            break;
        }
        if answer.records.is_empty() && !by_default {
            lines.push(format!("{} has no {} record", answer.name, answer.query.kind));
        }
        let told = answer.records.iter().map(|r| format!("{} {} {}", r.name, host_phrase(&r.data), r.data));
        lines.extend(told);
    }
    Printed::lines(&lines, failed)
}

/// How `host` phrases a record's data.
fn host_phrase(data: &Data) -> &'static str {
    match data {
        Data::A(_) => "has address",
        Data::Srv { .. } => "has SRV record",
        Data::Ptr(_) => "domain name pointer",
        Data::Cname(_) => "is an alias for",
        Data::Txt(_) => "descriptive text",
        Data::Soa { .. } => "has SOA record",
    }
}
