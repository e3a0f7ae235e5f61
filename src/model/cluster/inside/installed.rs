//! Which programs an image has, and where: those that are simulated, those that are not, and those that nobody knows of.

use super::apps::{is_built_otherwise, is_other};
use super::environment::DEFAULT_PATH;
use super::place::ContainerInfo;
use crate::programs::{Base, Family, PLACES, app_of};
use base::image_name::name_and_tag;
use shell::programs::{Dialect, Places, is_lacking, is_simulated};

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

impl Base {
    pub(super) fn of(image: &str) -> Base {
        let (name, tag) = name_and_tag(image);
        match app_of(image).family {
            _ if name.contains("alpine") || tag.contains("alpine") => Base::Alpine,
            Family::Busybox => Base::Busybox,
            Family::Debian | Family::WithBind | Family::Bare => Base::Debian,
        }
    }
}

/// The folder of a program that an image has.
pub(super) fn program_folder(name: &str, image: &str) -> &'static str {
    let base = Base::of(image);
    let mut places = PLACES.iter().filter(|(of, ..)| of.is_none_or(|of| of == base));
    let own = places.find(|(.., programs)| programs.split(' ').any(|known| known == name));
    own.map_or(if base == Base::Busybox { "/bin" } else { "/usr/bin" }, |(_, folder, _)| folder)
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
        Family::Bare => Places::NOWHERE,
    };
    if is_other(app) || Base::of(image) == Base::Alpine { own.and(Places::BUSYBOX) } else { own }
}

/// Whether nobody knows what programs an image has.
fn may_have_any(image: &str) -> bool {
    let app = app_of(image);
    is_other(app) || app.has_more && app.family != Family::Bare || is_built_otherwise(image)
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
    !matches!(app.family, Family::Busybox | Family::Bare) && (is_other(app) || app.bash_on_alpine || Base::of(image) != Base::Alpine)
}

/// Whether an image has a program of this name that the shell or [`program`](super::programs::program) may run.
pub fn runs(name: &str, image: &str) -> bool {
    is_simulated(name, places(image)) && (name != "bash" || has_bash(image))
}

/// Whether `name` is an executable file of the container's image, simulated or not. Shell builtins are not.
pub fn has_file(name: &str, place: &ContainerInfo) -> bool {
    let app = place.app();
    let is_here = runs(name, &place.image) || app.client(name).is_some() || app.is_server(name) || is_not_simulated(name, &place.image);
    is_here && (name != "bash" || has_bash(&place.image))
}

/// Whether an image is sure to have it: of one that nobody knows, what is simulated is.
pub fn surely_has_file(name: &str, place: &ContainerInfo) -> bool {
    if may_have_any(&place.image) { runs(name, &place.image) } else { has_file(name, place) }
}

/// Whether a program is a server that goes to the background, so that whoever ran it goes on: nginx does, unless its options or its
/// configuration tell it to stay.
pub fn goes_to_background(words: &[String], place: &ContainerInfo) -> bool {
    let name = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    let is_plain = words[1..].chunks(2).all(|pair| matches!(pair, [option, text] if option == "-g" && !text.contains("daemon")));
    let is_set_up = ["/etc", "/etc/nginx", "/etc/nginx/nginx.conf"].into_iter().any(|path| place.is_mounted(path));
    let is_server = matches!(name, "nginx" | "nginx-debug") && place.app().is_server(name);
    is_server && is_plain && !is_set_up && !is_built_otherwise(&place.image)
}

/// The command of a container's first process, as `ps` has it.
pub(super) fn process_name<W: AsRef<str>>(image: &str, command: &[W]) -> String {
    if command.is_empty() { app_of(image).process.to_owned() } else { command.iter().map(W::as_ref).collect::<Vec<_>>().join(" ") }
}
