//! `create -f`.
//!
//! Models k8s.io/kubectl/pkg/cmd/create/create.go.

pub(super) mod creating;

use crate::applied::remembering;
use crate::eviction;
use crate::generate::named;
use crate::manifest::Manifest;
use crate::manifests;
use crate::record::record;
use crate::turns::{NextTurn, Turns};
use crate::work::{Step, Work, done_or};
use crate::write::Report;
use creating::Creating;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

/// Runs the command.
pub fn create(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if !call.args.is_empty() {
        return Err(call.usage(format!("Unexpected args: [{}]", call.args.join(" "))));
    }
    if let Some(path) = call.flags.text("raw") {
        return eviction::post(call, session, path);
    }
    Failure::client_if(!manifests::are_given(call), "must specify one of -f and -k")?;
    Report::of(call)?;
    let read = manifests::read(call, session, true)?;
    Failure::client_if(read.is_empty(), "no objects passed to create")?;
    let (read, unread) = Failure::parted(read);
    Creating { rest: Turns::new(read, session), count: 0, unread, failures: Vec::new() }.go_on(call, session)
}

impl Creating {
    /// Creates the objects whose turn it is.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let report = Report::of(call)?;
        loop {
            let manifest = match self.rest.take(session) {
                NextTurn::Now(manifest) => manifest,
                NextTurn::Later(at) => return Ok(Step::Wait(Work::Create(self), Some(at))),
                NextTurn::Over => return done_or(Failure::then_unread(self.failures, self.unread)),
            };
            if self.count > 0 && report.prints_yaml() {
                session.output.line("---");
            }
            match create_one(call, session, &manifest, &report, "created") {
                Ok(()) => self.count += 1,
                Err(failure) => self.failures.push(failure),
            }
        }
    }
}

/// Creates one object and reports it.
pub fn create_one(call: &Call, session: &mut Session, manifest: &Manifest, report: &Report, done: &str) -> Result<(), Failure> {
    let remember = call.flags.on("save-config");
    let mut object = manifest.object.clone();
    record(call, &mut object);
    if remember {
        object = remembering(&object);
    }
    if report.asks_server() {
        session.warn_of(manifest.kind);
        let written = session.client.create(manifest.kind, &manifest.namespace, &object, &report.options);
        let written = written.map_err(|status| Failure::Server(status).from_source("creating", &manifest.source))?;
        session.warn_all(&written);
        object = written.object;
    }
    report.say(session, &named(manifest.kind, &object), done, &object)
}
