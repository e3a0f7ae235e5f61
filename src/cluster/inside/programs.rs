//! Programs in containers that reach beyond their own files: those of [`fetch`], `nslookup`, `dig`, `host`, `ps` and a few more.
//!
//! Promises: verbatim what the real programs print, as far as the model knows it; a program that its image lacks is not found,
//! and one that the image has but the model lacks is reported as not simulated.

use super::Disks;
use super::apps::{Family, app_of, is_old_busybox};
use super::environment::DEFAULT_PATH;
use super::fetch::{curl, wget};
use super::http::{Refusal, connect, reach};
use super::listening::{is_built_otherwise, is_other};
use super::place::Place;
use super::replicated;
use crate::dns::tool::{Order, Tool, final_name, run};
use crate::dns::{Options, Query, Reason, RecordType, ResolverStyle};
use api::kind::Kind;
use api::object::pod::Ip;
use base::image_name::name_and_tag;
use base::letter::is_letter;
use base::note::Note;
use base::printed::{Piece, Stream};
use base::time::Time;
use server::tables::Tables;
use shell::programs::{Dialect, Places, is_lacking, is_simulated};
use shell::{Host, Shell};

/// Where some images keep files that are not simulated.
pub(super) const UNSEEN: [&str; 10] = [
    "/app",
    "/docker-entrypoint-initdb.d",
    "/docker-entrypoint.d",
    "/docker-entrypoint.sh",
    "/entrypoint.sh",
    "/lib64",
    "/var/cache",
    "/var/mail",
    "/var/run",
    "/var/www",
];

/// A program's output and exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// What the playground says of it.
    pub note: Option<Note>,
    /// The exit code.
    pub code: i32,
}

impl Ran {
    pub(super) fn out(text: impl Into<String>) -> Self {
        Ran { out: text.into(), ..Ran::default() }
    }

    /// The outcome of a process with this exit code and output. What the playground said is read as a log has it, too, but for what
    /// makes no failure less certain.
    pub fn read(code: i32, printed: Vec<Piece>) -> Self {
        let mut ran = Ran { code, ..Ran::default() };
        for piece in printed.into_iter().filter(|piece| !piece.note().is_some_and(Note::is_aside)) {
            let end = if piece.on(Stream::Out).is_some() { &mut ran.out } else { &mut ran.err };
            end.push_str(&piece.logged());
            ran.note = ran.note.or_else(|| piece.note().cloned());
        }
        ran
    }

    /// Prints it in the shell that ran it; its exit code.
    pub fn print_in(self, shell: &mut Shell, host: &mut dyn Host) -> i32 {
        shell.print(Stream::Out, &self.out, host);
        shell.print(Stream::Err, &self.err, host);
        if let Some(note) = self.note {
            shell.note(note);
        }
        self.code
    }

    /// Something that is not simulated, of which the playground tells.
    pub fn note(note: Note) -> Self {
        Ran { note: Some(note), code: 1, ..Ran::default() }
    }

    pub(super) fn failed(code: i32, why: impl Into<String>) -> Self {
        Ran { err: why.into(), code, ..Ran::default() }
    }
}

/// The surroundings of a program.
pub struct ProgramContext<'a> {
    /// The container; `None` for a machine outside the cluster network.
    pub place: Option<&'a Place>,
    /// The cluster.
    pub tables: &'a Tables,
    pub disks: &'a mut Disks,
    /// The present.
    pub now: Time,
    /// The working directory.
    pub folder: &'a str,
}

/// Where programs are that are not at the usual place: of any image, of Debian, of Alpine, of busybox.
const FOLDERS: [(Option<Base>, &str, &str); 7] = [
    (None, "/usr/sbin", "mysqld nginx nginx-debug"),
    (
        None,
        "/usr/local/bin",
        "etcd etcdctl etcdutl node nodejs npm npx redis-benchmark redis-check-aof redis-check-rdb redis-cli redis-sentinel redis-server \
         valkey-benchmark valkey-cli valkey-sentinel valkey-server yarn",
    ),
    (Some(Base::Debian), "/usr/sbin", "chroot groupadd groupmod ldconfig losetup nologin swapoff swapon useradd userdel usermod"),
    (
        Some(Base::Alpine),
        "/bin",
        "arch ash base64 bash cat chgrp chmod chown cp date dd df dmesg echo ed egrep false getopt grep gunzip gzip hostname iostat ipcalc \
         kill link ln login ls mkdir mknod mktemp more mount mountpoint mpstat mv netstat nice pidof ping ping6 printenv ps pwd rev rm rmdir \
         run-parts sed setpriv sh sleep stat stty su sync tar touch true umount uname usleep watch zcat",
    ),
    (Some(Base::Alpine), "/sbin", "apk arp halt ifconfig ip losetup nologin reboot route swapoff swapon sysctl syslogd vconfig"),
    (Some(Base::Alpine), "/usr/sbin", "addgroup adduser arping chpasswd chroot crond deluser ntpd"),
    (Some(Base::Busybox), "/usr/bin", "env"),
];

