//! `debug --copy-to`: a copy of a pod in which something is different.
//!
//! Models k8s.io/kubectl/pkg/cmd/debug/debug.go debugByCopy and generatePodCopyWithDebugContainer.

use super::lists::{LISTS, named};
use super::profile::{Profile, warn};
use super::wish::Wish;
use crate::process::stages::{Made, Maker};
use api::client::WriteOptions;
use api::kind::Kind;
use api::view;
use base::value::Value;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

impl Wish<'_> {
    /// Makes a copy of a pod; the container to attach to, if there is one.
    pub(super) fn copy(&self, pod: &Target, session: &mut Session) -> Result<Option<Made>, Failure> {
        let mut copy = self.bare_copy(&pod.object);
        let name = self.change_container(&mut copy, &pod.object, session)?;
        if let Some(name) = &name {
            self.keep(&mut copy);
            self.profile.apply(&mut copy, name);
            warn(&copy, named(copy.list_at(&["spec", "containers"]), name), session);
        }
        let written = session.client.create(Kind::Pod, &pod.namespace, &copy, &WriteOptions::default())?;
        session.warn_all(&written);
        let made = Target::of_object(Kind::Pod, written.object);
        Ok(name.map(|container| Made { pod: made, container, by: Maker::Debug }))
    }

    /// The copy as it is before any container is changed, but for images.
    fn bare_copy(&self, pod: &Value) -> Value {
        let mut copy = Value::of([("apiVersion", "v1"), ("kind", "Pod")]);
        copy.set(&["metadata", "name"], self.text("copy-to"));
        copy.set(&["metadata", "namespace"], view::namespace(pod));
        for key in ["annotations", "labels"] {
            if let Some(map) = pod.at(&["metadata", key]) {
                copy.set(&["metadata", key], map.clone());
            }
        }
        let mut spec = pod.get("spec").cloned().unwrap_or_default();
        spec.remove(&["ephemeralContainers"]);
        if self.call.flags.given("share-processes") {
            spec.set(&["shareProcessNamespace"], self.call.flags.on("share-processes"));
        }
        spec.remove(&["nodeName"]);
        let image = |name: &str| self.images.iter().rfind(|(of, _)| *of == name).map(|(_, image)| *image);
        let containers = spec.list_at(&["containers"]).iter().map(|container| {
            let mut container = container.clone();
            if let Some(image) = image(view::text(&container, &["name"])).or_else(|| image("*")) {
                container.set(&["image"], image);
            }
            container
        });
        let containers = Value::list(containers);
        spec.set(&["containers"], containers);
        copy.set(&["spec"], spec);
        copy
    }

    /// Changes the container that is meant, or adds one; its name. `None` if only images were to be changed.
    fn change_container(&self, copy: &mut Value, pod: &Value, session: &mut Session) -> Result<Option<String>, Failure> {
        let given = self.text("container");
        let is_in = |list: &&str| named(copy.list_at(&["spec", list]), given).is_some();
        let found = LISTS.map(|(list, _)| list).into_iter().find(is_in);
        if found.is_none() && self.image.is_empty() {
            let only_images = !self.images.is_empty();
            return if only_images { Ok(None) } else { Err(Failure::client("you must specify image when creating new container")) };
        }
        let name = if found.is_some() { given.to_owned() } else { self.container_name(pod, session) };
        let list = found.unwrap_or("containers");
        let mut all = copy.list_at(&["spec", list]).to_vec();
        if found.is_none() {
            all.push(Value::of([("name", name.as_str()), ("terminationMessagePolicy", "File")]));
        }
        if let Some(container) = all.iter_mut().find(|container| view::text(container, &["name"]) == name) {
            if !self.command.is_empty() {
                container.remove(&["args"]);
            }
            for flag in ["stdin", "tty"] {
                container.remove(&[flag]);
            }
            if !self.image.is_empty() {
                container.set(&["image"], self.image);
            }
            self.tell(container);
        }
        copy.set(&["spec", list], Value::list(all));
        Ok(Some(name))
    }

    /// Takes away what a copy has only where a flag keeps it, none of which is simulated. Models KeepFlags and shareProcessNamespace.
    fn keep(&self, copy: &mut Value) {
        copy.remove(&["metadata", "labels"]);
        if self.profile == Profile::Legacy {
            return;
        }
        copy.remove(&["metadata", "annotations"]);
        let without = |container: &Value| {
            let mut container = container.clone();
            for probe in PROBES {
                container.remove(&[probe]);
            }
            container
        };
        let containers = Value::list(copy.list_at(&["spec", "containers"]).iter().map(without));
        copy.set(&["spec", "containers"], containers);
        if copy.at(&["spec", "shareProcessNamespace"]).is_none() {
            copy.set(&["spec", "shareProcessNamespace"], true);
        }
    }
}
