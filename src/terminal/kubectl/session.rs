//! What a command works with while it is polled: the server, its output, its surroundings.

use std::rc::Rc;

use crate::call::Call;
use crate::failure::Failure;
use crate::files::Files;
use crate::output::Output;
use crate::resources::kind_of;
use crate::select::Filter;
use crate::settings::current_namespace;
use crate::target::Target;
use api::change::Change;
use api::client::{Client, Patch, Subresource, WriteOptions, Written};
use api::kind::Kind;
use api::managed::MANAGED_FIELDS;
use api::names::path_segment;
use api::status::Status;
use api::view;
use base::given::SetGiven;
use base::time::{Span, Time};
use base::value::Value;

/// What the server says whenever it is asked about Endpoints.
const ENDPOINTS_WARNING: &str = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

/// What surrounds a command besides the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The files it sees.
    pub files: Files,
    /// Its standard input.
    pub stdin: Rc<str>,
    /// Files that it wrote, for the caller to keep.
    pub written: Vec<(String, String)>,
    /// Whether somebody can type into what it runs.
    pub terminal: bool,
    /// The editor that the environment names; empty if it names none.
    pub editor: String,
    /// The prompt of what it runs, while that waits for a line.
    pub prompt: Option<String>,
    /// How fast it asks; where nothing else is said, all is asked at one instant.
    pub pace: Pace,
}

/// How long a command takes between what it asks the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// From what it asks for one object to what it asks for the next.
    pub object: Span,
    /// From where it begins to read its files to be checked, with the schema, to what it asks for the first object.
    pub schema: Span,
    /// For how many objects it asks at one instant before it takes a second; 0 for all of them.
    pub at_once: usize,
}

impl Surroundings {
    /// Writes a file.
    pub fn write(&mut self, path: &str, text: &str) {
        self.files.put(path, text);
        self.written.push((self.files.whole(path), text.to_owned()));
    }
}

/// A command's hold on the world while it is polled.
pub struct Session<'a> {
    /// The server.
    pub client: &'a mut dyn Client,
    /// Where text goes.
    pub output: &'a mut Output,
    /// Files and input.
    pub around: &'a mut Surroundings,
}

impl Session<'_> {
    /// The present instant.
    pub fn now(&self) -> Time {
        self.client.now()
    }

    /// The namespace that a command works in.
    pub fn namespace(&self, call: &Call) -> String {
        let named = call.flags.text("namespace").filter(|name| !name.is_empty());
        named.unwrap_or_else(|| current_namespace(&self.around.files)).to_owned()
    }

    /// The namespace to list; `None` for all of them.
    pub fn scope(&self, call: &Call) -> Option<String> {
        if call.flags.on("all-namespaces") { None } else { Some(self.namespace(call)) }
    }

    /// Warns of a short name that two types have: `ev`.
    pub fn warn_of_short_names(&mut self, args: &[String]) {
        let types = args.first().and_then(|arg| arg.split('/').next()).unwrap_or_default();
        if types.split(',').any(|word| word == "ev") {
            self.output.warn("short name \"ev\" could also match lower priority resource events.events.k8s.io");
        }
    }

    /// Reads one object.
    pub fn get(&mut self, kind: Kind, namespace: &str, name: &str) -> Result<Value, Failure> {
        check_path(namespace, name)?;
        self.warn_of(kind);
        Ok(self.client.get(kind, namespace, name)?)
    }

    /// Reads the objects of a kind that pass a filter.
    pub fn list(&mut self, kind: Kind, scope: Option<&str>, filter: &Filter) -> Result<Vec<Value>, Failure> {
        self.warn_of(kind);
        filter.check(kind)?;
        // A real server has objects of its own of these kinds, which are not simulated.
        if matches!(kind, Kind::APIService | Kind::FlowSchema | Kind::PriorityLevelConfiguration) {
            return Err(Failure::not_simulated(format!("the list of kind {kind}")));
        }
        let mut objects = self.client.list(kind, scope.filter(|_| kind.is_namespaced()));
        objects.retain(|o| filter.passes(o));
        Ok(objects)
    }

    /// Patches an object and prints the warnings of the answer; the object as it is then.
    pub fn patch(&mut self, target: &Target, patch: Patch, options: &WriteOptions) -> Result<Value, Status> {
        let Target { kind, namespace, name, .. } = target;
        let written = self.client.patch(*kind, namespace, name, patch, Subresource::None, options)?;
        self.warn_all(&written);
        Ok(written.object)
    }

    /// Adds `managedFields` to an object; the server's other answers leave them out.
    pub fn name_managers(&self, object: &mut Value) {
        let (version, word) = (view::text(object, &["apiVersion"]), view::text(object, &["kind"]));
        let Some(kind) = kind_of(version, word, self.client) else { return };
        let managers = self.client.managers(kind, view::namespace(object), view::name(object));
        object.set_filled(&MANAGED_FIELDS, managers);
    }

    /// Prints a line as kubectl writes its log: how bad it is, when, by which process, where in its source, and what. Models
    /// k8s.io/klog/v2 formatHeader; kubectl is the only process here.
    pub fn log(&mut self, severity: char, place: &str, text: &str) {
        let now = self.now();
        let time = now.date("%m%d %H:%M:%S");
        self.output.err(format!("{severity}{time}.{:03}000       1 {place}] {text}", now.0 % 1000));
    }

    /// Prints the warnings of an answer.
    pub fn warn_all(&mut self, written: &Written) {
        for warning in &written.warnings {
            self.output.warn(warning);
        }
    }

    /// Warns of a deprecated kind, as every answer about it does.
    pub fn warn_of(&mut self, kind: Kind) {
        if kind == Kind::Endpoints && self.has(Change::EndpointsWarning) {
            self.output.warn(ENDPOINTS_WARNING);
        }
    }
}

/// Whether a command shows `managedFields`: with `--show-managed-fields`, and wherever a template is filled, which sees all of an
/// object, also when it fails. Models json_yaml_flags.go of k8s.io/cli-runtime/pkg/genericclioptions, which alone leaves them out.
pub fn shows_managers(call: &Call) -> bool {
    match call.flags.text("output").unwrap_or_default().to_ascii_lowercase().as_str() {
        "yaml" | "json" => call.flags.on("show-managed-fields"),
        "" | "wide" | "name" => call.flags.text("template").is_some(),
        _ => true,
    }
}

/// Refuses to ask for an object by what cannot stand in a path. Models k8s.io/client-go/rest/request.go Namespace and Name.
pub fn check_path(namespace: &str, name: &str) -> Result<(), Failure> {
    for (what, part) in [("namespace", namespace), ("resource name", name)] {
        let wrong = path_segment(part);
        Failure::client_if(!wrong.is_empty(), format!("invalid {what} {part:?}: [{}]", wrong.join(" ")))?;
    }
    check_name(name)
}

/// Refuses to ask for an object without a name.
pub fn check_name(name: &str) -> Result<(), Failure> {
    if name.is_empty() { Err(Failure::Unnamed(String::new())) } else { Ok(()) }
}