/// What an image is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Debian,
    Alpine,
    Busybox,
}

impl Base {
    fn of(image: &str) -> Base {
        let (name, tag) = name_and_tag(image);
        match app_of(image).family {
            _ if name.contains("alpine") || tag.contains("alpine") => Base::Alpine,
            Family::Busybox => Base::Busybox,
            Family::Debian | Family::WithBind => Base::Debian,
        }
    }
}

/// The folder of a program that an image has.
pub(super) fn program_folder(name: &str, image: &str) -> &'static str {
    let base = Base::of(image);
    let is_it = |row: &&(Option<Base>, &str, &str)| row.0.is_none_or(|of| of == base) && row.2.split(' ').any(|known| known == name);
    FOLDERS.iter().find(is_it).map_or(if base == Base::Busybox { "/bin" } else { "/usr/bin" }, |row| row.1)
}

/// What `sh` is in an image; of one that nobody knows it may be any.
pub(super) fn sh_of(image: &str) -> Dialect {
    match Base::of(image) {
        Base::Debian if may_have_any(image) => Dialect::Sh,
        Base::Debian => Dialect::Dash,
        Base::Alpine | Base::Busybox => Dialect::Ash,
    }
}

/// The places whose programs an image has: what is built on Alpine has those of busybox, too, and what nobody knows may have them all.
fn places(image: &str) -> Places {
    let app = app_of(image);
    let own = match app.family {
        Family::Busybox => Places::BUSYBOX,
        Family::Debian => Places::DEBIAN,
        Family::WithBind => Places::DEBIAN.and(Places::BIND),
    };
    if is_other(app) || Base::of(image) == Base::Alpine { own.and(Places::BUSYBOX) } else { own }
}

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

/// Whether nobody knows what programs an image has.
fn may_have_any(image: &str) -> bool {
    is_other(app_of(image)) || is_built_otherwise(image)
}

/// Whether an image has a program that is not simulated; one that is not in the table may have any.
pub fn is_not_simulated(name: &str, image: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    let is_own = app_of(image).tools.split_whitespace().any(|known| known == name);
    may_have_any(image) || is_own || is_lacking(name, places(image))
}

/// Whether the program of a container's own is one that a known image has, or may have, and that is not simulated: neither how long it
/// runs nor what it answers is known then.
pub fn is_supposed_to_serve(program: &str, image: &str) -> bool {
    let (folder, name) = program.rsplit_once('/').unwrap_or(("", program));
    let is_elsewhere = program.contains('/') && !DEFAULT_PATH.split(':').any(|known| known == folder);
    let app = app_of(image);
    let is_here = app.is_server(name) || app.client(name).is_some() || is_simulated(name, Places::IMAGES);
    !is_other(app) && !is_here && (is_elsewhere || is_not_simulated(name, image))
}

/// Whether an image has bash, or may have it: what is known to be built on Alpine has it only where its own scripts are written for it.
pub fn has_bash(image: &str) -> bool {
    let app = app_of(image);
    app.family != Family::Busybox && (is_other(app) || app.bash_on_alpine || Base::of(image) != Base::Alpine)
}

/// Whether an image has a program of this name that the shell or [`program`] may run.
pub fn runs(name: &str, image: &str) -> bool {
    is_simulated(name, places(image)) && (name != "bash" || has_bash(image))
}

/// Whether an image has a program with this name, simulated or not, as a file: what only a shell knows is none.
pub fn has_file(name: &str, place: &Place) -> bool {
    let app = place.app();
    let is_here = runs(name, &place.image) || app.client(name).is_some() || app.is_server(name) || is_not_simulated(name, &place.image);
    is_here && (name != "bash" || has_bash(&place.image))
}

/// Whether an image is sure to have it: of one that nobody knows, what is simulated is.
pub fn surely_has_file(name: &str, place: &Place) -> bool {
    if may_have_any(&place.image) { runs(name, &place.image) } else { has_file(name, place) }
}

/// Whether a program is a server that goes to the background, so that whoever ran it goes on: nginx does, unless its options or its
/// configuration tell it to stay.
pub fn goes_to_background(words: &[String], place: &Place) -> bool {
    let name = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    let is_plain = words[1..].chunks(2).all(|pair| matches!(pair, [option, text] if option == "-g" && !text.contains("daemon")));
    let is_set_up = ["/etc", "/etc/nginx", "/etc/nginx/nginx.conf"].into_iter().any(|path| place.is_mounted(path));
    let is_server = matches!(name, "nginx" | "nginx-debug") && place.app().is_server(name);
    is_server && is_plain && !is_set_up && !is_built_otherwise(&place.image)
}

