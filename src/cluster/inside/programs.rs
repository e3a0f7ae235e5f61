//! Programs in containers that reach beyond their own files: `curl`, `wget`, `nslookup`, `dig`, `host`, `ps`, `getent`.
//!
//! Promises: to the letter what the real programs print, as far as the model knows it; a program that is not there is not there.

use super::Disks;
use super::apps::{Family, is_old_busybox};
use super::http::{Refusal, Request, send};
use super::place::Place;
use super::replicated;
use crate::base::printed::{Piece, Stream};
use crate::base::time::Time;
use crate::cluster::dns::tool::{Order, Tool, run};
use crate::cluster::dns::{Options, RecordType};
use crate::server::tables::Tables;

/// What a program leaves behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code.
    pub code: i32,
}

impl Ran {
    pub(super) fn out(text: impl Into<String>) -> Self {
        Ran { out: text.into(), ..Ran::default() }
    }

    /// What a process leaves behind that ended with this code and printed this.
    pub fn read(code: i32, printed: Vec<Piece>) -> Self {
        let mut ran = Ran { code, ..Ran::default() };
        for piece in printed {
            let end = if piece.stream == Stream::Out { &mut ran.out } else { &mut ran.err };
            end.push_str(&piece.text);
        }
        ran
    }

    pub(super) fn failed(code: i32, why: impl Into<String>) -> Self {
        Ran { err: why.into(), code, ..Ran::default() }
    }
}

/// Where a program runs.
pub struct Around<'a> {
    /// The container; `None` for a machine outside of the cluster's network.
    pub place: Option<&'a Place>,
    /// The cluster.
    pub tables: &'a Tables,
    /// The disks.
    pub disks: &'a mut Disks,
    /// The present.
    pub now: Time,
}

/// Runs a program on an input; `None` where the image has none of that name.
pub fn program(words: &[String], input: &str, around: &mut Around) -> Option<Ran> {
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
        "ps" => Some(Ran::out("PID   USER     TIME  COMMAND\n    1 root      0:00 ".to_owned() + &process_name(place) + "\n")),
        "whoami" => Some(Ran::out("root\n")),
        "id" => Some(Ran::out("uid=0(root) gid=0(root) groups=0(root)\n")),
        "uname" => Some(Ran::out("Linux\n")),
        "nginx" if words.get(1).is_some_and(|w| w == "-s") => Some(Ran::default()),
        _ => None,
    }
}

fn process_name(place: &Place) -> String {
    if place.command.is_empty() { place.app().process.to_owned() } else { place.command.join(" ") }
}

fn ask(name: &str, args: &[String], place: &Place, around: &Around) -> Ran {
    let kind_of = |word: &str| Some(RecordType::read(&word.to_uppercase()));
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
            word if name == "dig" && ["A", "AAAA", "SRV", "PTR", "TXT", "CNAME", "NS", "SOA"].contains(&word.to_uppercase().as_str()) => {
                kind = kind_of(word);
            }
            word => names.push(word.to_owned()),
        }
    }
    let Some(asked) = names.first() else { return Ran::failed(1, format!("{name}: a name to ask for is needed here\n")) };
    let tool = match name {
        "nslookup" if is_old_busybox(&place.image) => Tool::OldBusybox,
        "nslookup" if place.app().family == Family::Busybox => Tool::Busybox,
        "nslookup" => Tool::Nslookup,
        "host" => Tool::Host,
        _ => Tool::Dig { short, search, words: args.join(" ").into() },
    };
    let order = Order { tool, name: asked.as_str().into(), kind, config: place.resolver.clone() };
    let (printed, _) = run(around.tables, &order, around.now, &Options::default());
    Ran { out: printed.stdout, err: printed.stderr, code: printed.code }
}

