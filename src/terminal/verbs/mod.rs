//! What kubectl's commands do, and how they print objects: a file for each, or for a few that belong together. This one names them all, and
//! no other names this one.
//!
//! Promises: a verb that has to wait returns what it waits for as plain data ([`Work`]) and is called again. The cluster is seen only
//! through [`api::client::Client`].
//! Must not know: the simulation, the store, the browser. Nothing but programs and tests depends on this crate, so that a changed verb
//! compiles little again: others run a [`kubectl::Job`].

pub mod about;
mod applied;
pub mod apply;
pub mod cordon;
pub mod create;
mod debug;
pub mod delete;
pub mod describe;
pub mod described;
pub mod diff;
pub mod documentation;
pub mod drain;
pub mod edit;
pub mod events;
mod eviction;
pub mod explain;
pub mod expose;
pub mod forward;
pub mod generate;
pub mod get;
pub mod history;
pub mod label;
pub mod logs;
mod manifest;
mod manifests;
pub mod patch;
mod pods;
mod polls;
pub mod print;
pub mod process;
mod prune;
mod reach;
mod record;
pub mod replace;
pub mod rollout;
pub mod run;
pub mod scale;
pub mod secrets;
pub mod server_side;
pub mod set;
pub mod set_env;
pub mod status;
pub mod taint;
mod targets;
mod turns;
pub mod wait;
pub mod work;
mod write;

use kubectl::call::Call;
use kubectl::commands::DRY_RUN_ALONE;
use kubectl::commands::command::{Act, Verb};
use kubectl::editing::Editing;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::work::Seen;
use process::stages::Maker;
use work::{Step, Work};

/// How a command runs.
type Runs = fn(&Call, &mut Session) -> Result<Step, Failure>;

/// What runs a command.
fn runs(verb: Verb) -> Runs {
    match verb {
        Verb::Create => create::create,
        Verb::CreateDeployment => generate::deployment,
        Verb::CreateNamespace => generate::namespace,
        Verb::CreateServiceAccount => generate::service_account,
        Verb::CreateConfigMap => generate::config_map,
        Verb::CreateSecretGeneric => generate::secret,
        Verb::CreateSecretTls => secrets::tls,
        Verb::CreateSecretDockerRegistry => secrets::docker_registry,
        Verb::CreateServiceClusterIp => generate::cluster_ip,
        Verb::CreateServiceNodePort => generate::node_port,
        Verb::CreatePodDisruptionBudget => generate::disruption_budget,
        Verb::CreateJob => generate::job,
        Verb::CreateQuota => generate::quota,
        Verb::CreatePriorityClass => generate::priority_class,
        Verb::Expose => expose::expose,
        Verb::Run => run::run,
        Verb::SetImage => set::image,
        Verb::SetEnv => set_env::env,
        Verb::SetResources => set::resources,
        Verb::SetSelector => set::selector,
        Verb::SetServiceAccount => set::service_account,
        Verb::Explain => explain::explain,
        Verb::Get => get::get,
        Verb::Edit => edit::edit,
        Verb::Delete => delete::delete,
        Verb::RolloutHistory => history::history,
        Verb::RolloutPause => rollout::pause,
        Verb::RolloutRestart => rollout::restart,
        Verb::RolloutResume => rollout::resume,
        Verb::RolloutStatus => status::status,
        Verb::RolloutUndo => history::undo,
        Verb::Scale => scale::scale,
        Verb::Autoscale => expose::autoscale,
        Verb::ClusterInfo => about::cluster_info,
        Verb::Top => about::top,
        Verb::Cordon => cordon::cordon,
        Verb::Uncordon => cordon::uncordon,
        Verb::Drain => drain::drain,
        Verb::Taint => taint::taint,
        Verb::Describe => describe::describe,
        Verb::Logs => logs::logs,
        Verb::Attach => process::attach,
        Verb::Exec => process::exec,
        Verb::PortForward => forward::port_forward,
        Verb::Proxy => forward::proxy,
        Verb::AuthCanI => about::can_i,
        Verb::Debug => debug::debug,
        Verb::Events => events::events,
        Verb::Diff => diff::diff,
        Verb::Apply => apply::apply,
        Verb::Patch => patch::patch,
        Verb::Replace => replace::replace,
        Verb::Wait => wait::wait,
        Verb::Label => label::label,
        Verb::Annotate => label::annotate,
        Verb::ApiResources => about::api_resources,
        Verb::ApiVersions => about::api_versions,
        Verb::ConfigGetContexts => about::get_contexts,
        Verb::ConfigSetContext => about::set_context,
        Verb::ConfigUseContext => about::use_context,
        Verb::ConfigView => about::view,
        Verb::Version => about::version,
    }
}

