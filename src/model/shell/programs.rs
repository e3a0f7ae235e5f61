//! Which commands there are: what shells have of their own, and the programs of the terminal's machine and of images.
//!
//! Promises: whoever asks whether something is there, is run, or is not simulated asks this table and that of the
//! [`super::tools`], which have a row each.
//! Must not know: which image has which programs beside those of its family.

pub use super::dialect::Dialect;
pub use super::places::Places;
use super::tools;
use base::distance::distance;

/// Where a command is found, and who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Shell,
    /// In a shell, and not simulated.
    ShellLacking,
    /// In a file; run by the shell itself or by whoever began the shell.
    File,
    /// In a file, and not simulated.
    FileLacking,
}

/// Names that are found alike at the same places.
struct Row(Home, Places, &'static str);

static ROWS: [Row; 17] = [
    Row(
        Home::Shell,
        Places::SHELLS,
        ". : [ break cd command continue echo eval exec exit export false kill local printf pwd read readonly return set shift test trap \
         true unset wait",
    ),
    Row(Home::Shell, Places::BASH, "shopt source"),
    Row(Home::ShellLacking, Places::SHELLS, "alias bg fc fg getopts hash jobs times type ulimit umask unalias"),
    Row(
        Home::ShellLacking,
        Places::BASH,
        "bind builtin caller compgen complete declare dirs disown enable help history let mapfile popd pushd readarray suspend typeset",
    ),
    Row(Home::File, Places::EVERYWHERE, "[ clear env false nohup printenv pwd sh sleep stty test true wget xargs"),
    Row(Home::File, Places::IMAGES, "id kill ps uname whoami"),
    Row(Home::File, Places::DESK.and(Places::BUSYBOX), "watch"),
    Row(Home::File, Places::BUSYBOX, "[[ ash killall nslookup pkill time"),
    Row(Home::File, Places::DESK.and(Places::DEBIAN), "bash curl"),
    Row(Home::File, Places::DEBIAN, "dash rbash"),
    Row(Home::File, Places::BIND, "dig host nslookup"),
    Row(Home::File, Places::DESK, "kubectl ssh sudo"),
    Row(Home::FileLacking, Places::EVERYWHERE, "basename diff dirname du egrep expr fgrep find tac timeout uniq which"),
    Row(Home::FileLacking, Places::DESK, "column"),
    Row(
        Home::FileLacking,
        Places::IMAGES,
        "arch cksum chgrp chroot cmp comm dd df dmesg expand factor fallocate flock fold getopt groups gunzip gzip hostid install \
         link ln logger login logname losetup md5sum mesg mkfifo mknod mktemp mount mountpoint nice nl nologin nproc nsenter od passwd \
         paste pidof readlink realpath renice reset rev rmdir run-parts setpriv setsid sha1sum sha256sum sha512sum shred shuf split stat su \
         sum swapoff swapon tar taskset truncate tty umount unexpand unlink unshare users who yes zcat",
    ),
    Row(
        Home::FileLacking,
        Places::BUSYBOX,
        "adduser addgroup arp arping bc bunzip2 bzip2 cal chpasswd cpio crond crontab dc deluser dos2unix ed free fuser halt hexdump httpd \
         ifconfig ip ipcalc iostat lsof lzcat microcom mpstat nc netstat ntpd patch pgrep ping ping6 pmap pstree reboot route \
         sha3sum strings sysctl syslogd telnet tftp top traceroute traceroute6 tree ts ttysize unix2dos unxz unzip uptime usleep uudecode \
         uuencode vconfig vi whois xxd xz",
    ),
    Row(
        Home::FileLacking,
        Places::DEBIAN,
        "apt apt-cache apt-get apt-mark b2sum base32 basenc chage chcon chfn chrt chsh csplit diff3 dir dircolors dpkg dpkg-query fmt getconf \
         getent groupadd groupmod iconv ionice ipcs join last ldconfig ldd locale lsblk lscpu lsmem mawk namei newgrp numfmt pathchk perl \
         pinky pr prlimit ptx script sdiff sha224sum sha384sum stdbuf tabs tput tset tsort useradd userdel usermod vdir wall zgrep zless",
    ),
];

fn is_in(homes: &[Home], name: &str, at: Places) -> bool {
    let rows = ROWS.iter().filter(|row| homes.contains(&row.0) && row.1.meet(at));
    rows.flat_map(|row| row.2.split(' ')).any(|known| known == name)
}

/// Whether shells of a kind have a command of this name of their own, simulated or not.
pub fn is_builtin(name: &str, shell: Places) -> bool {
    is_in(&[Home::Shell, Home::ShellLacking], name, shell)
}

/// Whether a shell has a command of this name that is not simulated.
pub fn is_builtin_lacking(name: &str) -> bool {
    is_in(&[Home::ShellLacking], name, Places::SHELLS)
}

/// Whether a program of this name is at one of these places and is simulated.
pub fn is_simulated(name: &str, at: Places) -> bool {
    tools::find(name).is_some_and(|tool| tool.at.meet(at)) || is_in(&[Home::File], name, at)
}

/// Whether a program of this name is at one of these places and is not simulated.
pub fn is_lacking(name: &str, at: Places) -> bool {
    is_in(&[Home::FileLacking], name, at)
}

/// The greatest distance between a word and the program that was meant, and the fewest letters of one that is meant.
const LETTERS_APART: usize = 1;
const LEAST: usize = 4;

/// The program that was probably meant by a name that none has.
pub fn meant(name: &str) -> Option<&'static str> {
    let files = ROWS.iter().filter(|row| row.0 == Home::File).flat_map(|row| row.2.split(' '));
    let mut known = files.chain(tools::names()).filter(|known| known.len() >= LEAST);
    let is_any = ROWS.iter().flat_map(|row| row.2.split(' ')).any(|known| known == name) || tools::find(name).is_some();
    known.find(|known| !is_any && distance(name, known) <= LETTERS_APART)
}
