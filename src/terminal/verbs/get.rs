//! `get`: objects as tables and in every other form, once or as they change.
//!
//! Models k8s.io/kubectl/pkg/cmd/get/get.go.

mod request;
mod style;
mod watch;
pub(super) mod watching;

use crate::manifests;
use crate::patch::check_part;
use crate::print::format::Format;
use crate::print::sort::{Unsorted, no_field, sort_by};
use crate::print::table::Widths;
use crate::print::whole::print_whole;
use crate::targets::{self, Lookup};
use crate::work::Step;
use api::kind::Kind;
use api::scale::scale_of;
use api::view;
use base::time::Time;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::kinds;
use kubectl::session::{Session, shows_managers};
use kubectl::target::Target;
use rows::cells;

use request::Request;
use style::Style;
use watch::start_watch;

/// The subresource that is printed as an object of its own.
const SCALE: &str = "scale";

/// Runs the command.
pub fn get(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if call.args.is_empty() && !manifests::are_given(call) {
        let help =
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n";
        session.output.err(help);
        return Err(call.usage(
            "Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. \
             kubectl explain pods).",
        ));
    }
    let format = Format::of(call, true);
    check(call, session)?;
    let request = Request::of(call, session)?;
    if call.flags.on("watch") || call.flags.on("watch-only") {
        return start_watch(&request, session, format?);
    }
    if request.part.is_some() && !manifests::are_given(call) && !request.asked.has_names() {
        return Err(Failure::client("subresource cannot be used when bulk resources are specified"));
    }
    let is_table = matches!(format, Ok(None | Some(Format::Wide)));
    let lists_fail_whole = is_table && !call.flags.on("ignore-not-found");
    let found = targets::find(call, &call.args, session, Lookup { type_means_all: true, lists_fail_whole, ..Lookup::default() })?;
    let mut failures = Vec::new();
    let mut objects: Vec<Target> = Vec::new();
    for target in found {
        match target {
            Ok(target) => objects.push(target),
            Err(failure) if failure.is_not_found() && call.flags.on("ignore-not-found") => {}
            Err(failure) => failures.push(failure),
        }
    }
    // Models printGeneric, which makes its printer when there is something to print.
    let nothing = objects.is_empty() && call.flags.on("ignore-not-found");
    if format.is_err() && (nothing || !failures.is_empty() && request.is_single(session)) {
        return Failure::from_all(failures).map(|()| Step::Done);
    }
    let format = format?;
    if let Some(part) = request.part {
        let named = || request.asked.named().into_iter().map(|(kind, _)| kind).collect();
        let kinds: Vec<Kind> = if manifests::are_given(call) { objects.iter().map(|o| o.kind).collect() } else { named() };
        check_part(&kinds, part)?;
    }
    if request.part == Some(SCALE) {
        for target in &mut objects {
            target.object = scale_of(&target.object);
        }
    }
    if shows_managers(call) {
        for target in &mut objects {
            session.name_managers(&mut target.object);
        }
    }
    match &format {
        None | Some(Format::Wide) => print_tables(&request, session, format.is_some(), &objects, failures),
        Some(format) => print_objects(&request, session, format, objects, failures),
    }
}

/// Refuses flags that do not go together.
fn check(call: &Call, session: &Session) -> Result<(), Failure> {
    if let (true, Some(output)) = (call.flags.on("show-labels"), call.flags.text("output").filter(|o| !["", "wide"].contains(o))) {
        return Err(Failure::client(format!("--show-labels option cannot be used with {output} printer")));
    }
    let custom = call.flags.text("output").filter(|o| o.starts_with("custom-columns"));
    if let (true, Some(output), true) = (call.flags.given("label-columns"), custom, session.client.release().refuses_labels_beside_columns)
    {
        return Err(Failure::client(format!("--label-columns option cannot be used with {output} printer")));
    }
    if call.flags.on("output-watch-events") && !call.flags.on("watch") && !call.flags.on("watch-only") {
        return Err(Failure::client("--output-watch-events option can only be used with --watch or --watch-only"));
    }
    Ok(())
}

fn print_objects(
    request: &Request,
    session: &mut Session,
    format: &Format,
    objects: Vec<Target>,
    mut failures: Vec<Failure>,
) -> Result<Step, Failure> {
    let single = request.is_single(session);
    if single && (objects.is_empty() || !failures.is_empty()) {
        return Failure::from_all(failures).map(|()| Step::Done);
    }
    let mut values: Vec<Value> = objects.into_iter().map(|t| t.object).collect();
    let single = single && values.len() == 1;
    let order = if single { Ok(()) } else { sorted(request.call, session, &mut values, Held::Objects) };
    match order {
        Err(died @ Failure::Exit(_)) => return Err(died),
        Ok(()) => print_whole(session, format, values, single)?,
        Err(failure) => failures.push(failure),
    }
    Failure::from_all(failures).map(|()| Step::Done)
}