/// Starts a command.
fn begin(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    match call.command.act {
        Act::Run(verb) => {
            if call.flags.given("record") {
                session.output.err("Flag --record has been deprecated, --record will be removed in the future");
            }
            if call.flags.text("dry-run") == Some(DRY_RUN_ALONE) {
                session.log('W', "helpers.go:714", "--dry-run is deprecated and can be replaced with --dry-run=client.");
            }
            runs(verb)(call, session)
        }
        Act::Group | Act::NotSimulated(_) => Err(Failure::not_simulated(format!("`kubectl {}`", call.command.name))),
    }
}

/// Lets all commands of the program be these. Each program and test program begins with it.
pub fn plug() {
    kubectl::work::plug(|call, session| begin(call, session).map(handed));
}

/// A step as whoever runs a command takes it.
fn handed(step: Step) -> kubectl::work::Step {
    match step {
        Step::Done => kubectl::work::Step::Done,
        Step::Wait(work, until) => kubectl::work::Step::Wait(Box::new(work), until),
    }
}

impl kubectl::work::Work for Work {
    fn go_on(self: Box<Self>, call: &Call, session: &mut Session) -> Result<kubectl::work::Step, Failure> {
        Work::go_on(*self, call, session).map(handed)
    }

    fn copied(&self) -> Box<dyn kubectl::work::Work> {
        Box::new(self.clone())
    }

    fn seen(&self) -> Seen<'_> {
        match self {
            Work::Process(process) => Seen::Process(process.number),
            Work::Attached(_) => Seen::Attached,
            Work::Edit(opened) => Seen::Edit(&opened.editing),
            Work::Listen(ports) => Seen::Listen(ports),
            Work::Drain(drain) => Seen::Drain(drain.evicts().collect(), drain.is_refused()),
            _ => Seen::Other,
        }
    }

    fn editing(&mut self) -> Option<&mut Editing> {
        if let Work::Edit(opened) = self { Some(&mut opened.editing) } else { None }
    }
}

impl Work {
    /// Does what can be done now.
    fn go_on(self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        match self {
            Work::Watch(work) => work.go_on(session),
            Work::Events(work) => Ok(work.go_on(session)),
            Work::Create(work) => work.go_on(call, session),
            Work::Delete(work) => work.go_on(call, session),
            Work::Gone(work) => work.go_on(session),
            Work::Rollout(work) => work.go_on(session),
            Work::Wait(work) => work.go_on(session),
            Work::Creation(work) => work.go_on(call, session),
            Work::Scale(work) => work.go_on(call, session),
            Work::Drain(work) => work.go_on(session),
            Work::Apply(work) => work.go_on(call, session),
            Work::Replace(work) => work.go_on(call, session),
            Work::Edit(work) => work.go_on(call, session),
            Work::Process(work) => work.go_on(call, session),
            Work::Attached(work) if work.made.by == Maker::Debug => debug::connect(work, call, session),
            Work::Attached(work) => work.go_on(call, session),
            Work::Leaving(work) => work.go_on(call, session),
            Work::GoneThen(work, code) => match work.go_on(session)? {
                Step::Done => Err(Failure::Exit(code)),
                Step::Wait(Work::Gone(work), until) => Ok(Step::Wait(Work::GoneThen(work, code), until)),
                other @ Step::Wait(..) => Ok(other),
            },
            Work::Follow(logs) => logs::follow_all(call, logs, session),
            Work::Listen(ports) => Ok(Step::Wait(Work::Listen(ports), None)),
        }
    }
}
