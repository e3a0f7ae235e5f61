//! A run that starts from a cluster that stands, instead of an empty one.

use std::rc::Rc;

use super::History;
use crate::{Playground, dump};
use api::object::Object;
use api::release::Release;
use base::time::Time;
use kubectl::settings::DEFAULT_NAMESPACE;
use sim::{Setup, Sim};
use text::Lang;

/// A cluster that stands where another one stood.
#[derive(Clone, Debug)]
pub struct Start {
    /// What it was made of, as a link carries it.
    pub text: Rc<str>,
    pub sim: Rc<Sim>,
}

impl History {
    /// The start of a run in a cluster that stands. The editor has its StatefulSets with their Services.
    pub fn standing(start: Start, lang: Lang) -> History {
        let manifest = manifest(&start.sim);
        History::of_standing(start, &manifest, lang)
    }

    /// The same with a manifest in the editor.
    pub(super) fn of_standing(start: Start, manifest: &str, lang: Lang) -> History {
        let setup = Setup { release: start.sim.release(), ..Setup::default() };
        History::from(setup, Some(start), manifest, lang)
    }

    /// The cluster that stood at the start.
    pub fn stood(&self) -> Option<&Start> {
        self.standing.as_ref()
    }

    /// Whether a cluster stood at the start.
    pub fn stands(&self) -> bool {
        self.standing.is_some()
    }

    /// The first instant that can be shown.
    pub fn start(&self) -> Time {
        self.standing.as_ref().map_or(Time(0), |start| start.sim.now())
    }

    /// The release of a run that begins like this one: of a cluster that stands it is its own, else the one that is asked for.
    pub(super) fn release_for(&self, asked: &'static Release) -> &'static Release {
        if self.stands() { self.setup.release } else { asked }
    }

    /// A state at the start of the run, on a release that [`History::release_for`] gave.
    pub(super) fn beginning(&self, release: &'static Release, manifest: &str) -> Playground {
        beginning(&Setup { release, ..self.setup.clone() }, self.standing.as_ref(), manifest)
    }
}

/// A state at the start of a run, in a cluster that stands or in an empty one of the setup.
pub(super) fn beginning(setup: &Setup, standing: Option<&Start>, manifest: &str) -> Playground {
    match standing {
        Some(start) => Playground::around((*start.sim).clone(), manifest),
        None => Playground::new(setup, manifest),
    }
}

/// The StatefulSets of a cluster, each after the Service that it names, without what only a server writes.
fn manifest(sim: &Sim) -> String {
    let tables = sim.tables();
    let mut objects: Vec<Object> = Vec::new();
    for set in tables.stateful_sets() {
        let service = tables.service(&set.meta.namespace, &set.spec.service_name).cloned().map(Object::Service);
        let is_new = |service: &Object| objects.iter().all(|other| other.key() != service.key());
        let service = service.filter(is_new);
        objects.extend(service.into_iter().chain([Object::StatefulSet(set.clone())]));
    }
    let text = objects.iter().map(|object| yaml::print(&object.encode())).collect::<Vec<_>>().join("---\n");
    dump::without_server_fields(sim, DEFAULT_NAMESPACE, &text).map_or(text, |(rest, _)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EXAMPLE;
    use crate::history::{Act, Variant, link};
    use api::release::{V1_36, V1_37};
    use causes::command;

    const LANG: Lang = Lang::English;
    /// When the cluster stands.
    const AT: Time = Time(20_000);
    /// Two weeks after that: no run is longer.
    const END: Time = Time(AT.0 + 14 * 86_400_000);

    /// A cluster of a seed, which a second line says is no cluster.
    fn stand(text: &str) -> Option<Sim> {
        let setup = Setup { seed: text.strip_suffix('\n')?.parse().ok()?, ..Setup::default() };
        let mut playground = Playground::new(&setup, EXAMPLE);
        playground.type_line(&command::apply(), LANG);
        playground.run(AT, || true);
        Some(playground.sim().clone())
    }

    fn begun() -> History {
        let sim = stand("7\n").expect("a cluster");
        History::standing(Start { text: "7\n".into(), sim: Rc::new(sim) }, LANG)
    }

    fn read(text: &str) -> link::Read {
        link::read(text, &Setup::default(), LANG, &stand, || true)
    }

    fn scale(to: usize) -> Act {
        Act::Line(format!("kubectl scale statefulset web --replicas={to}"))
    }

    #[test]
    fn a_run_begins_where_its_cluster_stands() {
        let mut run = begun();
        let first = run.present().sim().digest();
        assert_eq!((run.start(), run.stands(), run.has_story()), (AT, true, false));
        assert!(run.present().manifest().contains("kind: StatefulSet") && !run.present().manifest().contains("uid"));
        run.act(scale(1), LANG);
        run.run(AT + base::time::Span::seconds(60), || true);
        assert!(run.has_story() && run.present().sim().digest() != first);
        run.seek(Time(0));
        assert_eq!((run.present().now(), run.present().tables().pods().count() > 0), (AT, true));
        // What is compared begins there as well, and so does the run that is begun again, on the cluster's own release.
        let same = |text: &str| text.to_owned();
        let variants = [V1_37.name, V1_36.name].map(|name| Variant { release: Release::named(name).expect("one"), manifest: &same });
        assert_eq!(run.vary(&variants, || true), Some(false), "the release is the cluster's");
        let again = run.begin_again(&V1_36);
        assert_eq!((again.start(), again.branch().release.name, again.present().sim().digest()), (AT, V1_37.name, first));
    }

    #[test]
    fn a_run_is_read_back_with_its_cluster_and_its_branches() {
        let mut run = begun();
        run.act(scale(5), LANG);
        run.run(AT + base::time::Span::seconds(60), || true);
        run.seek(AT + base::time::Span::seconds(5));
        assert!(run.act(scale(1), LANG), "a branch begins");
        run.run(AT + base::time::Span::seconds(90), || true);
        let edited = |text: &str| text.replace("replicas: 3", "replicas: 4");
        let same = |text: &str| text.to_owned();
        let variants = [Variant { release: &V1_37, manifest: &same }, Variant { release: &V1_37, manifest: &edited }];
        assert_eq!(run.vary(&variants, || true), Some(true));
        let text = link::write(&run, "");
        let back = read(&text);
        assert_eq!((back.unread, back.cut, back.differs, back.held > 0), (0, false, false, true));
        assert_eq!(link::write(&back.history, ""), text);
        assert_eq!(back.history.present().sim().digest(), run.present().sim().digest());
        assert_eq!(back.history.start(), AT);
    }

    #[test]
    fn what_a_damaged_text_says_of_its_cluster_is_left_out() {
        let line = "do 5 0 kubectl get nodes";
        for (text, unread, start) in [
            (format!("cluster nothing\n{line}"), 1, Time(0)),
            (format!("{line}\ncluster 7\\n"), 1, Time(0)),
            (format!("cluster 7\\n\ncluster 8\\n\n{line}"), 1, AT),
            (format!("cluster 7\\n\n{line}\n| branch 2\n| cluster 7\\n"), 1, AT),
        ] {
            let back = read(&text);
            assert_eq!((back.unread, back.history.start()), (unread, start), "{text}");
            assert_eq!(back.history.branch().acts(), 1, "{text}");
            assert!(back.history.inputs().iter().all(|input| input.at >= start), "{text}");
        }
        let latest = |line: &str| read(&format!("cluster 7\\n\nend {}\n{line}", u64::MAX)).history.head().now();
        assert_eq!(latest(&format!("at {}", u64::MAX)), END);
    }
}
