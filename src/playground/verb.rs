//! What can be done to the cluster that kubectl cannot do: `playground VERB WHAT NAME`.

use super::beside;
use crate::cluster::images::Behaviour;
use crate::sim::{Fault, Refused, Sim};
use crate::text::Lang;
use crate::view::Identity;
use crate::view::command::Faults;

/// What the timeline says of a line: its verb, and for what it was.
pub fn label(line: &str) -> String {
    let words = line.split_whitespace().skip(1).take_while(|word| !word.starts_with('-'));
    words.take(3).collect::<Vec<_>>().join(" ")
}

/// The words of a question: what follows `why`.
pub fn question(words: &[String]) -> Option<Vec<&str>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["why", rest @ ..] | ["playground", "why", rest @ ..] => Some(rest.to_vec()),
        _ => None,
    }
}

/// The exit code of a command that there is not.
const NOT_FOUND: i32 = 127;

/// Why a line came to nothing.
enum Failure {
    /// It is no line of this program.
    NotUnderstood,
    /// It is about what is not there, or cannot be.
    Refused(Refused),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Failure::Refused(refused)
    }
}

/// What the page itself understands: `playground VERB WHAT NAME`. What it says, and the exit code.
pub fn own(sim: &mut Sim, faults: &mut Faults, words: &[String], lang: Lang) -> (String, i32) {
    let text = &lang.text().terminal;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["playground", line @ ..] = words.as_slice() else {
        return (format!("{}\n", (text.unknown)(words.first().unwrap_or(&""))), NOT_FOUND);
    };
    match act(sim, faults, line) {
        Ok(said) => (said, 0),
        Err(Failure::NotUnderstood) => (format!("{}\n", text.usage), 1),
        Err(Failure::Refused(why)) => (format!("playground: {}\n", (text.refused)(&why)), 1),
    }
}

/// Does what a line says; what it prints.
fn act(sim: &mut Sim, faults: &mut Faults, line: &[&str]) -> Result<String, Failure> {
    let namespace = line.iter().find_map(|word| word.strip_prefix("--namespace=")).unwrap_or("default");
    let words: Vec<&str> = line.iter().copied().filter(|word| !word.starts_with("--namespace=")).collect();
    match words.as_slice() {
        ["unready", "pod", pod] => hold_ready(sim, faults, namespace, pod, false)?,
        ["ready", "pod", pod] => hold_ready(sim, faults, namespace, pod, true)?,
        ["freeze", "pod", pod] => sim.fault(&Fault::PodFrozen { namespace: namespace.into(), pod: (*pod).into() })?,
        ["stop", "node", node] => sim.fault(&Fault::PowerOff { node: (*node).into() })?,
        ["cut", "node", node] => sim.fault(&Fault::NodeDown { node: (*node).into() })?,
        ["start", "node", node] => sim.fault(&Fault::NodeUp { node: (*node).into(), restart_containers: false })?,
        ["add", "nodes", count] => sim.add_nodes(number(count)?)?,
        ["break", "image", image] => tell_image(sim, faults, image, "broken")?,
        ["mend", "image", image] => tell_image(sim, faults, image, "well")?,
        ["image", image, does] => tell_image(sim, faults, image, does)?,
        ["write", "statefulset", set] => sim.write_to(namespace, set, 1)?,
        ["write", "statefulset", set, count] => sim.write_to(namespace, set, number(count)?)?,
        ["beside", "statefulset", set] => {
            return beside::manifest(sim, namespace, set).ok_or_else(|| Refused::NoSet((*set).into()).into());
        }
        _ => return Err(Failure::NotUnderstood),
    }
    Ok(String::new())
}

fn number<N: std::str::FromStr>(word: &str) -> Result<N, Failure> {
    word.parse().map_err(|_| Failure::NotUnderstood)
}

fn hold_ready(sim: &mut Sim, faults: &mut Faults, namespace: &str, pod: &str, ready: bool) -> Result<(), Refused> {
    let (ns, name) = (namespace.into(), pod.into());
    let fault = if ready { Fault::PodReady { namespace: ns, pod: name } } else { Fault::PodUnready { namespace: ns, pod: name } };
    sim.fault(&fault)?;
    let identity = Identity { namespace: namespace.to_owned(), pod: pod.to_owned() };
    if ready {
        faults.unready.remove(&identity);
    } else {
        faults.unready.insert(identity);
    }
    Ok(())
}

/// Says what an image does from now on: containers that start later do it.
fn tell_image(sim: &mut Sim, faults: &mut Faults, image: &str, does: &str) -> Result<(), Failure> {
    let behaviour = Behaviour::named(does).ok_or(Failure::NotUnderstood)?;
    sim.images_mut().tell(image, behaviour);
    if behaviour == Behaviour::default() {
        faults.broken.remove(image);
    } else {
        faults.broken.insert(image.to_owned());
    }
    Ok(())
}
