//! What can be done to the cluster that no kubectl can: `playground VERB WHAT NAME`.

use super::Playground;
use crate::cluster::images::Behaviour;
use crate::sim::Fault;
use crate::text::Lang;
use crate::view::Identity;
use crate::view::terminal::Voice;

/// The first word of a line.
pub fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// What the timeline says of a line: its verb, and for what it was.
pub fn label(line: &str) -> String {
    let words = line.split_whitespace().skip(1).take_while(|word| !word.starts_with('-'));
    words.take(3).collect::<Vec<_>>().join(" ")
}

impl Playground {
    /// Does what a `playground` line says, or says what such a line looks like.
    pub(super) fn play(&mut self, line: &str, lang: Lang) {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let namespace = words.iter().find_map(|word| word.strip_prefix("--namespace=")).unwrap_or("default").to_owned();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--namespace=")).collect();
        let done = match words.as_slice() {
            ["unready", "pod", pod] => self.hold_ready(&namespace, pod, false),
            ["ready", "pod", pod] => self.hold_ready(&namespace, pod, true),
            ["stop", "node", node] => self.sim.fault(&Fault::PowerOff { node: (*node).into() }),
            ["cut", "node", node] => self.sim.fault(&Fault::NodeDown { node: (*node).into() }),
            ["start", "node", node] => self.sim.fault(&Fault::NodeUp { node: (*node).into(), restart_containers: false }),
            ["break", "image", image] => self.tell_image(image, true),
            ["mend", "image", image] => self.tell_image(image, false),
            _ => return self.terminal.write(Voice::Playground, lang.text().terminal.usage),
        };
        if let Err(why) = done {
            self.terminal.write(Voice::Playground, &format!("playground: {why}"));
        }
    }

    fn hold_ready(&mut self, namespace: &str, pod: &str, ready: bool) -> Result<(), String> {
        let (ns, name) = (namespace.into(), pod.into());
        let fault = if ready { Fault::PodReady { namespace: ns, pod: name } } else { Fault::PodUnready { namespace: ns, pod: name } };
        self.sim.fault(&fault)?;
        let identity = Identity { namespace: namespace.to_owned(), pod: pod.to_owned() };
        if ready {
            self.faults.unready.remove(&identity);
        } else {
            self.faults.unready.insert(identity);
        }
        Ok(())
    }

    fn tell_image(&mut self, image: &str, broken: bool) -> Result<(), String> {
        self.sim.images_mut().tell(image, Behaviour { pull_fails: broken, ..Behaviour::default() });
        if broken {
            self.faults.broken.insert(image.to_owned());
        } else {
            self.faults.broken.remove(image);
        }
        Ok(())
    }
}
