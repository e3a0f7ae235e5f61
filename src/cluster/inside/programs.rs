//! Programs in containers that reach beyond their own files: those of [`fetch`], `nslookup`, `dig`, `host`, `ps` and a few more.
//!
//! Promises: verbatim what the real programs print, as far as the model knows it; a program that its image lacks is not found,
//! and one that the image has but the model lacks is reported as not simulated.

use super::Disks;
use super::apps::{Family, app_of, is_old_busybox};
use super::environment::DEFAULT_PATH;
use super::fetch::{curl, wget};
use super::listening::{is_built_otherwise, is_other};
use super::place::Place;
use super::replicated;
use crate::base::printed::{Piece, Stream};
use crate::base::time::Time;
use crate::cluster::dns::tool::{Order, Tool, run};
use crate::cluster::dns::{Options, RecordType};
use crate::server::tables::Tables;
use crate::shell::is_tool;

/// A program's output and exit code.
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

    /// The outcome of a process with this exit code and output.
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

/// The surroundings of a program.
pub struct Around<'a> {
    /// The container; `None` for a machine outside the cluster network.
    pub place: Option<&'a Place>,
    /// The cluster.
    pub tables: &'a Tables,
    /// The disks.
    pub disks: &'a mut Disks,
    /// The present.
    pub now: Time,
    /// The working directory.
    pub folder: &'a str,
}

/// Programs that are not simulated, of every image, and further ones of busybox and of Debian. apps.rs has those of single images.
const COMMON: &str = "arch cksum chgrp chroot cmp comm dd df dmesg expand expr factor fallocate find flock fold getopt groups gunzip gzip \
                      hostid install kill link ln logger login logname losetup md5sum mesg mkfifo mknod mktemp more mount mountpoint nice nl \
                      nologin nproc nsenter od passwd paste pidof readlink realpath renice reset rev rmdir run-parts setpriv \
                      setsid sha1sum sha256sum sha512sum shred shuf split stat su sum swapoff swapon tar taskset truncate tty \
                      umount unexpand unlink unshare users which who yes zcat";
const OF_BUSYBOX: &str = "adduser addgroup arp arping bc bunzip2 bzip2 cal chpasswd cpio crond crontab dc deluser dos2unix ed free fuser \
                          halt hexdump httpd ifconfig ip ipcalc iostat killall less lsof lzcat microcom mpstat nc netstat ntpd patch pgrep \
                          ping ping6 pkill pmap pstree reboot route sha3sum strings sysctl syslogd telnet tftp top traceroute traceroute6 tree ts \
                          ttysize unix2dos unxz unzip uptime usleep uudecode uuencode vconfig vi whois xxd xz";
const OF_DEBIAN: &str = "apt apt-cache apt-get apt-mark b2sum base32 basenc chage chcon chfn chrt chsh csplit \
                         diff3 dir dircolors dpkg dpkg-query fmt getconf getent groupadd groupmod iconv ionice ipcs join last ldconfig ldd \
                         locale lsblk lscpu lsmem mawk namei newgrp numfmt pathchk perl pinky pr prlimit ptx script sdiff sha224sum \
                         sha384sum stdbuf tabs tput tset tsort useradd userdel usermod vdir wall zgrep zless";

/// Programs that are simulated by [`program`], or that the shell runs as commands of its own.
const RUN_HERE: &str = "[ clear env false id nohup printenv ps pwd sh sleep stty test timeout true uname wget whoami xargs";
const RUN_IN_BUSYBOX: &str = "[[ ash nslookup time watch";
const RUN_IN_DEBIAN: &str = "bash curl dash rbash";
const OF_BIND: &str = "dig host nslookup";
/// Commands of shells, which are no programs, and are not simulated.
const OF_SHELLS: &str = "bg bind builtin caller compgen complete dirs disown enable fc fg getopts hash help history jobs let mapfile popd \
                         pushd readarray suspend times type typeset ulimit umask unalias";

fn is_in(lists: &[&str], name: &str) -> bool {
    lists.iter().flat_map(|list| list.split_whitespace()).any(|known| known == name)
}

