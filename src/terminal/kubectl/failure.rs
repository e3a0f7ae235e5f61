//! What stops a command, and how kubectl prints it.
//!
//! Models k8s.io/kubectl/pkg/cmd/util/helpers.go checkErr, StandardErrorMessage and MultilineError.

use crate::commands::command::{Command, CommandQuirk};
use crate::output::Output;
use api::status::{FieldError, Misfit, Status, StatusReason};
use base::field_path::FieldPath;
use base::note::Note;
use base::quoted::{go_quoted, in_one_line};
use base::sorted::SortedSet;
use yaml::Problem;

/// Why a command exits with a non-zero code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server refused.
    Server(Status),
    /// An error of kubectl itself, printed after `error: ` unless it begins so already, which kubectl, too, tells by its words.
    Client(String),
    /// This file cannot be read; kubectl reads no more of it.
    Unreadable(String, Problem),
    /// This file holds what is no object, as this one of its objects; kubectl reads no more of it.
    WrongShape(String, usize, Vec<ShapeError>),
    /// An object in this file lacks this field, or has it as something that it cannot be, as these words say.
    Undecodable(String, FieldPath, String),
    /// An object without a name is asked for, after these words about the occasion.
    Unnamed(String),
    /// What stopped one of the objects that a command has read, by its place among them.
    Of(usize, Box<Failure>),
    /// Wrong usage: `error: `, and a second line that points at the help.
    Usage {
        /// The error message.
        message: String,
        command: &'static Command,
    },
    /// Printed verbatim.
    Plain(String),
    /// Several failures.
    Many(Vec<Failure>),
    /// Nothing to print, just an exit code.
    Exit(i32),
    /// Something the playground does not simulate.
    NotSimulated(Note),
}

/// What kubectl itself has against an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// The field with the error, as far as it is written.
    pub misfit: Misfit,
    /// kubectl's words.
    pub words: String,
}

impl Failure {
    /// An error of kubectl itself.
    pub fn client(message: impl Into<String>) -> Self {
        Failure::Client(message.into())
    }

    /// The same where something is wrong.
    pub fn client_if(is_wrong: bool, message: impl Into<String>) -> Result<(), Failure> {
        if is_wrong { Err(Failure::client(message)) } else { Ok(()) }
    }

    /// Something that is not simulated, by the name that it has in kubectl.
    pub fn not_simulated(what: impl Into<String>) -> Self {
        Failure::NotSimulated(Note::NotSimulated(what.into()))
    }

    /// The same of a command with these flags.
    pub fn not_simulated_with(command: &str, flags: &str) -> Self {
        Failure::NotSimulated(Note::With(command.to_owned(), flags.to_owned()))
    }

    /// The server's answer for a path that it does not have.
    pub fn no_such_resource() -> Self {
        let status = Status::bad_request("the server could not find the requested resource");
        Failure::Server(Status { reason: StatusReason::NotFound, ..status })
    }

    /// All failures of a command that acts on objects as it reads them: what could not be read is told last, and as one.
    /// Models k8s.io/cli-runtime/pkg/resource/visitor.go ContinueOnErrorVisitor around EagerVisitorList.
    pub fn then_unread(mut failures: Vec<Failure>, unread: Vec<Failure>) -> Vec<Failure> {
        if failures.is_empty() {
            return unread;
        }
        failures.extend(Failure::aggregate(unread));
        failures
    }

    /// `Ok` for no failures; otherwise an aggregate, even of one: kubectl does not write `error:` before its members.
    pub fn gathered(failures: Vec<Failure>) -> Result<(), Failure> {
        if failures.is_empty() { Ok(()) } else { Err(Failure::Many(failures)) }
    }

    /// `Ok` for no failures, the failure itself for a single one.
    pub fn from_all(mut failures: Vec<Failure>) -> Result<(), Failure> {
        match failures.len() {
            0 => Ok(()),
            1 => Err(failures.swap_remove(0)),
            _ => Err(Failure::Many(failures)),
        }
    }

    /// Separates successes from failures, each in order.
    pub fn parted<T>(all: Vec<Result<T, Failure>>) -> (Vec<T>, Vec<Failure>) {
        let mut failures = Vec::new();
        let found = all.into_iter().filter_map(|one| one.map_err(|failure| failures.push(failure)).ok()).collect();
        (found, failures)
    }

    /// Combines several failures into one line, without duplicates: `[a, b]`. Models utilerrors.Aggregate Error.
    pub fn aggregate(failures: Vec<Failure>) -> Option<Failure> {
        if failures.len() < 2 {
            return failures.into_iter().next();
        }
        let all = Failure::Plain(in_one_line(failures.iter().map(Failure::words)));
        Some(if let Failure::Of(first, _) = failures[0] { Failure::Of(first, Box::new(all)) } else { all })
    }

    /// What went wrong with the items of a list, as one failure: its members are not told as the server's. Models
    /// k8s.io/cli-runtime/pkg/resource/visitor.go FlattenListVisitor, whose aggregate is a member of another.
    pub fn of_list(failures: &[Failure]) -> Failure {
        Failure::Plain(in_one_line(failures.iter().map(|failure| match failure {
            Failure::Server(status) => status.message.clone(),
            other => other.words(),
        })))
    }

