//! Actions that kubectl does not have: `playground VERB WHAT NAME`.

use super::comparison_deployment;
use api::kind::Kind;
use api::object::pod_status::KILLED;
use api::object::{NamespacedName, ObjectKey};
use api::release::Release;
use causes::command::read_naming;
use cluster::dns::cache::{Keeps, PROFILES};
use cluster::images::Behaviour;
use cluster::inside::clients::Order;
use console::Said;
use kubectl::{Files, settings};
use sim::{Fault, Refused, Sim};
use text::{Instead, Lang};
use view::{Snapshot, changes, why};

/// The object that one of the page's own commands names, in the current namespace unless it names another.
pub fn object(words: &[String], current: &str) -> Option<ObjectKey> {
    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let (namespace, words) = read_naming(&words, current)?;
    let [_, what, name, ..] = words.as_slice() else { return None };
    let kind = Kind::ALL.iter().copied().find(|kind| kind.info().singular == *what)?;
    let namespace = if kind.is_namespaced() { namespace } else { "" };
    Some(ObjectKey::new(kind, &namespace.into(), &(*name).into()))
}

/// What answers a question: the words after it give the text, and the exit code.
pub type Answers = fn(&Snapshot, &[&str]) -> (String, i32);

/// What answers a command, and its further words, if the command is a question.
pub fn question(words: &[String]) -> Option<(Answers, Vec<&str>)> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["why", rest @ ..] | ["playground", "why", rest @ ..] => Some((why::told, rest.to_vec())),
        ["playground", "diff", rest @ ..] => Some((changes::told, rest.to_vec())),
        _ => None,
    }
}

/// The exit code of an unknown command.
const NOT_FOUND: i32 = 127;

/// Why a line failed.
enum Failure {
    /// It is not a valid command.
    NotUnderstood,
    /// Its object does not exist, or cannot do that.
    Refused(Refused),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Failure::Refused(refused)
    }
}

/// [`own`] for terminals that nobody reads.
pub fn in_english(sim: &mut Sim, files: &Files, words: &[String]) -> Said {
    own(sim, words, settings::current_namespace(files), Lang::English)
}

/// Executes the page's own commands, `playground VERB WHAT NAME`, in the current namespace unless they name another.
pub fn own(sim: &mut Sim, words: &[String], current: &str, lang: Lang) -> Said {
    let text = &lang.text().terminal;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = |text: String, code| Said { text, code, acted: false };
    if words == ["help"] {
        return said(format!("{}\n", text.usage()), 0);
    }
    let ["playground", line @ ..] = words.as_slice() else {
        let word = words.first().unwrap_or(&"");
        let instead = Instead::of(word).map_or_else(String::new, |wanted| format!("{}\n", text.instead(wanted)));
        return said(format!("{}\n{instead}", text.unknown(word)), NOT_FOUND);
    };
    match act(sim, line, current, lang) {
        Ok((text, acted)) => Said { text, code: 0, acted },
        Err(Failure::NotUnderstood) => said(format!("{}\n", text.usage()), 1),
        Err(Failure::Refused(why)) => said(format!("playground: {}\n", text.refused(&why, &why.to_string())), 1),
    }
}

/// Executes a line; returns its output, and whether it did anything.
fn act(sim: &mut Sim, line: &[&str], current: &str, lang: Lang) -> Result<(String, bool), Failure> {
    let (namespace, words) = read_naming(line, current).ok_or(Failure::NotUnderstood)?;
    if let [verb, what, name, rest @ ..] = words.as_slice()
        && let Some(fault) = fault_called(verb, what, namespace, name, rest).or_else(|| lag(sim, verb, what, name, rest))
    {
        let changed = sim.is_changed_by(&fault);
        sim.fault(&fault)?;
        return Ok((format!("{}\n", lang.text().terminal.done(&fault, changed)), changed));
    }
    match words.as_slice() {
        ["add", "nodes", count] => sim.add_nodes(number(count)?)?,
        ["break", "image", image] => tell_image(sim, image, "broken")?,
        ["mend", "image", image] => tell_image(sim, image, "well")?,
        ["image", image, does] => tell_image(sim, image, does)?,
        ["upgrade", "release", name] => sim.upgrade(Release::named(name).ok_or(Failure::NotUnderstood)?),
        ["cache", "dns", profile] => {
            let (_, keeps) = PROFILES.iter().find(|(name, _)| name == profile).ok_or(Failure::NotUnderstood)?;
            sim.cache_names(*keeps);
        }
        ["cache", "dns", found, denied] => sim.cache_names(Keeps { found: number(found)?, denied: number(denied)? }),
        ["run", "provisioner", name] => sim.run_provisioner(name),
        ["write", "statefulset", set] => sim.write_names(&NamespacedName::of(namespace, set))?,
        ["write", "statefulset", set, count] => {
            sim.write_to(&NamespacedName::of(namespace, set), number(count)?)?;
        }
        ["ask", host] => ask(sim, namespace, host, ASKED, "")?,
        ["ask", host, count] => ask(sim, namespace, host, number(count)?, "")?,
        ["ask", host, count, body] => ask(sim, namespace, host, number(count)?, body)?,
        ["beside", "statefulset", set, shares @ ..] if matches!(shares, [] | ["shared"]) => {
            let manifest =
                comparison_deployment::manifest(sim, namespace, set, !shares.is_empty()).ok_or_else(|| Refused::NoSet((*set).into()))?;
            return Ok((manifest, false));
        }
        _ => return Err(Failure::NotUnderstood),
    }
    Ok((String::new(), true))
}