/// The programs of an image's family that are not simulated: what is built on Alpine has those of busybox, too.
fn of_family(image: &str) -> [&'static str; 2] {
    match app_of(image).family {
        Family::Busybox => [OF_BUSYBOX, ""],
        _ if image.contains("alpine") => [OF_BUSYBOX, OF_DEBIAN],
        _ => [OF_DEBIAN, ""],
    }
}

/// What comes closest to a program that is not simulated, for who would use it.
pub fn instead_of(name: &str) -> &'static str {
    match name.rsplit('/').next().unwrap_or_default() {
        "kill" | "killall" | "killall5" | "pkill" => {
            "; outside, `playground freeze pod NAME` makes its processes hang, and `kubectl delete pod NAME` ends them"
        }
        "df" => "; `du -sh DIRECTORY` tells what files take, and `kubectl get pvc` outside how large volumes are",
        _ => "",
    }
}

/// Whether an image has a program that is not simulated; one that is not in the table may have any.
pub fn is_not_simulated(name: &str, image: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    let app = app_of(image);
    is_other(app) || is_built_otherwise(image) || is_in(&[COMMON, app.tools], name) || is_in(&of_family(image), name)
}

/// Whether the program of a container's own is one that a known image has, or may have, and that is not simulated: neither how long it
/// runs nor what it answers is known then.
pub fn is_supposed_to_serve(program: &str, image: &str) -> bool {
    let (folder, name) = program.rsplit_once('/').unwrap_or(("", program));
    let is_elsewhere = program.contains('/') && !DEFAULT_PATH.split(':').any(|known| known == folder);
    let app = app_of(image);
    let is_simulated =
        app.is_server(name) || app.client(name).is_some() || is_in(&[RUN_HERE, RUN_IN_BUSYBOX, RUN_IN_DEBIAN], name) || is_tool(name);
    !is_other(app) && !is_simulated && (is_elsewhere || is_not_simulated(name, image))
}

/// Whether a shell has a command of its own that is not simulated.
pub fn is_of_shells(name: &str) -> bool {
    is_in(&[OF_SHELLS], name)
}

/// Whether an image has bash, or may have it: what is known to be built on Alpine has it only where its own scripts are written for it.
pub fn has_bash(image: &str) -> bool {
    let app = app_of(image);
    app.family != Family::Busybox && (is_other(app) || !image.contains("alpine") || app.name == "postgres")
}

/// Whether an image has a program with this name, simulated or not, as a file: what only a shell knows is none.
pub fn has_file(name: &str, place: &Place) -> bool {
    let app = place.app();
    if name == "bash" && !has_bash(&place.image) {
        return false;
    }
    let here = match app.family {
        Family::Busybox => [RUN_IN_BUSYBOX, ""],
        Family::Debian => [RUN_IN_DEBIAN, ""],
        Family::WithBind => [RUN_IN_DEBIAN, OF_BIND],
    };
    is_in(&[RUN_HERE], name)
        || is_in(&here, name)
        || place.image.contains("alpine") && is_in(&[RUN_IN_BUSYBOX], name)
        || place.brings_tool(name)
        || app.client(name).is_some()
        || app.is_server(name)
        || is_not_simulated(name, &place.image)
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
        "ps" => Some(Ran::out(format!("PID   USER     TIME  COMMAND\n    1 {:<8}  0:00 {}\n", place.user.name(), process_name(place)))),
        "whoami" => Some(Ran::out(place.user.name() + "\n")),
        "id" => Some(place.user.id(args)),
        "uname" => Some(match args {
            [] => Ran::out("Linux\n"),
            [one] if one == "-s" => Ran::out("Linux\n"),
            [one] if one == "-n" => Ran::out(format!("{}\n", place.hostname)),
            _ => Ran::failed(1, format!("ordinal: uname {} is not simulated.\n", args.join(" "))),
        }),
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
    let Some(asked) = names.first() else { return Ran::failed(1, format!("{name}: a name to look up is needed here\n")) };
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