    /// The failure, whichever object it is of.
    pub fn itself(&self) -> &Self {
        if let Failure::Of(_, failure) = self { failure } else { self }
    }

    /// Adds to a failure that it happened while `doing` something with a file. Models cmdutil.AddSourceToErr.
    #[must_use]
    pub fn from_source(self, doing: &str, source: &str) -> Self {
        if source.is_empty() {
            return self;
        }
        match self {
            Failure::Server(mut status) => {
                status.message = format!("error when {doing} {source:?}: {}", status.message);
                Failure::Server(status)
            }
            Failure::Client(message) => Failure::Client(format!("error when {doing} {source:?}: {message}")),
            Failure::Unnamed(before) => Failure::Unnamed(format!("error when {doing} {source:?}: {before}")),
            other => other,
        }
    }

    /// Whether the server says that there is no such object.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Failure::Server(status) if status.reason == StatusReason::NotFound)
    }

    /// Prints the failure; returns the exit code.
    pub fn print(&self, output: &mut Output) -> i32 {
        self.warn(output);
        match self.itself() {
            Failure::Exit(code) => return *code,
            Failure::NotSimulated(note) => output.note(note.clone()),
            Failure::Server(status) if status.reason == StatusReason::Invalid => output.err(invalid(status)),
            Failure::Usage { message, command } => {
                output.err(format!("error: {message}\nSee 'kubectl {} -h' for help and examples", command.name));
                return if command.has(CommandQuirk::Compares) { 2 } else { 1 };
            }
            Failure::Plain(text) => output.err(one_line_end(text)),
            Failure::Many(all) => {
                for one in all {
                    match one.itself() {
                        Failure::NotSimulated(note) => output.note(note.clone()),
                        other => output.err(other.words()),
                    }
                }
            }
            Failure::Server(_) => output.err(one_line_end(&self.words())),
            Failure::Client(message) if message.starts_with("error: ") => output.err(one_line_end(message)),
            other => output.err(format!("error: {}", one_line_end(&other.words()))),
        }
        1
    }

    /// Prints the warnings that came with the refusals: kubectl prints them as answers arrive.
    fn warn(&self, output: &mut Output) {
        match self.itself() {
            Failure::Server(status) => status.warnings.iter().for_each(|warning| output.warn(warning)),
            Failure::Many(all) => all.iter().for_each(|one| one.warn(output)),
            _ => {}
        }
    }

    /// The message of one failure among several.
    pub fn words(&self) -> String {
        match self.itself() {
            Failure::Server(status) if status.reason == StatusReason::Unknown => format!("Error from server: {}", status.message),
            Failure::Server(status) => format!("Error from server ({:?}): {}", status.reason, status.message),
            Failure::Client(text) | Failure::Plain(text) | Failure::Usage { message: text, .. } => text.clone(),
            Failure::Unreadable(source, problem) => format!("error parsing {source}: {problem}"),
            Failure::WrongShape(source, _, wrong) => format!(
                "error validating {source:?}: error validating data: {}; if you choose to ignore these errors, turn validation off with \
                 --validate=false",
                in_one_line(wrong.iter().map(|error| error.words.clone()))
            ),
            Failure::Undecodable(source, _, why) => format!("unable to decode {source:?}: {why}"),
            Failure::Unnamed(before) => format!("{before}resource name may not be empty"),
            Failure::Many(all) => in_one_line(all.iter().map(Failure::words)),
            Failure::Exit(_) | Failure::Of(..) => String::new(),
            Failure::NotSimulated(note) => note.to_string(),
        }
    }
}

/// A message that already ends its line is not given another end. Models cmdutil fatal.
fn one_line_end(message: &str) -> &str {
    message.strip_suffix('\n').unwrap_or(message)
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Failure::Server(status)
    }
}

/// The short form of an `Invalid` status.
fn invalid(status: &Status) -> String {
    let mut text = head_of_invalid(status);
    match causes_told(status).as_slice() {
        [] if text == NAMELESS_INVALID && !status.message.is_empty() => {
            text.push_str(": ");
            text.push_str(&status.message);
        }
        [] => {}
        [one] => return format!("{text}: {one}"),
        many => {
            text.push_str(": ");
            for one in many {
                text.push_str("\n* ");
                text.push_str(&one.to_string());
            }
        }
    }
    text
}

/// How an `Invalid` status without an object begins.
const NAMELESS_INVALID: &str = "The request is invalid";

/// How an `Invalid` status is printed, before its causes.
pub fn head_of_invalid(status: &Status) -> String {
    let (kind, name) = (status.about.0.split('.').next().unwrap_or_default(), &status.about.1);
    if kind.is_empty() && name.is_empty() { NAMELESS_INVALID.to_owned() } else { format!("The {kind} {} is invalid", go_quoted(name)) }
}

/// The causes of a status that are printed: those that read alike are one.
pub fn causes_told(status: &Status) -> Vec<&FieldError> {
    let mut told = SortedSet::new();
    status.causes.iter().filter(|cause| told.insert(cause.to_string())).collect()
}
