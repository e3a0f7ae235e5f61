//! Programs in containers that reach beyond their own files: those of [`fetch`], `nslookup`, `dig`, `host`, `ps` and a few more.
//!
//! Promises: verbatim what the real programs print, as far as the model knows it; a program that its image lacks is not found,
//! and one that the image has but the model lacks is reported as not simulated.

use super::Disks;
use super::apps::{App, Family, is_old_busybox};
use super::fetch::{curl, wget};
use super::listening::is_other;
use super::place::Place;
use super::replicated;
use crate::base::printed::{Piece, Stream};
use crate::base::time::Time;
use crate::cluster::dns::tool::{Order, Tool, run};
use crate::cluster::dns::{Options, RecordType};
use crate::server::tables::Tables;

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

/// Whether an image has a program that is not simulated; one that is not in the table may have any.
pub fn is_not_simulated(name: &str, app: &App) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    let of_family = if app.family == Family::Busybox { OF_BUSYBOX } else { OF_DEBIAN };
    is_other(app) || [COMMON, of_family, app.tools].into_iter().flat_map(str::split_whitespace).any(|known| known == name)
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
