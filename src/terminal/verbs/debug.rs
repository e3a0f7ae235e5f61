//! `debug`: a container beside those of a pod, to look into it.
//!
//! Models k8s.io/kubectl/pkg/cmd/debug/debug.go.
//! Not modelled: copies of pods, pods that look into a node, custom profiles, several objects to attach to.

mod lists;
mod profile;
mod wish;

use crate::process::stages::{Attached, Made, Maker};
use crate::process::{asked, begin_attached};
use crate::reach;
use crate::targets::{self, Lookup};
use crate::work::{Step, Work};
use api::client::{Patch, Subresource, WriteOptions};
use api::kind::Kind;
use api::patch::two_way;
use api::status::Status;
use api::view;
use base::given::SetGiven;
use base::note::Note;
use base::quoted::go_quoted;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;
use lists::{LISTS, named};
use profile::warn;
use wish::Wish;

/// Runs the command.
pub(super) fn debug(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let (names, command) = call.args.split_at(call.dash.unwrap_or(call.args.len()));
    let wish = Wish::read(call, command)?;
    wish.check(names, session)?;
    // What is named without a type is a pod.
    let names: Vec<String> = names.iter().map(|name| if name.contains('/') { name.clone() } else { format!("pods/{name}") }).collect();
    let found = targets::find(call, &names, session, Lookup::default())?;
    if found.len() > 1 && call.flags.on("stdin") {
        return Err(Failure::not_simulated("`kubectl debug` with --stdin for several objects"));
    }
    let mut last = Step::Done;
    for target in found {
        last = wish.visit(target?, session)?;
    }
    Ok(last)
}

impl Wish<'_> {
    /// Models the function that Run gives to Visit.
    fn visit(&self, target: Target, session: &mut Session) -> Result<Step, Failure> {
        let made = match target.kind {
            Kind::Pod => self.add_container(target, session)?,
            Kind::Node => return Err(Failure::NotSimulated(Note::Debug(format!("`kubectl debug node/{}`", target.name)))),
            kind => {
                let info = kind.info();
                let what = format!("{}/{}, Kind={}", info.group, info.version, info.name);
                return Err(Failure::client(format!("{} not supported by debug", go_quoted(&what))));
            }
        };
        if self.call.flags.on("stdin") { connect(Attached::to(made), self.call, session) } else { Ok(Step::Done) }
    }

    /// Adds an ephemeral container to a pod. Models debugByEphemeralContainer.
    fn add_container(&self, pod: Target, session: &mut Session) -> Result<Made, Failure> {
        const LIST: [&str; 2] = ["spec", "ephemeralContainers"];
        let name = self.container_name(&pod.object, session);
        let mut container = Value::of([("name", name.as_str()), ("image", self.image), ("terminationMessagePolicy", "File")]);
        container.set(&["resources"], Value::map());
        self.tell(&mut container);
        container.set_filled(&["targetContainerName"], self.text("target"));
        let mut wanted = pod.object.clone();
        wanted.set(&LIST, Value::list(pod.object.list_at(&LIST).iter().cloned().chain([container])));
        self.profile.apply(&mut wanted, &name);
        warn(&wanted, wanted.list_at(&LIST).last(), session);
        let patch = two_way(Kind::Pod, &pod.object, &wanted)
            .map_err(|why| Failure::client(format!("error creating patch to add debug container: {why}")))?;
        let (options, part) = (WriteOptions::default(), Subresource::EphemeralContainers);
        let written = session.client.patch(Kind::Pod, &pod.namespace, &pod.name, Patch::strategic(&patch), part, &options)?;
        session.warn_all(&written);
        Ok(Made { pod: Target { object: written.object, ..pod }, container: name, by: Maker::Debug })
    }
}

/// Attaches once the container runs. Models handleAttachPod and waitForContainer.
pub(super) fn connect(mut attached: Attached, call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Made { pod: Target { namespace, name, .. }, container, .. } = &attached.made;
    let Ok(pod) = session.client.get(Kind::Pod, namespace, name) else {
        return Err(Status::not_found(&Kind::Pod.resource(), "").into());
    };
    let status = LISTS.iter().find_map(|(_, list)| named(pod.list_at(&["status", list]), container));
    let state = |kind: &str| status.is_some_and(|status| status.at(&["state", kind]).is_some());
    let (runs, ended) = (state("running"), state("terminated"));
    if !runs && !ended {
        let why = status.map_or("", |status| view::text(status, &["state", "waiting", "message"]));
        let version = view::text(&pod, &["metadata", "resourceVersion"]);
        if !why.is_empty() && version != attached.told {
            session.output.err(format!("Warning: container {container}: {why}"));
            version.clone_into(&mut attached.told);
        }
        return Ok(Step::Wait(Work::Attached(attached), None));
    }
    let tty = call.flags.on("tty");
    let way = if ended { Ok(()) } else { reach::stream(session, &pod, container, "attach", &asked(&[], true, tty)) };
    if let Err(why) = &way {
        session.output.err(format!("warning: couldn't attach to pod/{name}, falling back to streaming logs: {}", why.words()));
    }
    if ended || way.is_err() {
        attached.made.show_log(session);
        return Ok(Step::Done);
    }
    begin_attached(attached.made, call, session)
}