/// Runs a program; `None` if the image has none with that name.
pub fn program(words: &[String], input: &str, around: &mut ProgramContext) -> Option<Ran> {
    let place = around.place?;
    let (family, name) = (place.app().family, words.first()?.rsplit('/').next().unwrap_or_default());
    let args = &words[1..];
    if let Some(client) = place.app().client(name) {
        return Some(replicated::tools::run(client, args, input, around));
    }
    match name {
        "curl" if family != Family::Busybox => Some(curl(args, around)),
        "wget" => Some(wget(args, around)),
        "nslookup" | "dig" | "host" if family == Family::WithBind || (name == "nslookup" && family == Family::Busybox) => {
            Some(ask(name, args, place, around))
        }
        "nc" | "netcat" if is_not_simulated(name, &place.image) => nc(args, place, around),
        "getent" if is_not_simulated(name, &place.image) => getent(args, place, around),
        "ps" => Some(Ran::out(format!("PID   USER     TIME  COMMAND\n    1 {:<8}  0:00 {}\n", place.user.name(), process_name(place)))),
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

/// The command of a container's first process, as `ps` has it.
pub(super) fn process_name(place: &Place) -> String {
    if place.command.is_empty() { place.app().process.to_owned() } else { place.command.join(" ") }
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
    match reach(Some(place), &host, port.unwrap_or_default(), around.tables, around.disks, around.now) {
        Err(_) => (is_inside || around.tables.service(&place.namespace, last).is_some()).then_some(false),
        Ok((ip, _)) => {
            // Without a port, that of the Service.
            let service = around.tables.services().find(|service| *service.spec.cluster_ip == *ip.to_string());
            let port = port.or_else(|| Some(service?.spec.ports.first()?.port));
            match port.map(|port| connect(place, &host, port, around.tables, around.disks, around.now)) {
                Some(Err(Refusal::NoRoute(_))) => None,
                connected => Some(connected.is_none_or(|done| done.is_ok())),
            }
        }
    }
}

/// `nc -z host port`: whether something listens there. `None` for anything else that `nc` does, which is not simulated.
/// Models busybox networking/nc_bloaty.c, and the errors of OpenBSD's `nc` elsewhere.
fn nc(args: &[String], place: &Place, around: &mut ProgramContext) -> Option<Ran> {
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

/// `getent hosts name`: the addresses and the full name. `None` for anything else that `getent` does, which is not simulated.
/// Models glibc's nss/getent.c print_hosts, and that of Alpine, which prints one address.
fn getent(args: &[String], place: &Place, around: &mut ProgramContext) -> Option<Ran> {
    /// The exit code for a name that is not found.
    const NOT_FOUND: i32 = 2;
    let [database, name] = args else { return None };
    if database != "hosts" || name == "localhost" || Ip::parse(name).is_some() {
        return None;
    }
    let is_alpine = Base::of(&place.image) == Base::Alpine;
    let line = |ip: &str, names: &[&str]| {
        if is_alpine { format!("{ip:<16}  {}\n", names.join("  ")) } else { format!("{ip:<15} {}\n", names.join(" ")) }
    };
    if let Some([ip, names @ ..]) = place.hosts_line(name).map(|line| line.split_whitespace().collect::<Vec<_>>()).as_deref() {
        return Some(Ran::out(line(ip, names)));
    }
    let query = Query::exact(name, RecordType::A).searching(place.resolver.clone(), ResolverStyle::Glibc);
    let answer = around.disks.names.resolve(around.tables, &query, around.now);
    let full_name = final_name(&answer);
    let most = if is_alpine { 1 } else { usize::MAX };
    let lines: String = answer.addresses().take(most).map(|ip| line(&ip.to_string(), &[full_name.trim_end_matches('.')])).collect();
    Some(if lines.is_empty() { Ran::failed(NOT_FOUND, "") } else { Ran::out(lines) })
}

fn ask(name: &str, args: &[String], place: &Place, around: &mut ProgramContext) -> Ran {
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
    let (names, tables, now) = (&mut around.disks.names, around.tables, around.now);
    let (printed, answers) = run(&mut |query| names.resolve(tables, query, now), &order, now, &Options::default());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_on_alpine_has_bash_only_if_its_scripts_want_it() {
        for (image, bash) in [
            ("nginx:1.27", true),
            ("nginx:1.27-alpine", false),
            ("postgres:16-alpine3.20", true),
            ("alpine.example/alpine/nginx:1.27", true),
            ("alpine:3.20", false),
            ("team/app-alpine", true),
        ] {
            assert_eq!(has_bash(image), bash, "{image}");
        }
    }
}
