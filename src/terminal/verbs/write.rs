//! What the writing commands share: dry runs, and saying what was done.

use std::cell::Cell;

use crate::print::format::{Format, list_of};
use api::client::WriteOptions;
use api::managed::MANAGED_FIELDS;
use base::value::Value;
use kubectl::call::Call;
use kubectl::commands::DRY_RUN_ALONE;
use kubectl::commands::command::CommandQuirk;
use kubectl::failure::Failure;
use kubectl::session::{Session, shows_managers};

/// How far a command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// All the way.
    None,
    /// The server is not asked.
    Client,
    /// The server checks and changes nothing.
    Server,
}

impl DryRun {
    /// What `--dry-run` says.
    pub fn of(call: &Call) -> Result<DryRun, Failure> {
        match call.flags.text("dry-run") {
            None | Some("none") => Ok(DryRun::None),
            Some("client" | DRY_RUN_ALONE) => Ok(DryRun::Client),
            Some("server") => Ok(DryRun::Server),
            Some(other) => Err(Failure::client(format!("Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."))),
        }
    }

    /// The options of what a command writes if it goes this far.
    pub fn options(self, call: &Call) -> WriteOptions {
        WriteOptions { dry_run: self.is_dry(), manager: call.manager().into(), ..WriteOptions::default() }
    }

    /// What follows the sentence about what was done.
    pub fn suffix(self) -> &'static str {
        match self {
            DryRun::None => "",
            DryRun::Client => " (dry run)",
            DryRun::Server => " (server dry run)",
        }
    }

    /// Whether nothing is to change.
    pub fn is_dry(self) -> bool {
        self != DryRun::None
    }
}

/// How a writing command reports.
#[derive(Clone)]
pub struct Report {
    /// How far it goes.
    pub dry_run: DryRun,
    pub options: WriteOptions,
    format: Option<Format>,
    /// Whether objects are shown with their managers.
    managers: bool,
    /// Whether the server is not asked at all, not even for the objects.
    local: bool,
    /// How many objects one printer has printed; `None` for commands that make one for each object.
    printed: Option<Cell<usize>>,
}

impl Report {
    /// What the flags ask for.
    pub fn of(call: &Call) -> Result<Report, Failure> {
        let (dry_run, format) = (DryRun::of(call)?, Format::of(call, false)?);
        let local = call.flags.on("local");
        if local && dry_run == DryRun::Server && !call.command.has(CommandQuirk::ForgetsLocal) {
            return Err(Failure::client("cannot specify --local and --dry-run=server - did you mean --dry-run=client?"));
        }
        // A dry run has changed nobody's fields.
        let managers = shows_managers(call) && !dry_run.is_dry() && !local;
        Ok(Report { dry_run, options: dry_run.options(call), format, managers, local, printed: None })
    }

    /// This report by one printer for all objects, which parts them where they are YAML. Models printers/yaml.go PrintObj.
    #[must_use]
    pub fn by_one_printer(self) -> Report {
        Report { printed: Some(Cell::new(0)), ..self }
    }

    /// This report for objects that are maps here, though other uses of the command print Go structs.
    #[must_use]
    pub fn of_maps(self) -> Report {
        let format = self.format.map(|format| if format == Format::Declared { Format::Json } else { format });
        Report { format, ..self }
    }

    /// Whether the server is not even asked for the objects.
    pub fn is_local(&self) -> bool {
        self.local
    }

    /// Whether the server carries the command out, if only to see whether it would.
    pub fn asks_server(&self) -> bool {
        !self.local && self.dry_run != DryRun::Client
    }

    /// Whether the objects are printed instead of sentences.
    pub fn prints_objects(&self) -> bool {
        self.format.is_some()
    }

    /// Whether they are printed as YAML, where one printer parts several by lines.
    pub fn prints_yaml(&self) -> bool {
        self.format == Some(Format::Yaml)
    }

    /// Says what was done to an object: a sentence, or the object in the form that was asked for.
    pub fn say(&self, session: &mut Session, resource_name: &str, done: &str, object: &Value) -> Result<(), Failure> {
        if let Some(format) = &self.format {
            if let Some(printed) = self.printed.as_ref().filter(|_| self.prints_yaml())
                && printed.replace(printed.get() + 1) > 0
            {
                session.output.line("---");
            }
            return format.print(&self.shown(session, std::slice::from_ref(object)), true, session.output);
        }
        session.output.line(format!("{resource_name} {done}{}", self.dry_run.suffix()));
        Ok(())
    }

    /// Objects as they are printed.
    fn shown(&self, session: &Session, objects: &[Value]) -> Vec<Value> {
        let mut objects = objects.to_vec();
        for object in &mut objects {
            self.name_managers(session, object);
        }
        objects
    }

    /// Adds `managedFields` to an object that has none yet, if they are shown.
    pub fn name_managers(&self, session: &Session, object: &mut Value) {
        if self.managers && object.at(&MANAGED_FIELDS).is_none() {
            session.name_managers(object);
        }
    }

    /// The same for commands whose sentence never tells of a dry run.
    pub fn say_done(&self, session: &mut Session, resource_name: &str, done: &str, object: &Value) -> Result<(), Failure> {
        Report { dry_run: DryRun::None, ..self.clone() }.say(session, resource_name, done, object)
    }

    /// Prints several objects as one list, for commands that print at the end.
    pub fn print_all(&self, session: &mut Session, objects: &[Value]) -> Result<(), Failure> {
        let objects = self.shown(session, objects);
        match &self.format {
            Some(format) if objects.len() == 1 => format.print(&objects, true, session.output),
            Some(format) => {
                // Unlike what the server lists, this has no version, not even an empty one.
                let mut list = list_of(&objects);
                list.set(&["metadata"], Value::map());
                match format {
                    Format::Name => format.print(&objects, false, session.output),
                    // The list is a Go struct, its items are not.
                    Format::Json => Format::Declared.print(&[list], true, session.output),
                    _ => format.print(&[list], true, session.output),
                }
            }
            None => Ok(()),
        }
    }
}