/// How often a client asks, unless it is told.
const ASKED: u32 = 60;
/// Where a client asks, unless it is told.
const PORT: i64 = 80;

/// Makes a client ask a host, with a port if one follows a colon; it sends `body` along, if that is not empty.
fn ask(sim: &mut Sim, namespace: &str, host: &str, count: u32, body: &str) -> Result<(), Failure> {
    let (host, port) = match host.split_once(':') {
        Some((host, port)) => (host, number(port)?),
        None => (host, PORT),
    };
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    if host.is_empty() || !host.chars().all(is_letter) {
        return Err(Failure::NotUnderstood);
    }
    sim.ask(&namespace.into(), &Order { host, port, count, body });
    Ok(())
}

fn number<N: std::str::FromStr>(word: &str) -> Result<N, Failure> {
    word.parse().map_err(|_| Failure::NotUnderstood)
}

/// The fault that words stand for, if they stand for one.
fn fault_called(verb: &str, what: &str, namespace: &str, name: &str, rest: &[&str]) -> Option<Fault> {
    let (namespace, pod, node) = (namespace.into(), name.into(), name.into());
    Some(match (verb, what, rest) {
        ("unready", "pod", []) => Fault::PodUnready { namespace, pod },
        ("ready", "pod", []) => Fault::PodReady { namespace, pod },
        ("freeze", "pod", []) => Fault::PodFrozen { namespace, pod },
        ("crash", "pod", [] | [_]) => {
            Fault::Crash { namespace, pod, container: rest.first().copied().unwrap_or_default().into(), exit_code: KILLED }
        }
        ("stop", "node", []) => Fault::PowerOff { node },
        ("cut", "node", []) => Fault::NodeDown { node },
        ("start", "node", []) => Fault::NodeUp { node, restart_containers: false },
        _ => return None,
    })
}

/// The longest delay on the way to a node, in milliseconds, and the most messages of which one is lost.
const LONGEST: usize = 600_000;
const RAREST: usize = 100;

/// A node whose messages take so long, beside what it loses, or that loses every message of so many, beside what they take.
fn lag(sim: &Sim, verb: &str, what: &str, name: &str, rest: &[&str]) -> Option<Fault> {
    let link = sim.machines_by_node().get(name).map(|machine| machine.link).unwrap_or_default();
    let (node, [word]) = (name.into(), rest) else { return None };
    let millis = || match word.strip_suffix("ms") {
        Some(millis) => millis.parse().ok(),
        None => word.strip_suffix('s').unwrap_or(word).parse::<usize>().ok()?.checked_mul(1000),
    };
    Some(match (verb, what) {
        ("delay", "node") => {
            Fault::NodeLags { node, millis: millis().filter(|millis| *millis <= LONGEST)?, loses: usize::try_from(link.loses).ok()? }
        }
        ("lose", "node") => Fault::NodeLags {
            node,
            millis: usize::try_from(link.delay.0).ok()?,
            loses: word.parse().ok().filter(|loses| *loses != 1 && *loses <= RAREST)?,
        },
        _ => return None,
    })
}

/// Sets an image's behaviour, which applies to containers started later.
fn tell_image(sim: &mut Sim, image: &str, does: &str) -> Result<(), Failure> {
    sim.images_mut().tell(image, Behaviour::named(does).ok_or(Failure::NotUnderstood)?);
    Ok(())
}
