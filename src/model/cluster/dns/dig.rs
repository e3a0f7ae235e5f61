//! The output of `dig`. Models bind9 9.18 bin/dig/dig.c printmessage and, for the columns, lib/dns/masterdump.c.
//!
//! Promises: verbatim what `dig` prints, with a message id and a cookie that depend on question and time alone.
//! Not modelled: `+` options other than `+short` and `+search`, answers that do not fit into a packet.

use super::print::Printed;
use super::record::{Data, Record};
use super::{Answer, Options};
use api::object::Name;
use base::dice::mix;
use base::hash::fnv1a_32;
use base::time::Time;

/// The version of `dig` that is imitated.
const VERSION: &str = "9.18.24";
/// The columns of TTL, class, type and data, counted from 0.
const COLUMNS: [usize; 4] = [24, 32, 40, 48];
/// How far apart tab stops are.
const TAB: usize = 8;
/// The UDP payload size that `dig` advertises, in bytes.
const UDP_SIZE: usize = 1_232;
/// Bytes of a message's header, of a question's or record's fixed part, and of the OPT record with a cookie.
const HEAD_BYTES: usize = 12;
const QUESTION_BYTES: usize = 4;
const RECORD_BYTES: usize = 10;
const OPT_BYTES: usize = 23;
/// Bytes of the fixed parts of SRV and SOA data.
const SRV_BYTES: usize = 6;
const SOA_BYTES: usize = 20;

/// The output of `dig`; `words` are its arguments.
pub fn dig(answer: &Answer, words: &str, now: Time, options: &Options) -> Printed {
    let name = &answer.name;
    let stamp = mix(u64::from(fnv1a_32(format!("{name} {}", answer.query.kind).as_bytes())) ^ mix(now.0));
    let mut lines = vec![String::new(), format!("; <<>> DiG {VERSION} <<>> {words}")];
    lines.extend([";; global options: +cmd", ";; Got answer:"].map(str::to_owned));
    if name.to_ascii_lowercase().ends_with(".local") {
        lines.push(";; WARNING: .local is reserved for Multicast DNS".to_owned());
        lines.push(";; You are currently testing what happens when an mDNS query is leaked to DNS".to_owned());
    }
    let flags = if answer.authoritative { "qr aa rd" } else { "qr rd ra" };
    let soa: Vec<Record> = answer.soa.iter().cloned().collect();
    let counts = (answer.records.len(), soa.len(), answer.additional.len() + 1);
    lines.push(format!(";; ->>HEADER<<- opcode: QUERY, status: {}, id: {}", answer.rcode, stamp & 0xffff));
    lines.push(format!(";; flags: {flags}; QUERY: 1, ANSWER: {}, AUTHORITY: {}, ADDITIONAL: {}", counts.0, counts.1, counts.2));
    if answer.authoritative {
        lines.push(";; WARNING: recursion requested but not available".to_owned());
    }
    lines.extend([String::new(), ";; OPT PSEUDOSECTION:".to_owned(), format!("; EDNS: version: 0, flags:; udp: {UDP_SIZE}")]);
    lines.push(format!("; COOKIE: {:016x} (echoed)", mix(stamp)));
    lines.push(";; QUESTION SECTION:".to_owned());
    lines.push(format!(";{}", columns(&absolute(name), &[(COLUMNS[1], "IN"), (COLUMNS[2], &answer.query.kind.to_string())])));
    for (section, records) in [("ANSWER", &answer.records), ("AUTHORITY", &soa), ("ADDITIONAL", &answer.additional)] {
        if !records.is_empty() {
            lines.extend([String::new(), format!(";; {section} SECTION:")]);
            lines.extend(records.iter().map(record_line));
        }
    }
    let server = options.nameserver;
    lines.extend([String::new(), ";; Query time: 0 msec".to_owned(), format!(";; SERVER: {server}#53({server}) (UDP)")]);
    lines.push(format!(";; WHEN: {}", now.date("%a %b %d %T UTC %Y")));
    lines.push(format!(";; MSG SIZE  rcvd: {}", message_bytes(answer)));
    lines.push(String::new());
    Printed::lines(&lines, false)
}

/// The output of `dig +short`: the data of each answer on a line.
pub fn dig_short(answer: &Answer) -> Printed {
    let lines: Vec<String> = answer.records.iter().map(|r| r.data.to_string()).collect();
    Printed::lines(&lines, false)
}

fn absolute(name: &Name) -> String {
    format!("{name}.")
}

fn record_line(record: &Record) -> String {
    let (ttl, kind, data) = (record.ttl.to_string(), record.data.kind().to_string(), record.data.to_string());
    columns(&absolute(&record.name), &[(COLUMNS[0], &ttl), (COLUMNS[1], "IN"), (COLUMNS[2], &kind), (COLUMNS[3], &data)])
}

/// Puts words at their columns: with tabs if a tab stop lies between, otherwise with a space. Models lib/dns/masterdump.c indent.
fn columns(first: &str, rest: &[(usize, &str)]) -> String {
    let mut line = first.to_owned();
    let mut at = first.len();
    for (column, word) in rest {
        let to = (*column).max(at + 1);
        let tabs = to / TAB - at / TAB;
        let reached = if tabs > 0 { to / TAB * TAB } else { at };
        line.extend(std::iter::repeat_n('\t', tabs).chain(std::iter::repeat_n(' ', to - reached)));
        line.push_str(word);
        at = to + word.len();
    }
    line
}

/// The size of the message without name compression, as CoreDNS sends it.
fn message_bytes(answer: &Answer) -> usize {
    let records = answer.records.iter().chain(&answer.soa).chain(&answer.additional);
    let size = |r: &Record| name_bytes(&r.name) + RECORD_BYTES + data_bytes(&r.data);
    HEAD_BYTES + name_bytes(&answer.name) + QUESTION_BYTES + OPT_BYTES + records.map(size).sum::<usize>()
}

/// The size of an encoded name: each label with its length byte, and the empty root label.
fn name_bytes(name: &str) -> usize {
    if name.is_empty() { 1 } else { name.len() + 2 }
}

fn data_bytes(data: &Data) -> usize {
    match data {
        Data::A(ip) => ip.0.len(),
        Data::Srv { target, .. } => SRV_BYTES + name_bytes(target),
        Data::Ptr(name) | Data::Cname(name) => name_bytes(name),
        Data::Txt(text) => 1 + text.len(),
        Data::Soa { server, mailbox, .. } => SOA_BYTES + name_bytes(server) + name_bytes(mailbox),
    }
}
