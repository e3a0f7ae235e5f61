//! The objects that a command acts on, as named by arguments, flags and files.
//!
//! Models k8s.io/cli-runtime/pkg/resource/builder.go Do.

use crate::manifests;
use base::sorted::SortedMap;
use base::value::Value;
use kubectl::call::Call;
use kubectl::commands::command::CommandQuirk;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::select::Filter;
use kubectl::session::{Session, check_name};
use kubectl::target::Target;

/// How a command looks up its objects.
#[allow(clippy::struct_excessive_bools, reason = "each is a way that some commands have and others have not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Whether a type alone means all its objects.
    pub type_means_all: bool,
    /// Whether names suffice, so that objects are not read from the server.
    pub names_only: bool,
    /// Whether the objects are those of the files, as they are written there: `--local`.
    pub local: bool,
    /// Whether what goes wrong with the items of one list in a file is one failure.
    pub lists_fail_whole: bool,
}

impl Lookup {
    /// The lookup of a command that may have `--local`.
    pub fn of(call: &Call) -> Lookup {
        Lookup { local: call.flags.on("local"), ..Lookup::default() }
    }
}

/// The error of names beside `--local`.
const FILES_ONLY: &str = "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f \
                          rsrc.yaml'\n   '--filename=rsrc.json'";

/// The error of a command without any resources.
const NOTHING_GIVEN: &str = "You must provide one or more resources by argument or filename.\nExample resource specifications \
                             include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

/// Finds the objects, in order; fails with all lookup errors.
pub fn find_all(call: &Call, args: &[String], session: &mut Session, lookup: Lookup) -> Result<Vec<Target>, Failure> {
    let (found, missing) = Failure::parted(find(call, args, session, lookup)?);
    Failure::from_all(missing).map(|()| found)
}

/// Finds the objects, in order; each lookup may fail separately.
pub fn find(call: &Call, args: &[String], session: &mut Session, lookup: Lookup) -> Result<Vec<Result<Target, Failure>>, Failure> {
    if manifests::are_given(call) {
        return from_files(call, args, session, lookup);
    }
    if lookup.local && !args.is_empty() {
        return Err(Failure::client(if call.command.has(CommandQuirk::DropsNames) { NOTHING_GIVEN } else { FILES_ONLY }));
    }
    session.warn_of_short_names(args);
    let asked = Asked::read(args, session.client)?;
    let filter = Filter::of(call);
    let all = call.flags.on("all") && call.command.has(CommandQuirk::AllSelects);
    if let Some(given) = call.flags.text("selector").filter(|given| all && !given.is_empty()) {
        return Err(Failure::client(format!("found non-empty label selector {given:?} with previously set 'all' parameter. ")));
    }
    Failure::client_if(asked.is_empty() && (all || !filter.is_empty()), "at least one resource must be specified to use a selector")?;
    Failure::client_if(asked.is_empty(), NOTHING_GIVEN)?;
    if asked.has_names() {
        return if all { Err(is_selected(&asked)) } else { by_name(call, &asked, &filter, session, lookup) };
    }
    if filter.is_empty() && !lookup.type_means_all && !call.flags.on("all") {
        return Err(Failure::client("resource(s) were provided, but no name was specified"));
    }
    let scope = session.scope(call);
    let mut found = Vec::new();
    for kind in &asked.kinds {
        match session.list(*kind, scope.as_deref(), &filter) {
            Ok(objects) => found.extend(objects.into_iter().map(|o| Ok(Target::of_object(*kind, o)))),
            Err(failure) => found.push(Err(failure)),
        }
    }
    Ok(found)
}

fn by_name(
    call: &Call,
    asked: &Asked,
    filter: &Filter,
    session: &mut Session,
    lookup: Lookup,
) -> Result<Vec<Result<Target, Failure>>, Failure> {
    if !filter.is_empty() {
        return Err(is_selected(asked));
    }
    if call.flags.on("all-namespaces") && asked.named().iter().any(|(kind, _)| kind.is_namespaced()) {
        return Err(Failure::client("a resource cannot be retrieved by name across all namespaces"));
    }
    asked.named().iter().try_for_each(|(_, name)| check_name(name))?;
    let namespace = session.namespace(call);
    let named = asked.named().into_iter().map(|(kind, name)| {
        let namespace = if kind.is_namespaced() { namespace.clone() } else { String::new() };
        read(Target { kind, namespace, name, source: String::new(), object: Value::Null }, session, lookup)
    });
    Ok(named.collect())
}

/// The error of names beside a selector.
fn is_selected(asked: &Asked) -> Failure {
    Failure::client(if asked.pairs.is_empty() {
        "name cannot be provided when a selector is specified"
    } else {
        "selectors and the all flag cannot be used when passing resource/name arguments"
    })
}

fn read(mut target: Target, session: &mut Session, lookup: Lookup) -> Result<Target, Failure> {
    if !lookup.names_only {
        target.object = session.get(target.kind, &target.namespace, &target.name)?;
    }
    Ok(target)
}

fn from_files(call: &Call, args: &[String], session: &mut Session, lookup: Lookup) -> Result<Vec<Result<Target, Failure>>, Failure> {
    if !args.is_empty() {
        return Err(Failure::client("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"));
    }
    let manifests = manifests::read_all(call, session, false)?;
    if lookup.local {
        return Ok(manifests.into_iter().map(|manifest| Ok(manifest?.target())).collect());
    }
    let filter = Filter::of_files(call)?;
    let mut found: Vec<Result<Target, Failure>> = Vec::new();
    // What went wrong with a list, by its number and where that is told.
    let mut wrong: SortedMap<usize, (usize, Vec<Failure>)> = SortedMap::new();
    for manifest in manifests {
        let list = manifest.as_ref().ok().and_then(|manifest| manifest.list).filter(|_| lookup.lists_fail_whole);
        let target = manifest.map(|manifest| manifest.target());
        // Models visitor.go RetrieveLatest, by which `get` shows what has no name as it is written.
        let is_shown = |target: &Target| lookup.names_only || target.name.is_empty() && call.command.name == "get";
        match (target.and_then(|target| if is_shown(&target) { Ok(target) } else { read(target, session, lookup) }), list) {
            // What is looked up is taken by the labels that it has there.
            (Ok(target), _) if !filter.passes(&target.object) => {}
            (Err(failure), Some(list)) => {
                if let Some((_, failures)) = wrong.get_mut(&list) {
                    failures.push(failure);
                } else {
                    wrong.insert(list, (found.len(), vec![failure.clone()]));
                    found.push(Err(failure));
                }
            }
            (other, _) => found.push(other),
        }
    }
    for (at, failures) in wrong.values() {
        found[*at] = Err(Failure::of_list(failures));
    }
    Ok(found)
}