/// What kubectl holds objects in while it sorts them.
#[derive(Clone, Copy)]
enum Held {
    Rows,
    Objects,
}

/// Sorts objects as `--sort-by` says. By what has no order kubectl dies, which is all that is said.
fn sorted(call: &Call, session: &mut Session, objects: &mut [Value], held: Held) -> Result<(), Failure> {
    let Some(path) = call.flags.text("sort-by").filter(|p| !p.is_empty()) else { return Ok(()) };
    sort_by(path, objects).map_err(|unsorted| match unsorted {
        Unsorted::Refused(why) => Failure::Client(why),
        Unsorted::Unsortable(path, why) => {
            let (place, held) = match held {
                Held::Rows => ("sorter.go:375", "[][][]reflect.Value"),
                Held::Objects => ("sorter.go:329", "*unstructured.Unstructured"),
            };
            session.log('F', place, &format!("Field {path} in {held} is an unsortable type: interface, err: {why}"));
            Failure::Exit(1)
        }
    })
}

fn print_tables(request: &Request, session: &mut Session, wide: bool, objects: &[Target], failures: Vec<Failure>) -> Result<Step, Failure> {
    let Request { call, asked, part } = request;
    let mut style = Style::of(request, wide, objects, failures.len());
    let everywhere = std::mem::take(&mut style.namespaces);
    let now = session.now();
    let mut first = true;
    let mut rest = objects;
    if let Some(path) = call.flags.text("sort-by").filter(|p| !p.is_empty()) {
        // What the server answers with is a table for each list and each name: several are not sorted.
        let tables = if asked.has_names() { objects.len() } else { asked.kinds.len() };
        if tables > 1 {
            return Err(Failure::Client(no_field(path)));
        }
    }
    while let Some(target) = rest.first() {
        // Once a kind is shown with its namespaces, those after it are, too: upstream the copies of the flags share this one.
        style.namespaces |= everywhere && target.kind.is_namespaced();
        let run = rest.iter().take_while(|t| t.kind == target.kind).count();
        let mut group: Vec<Value> = rest[..run].iter().map(|t| t.object.clone()).collect();
        if target.kind == Kind::StorageClass && session.client.release().marks_newest_default_class {
            let in_list = !manifests::are_given(call) && !asked.has_names();
            cells::mark_newest_default_class(&mut group, in_list);
        }
        // One object needs no order, and nobody looks whether it has the field.
        match if group.len() > 1 { sorted(call, session, &mut group, Held::Rows) } else { Ok(()) } {
            Ok(()) => {}
            Err(died @ Failure::Exit(_)) => return Err(died),
            Err(_) => break,
        }
        if !first && style.headings {
            session.output.out("\n");
        }
        first = false;
        let rows = match part {
            Some(SCALE) => scale_rows(&group, now),
            // The server makes no table of what it does not have.
            _ if target.name.is_empty() => vec![vec!["NAME".to_owned(), "AGE".to_owned()], vec![String::new(), "<unknown>".to_owned()]],
            _ => style.table(target.kind, &group, now, session),
        };
        session.output.out(Widths::default().format(&rows));
        rest = &rest[run..];
    }
    if first && failures.is_empty() && !call.flags.on("ignore-not-found") {
        session.output.err(nothing_found(call, session));
    }
    let done = if asked.named().len() == 1 { Failure::from_all(failures) } else { Failure::gathered(failures) };
    done.map(|()| Step::Done)
}

fn scale_rows(scales: &[Value], now: Time) -> Vec<Vec<String>> {
    let mut rows = vec![["NAME", "DESIRED", "AVAILABLE", "AGE"].map(str::to_owned).to_vec()];
    rows.extend(scales.iter().map(|s| {
        let number = |part: &str| view::int(s, &[part, "replicas"]).to_string();
        vec![view::name(s).to_owned(), number("spec"), number("status"), view::object_age(now, s)]
    }));
    rows
}

/// What is said instead of an empty table.
fn nothing_found(call: &Call, session: &Session) -> String {
    let namespaced = call.args.first().is_none_or(|types| kinds(types, session.client).is_ok_and(|k| k.iter().all(|k| k.is_namespaced())));
    match session.scope(call).filter(|_| namespaced) {
        Some(namespace) => format!("No resources found in {namespace} namespace."),
        None => "No resources found".to_owned(),
    }
}