/// `curl`, in a container and on the page.
pub fn curl(args: &[String], around: &mut Around) -> Ran {
    let (mut method, mut data, mut urls) = (None, None::<String>, Vec::new());
    let (mut silent, mut shows, mut fails, mut head, mut format) = (false, false, false, false, None);
    let mut hides = false;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" | "--request" => method = words.next().cloned(),
            "-d" | "--data" | "--data-raw" | "--data-binary" => data = words.next().cloned(),
            "-w" | "--write-out" => format = words.next().cloned(),
            "-o" | "--output" => hides = words.next().is_some_and(|w| w == "/dev/null"),
            "-m" | "--max-time" | "--connect-timeout" | "-H" | "--header" | "-A" | "--retry" => drop(words.next()),
            "-I" | "--head" => head = true,
            word if word.starts_with("--") => {}
            word if word.starts_with("-X") => method = Some(word[2..].to_owned()),
            word if word.starts_with('-') => {
                silent |= word.contains('s') && !word.contains('S');
                shows |= word.contains('i') || word.contains('v');
                fails |= word.contains('f');
                head |= word.contains('I');
            }
            word => urls.push(word.to_owned()),
        }
    }
    let Some(url) = urls.first() else { return Ran::failed(2, "curl: no URL specified\n") };
    let Some(mut request) = Request::get(url, "curl/8.5.0") else {
        return Ran::failed(1, format!("ordinal: {url} is not reached from here; only plain HTTP inside the cluster is.\n"));
    };
    request.method = method.unwrap_or_else(|| {
        if data.is_some() {
            "POST"
        } else if head {
            "HEAD"
        } else {
            "GET"
        }
        .to_owned()
    });
    request.body = data.unwrap_or_default();
    let host = request.host.clone();
    let answer = match send(around.place, &request, around.tables, around.disks, around.now) {
        Ok(answer) => answer,
        Err(refusal) => {
            let (code, why) = match refusal {
                Refusal::NoSuchName => (6, format!("Could not resolve host: {host}")),
                Refusal::Refused(_) => {
                    (7, format!("Failed to connect to {host} port {} after 0 ms: Couldn't connect to server", request.port))
                }
                Refusal::NoRoute(_) => {
                    (28, format!("Failed to connect to {host} port {} after 3000 ms: Timeout was reached", request.port))
                }
            };
            return Ran::failed(code, if silent { String::new() } else { format!("curl: ({code}) {why}\n") });
        }
    };
    if fails && answer.code() >= 400 {
        return Ran::failed(
            22,
            if silent { String::new() } else { format!("curl: (22) The requested URL returned error: {}\n", answer.code()) },
        );
    }
    let mut out = String::new();
    if shows || head {
        out = format!("HTTP/1.1 {}\nContent-Length: {}\n\n", answer.status, answer.body.len());
    }
    if !head && !hides {
        out.push_str(&answer.body);
    }
    if let Some(format) = format {
        out.push_str(&format.replace("%{http_code}", &answer.code().to_string()).replace("\\n", "\n"));
    }
    Ran::out(out)
}

fn wget(args: &[String], around: &mut Around) -> Ran {
    let (mut quiet, mut to, mut body, mut urls) = (false, None, String::new(), Vec::new());
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-T" | "--timeout" | "-t" => drop(words.next()),
            word if word.starts_with("--post-data=") => word["--post-data=".len()..].clone_into(&mut body),
            word if word.starts_with("--") => {}
            word if word.starts_with('-') => {
                quiet |= word.contains('q');
                if let Some((_, rest)) = word.split_once('O') {
                    to = if rest.is_empty() { words.next().cloned() } else { Some(rest.to_owned()) };
                }
            }
            word => urls.push(word.to_owned()),
        }
    }
    let Some(request) = urls.first().and_then(|url| Request::get(url, "Wget")) else {
        return Ran::failed(1, "ordinal: only plain HTTP inside the cluster is reached from here.\n");
    };
    let method = if body.is_empty() { "GET" } else { "POST" }.to_owned();
    let request = Request { method, body, ..request };
    let (host, port) = (request.host.clone(), request.port);
    match send(around.place, &request, around.tables, around.disks, around.now) {
        Ok(answer) if answer.code() >= 400 => Ran::failed(1, format!("wget: server returned error: HTTP/1.1 {}\n", answer.status)),
        Ok(answer) => {
            let is_shown = to.as_deref() == Some("-");
            let err = if quiet { String::new() } else { format!("Connecting to {host}:{port}\n") };
            Ran { out: if is_shown { answer.body } else { String::new() }, err, code: 0 }
        }
        Err(Refusal::NoSuchName) => Ran::failed(1, format!("wget: bad address '{host}'\n")),
        Err(Refusal::Refused(ip)) => Ran::failed(1, format!("wget: can't connect to remote host ({ip}): Connection refused\n")),
        Err(Refusal::NoRoute(_)) => Ran::failed(1, "wget: download timed out\n"),
    }
}
