//! What can be done to the cluster that no kubectl can: `playground VERB WHAT NAME`.

use super::beside;
use crate::cluster::images::Behaviour;
use crate::sim::{Fault, Sim};
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

/// What the page itself understands: `playground VERB WHAT NAME`. What it says, and the exit code.
pub fn own(sim: &mut Sim, faults: &mut Faults, words: &[String], lang: Lang) -> (String, i32) {
    /// The exit code of what is not there.
    const NOT_FOUND: i32 = 127;
    let text = &lang.text().terminal;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let namespace = words.iter().find_map(|word| word.strip_prefix("--namespace=")).unwrap_or("default").to_owned();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--namespace=")).collect();
    let done = match words.as_slice() {
        ["playground", "unready", "pod", pod] => hold_ready(sim, faults, &namespace, pod, false),
        ["playground", "ready", "pod", pod] => hold_ready(sim, faults, &namespace, pod, true),
        ["playground", "freeze", "pod", pod] => sim.fault(&Fault::PodFrozen { namespace: namespace.into(), pod: (*pod).into() }),
        ["playground", "stop", "node", node] => sim.fault(&Fault::PowerOff { node: (*node).into() }),
        ["playground", "cut", "node", node] => sim.fault(&Fault::NodeDown { node: (*node).into() }),
        ["playground", "start", "node", node] => sim.fault(&Fault::NodeUp { node: (*node).into(), restart_containers: false }),
        ["playground", "add", "nodes", count] => match count.parse() {
            Ok(count) => sim.add_nodes(count),
            Err(_) => Err(format!("{count} is no number of nodes")),
        },
        ["playground", "break", "image", image] => tell_image(sim, faults, image, "broken"),
        ["playground", "mend", "image", image] => tell_image(sim, faults, image, "well"),
        ["playground", "image", image, does] => tell_image(sim, faults, image, does),
        ["playground", "write", "statefulset", set] => sim.write_to(&namespace, set, 1),
        ["playground", "write", "statefulset", set, count] => match count.parse() {
            Ok(count) => sim.write_to(&namespace, set, count),
            Err(_) => Err(format!("{count} is no number of writes")),
        },
        ["playground", "beside", "statefulset", set] => match beside::manifest(sim, &namespace, set) {
            Some(manifest) => return (manifest, 0),
            None => Err(format!("there is no statefulset {set}")),
        },
        ["playground", ..] => return (format!("{}\n", text.usage), 1),
        words => return (format!("{}\n", (text.unknown)(words.first().unwrap_or(&""))), NOT_FOUND),
    };
    done.map_or_else(|why| (format!("playground: {why}\n"), 1), |()| (String::new(), 0))
}

fn hold_ready(sim: &mut Sim, faults: &mut Faults, namespace: &str, pod: &str, ready: bool) -> Result<(), String> {
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
fn tell_image(sim: &mut Sim, faults: &mut Faults, image: &str, does: &str) -> Result<(), String> {
    let behaviour =
        Behaviour::named(does).ok_or_else(|| format!("an image is broken, crash, unready, stubborn, slow, frozen or well; not {does}"))?;
    sim.images_mut().tell(image, behaviour);
    if behaviour == Behaviour::default() {
        faults.broken.remove(image);
    } else {
        faults.broken.insert(image.to_owned());
    }
    Ok(())
}
