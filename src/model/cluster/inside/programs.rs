//! Programs in containers that reach beyond their own files: those of [`fetch`], `nslookup`, `dig`, `host`, `ps` and a few more.
//!
//! Promises: verbatim what the real programs print, as far as the model knows it; a program that its image lacks is not found,
//! and one that the image has but the model lacks is reported as not simulated.

use super::apps::is_old_busybox;
use super::context::ProgramContext;
use super::fetch::{curl, wget};
use super::getent::getent;
use super::http::{Refusal, address, connect, connect_at};
use super::installed::is_not_simulated;
use super::place::ContainerInfo;
use super::ran::Ran;
use super::replicated::tools;
use crate::dns::tool::{Order, Tool, run};
use crate::dns::{Options, Reason, RecordType};
use crate::programs::{Base, Family};
use api::kind::Kind;
use api::object::pod::Ip;
use base::letter::is_letter;
use base::note::Note;
use server::tables::Tables;

/// What is said of a program that is not simulated, with what comes closest to it, for who would use it.
pub fn lacking(words: &[String]) -> Note {
    let name = words.first().map_or("", String::as_str);
    let say = match name.rsplit('/').next().unwrap_or_default() {
        "command" | "type" | "which" => return Note::NotSimulated(words.join(" ")),
        "kill" | "killall" | "killall5" | "pkill" => Note::Kill,
        "df" => Note::DiskFree,
        _ => Note::NotSimulated,
    };
    say(name.to_owned())
}

/// Runs a program; `None` if the image has none with that name.
pub fn program(words: &[String], input: &str, around: &mut ProgramContext) -> Option<Ran> {
    let place = around.place?;
    let (family, name) = (place.app().family, words.first()?.rsplit('/').next().unwrap_or_default());
    let args = &words[1..];
    if let Some(client) = place.app().client(name) {
        return tools::run(client, args, input, around);
    }
    match name {
        _ if family == Family::Bare => None,
        "curl" if family != Family::Busybox => Some(curl(args, around)),
        "wget" => Some(wget(args, around)),
        "nslookup" | "dig" | "host" if family == Family::WithBind || (name == "nslookup" && family == Family::Busybox) => {
            Some(ask(name, args, place, around))
        }
        "nc" | "netcat" if is_not_simulated(name, &place.image) => nc(args, place, around),
        "getent" if is_not_simulated(name, &place.image) => getent(args, place, around),
        "ps" => Some(Ran::out(format!(
            "PID   USER     TIME  COMMAND\n    1 {:<8}  0:00 {}\n",
            place.user.name(),
            around.disks.first_name(place)
        ))),
        "whoami" => Some(Ran::out(place.user.name() + "\n")),
        "id" => Some(place.user.id(args)),
        "uname" => Some(match args {
            [] => Ran::out("Linux\n"),
            [one] if one == "-s" => Ran::out("Linux\n"),
            [one] if one == "-n" => Ran::out(format!("{}\n", place.hostname)),
            _ => Ran::note(Note::NotSimulated(format!("uname {}", args.join(" ")))),
        }),
        "nginx" if words.get(1).is_some_and(|w| w == "-s") => Some(Ran::default()),
        _ => None,
    }
}

/// Whether the host answers that the words of a client name, which is not simulated: as the value of an option, in a URL, before a port,
/// or at the end for those that take nothing else. `None` if they name none, or one outside the cluster.
pub(super) fn reaches(words: &[String], around: &mut ProgramContext) -> Option<bool> {
    let place = around.place?;
    let value = |options: &[&str]| {
        words.iter().enumerate().find_map(|(at, word)| {
            options.iter().find_map(|option| match word.strip_prefix(option)? {
                "" => words.get(at + 1).map(String::as_str),
                rest if option.starts_with("--") => rest.strip_prefix('='),
                rest => (word != "-help").then_some(rest),
            })
        })
    };
    let named = |word: &'_ str| {
        let word = word.rsplit_once('=').map_or(word, |(_, value)| value);
        let (scheme, rest) = word.split_once("://").unwrap_or(("", word));
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-.:".contains(c)).unwrap_or(rest.len());
        let (host, port) = rest[..end].split_once(':').map_or((&rest[..end], None), |(host, port)| (host, port.parse::<i64>().ok()));
        (port.is_some() || !scheme.is_empty()).then(|| (host.to_owned(), port))
    };
    let name = words.first()?.rsplit('/').next().unwrap_or_default();
    let at_end = || match words {
        [_, .., host, port] if port.parse::<i64>().is_ok() => Some((host.clone(), port.parse().ok())),
        [_, .., host] if ["ping", "ping6", "nslookup", "dig", "host"].contains(&name) => Some((host.clone(), None)),
        _ => None,
    };
    let port = || value(&["--port", "-p", "-P"]).and_then(|port| port.parse().ok());
    let by_option = value(&["--host", "-h"]).map(|host| (host.to_owned(), port()));
    let is_host = |host: &(String, Option<i64>)| {
        let letters = host.0.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
        letters && host.0.starts_with(|c: char| c.is_ascii_alphanumeric()) && (host.0.contains(is_letter) || Ip::parse(&host.0).is_some())
    };
    let (host, port) = by_option
        .filter(is_host)
        .or_else(|| words[1..].iter().find_map(|word| named(word).filter(is_host)))
        .or_else(at_end)
        .filter(is_host)?;
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_inside = !host.contains('.') || matches!(last, "svc" | "local") || around.tables.find(Kind::Namespace, "", last).is_some();
    match address(Some(place), &host, around.tables, around.disks, around.now) {
        Err(_) => (is_inside || around.tables.service(&place.namespace, last).is_some()).then_some(false),
        Ok(ip) => {
            // Without a port, that of the Service.
            let service = around.tables.services().find(|service| *service.spec.cluster_ip == *ip.to_string());
            let port = port.or_else(|| Some(service?.spec.ports.first()?.port));
            match port.map(|port| connect_at(place, (&host, ip), port, around.tables, around.disks, around.now)) {
                Some(Err(Refusal::NoRoute(_))) => None,
                connected => Some(connected.is_none_or(|done| done.is_ok())),
            }
        }
    }
}

