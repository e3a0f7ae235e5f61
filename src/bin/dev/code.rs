//! The page's module and script: read after trunk has made them, and written anew as they are sent, or to be watched.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::Path;

use base::hash::fnv1a_128;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ExportKind, ExportSection, MemArg, MemArgTarget, MemorySection, MemoryType, Module};
use wasmparser::{FunctionBody, KnownCustom, Name, Parser, Payload};

use crate::data::{Linked, Reached, When};
use crate::list::{List, Watched};
use crate::module::shorten;
use crate::shell::project;
use crate::split::{self, Halves, Split};

/// The list of what comes later, in the project's directory.
pub const LIST: &str = "src/bin/dev/later.txt";
/// The memory in which each function of a watched module leaves a byte.
const RAN: &str = ".ran";
/// A path is listed if so many bytes more would come first without it.
const LINE: usize = 12;
/// How large a page of memory is, in bytes.
const PAGE: usize = 1 << 16;

/// A function of the page's module: what it is called, and how many bytes it has.
pub struct Known {
    /// The name for the linker; empty for an imported function.
    pub symbol: String,
    /// The name for people, with the path.
    pub name: String,
    /// The bytes of its code.
    pub bytes: usize,
}

/// The files that trunk made.
struct Made {
    /// What the names of both begin with.
    stem: String,
    script: String,
    module: Vec<u8>,
}

fn made(dist: &Path) -> Result<Made, String> {
    let entries = dist.read_dir().map_err(said)?.flatten();
    let stems = entries.filter_map(|entry| entry.file_name().to_str()?.strip_suffix("_bg.wasm").map(str::to_owned));
    let stem = stems.into_iter().next().ok_or("there is no module")?;
    let script = std::fs::read_to_string(dist.join(format!("{stem}.js"))).map_err(said)?;
    let module = std::fs::read(dist.join(format!("{stem}_bg.wasm"))).map_err(said)?;
    Ok(Made { stem, script, module })
}

/// Writes the page's module in two halves, and its script, shortened. The files' names change with their content. `linked` is the file of
/// the module as the linker left it.
pub fn send(dist: &Path, linked: &Path) -> Result<(), String> {
    let made = made(dist)?;
    let list = std::fs::read_to_string(project().join(LIST)).map_err(said)?;
    let list = List::read(&list);
    let functions = functions(&made.module).map_err(said)?;
    let module = std::fs::read(linked).map_err(said)?;
    let linked = Linked::read(&module)?;
    let classes = linked.alike(&module);
    let alike: Vec<Option<u32>> = functions.iter().map(|of| classes.get(of.symbol.as_str()).copied().flatten()).collect();
    let short = shorten(&made.script, &made.module, &alike)?;
    let numbered = || functions.iter().zip(&short.numbers);
    // One function may stand for several that do the same: it comes as early as any of them.
    let earliest = |reached: &Reached| {
        let mut earliest = vec![When::Later; short.numbers.iter().max().map_or(0, |last| *last as usize + 1)];
        for (of, new) in numbered() {
            let earliest = &mut earliest[*new as usize];
            *earliest = reached.when(&of.symbol).min(*earliest);
        }
        earliest
    };
    let listed = earliest(&linked.reached(|symbol| list.says_later(&rustc_demangle::demangle(symbol).to_string()), |_| false));
    let split = Split::new(&short.module, |function| listed[function as usize])?;
    // What comes first for other reasons than the list, such as its size, may name more.
    let later: BTreeSet<&str> = numbered().filter(|(_, new)| split.comes_later(**new)).map(|(of, _)| of.symbol.as_str()).collect();
    // The one that stands for several has its own constants.
    let mut stands = BTreeMap::new();
    numbered().for_each(|(of, new)| _ = stands.entry(*new).or_insert(of.symbol.as_str()));
    let stands: BTreeSet<&str> = stands.into_values().collect();
    let reached = linked.reached(|symbol| later.contains(symbol), |symbol| stands.contains(symbol) && !later.contains(symbol));
    let named = earliest(&reached);
    let Halves { first, later } = split.halves(|function| named[function as usize] != When::Later, &reached.constants)?;
    let script = bringing(&short.script)?;
    let stem = format!("app-{:032x}", fnv1a_128(&[script.as_bytes(), &first, &later].concat()));
    let index = std::fs::read_to_string(dist.join("index.html")).map_err(said)?;
    let index = index.replace(&made.stem, &stem);
    let tag = format!("data-wasm=./{stem}_bg.wasm");
    let named = index.replace(&tag, &format!("{tag} data-later=./{stem}_later.wasm"));
    if named == index {
        return Err("the page does not name its module".to_owned());
    }
    for old in [".js", "_bg.wasm"] {
        std::fs::remove_file(dist.join(made.stem.clone() + old)).map_err(said)?;
    }
    let files = [("_bg.wasm", &first), ("_later.wasm", &later), (".js", &script.into_bytes())];
    for (end, content) in files {
        std::fs::write(dist.join(stem.clone() + end), content).map_err(said)?;
    }
    std::fs::write(dist.join("index.html"), named).map_err(said)
}

