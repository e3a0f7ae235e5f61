//! `curl` and `wget`, in containers; `curl` on the page too.
//!
//! Promises: what the real programs print, as far as the model knows it; anything else is reported as not simulated.
//! Not modelled: addresses outside the cluster, anything but plain HTTP, headers, the time a request takes.

use super::context::ProgramContext;
use super::http::{Answer, Refusal, Request, send};
use super::ran::Ran;
use super::room::Room;
use base::note::Note;
use shell::{Host, Trouble, absolute, pause};

/// Milliseconds after which the user is assumed to interrupt a `curl` without a time limit.
const TIMEOUT_MS: u64 = 60_000;

/// What saves a text to a file. The error is the system's; `None` where no files are written.
type Save<'a> = dyn FnMut(&str, &str) -> Result<(), Option<Trouble>> + 'a;

/// The options of `curl`.
#[allow(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[derive(Default)]
pub struct Order {
    method: Option<String>,
    data: Option<String>,
    /// The address.
    pub url: Option<String>,
    /// The output file; `-` for standard output.
    to: Option<String>,
    /// What `-w` prints.
    format: String,
    is_silent: bool,
    shows_errors: bool,
    is_named_after_url: bool,
    shows_head: bool,
    fails: bool,
    is_head: bool,
    /// The time limit in seconds.
    seconds: Option<String>,
    /// An option that is not simulated.
    unknown: Option<String>,
}

/// Long options, and the letters of which they are the long form or behave like.
const LONG: [(&str, char); 27] = [
    ("request", 'X'),
    ("data", 'd'),
    ("data-raw", 'd'),
    ("data-binary", 'd'),
    ("write-out", 'w'),
    ("output", 'o'),
    ("remote-name", 'O'),
    ("max-time", 'm'),
    ("connect-timeout", 'H'),
    ("header", 'H'),
    ("user-agent", 'A'),
    ("retry", 'H'),
    ("head", 'I'),
    ("silent", 's'),
    ("show-error", 'S'),
    ("fail", 'f'),
    ("include", 'i'),
    ("verbose", 'v'),
    ("retry-delay", 'H'),
    ("retry-max-time", 'H'),
    ("user", 'u'),
    ("location", 'L'),
    ("insecure", 'k'),
    ("no-buffer", 'N'),
    ("compressed", 'L'),
    ("ipv4", '4'),
    ("http1.1", '4'),
];

