//! `-o`: the output format, and printing objects in it.
//!
//! Models k8s.io/cli-runtime/pkg/genericclioptions print flags and k8s.io/kubectl/pkg/cmd/get/get_flags.go.

use crate::print::custom::Custom;
use crate::print::declared::Order;
use crate::print::table::Widths;
use crate::print::{jsonpath, template};
use api::kind::Kind;
use api::view;
use base::sort::Sort;
use base::value::Value;
use kubectl::call::Call;
use kubectl::commands::command::CommandQuirk;
use kubectl::failure::Failure;
use kubectl::output::Output;

/// An output format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// `-o wide`: a table with all columns.
    Wide,
    /// `-o name`
    Name,
    /// `-o yaml`
    Yaml,
    /// `-o json`
    Json,
    /// The same of a command that holds objects in Go structs: members come as declared.
    Declared,
    /// `-o jsonpath=…`, or `-o jsonpath-as-json=…`
    JsonPath(jsonpath::Template, bool),
    /// `-o go-template=…`
    GoTemplate(template::Template),
    /// `-o custom-columns=…`
    Custom(Custom),
}

/// The formats of every command that prints objects.
const COMMON: [&str; 11] = [
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "yaml",
];

/// Additional formats of commands that print tables.
const TABLE: [&str; 3] = ["custom-columns", "custom-columns-file", "wide"];

impl Format {
    /// The format that the flags ask for, if any. `tables` says whether the command can print tables.
    pub fn of(call: &Call, tables: bool) -> Result<Option<Format>, Failure> {
        let template = call.flags.text("template").filter(|t| !t.is_empty());
        let Some(asked) = call.flags.text("output").filter(|o| !o.is_empty()).or(template.map(|_| "go-template")) else {
            return Ok(None);
        };
        let (form, glued) = asked.split_once('=').map_or((asked, None), |(form, text)| (form, Some(text)));
        let text = || match glued.filter(|t| !t.is_empty()).or(template) {
            Some(text) => Ok(text),
            None => Err(Failure::client("template format specified but no template given")),
        };
        let json_path =
            |text: &str| jsonpath::Template::parse(text).map_err(|why| Failure::client(format!("error parsing jsonpath {text}, {why}")));
        let go_template = |text: &str| template::Template::parse(text).map_err(Failure::Client);
        let custom = |read: Result<Custom, String>| {
            let columns = read.map_err(Failure::Client)?;
            Ok::<_, Failure>(columns.without_headings(call.flags.on("no-headers")))
        };
        let lowered = form.to_ascii_lowercase();
        // Models cli-runtime json_yaml_flags.go and name_flags.go, which alone read their formats so.
        let form = if ["json", "kyaml", "name", "yaml"].contains(&&*lowered) { &*lowered } else { form };
        let elsewhere = || Failure::not_simulated_with(call.command.name, &format!("-o {form}"));
        let structs = call.command.has(CommandQuirk::PrintsStructs);
        let format = match (form, glued) {
            ("wide", None) if tables => Format::Wide,
            ("name", None) => Format::Name,
            ("yaml", None) => Format::Yaml,
            ("json", None) if structs => Format::Declared,
            ("json", None) => Format::Json,
            ("jsonpath" | "jsonpath-as-json", _) => Format::JsonPath(json_path(text()?)?, form != "jsonpath"),
            ("go-template" | "template", _) => Format::GoTemplate(go_template(text()?)?),
            ("kyaml", None) | ("jsonpath-file" | "go-template-file" | "templatefile", _) => return Err(elsewhere()),
            ("custom-columns", _) if tables => Format::Custom(custom(Custom::parse(glued.unwrap_or_default()))?),
            ("custom-columns-file", _) if tables => return Err(elsewhere()),
            _ => {
                let mut allowed: Vec<&str> = COMMON.to_vec();
                if tables {
                    allowed.extend(TABLE);
                }
                allowed.sort_small();
                return Err(Failure::client(format!(
                    "unable to match a printer suitable for the output format {asked:?}, allowed formats are: {}",
                    allowed.join(",")
                )));
            }
        };
        Ok(Some(format))
    }

    /// Prints objects: a single one by itself if `single`, otherwise as a list.
    pub fn print(&self, objects: &[Value], single: bool, output: &mut Output) -> Result<(), Failure> {
        let root = || match objects {
            [object] if single => object.clone(),
            _ => list_of(objects),
        };
        match self {
            Format::Wide => {}
            Format::Name => objects.iter().for_each(|o| output.line(resource_name(o))),
            Format::Yaml => output.out(yaml::print(&root())),
            Format::Json => output.line(yaml::to_json_pretty(&root())),
            Format::Declared => {
                let root = root();
                output.line(yaml::to_json_ordered(&root, Order::of(&root)));
            }
            Format::JsonPath(template, as_json) => output.out(template.print(&root(), *as_json).map_err(Failure::Client)?),
            Format::GoTemplate(template) => {
                let printed = template.print(&root());
                output.out(printed.text);
                if let Some(error) = printed.error {
                    return Err(Failure::Client(error));
                }
            }
            Format::Custom(custom) => {
                // A path that leads nowhere good is noticed at its object: what is above is printed.
                let mut rows: Vec<Vec<String>> = custom.headings().into_iter().collect();
                let cells = objects.iter().try_for_each(|object| custom.row(object).map(|row| rows.push(row)));
                output.out(Widths::default().format(&rows));
                cells.map_err(Failure::Client)?;
            }
        }
        Ok(())
    }
}

/// `statefulset.apps/web`.
pub fn resource_name(object: &Value) -> String {
    let (version, kind) = (view::text(object, &["apiVersion"]), view::text(object, &["kind"]));
    let qualified = Kind::of(version, kind).map_or_else(
        || match version.split_once('/') {
            Some((group, _)) => format!("{}.{group}", kind.to_ascii_lowercase()),
            None => kind.to_ascii_lowercase(),
        },
        Kind::qualified_singular,
    );
    let name = Some(view::name(object)).filter(|name| !name.is_empty()).unwrap_or(view::UNKNOWN);
    format!("{qualified}/{name}")
}

/// Objects as a `List`.
pub fn list_of(objects: &[Value]) -> Value {
    let mut list = Value::of([("apiVersion", "v1"), ("kind", "List")]);
    list.set(&["items"], Value::list(objects.to_vec()));
    list.set(&["metadata", "resourceVersion"], "");
    list
}
