//! `explain`: the fields of a kind.
//!
//! Models k8s.io/kubectl/pkg/explain/v2.

use std::fmt::Write;

use crate::documentation::{Described, is_there, wrapped};
use crate::work::Step;
use api::kind::Kind;
use api::release::Release;
use api::schema::{Field, StructType, schema};
use base::note::Note;
use base::sort::Sort;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::kind_called;
use kubectl::session::Session;

/// The maximum depth of `--recursive`: some structs contain themselves.
const MAX_LEVELS: usize = 12;

/// The values of a field that are shown in a list of fields.
const MAX_VALUES: usize = 4;

/// The width to which descriptions are wrapped, and how far those of a kind are indented, in letters.
const WIDTH: usize = 80;
const INDENT: usize = 4;

/// Runs the command.
pub fn explain(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let [path] = call.args.as_slice() else {
        return Err(match call.args.len() {
            0 => Failure::client(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.",
            ),
            _ => Failure::client("We accept only this format: explain RESOURCE"),
        });
    };
    if let Some(other) = call.flags.text("output").filter(|o| !["plaintext", "plaintext-openapiv2"].contains(o)) {
        return Err(Failure::client(format!("unrecognized format: {other}")));
    }
    // The path is read as a JSONPath, where two points search at all depths.
    let path = path.strip_suffix('.').unwrap_or(path);
    Failure::client_if(path.starts_with('.') || path.contains(".."), "invalid jsonpath syntax, first node must be field node")?;
    let unknown = |failure| if let Failure::Client(words) = failure { Failure::Plain(words) } else { failure };
    let kind = kind_called(path.split('.').next().unwrap_or_default(), session.client).map_err(unknown)?;
    let is_left_out = is_there() && !Described::of_struct(schema().kind(kind)).is_known();
    if schema().is_open(kind) || is_left_out {
        return Err(Failure::not_simulated(format!("`kubectl explain` of kind {kind}")));
    }
    // `statefulsets.apps.spec`: the group belongs to the full name only.
    let rest = path.strip_prefix(&kind.resource()).filter(|rest| rest.is_empty() || rest.starts_with('.'));
    let names: Vec<&str> = rest.map_or_else(|| path.split('.').skip(1).collect(), |rest| rest.split('.').skip(1).collect());
    let mut text = head(kind);
    let release = session.client.release();
    let around = |fields: &[&'static Field]| -> Vec<Option<&'static StructType>> {
        std::iter::once(Some(schema().kind(kind))).chain(fields.iter().map(|field| schema().inside(field))).collect()
    };
    let known = schema().walk(kind, &names).and_then(|fields| {
        let later = fields.iter().position(|field| !release.knows(field));
        later.map_or(Ok(fields), Err)
    });
    let fields = match known {
        Ok(fields) => fields,
        Err(found) => {
            if !release.refuses_arguments_bluntly {
                session.output.out(text);
            }
            return Err(Failure::client(format!("field {:?} does not exist", names.get(found).copied().unwrap_or_default())));
        }
    };
    let structs = around(&fields);
    let inside = structs.last().copied().flatten();
    if let (Some(field), [.., Some(of), _]) = (fields.last(), structs.as_slice()) {
        let (values, (name, of)) = (Described::of_struct(of).values(field), Described::of_struct(of).title(field));
        let _ = writeln!(text, "FIELD: {name} <{of}>");
        text.push_str(if values.is_empty() { "\n" } else { "ENUM:\n" });
        for value in values {
            let _ = writeln!(text, "    {value}");
        }
        text.push('\n');
    }
    let said = match (fields.last(), structs.as_slice()) {
        (Some(field), [.., Some(of), _]) => Described::of_struct(of).whole(field),
        _ => Described::of_struct(schema().kind(kind)).kind(),
    };
    let said = if said.is_empty() { "<empty>" } else { &said };
    let _ = writeln!(text, "DESCRIPTION:\n{}", wrapped(said, WIDTH - INDENT, INDENT));
    if let Some(inside) = inside {
        text.push_str("FIELDS:\n");
        write_fields(inside, call.flags.on("recursive"), 1, release, &mut text);
    }
    session.output.line(text);
    if !is_there() {
        session.output.note(Note::Undescribed);
    }
    Ok(Step::Done)
}

fn head(kind: Kind) -> String {
    let info = kind.info();
    let group = if info.group.is_empty() { String::new() } else { format!("GROUP:      {}\n", info.group) };
    format!("{group}KIND:       {}\nVERSION:    {}\n\n", info.name, info.version)
}

fn mark(of: &StructType, field: &Field, release: &Release) -> &'static str {
    if release.requires(of, field) { " -required-" } else { "" }
}

fn write_fields(of: &StructType, recursive: bool, level: usize, release: &Release, out: &mut String) {
    let mut fields: Vec<&Field> = of.fields.iter().filter(|field| release.knows(field)).collect();
    fields.sort_small_by_key(|f| f.name);
    let described = Described::of_struct(of);
    for field in fields {
        let indent = "  ".repeat(level);
        let (name, is) = described.title(field);
        let _ = writeln!(out, "{indent}{name}\t<{is}>{}", mark(of, field, release));
        let mut values = described.values(field);
        if values.len() > MAX_VALUES {
            values.truncate(MAX_VALUES);
            values.push("....");
        }
        if !values.is_empty() {
            let _ = writeln!(out, "{indent}enum: {}", values.join(", "));
        }
        if !recursive {
            let said = described.field(field);
            let said = wrapped(said.as_deref().unwrap_or("<no description>"), WIDTH - 2 - indent.len(), indent.len() + 2);
            let _ = write!(out, "{said}\n\n");
        } else if let Some(inside) = schema().inside(field).filter(|_| level < MAX_LEVELS) {
            write_fields(inside, recursive, level + 1, release, out);
        }
    }
}