impl Order {
    /// What these words order.
    pub fn read(args: &[String]) -> Order {
        let mut order = Order::default();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            if let Some(name) = word.strip_prefix("--") {
                let letter = LONG.iter().find(|(long, _)| *long == name).map(|(_, letter)| *letter);
                match letter {
                    Some(letter) => {
                        order.take(letter, &mut || words.next().cloned());
                    }
                    None => order.unknown = order.unknown.or_else(|| Some(word.clone())),
                }
                continue;
            }
            let Some(mut letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()).map(str::chars) else {
                order.url.get_or_insert_with(|| word.clone());
                continue;
            };
            // Of letters joined, one that wants a value takes what is left of the word, or the next word.
            while let Some(letter) = letters.next() {
                let rest = letters.as_str().to_owned();
                if order.take(letter, &mut || if rest.is_empty() { words.next().cloned() } else { Some(rest.clone()) }) {
                    break;
                }
            }
        }
        if order.is_named_after_url {
            order.to = order.url.as_deref().map(|url| url.rsplit('/').next().unwrap_or_default().to_owned());
        }
        order.is_silent &= !order.shows_errors;
        order
    }

    /// Takes an option; returns whether it took a value.
    fn take(&mut self, letter: char, value: &mut dyn FnMut() -> Option<String>) -> bool {
        match letter {
            'X' => self.method = value(),
            'd' => self.data = value(),
            'w' => self.format = value().unwrap_or_default(),
            'o' => self.to = value(),
            'm' => self.seconds = value(),
            'H' | 'A' | 'u' => drop(value()),
            _ => {
                match letter {
                    'O' => self.is_named_after_url = true,
                    'I' => self.is_head = true,
                    's' => self.is_silent = true,
                    'S' => self.shows_errors = true,
                    'f' => self.fails = true,
                    'i' | 'v' => self.shows_head = true,
                    // Nothing is encrypted here, redirected or buffered, and there are no addresses of version 6.
                    'L' | 'k' | 'N' | '4' => {}
                    _ => self.unknown = Some(format!("-{letter}")),
                }
                return false;
            }
        }
        true
    }

    /// What is said of an option that is not simulated.
    pub fn refusal(&self) -> Option<Ran> {
        self.unknown.as_ref().map(|option| Ran::note(Note::NotSimulated(format!("curl {option}"))))
    }

    /// What is ordered of a URL; `None` if it is not one of plain HTTP.
    pub fn request(&self, url: &str) -> Option<Request> {
        let request = Request::get(url, "curl/8.5.0")?;
        Some(Request { method: self.method().to_owned(), body: self.data.clone().unwrap_or_default(), ..request })
    }

    /// Prints or saves an answer.
    pub fn show(&self, answer: &Answer, save: &mut Save) -> Ran {
        let written = self.format.replace("\\n", "\n");
        if written.replace("%{http_code}", "").contains("%{") {
            return Ran::note(Note::CurlFormat(self.format.clone()));
        }
        if self.fails && answer.code() >= 400 {
            return self.failed(22, &format!("The requested URL returned error: {}", answer.code()));
        }
        let mut text = String::new();
        if self.shows_head || self.is_head {
            text = format!("HTTP/1.1 {}\nContent-Length: {}\n\n", answer.status, answer.body.len());
        }
        if !self.is_head {
            text.push_str(&answer.body);
        }
        match self.to.as_deref() {
            None | Some("-") => {}
            Some("/dev/null") => text.clear(),
            Some(path) => match save(path, &text) {
                Ok(()) => text.clear(),
                Err(None) => return Ran::note(Note::CurlFiles),
                Err(Some(_)) => return self.failed(23, "Failure writing output to destination"),
            },
        }
        Ran::out(text + &written.replace("%{http_code}", &answer.code().to_string()))
    }

    fn method(&self) -> &str {
        match &self.method {
            Some(method) => method,
            None if self.data.is_some() => "POST",
            None if self.is_head => "HEAD",
            None => "GET",
        }
    }

    /// A failure with `curl`'s message, unless it is silenced.
    fn failed(&self, code: i32, why: &str) -> Ran {
        Ran::failed(code, if self.is_silent { String::new() } else { format!("curl: ({code}) {why}\n") })
    }
}

/// `curl`.
pub fn curl(args: &[String], around: &mut ProgramContext) -> Ran {
    let order = Order::read(args);
    if let Some(refused) = order.refusal() {
        return refused;
    }
    let Some(url) = &order.url else { return Ran::failed(2, "curl: no URL specified\n") };
    let Some(request) = order.request(url) else {
        return Ran::note(Note::Unreachable(url.clone()));
    };
    let (host, port) = (&request.host, request.port);
    let answer = match send(around.place, &request, around.tables, around.disks, around.now) {
        Ok(answer) => answer,
        Err(Refusal::NoSuchName) => return order.failed(6, &format!("Could not resolve host: {host}")),
        Err(Refusal::Refused(_)) => {
            return order.failed(7, &format!("Failed to connect to {host} port {port} after 0 ms: Couldn't connect to server"));
        }
        Err(Refusal::NoRoute(_)) => {
            return order.failed(28, &format!("Failed to connect to {host} port {port} after 3000 ms: Timeout was reached"));
        }
        Err(Refusal::Silent(_)) => {
            let limit = order.seconds.as_deref().and_then(pause).unwrap_or(TIMEOUT_MS);
            return order.failed(28, &format!("Operation timed out after {limit} milliseconds with 0 bytes received"));
        }
        Err(Refusal::Closed(_)) => return order.failed(52, "Empty reply from server"),
        Err(Refusal::Unknown(_)) => {
            return Ran::note(Note::Listens(format!("{host}:{port}")));
        }
    };
    order.show(&answer, &mut |path, text| save(path, text, around))
}

