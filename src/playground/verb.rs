//! Actions that kubectl does not have: `playground VERB WHAT NAME`.

use super::beside;
use crate::api::object::NamespacedName;
use crate::cluster::images::{Behaviour, WELL};
use crate::console::Said;
use crate::sim::{Fault, Refused, Sim};
use crate::text::Lang;
use crate::view::Identity;
use crate::view::command::{Faults, read_naming};

/// A line's label in the timeline: its verb, and its object.
pub fn label(line: &str) -> String {
    let mut words = line.split_whitespace().peekable();
    if words.next_if(|first| matches!(*first, "kubectl" | "k" | "playground")).is_some() {
        while let Some(flag) = words.next_if(|word| word.starts_with('-')) {
            let is_alone = flag.contains('=') || (flag.len() > 2 && !flag.starts_with("--"));
            words.next_if(|_| !is_alone);
        }
    }
    words.take_while(|word| !word.starts_with('-')).take(3).collect::<Vec<_>>().join(" ")
}

/// The words after `why`, if the command is a question.
pub fn question(words: &[String]) -> Option<Vec<&str>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["why", rest @ ..] | ["playground", "why", rest @ ..] => Some(rest.to_vec()),
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

/// Executes the page's own commands, `playground VERB WHAT NAME`, in the current namespace unless they name another.
pub fn own(sim: &mut Sim, faults: &mut Faults, words: &[String], current: &str, lang: Lang) -> Said {
    let text = &lang.text().terminal;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = |text: String, code| Said { text, code, acted: false };
    if words == ["help"] {
        return said(format!("{}\n", text.usage), 0);
    }
    let ["playground", line @ ..] = words.as_slice() else {
        return said(format!("{}\n", (text.unknown)(words.first().unwrap_or(&""))), NOT_FOUND);
    };
    match act(sim, faults, line, current) {
        Ok(text) => Said { text, code: 0, acted: true },
        Err(Failure::NotUnderstood) => said(format!("{}\n", text.usage), 1),
        Err(Failure::Refused(why)) => said(format!("playground: {}\n", (text.refused)(&why)), 1),
    }
}

/// Executes a line; returns its output.
fn act(sim: &mut Sim, faults: &mut Faults, line: &[&str], current: &str) -> Result<String, Failure> {
    let (namespace, words) = read_naming(line, current).ok_or(Failure::NotUnderstood)?;
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
        ["write", "statefulset", set] => sim.write_to(&NamespacedName::of(namespace, set), 1)?,
        ["write", "statefulset", set, count] => {
            sim.write_to(&NamespacedName::of(namespace, set), number(count)?)?;
        }
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

/// Sets an image's behaviour, which applies to containers started later.
fn tell_image(sim: &mut Sim, faults: &mut Faults, image: &str, does: &str) -> Result<(), Failure> {
    let behaviour = Behaviour::named(does).ok_or(Failure::NotUnderstood)?;
    sim.images_mut().tell(image, behaviour);
    if behaviour == WELL {
        faults.broken.remove(image);
    } else {
        faults.broken.insert(image.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_is_a_verb_and_its_object() {
        for (line, told) in [
            ("kubectl scale statefulset web --replicas=4", "scale statefulset web"),
            ("k -n shop delete pod web-0", "delete pod web-0"),
            ("kubectl --namespace=shop -v8 delete pod web-0", "delete pod web-0"),
            ("playground cut node node-2", "cut node node-2"),
            ("curl localhost:8080", "curl localhost:8080"),
            ("sleep 5", "sleep 5"),
            ("kubectl -n", ""),
        ] {
            assert_eq!(label(line), told, "{line}");
        }
    }
}
