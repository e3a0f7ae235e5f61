//! `apply --server-side`: the server merges, and the fields of earlier client-side applies are migrated.
//!
//! Models k8s.io/kubectl/pkg/cmd/apply/apply.go (applyOneObject, saveLastApplyAnnotationIfNecessary, migrateToSSAIfNecessary).

use crate::manifest::Manifest;
use api::client::{Patch, Subresource, WriteOptions, Written};
use api::managed::{Entry, KUBECTL, LAST_APPLIED, MANAGED_FIELDS, decode, encode, fields, hand_over};
use api::status::{Status, StatusReason};
use base::given::SetGiven;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::{Session, shows_managers};

/// The manager that keeps the last-applied annotation.
const KEEPER: &str = "kubectl-last-applied";

const ADVICE: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// A server-side apply of one object.
struct Applying<'a> {
    manifest: &'a Manifest,
    options: WriteOptions,
}

/// Applies one object; the object as it is then.
pub fn apply(call: &Call, session: &mut Session, manifest: &Manifest, options: &WriteOptions) -> Result<Value, Failure> {
    let applying = Applying { manifest, options: WriteOptions { force: call.flags.on("force-conflicts"), ..options.clone() } };
    let mut written = applying.send(session, &manifest.object).map_err(|status| match status.reason {
        StatusReason::Conflict => Failure::client(format!("{status}\n{ADVICE}")),
        _ => Failure::Server(status),
    })?;
    session.warn_all(&written);
    let failed = "This is non-fatal and will be retried next time you apply. Error:";
    let moved = match applying.keep_memory(session, &mut written) {
        Err(status) => {
            let what = format!("failed to migrate {LAST_APPLIED} for Server-Side Apply.");
            session.output.warn(&format!("{what} {failed} {status}"));
            false
        }
        Ok(()) => applying.move_to_server(session, &written).unwrap_or_else(|status| {
            session.output.warn(&format!("server rejected managed fields migration to Server-Side Apply. {failed} {status}"));
            false
        }),
    };
    if moved {
        match applying.send(session, &manifest.object) {
            Ok(again) => written = again,
            Err(status) => {
                let what = "failed to re-apply configuration after performing Server-Side Apply migration.";
                session.output.warn(&format!("{what} {failed} {status}"));
            }
        }
    }
    if shows_managers(call) {
        written.object.set(&MANAGED_FIELDS, written.managers);
    }
    Ok(written.object)
}

impl Applying<'_> {
    fn send(&self, session: &mut Session, config: &Value) -> Result<Written, Status> {
        let Manifest { kind, namespace, name, .. } = self.manifest;
        session.warn_of(*kind);
        session.client.apply(*kind, namespace, name, config, &self.options)
    }

    /// Gives the last-applied annotation a manager of its own, so that it is not removed with the migrated fields.
    fn keep_memory(&self, session: &mut Session, written: &mut Written) -> Result<(), Status> {
        let memory = written.object.text_at(&["metadata", "annotations", LAST_APPLIED]);
        let Some(memory) = memory.filter(|_| *self.options.manager == *KUBECTL) else { return Ok(()) };
        if owners(&written.managers, true).next().is_some() {
            return Ok(());
        }
        let Manifest { kind, namespace, name, .. } = self.manifest;
        let mut only = Value::of([("apiVersion", kind.api_version()), ("kind", kind.info().name.to_owned())]);
        only.set(&["metadata", "name"], &**name);
        only.set_filled(&["metadata", "namespace"], &**namespace);
        only.set(&["metadata", "annotations", LAST_APPLIED], memory);
        let options = WriteOptions { manager: KEEPER.into(), force: false, ..self.options.clone() };
        *written = Applying { options, ..*self }.send(session, &only)?;
        Ok(())
    }

    /// Hands the fields of client-side applies to the manager of this apply; whether there were any.
    fn move_to_server(&self, session: &mut Session, written: &Written) -> Result<bool, Status> {
        let mut managers = decode(&written.managers).unwrap_or_default();
        let before = managers.clone();
        for owner in owners(&written.managers, false) {
            hand_over(&mut managers, &owner.writer.manager, &self.options.manager);
        }
        if managers == before {
            return Ok(false);
        }
        let step = |path: &str, value: Value| Value::of([("op", "replace".into()), ("path", path.into()), ("value", value)]);
        let version = written.object.at(&["metadata", "resourceVersion"]).cloned().unwrap_or_default();
        let patch = Value::list([step("/metadata/managedFields", encode(&managers)), step("/metadata/resourceVersion", version)]);
        let Manifest { kind, namespace, name, .. } = self.manifest;
        session.client.patch(*kind, namespace, name, Patch::json(&patch), Subresource::None, &self.options)?;
        Ok(true)
    }
}

/// The managers that own the last-applied annotation.
fn owners(managers: &Value, applied: bool) -> impl Iterator<Item = Entry> {
    let annotation = fields::of(&["metadata", "annotations", LAST_APPLIED]);
    let entries = decode(managers).unwrap_or_default().into_iter();
    entries.filter(move |entry| entry.applied == applied && fields::difference(&annotation, &entry.fields).is_empty())
}