/// Saves what was fetched to a file of the container. The error is the system's; `None` if there is no container.
fn save(path: &str, text: &str, around: &mut ProgramContext) -> Result<(), Option<Trouble>> {
    let path = absolute(around.folder, path);
    Room { place: around.place.ok_or(None)?, disks: around.disks, now: around.now }.write(&path, text).map_err(Some)
}

/// The options of `wget`.
#[derive(Default)]
pub struct Wget {
    /// Whether it tells nothing of what it does.
    pub is_quiet: bool,
    /// Whether it saves nothing.
    pub only_looks: bool,
    /// What it posts.
    pub body: String,
    /// The address.
    pub url: Option<String>,
    to: Option<String>,
}

impl Wget {
    /// What these words order.
    pub fn read(args: &[String]) -> Wget {
        let mut order = Wget::default();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-T" | "--timeout" | "-t" => drop(words.next()),
                "--spider" => order.only_looks = true,
                "--quiet" => order.is_quiet = true,
                word if word.starts_with("--post-data=") => word["--post-data=".len()..].clone_into(&mut order.body),
                word if word.starts_with("--") => {}
                word if word.starts_with('-') => {
                    order.is_quiet |= word.contains('q');
                    if let Some((_, rest)) = word.split_once('O') {
                        order.to = if rest.is_empty() { words.next().cloned() } else { Some(rest.to_owned()) };
                    }
                }
                word => drop(order.url.get_or_insert_with(|| word.to_owned())),
            }
        }
        order
    }

    /// The file to write: the one that is named, or the last part of a path; `-` for standard output.
    pub fn target<'a>(&'a self, path: &'a str) -> &'a str {
        let named = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("index.html");
        self.to.as_deref().unwrap_or(named)
    }
}

/// `wget`, as busybox has it.
pub(super) fn wget(args: &[String], around: &mut ProgramContext) -> Ran {
    let order = Wget::read(args);
    let url = order.url.clone().unwrap_or_default();
    let Some(request) = Request::get(&url, "Wget") else { return Ran::note(Note::Unreachable(url)) };
    let method = if order.body.is_empty() { "GET" } else { "POST" }.to_owned();
    let request = Request { method, body: order.body.clone(), ..request };
    let (host, port) = (request.host.clone(), request.port);
    let answer = match send(around.place, &request, around.tables, around.disks, around.now) {
        Ok(answer) if answer.code() >= 400 => {
            return Ran::failed(1, format!("wget: server returned error: HTTP/1.1 {}\n", answer.status));
        }
        Ok(answer) => answer,
        Err(Refusal::NoSuchName) => return Ran::failed(1, format!("wget: bad address '{host}'\n")),
        Err(Refusal::Refused(ip)) => return Ran::failed(1, format!("wget: can't connect to remote host ({ip}): Connection refused\n")),
        Err(Refusal::NoRoute(_) | Refusal::Silent(_)) => return Ran::failed(1, "wget: download timed out\n"),
        Err(Refusal::Closed(_)) => return Ran::failed(1, "wget: error getting response\n"),
        Err(Refusal::Unknown(_)) => {
            return Ran::note(Note::Listens(format!("{host}:{port}")));
        }
    };
    let err = if order.is_quiet { String::new() } else { format!("Connecting to {host}:{port}\n") };
    let path = order.target(&request.path);
    let out = if path == "-" { answer.body.clone() } else { String::new() };
    if !order.only_looks
        && !matches!(path, "-" | "/dev/null")
        && let Err(why) = save(path, &answer.body, around)
    {
        return Ran::failed(1, format!("wget: can't open '{path}': {}\n", why.unwrap_or(Trouble::ReadOnly)));
    }
    Ran { out, err, ..Ran::default() }
}
