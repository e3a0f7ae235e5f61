//! `rollout status`: reports a rollout's progress at every change until it is done.
//!
//! Models k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go and pkg/polymorphichelpers/rollout_status.go.

pub(super) mod rollouts;

use crate::manifests;
use crate::targets::{self, Lookup};
use crate::work::{Step, Work, done_or};
use api::client::WatchKind;
use api::kind::Kind;
use api::view::{self, condition, int, text};
use api::well_known::DEPLOYMENT_REVISION;
use base::value::Value;
use done::{Judge, Verdict};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use rollouts::Rollout;

/// Runs the command.
pub fn status(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    Failure::client_if(call.args.is_empty() && !manifests::are_given(call), "required resource not specified")?;
    let revision = call.flags.int("revision").unwrap_or(0);
    Failure::client_if(revision < 0, format!("revision must be a positive integer: {revision}"))?;
    let (found, failures) =
        Failure::parted(targets::find(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })?);
    if found.is_empty() && failures.is_empty() {
        session.output.err(format!("No resources found in {} namespace.", session.namespace(call)));
    }
    let waiting = found.into_iter().rev().map(|target| (target.kind, target.namespace, target.name)).collect();
    let rollout = Rollout {
        waiting,
        failures,
        revision,
        watch: !call.flags.off("watch"),
        after: None,
        until: call.flags.duration("timeout").map(|t| session.now() + t),
    };
    rollout.go_on(session)
}

impl Rollout {
    /// Reports progress.
    pub fn go_on(mut self, session: &mut Session) -> Result<Step, Failure> {
        while let Some((kind, namespace, name)) = self.waiting.last().cloned() {
            let is_over = match self.look(kind, &namespace, &name, session) {
                Ok(done) if done || !self.watch => Ok(()),
                Ok(_) if self.until.is_some_and(|until| session.now() >= until) => {
                    Err(Failure::client("timed out waiting for the condition"))
                }
                Ok(_) => {
                    let until = self.until;
                    return Ok(Step::Wait(Work::Rollout(self), until));
                }
                Err(failure) => Err(failure),
            };
            self.failures.extend(is_over.err());
            self.waiting.pop();
            self.after = None;
        }
        done_or(self.failures)
    }

    /// Reports the progress of one object; returns whether its rollout is done.
    fn look(&mut self, kind: Kind, namespace: &str, name: &str, session: &mut Session) -> Result<bool, Failure> {
        let seen = self.after.replace(session.client.revision());
        let Some(after) = seen else {
            let object = session.get(kind, namespace, name)?;
            return self.say(kind, &object, session);
        };
        for event in session.client.watch(kind, Some(namespace), after) {
            if view::name(&event.object) != name {
                continue;
            }
            Failure::client_if(event.kind == WatchKind::Deleted, "object has been deleted")?;
            if self.say(kind, &event.object, session)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn say(&self, kind: Kind, object: &Value, session: &mut Session) -> Result<bool, Failure> {
        let (sentence, done) = match kind {
            Kind::StatefulSet => stateful_set(object),
            Kind::Deployment => deployment(object, self.revision),
            Kind::DaemonSet => daemon_set(object),
            other => Err(format!("no status viewer has been implemented for {}", other.group_kind())),
        }
        .map_err(Failure::Client)?;
        session.output.line(sentence);
        Ok(done)
    }
}

type Said = Result<(String, bool), String>;

fn stateful_set(set: &Value) -> Said {
    let said = Judge::Kubectl.says(set, []);
    let words = said.words.unwrap_or_default();
    if said.verdict == Verdict::Error { Err(words) } else { Ok((words, said.verdict == Verdict::Ready)) }
}

fn deployment(deployment: &Value, revision: i64) -> Said {
    let name = view::name(deployment);
    if revision > 0 {
        let running = text(deployment, &["metadata", "annotations", DEPLOYMENT_REVISION]).parse().unwrap_or(0);
        if revision != running {
            return Err(format!("desired revision ({revision}) is different from the running revision ({running})"));
        }
    }
    let status = |field: &str| int(deployment, &["status", field]);
    let waiting = |rest: String| Ok((format!("Waiting for deployment {name:?} rollout to finish: {rest}..."), false));
    if int(deployment, &["metadata", "generation"]) > status("observedGeneration") {
        return Ok(("Waiting for deployment spec update to be observed...".to_owned(), false));
    }
    if condition(deployment, "Progressing").is_some_and(|c| text(c, &["reason"]) == "ProgressDeadlineExceeded") {
        return Err(format!("deployment {name:?} exceeded its progress deadline"));
    }
    let wanted = int(deployment, &["spec", "replicas"]);
    let (all, updated, available) = (status("replicas"), status("updatedReplicas"), status("availableReplicas"));
    if updated < wanted {
        return waiting(format!("{updated} out of {wanted} new replicas have been updated"));
    }
    if all > updated {
        return waiting(format!("{} old replicas are pending termination", all - updated));
    }
    if available < updated {
        return waiting(format!("{available} of {updated} updated replicas are available"));
    }
    Ok((format!("deployment {name:?} successfully rolled out"), true))
}

fn daemon_set(set: &Value) -> Said {
    let name = view::name(set);
    let status = |field: &str| int(set, &["status", field]);
    if text(set, &["spec", "updateStrategy", "type"]) != "RollingUpdate" {
        return Err("rollout status is only available for RollingUpdate strategy type".to_owned());
    }
    if int(set, &["metadata", "generation"]) > status("observedGeneration") {
        return Ok(("Waiting for daemon set spec update to be observed...".to_owned(), false));
    }
    let (wanted, updated, available) = (status("desiredNumberScheduled"), status("updatedNumberScheduled"), status("numberAvailable"));
    if updated < wanted {
        return Ok((
            format!("Waiting for daemon set {name:?} rollout to finish: {updated} out of {wanted} new pods have been updated..."),
            false,
        ));
    }
    if available < wanted {
        return Ok((
            format!("Waiting for daemon set {name:?} rollout to finish: {available} of {wanted} updated pods are available..."),
            false,
        ));
    }
    Ok((format!("daemon set {name:?} successfully rolled out"), true))
}
