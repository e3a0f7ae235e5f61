//! What is asked of `debug`.
//!
//! Models Complete and Validate of k8s.io/kubectl/pkg/cmd/debug/debug.go.

use super::lists::{LISTS, named};
use super::profile::Profile;
use api::view;
use base::given::SetGiven;
use base::hash::{Digest, random_suffix};
use base::image_name::is_well_formed;
use base::quoted::go_quoted;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

/// What is asked for.
pub(super) struct Wish<'a> {
    pub(super) call: &'a Call,
    pub(super) command: &'a [String],
    pub(super) image: &'a str,
    pub(super) profile: Profile,
}

impl<'a> Wish<'a> {
    /// Reads the flags.
    pub(super) fn read(call: &'a Call, command: &'a [String]) -> Result<Self, Failure> {
        let word = call.flags.text("profile").unwrap_or(Profile::General.word());
        let profile = Profile::named(word).ok_or_else(|| Failure::client(format!("unknown profile: {word}")))?;
        Ok(Wish { call, command, image: call.flags.text("image").unwrap_or_default(), profile })
    }

    /// The value of a flag; empty if it is not given.
    pub(super) fn text(&self, flag: &str) -> &'a str {
        self.call.flags.text(flag).unwrap_or_default()
    }

    /// Refuses what does not go together; says what is to be known of the rest.
    pub(super) fn check(&self, names: &[String], session: &mut Session) -> Result<(), Failure> {
        let flags = &self.call.flags;
        Failure::client_if(self.image.is_empty(), "you must specify --image when not using --copy-to.")?;
        let ill_formed = format!("invalid image name {}: invalid reference format", go_quoted(self.image));
        Failure::client_if(!is_well_formed(self.image), ill_formed)?;
        Failure::client_if(names.is_empty(), "NAME or filename is required for debug")?;
        if !self.text("target").is_empty() {
            session.output.line(format!(
                "Targeting container {}. If you don't see processes from this container it may be because the container runtime doesn't \
                 support this feature.",
                go_quoted(self.text("target"))
            ));
        }
        Failure::client_if(flags.on("tty") && !flags.on("stdin"), "-i/--stdin is required for containers with -t/--tty=true")?;
        if self.profile == Profile::Legacy {
            session.output.err(
                "--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example \
                 \"--profile=general\".",
            );
        }
        Ok(())
    }

    /// Sets what the flags say of a container, whatever its image.
    pub(super) fn tell(&self, container: &mut Value) {
        container.set_filled(&["command"], Value::list(self.command.iter().map(String::as_str)));
        for flag in ["stdin", "tty"] {
            container.set_filled(&[flag], self.call.flags.on(flag));
        }
    }

    /// The name of the new container. Models computeDebugContainerName; what is random there follows from the pod here.
    pub(super) fn container_name(&self, pod: &Value, session: &mut Session) -> String {
        let given = self.text("container");
        if !given.is_empty() {
            return given.to_owned();
        }
        let mut digest = Digest::default();
        digest.text(view::uid(pod));
        digest.text(view::text(pod, &["metadata", "resourceVersion"]));
        let name = loop {
            digest.word(1);
            let name = format!("debugger-{}", random_suffix(digest.0));
            if LISTS.iter().all(|(list, _)| named(pod.list_at(&["spec", list]), &name).is_none()) {
                break name;
            }
        };
        session.output.line(format!("Defaulting debug container name to {name}."));
        name
    }
}
