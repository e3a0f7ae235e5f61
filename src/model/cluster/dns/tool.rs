//! The programs for DNS lookups: which questions each of them asks, and what it prints.
//!
//! Must not know: command lines; whoever parses those says what to look up.

use super::dig::{dig, dig_short};
use super::print::{Printed, busybox, busybox_1_28, host, nslookup};
use super::record::{Data, RecordType};
use super::{Answer, Options, Query, ResolvConf, ResolverStyle, candidates, reverse_name};
use api::object::Name;
use api::object::pod::Ip;
use base::time::Time;

/// A DNS lookup program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `nslookup` of busybox up to 1.28.
    OldBusybox,
    /// `nslookup` of busybox from 1.33 on, which does not complete names that contain a dot.
    Busybox,
    /// BIND's `nslookup`.
    Nslookup,
    /// `host`.
    Host,
    /// `dig`.
    Dig {
        /// `+short`.
        short: bool,
        /// `+search`.
        search: bool,
        /// The arguments of `dig`, which it echoes.
        words: Name,
    },
}

/// A lookup to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The program.
    pub tool: Tool,
    /// The name or address; for an address, all but `dig` do a reverse lookup.
    pub name: Name,
    /// The record type, if given.
    pub kind: Option<RecordType>,
    /// The resolver settings where the program runs.
    pub config: ResolvConf,
}

/// Runs a program, whose queries go to `resolve`; returns its output and the answers it got.
pub fn run(resolve: &mut dyn FnMut(&Query) -> Answer, order: &Order, now: Time, options: &Options) -> (Printed, Vec<Answer>) {
    let answers: Vec<Answer> = ask(resolve, order);
    let Some(first) = answers.first() else { return (Printed::default(), answers) };
    let printed = match &order.tool {
        Tool::OldBusybox => busybox_1_28(first, options, &mut |ip| name_of(resolve, ip, options)),
        Tool::Busybox => busybox(&answers, options),
        Tool::Nslookup => nslookup(&answers, order.kind.is_none(), options),
        Tool::Host => host(&answers, order.kind.is_none()),
        Tool::Dig { short: true, .. } => dig_short(first),
        Tool::Dig { words, .. } => dig(first, words, now, options),
    };
    (printed, answers)
}

/// A program's questions, answered.
fn ask(resolve: &mut dyn FnMut(&Query) -> Answer, order: &Order) -> Vec<Answer> {
    let exact = Query::exact;
    let searching = |kind: RecordType, habit| Query::exact(&order.name, kind).searching(order.config.clone(), habit);
    let given = order.kind.clone();
    if let Some(reverse) = Ip::parse(&order.name).filter(|_| given.is_none()).map(reverse_name) {
        match order.tool {
            Tool::Busybox => return vec![resolve(&exact(&reverse, RecordType::Ptr))],
            Tool::Nslookup | Tool::Host => return vec![resolve(&exact(&format!("{reverse}."), RecordType::Ptr))],
            Tool::OldBusybox | Tool::Dig { .. } => {}
        }
    }
    match &order.tool {
        Tool::OldBusybox => vec![resolve(&searching(RecordType::A, ResolverStyle::Glibc))],
        Tool::Busybox => {
            let kinds = given.map_or_else(|| vec![RecordType::A, RecordType::Aaaa], |kind| vec![kind]);
            let one = |kind: RecordType| busybox_names(order, &kind).into_iter().map(move |name| (name, kind.clone()));
            kinds.into_iter().flat_map(one).map(|(name, kind)| resolve(&exact(&name, kind))).collect()
        }
        Tool::Nslookup | Tool::Host => {
            let first = resolve(&searching(given.clone().unwrap_or(RecordType::A), ResolverStyle::Bind));
            let second = given.is_none().then(|| resolve(&exact(&final_name(&first), RecordType::Aaaa)));
            std::iter::once(first).chain(second).collect()
        }
        Tool::Dig { search, .. } => {
            let kind = given.unwrap_or(RecordType::A);
            vec![resolve(&if *search { searching(kind, ResolverStyle::Bind) } else { exact(&order.name, kind) })]
        }
    }
}

/// busybox asks for a name without dots with every search suffix, and for any other name as it is.
/// Models busybox networking/nslookup.c add_query_with_search.
fn busybox_names(order: &Order, kind: &RecordType) -> Vec<Name> {
    if *kind == RecordType::Ptr || order.name.contains('.') || order.config.search.is_empty() {
        return vec![order.name.clone()];
    }
    let query = Query::exact(&order.name, kind.clone()).searching(order.config.clone(), ResolverStyle::Glibc);
    candidates(&query).into_iter().filter(|name| *name != order.name).collect()
}

/// The name of an answer's addresses, after all aliases.
pub fn final_name(answer: &Answer) -> Name {
    let alias = answer.records.iter().rev().find_map(|r| if let Data::Cname(to) = &r.data { Some(to) } else { None });
    alias.unwrap_or(&answer.name).clone()
}

/// The name of an address, as the C library finds it.
fn name_of(resolve: &mut dyn FnMut(&Query) -> Answer, ip: Ip, options: &Options) -> Option<Name> {
    let answer = resolve(&Query::exact(&reverse_name(ip), RecordType::Ptr));
    let known = answer.records.iter().find_map(|r| if let Data::Ptr(name) = &r.data { Some(name.clone()) } else { None });
    known.or_else(|| (ip == options.nameserver).then(|| options.nameserver_name.clone()))
}