/// The script, with the function that the first half imports to have the second brought: boot.js has it.
fn bringing(script: &str) -> Result<String, String> {
    const IMPORTS: &str = "_bg.js\": import0,\n";
    let (module, name) = split::BRING;
    let at = script.find(IMPORTS).ok_or("the script hands over its imports otherwise than before")? + IMPORTS.len();
    Ok(format!("{}\"{module}\": {{ {name}: () => self.{name}(wasm) }},\n{}", &script[..at], &script[at..]))
}

/// Has every function of the page's module leave a byte when it runs, in a memory that is exported as `.ran`; returns the functions.
pub fn watch(dist: &Path) -> Result<Vec<Known>, String> {
    let made = made(dist)?;
    let functions = functions(&made.module).map_err(said)?;
    let mut watcher = Watcher { memories: 0, next: functions.iter().take_while(|of| of.bytes == 0).count(), all: functions.len() };
    let mut out = Module::new();
    watcher.parse_core_module(&mut out, Parser::new(0), &made.module).map_err(said)?;
    std::fs::write(dist.join(format!("{}_bg.wasm", made.stem)), out.finish()).map_err(said)?;
    Ok(functions)
}

/// The list of what comes later, made from what ran: of each function of the watched modules, whether it did. `linked` is the file of the
/// page's module as the linker left it.
pub fn listed(watched: &[(Vec<Known>, Vec<bool>)], linked: &Path) -> Result<List, String> {
    let mut tree = Watched::default();
    for (functions, ran) in watched {
        functions.iter().zip(ran).filter(|(of, _)| !of.name.is_empty()).for_each(|(of, ran)| tree.add(&of.name, *ran));
    }
    let linked = std::fs::read(linked).map_err(said)?;
    let linked = Linked::read(&linked)?;
    let groups: BTreeMap<&str, Vec<String>> =
        linked.symbols().filter_map(|symbol| Some((symbol, tree.idle(&rustc_demangle::demangle(symbol).to_string())?))).collect();
    let paths: Vec<&Vec<String>> = groups.values().collect::<BTreeSet<_>>().into_iter().collect();
    let worth = linked.worth(paths.len(), |symbol| paths.binary_search(&groups.get(symbol)?).ok(), LINE);
    Ok(paths.into_iter().zip(worth).filter_map(|(path, worth)| worth.then(|| path.clone())).collect())
}

fn said(why: impl std::fmt::Display) -> String {
    why.to_string()
}

/// The functions of a module, the imported ones first.
fn functions(module: &[u8]) -> Result<Vec<Known>, wasmparser::Error> {
    let (mut sizes, mut names) = (Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    sizes.extend(matches!(import?.ty, wasmparser::TypeRef::Func(_)).then_some(0));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.as_bytes().len()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(parts) = section.as_known() else { continue };
                for part in parts {
                    let Name::Function(functions) = part? else { continue };
                    for named in functions {
                        let named = named?;
                        names.insert(named.index as usize, named.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    let known = |(at, bytes)| {
        let symbol = if bytes == 0 { String::new() } else { names.remove(&at).unwrap_or_default() };
        Known { name: rustc_demangle::demangle(&symbol).to_string(), symbol, bytes }
    };
    Ok(sizes.into_iter().enumerate().map(known).collect())
}

/// Writes a module whose functions tell that they ran.
struct Watcher {
    /// How many memories the module has of its own.
    memories: u32,
    /// The next function.
    next: usize,
    all: usize,
}

impl Reencode for Watcher {
    type Error = Infallible;

    fn parse_memory_section(&mut self, memories: &mut MemorySection, section: wasmparser::MemorySectionReader<'_>) -> Result<(), Error> {
        utils::parse_memory_section(self, memories, section)?;
        self.memories = memories.len();
        let minimum = self.all.div_ceil(PAGE) as u64;
        memories.memory(MemoryType { minimum, maximum: None, memory64: false, shared: false, page_size_log2: None });
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: wasmparser::ExportSectionReader<'_>) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        exports.export(RAN, ExportKind::Memory, self.memories);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let place = MemArg { offset: self.next as u64, align: 0, target: MemArgTarget::Memory(self.memories), ordering: None };
        function.instructions().i32_const(0).i32_const(1).i32_store8(place);
        self.next += 1;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        code.function(&function);
        Ok(())
    }
}