/// `nc -z host port`: whether something listens there. `None` for anything else that `nc` does, which is not simulated.
/// Models busybox networking/nc_bloaty.c, and the errors of OpenBSD's `nc` elsewhere.
fn nc(args: &[String], place: &ContainerInfo, around: &mut ProgramContext) -> Option<Ran> {
    let (mut only_looks, mut tells, mut words, mut args) = (false, false, Vec::new(), args.iter());
    while let Some(arg) = args.next() {
        let Some(letters) = arg.strip_prefix('-') else {
            words.push(arg);
            continue;
        };
        for (at, letter) in letters.char_indices() {
            match letter {
                'z' => only_looks = true,
                'v' => tells = true,
                'n' | '4' | 't' => {}
                // The time limit is the rest of the word, or the next word. Nothing takes time here.
                'w' => {
                    if at + 1 == letters.len() {
                        args.next()?;
                    }
                    break;
                }
                _ => return None,
            }
        }
    }
    let [host, port] = words.as_slice() else { return None };
    let port = port.parse().ok().filter(|_| only_looks)?;
    let is_busybox = Base::of(&place.image) != Base::Debian;
    Some(match connect(place, host, port, around.tables, around.disks, around.now) {
        Ok(ip) if tells && is_busybox => Ran { err: format!("{host} ({ip}:{port}) open\n"), ..Ran::default() },
        Ok(_) => Ran::default(),
        Err(Refusal::NoSuchName) if is_busybox => Ran::failed(1, format!("nc: bad address '{host}'\n")),
        Err(Refusal::NoSuchName) => Ran::failed(1, format!("nc: getaddrinfo for host \"{host}\" port {port}: Name or service not known\n")),
        Err(_) => Ran::failed(1, ""),
    })
}

fn ask(name: &str, args: &[String], place: &ContainerInfo, around: &mut ProgramContext) -> Ran {
    let kind_of = |word: &str| Some(RecordType::read(&word.to_ascii_uppercase()));
    let (mut kind, mut names, mut short, mut search) = (None, Vec::new(), false, false);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "+short" => short = true,
            "+search" => search = true,
            "-t" => kind = words.next().and_then(|w| kind_of(w)),
            word if word.starts_with('+') || word.starts_with('@') => {}
            word if word.starts_with('-') => {
                kind = word.split_once('=').and_then(|(_, value)| kind_of(value)).or(kind);
            }
            word if name == "dig"
                && ["A", "AAAA", "SRV", "PTR", "TXT", "CNAME", "NS", "SOA"].contains(&word.to_ascii_uppercase().as_str()) =>
            {
                kind = kind_of(word);
            }
            word => names.push(word.to_owned()),
        }
    }
    let Some(asked) = names.first() else { return Ran::failed(1, format!("{name}: a name to look up is needed here\n")) };
    let tool = match name {
        "nslookup" if is_old_busybox(&place.image) => Tool::OldBusybox,
        "nslookup" if place.app().family == Family::Busybox => Tool::Busybox,
        "nslookup" => Tool::Nslookup,
        "host" => Tool::Host,
        _ => Tool::Dig { short, search, words: args.join(" ").into() },
    };
    let order = Order { tool, name: asked.as_str().into(), kind, config: place.resolver.clone() };
    let (disks, tables, now) = (&mut *around.disks, around.tables, around.now);
    let (printed, answers) = run(&mut |query| disks.resolve(Some(place), query, tables, now), &order, now, &Options::default());
    let note = answers.iter().find_map(|answer| named_under(&answer.reason, tables));
    Ran { out: printed.stdout, err: printed.stderr, code: printed.code, note }
}

/// Under which name a set's pod is found that was asked for under another Service, or how the pod comes to the name asked for.
fn named_under(reason: &Reason, tables: &Tables) -> Option<Note> {
    let Reason::OtherSubdomain { service, pod, subdomain } = reason else { return None };
    let under = subdomain.as_ref()?;
    let owner = tables.pod(&pod.namespace, &pod.name)?.meta.controller()?;
    let set = tables.stateful_set(&pod.namespace, &owner.name).filter(|set| set.meta.uid == owner.uid)?;
    let note = match tables.service(&pod.namespace, under) {
        _ if set.spec.service_name == service.name => Note::NamedBefore,
        Some(_) => Note::NamedUnder,
        None => Note::NamedUnderNone,
    };
    Some(note(pod.name.to_string(), under.to_string(), service.name.to_string()))
}
