//! A module in two halves: the code that a first visit begins with, and the code that comes behind it.
//!
//! The second half gets the memory, the tables and the globals of the first, and puts its functions into the first one's table; calls from
//! one half to the other go through that table. A function of the second half has a stub in the first, which asks the script for the rest
//! where it has not come yet, and then calls. So a call that comes too early is slow and never wrong, whatever the list says. A function
//! that nothing of the first half names (data.rs) has no stub: its places in the table are filled by the second.
//! Promises: both halves together do what the module did, and exports stay where they are.
//! Not supported, and refused: imports of anything but functions, and tables that are filled otherwise than by lists of functions.

mod parts;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, Module, TableSection, TypeSection, ValType,
};
use wasmparser::{Parser, Payload};

use crate::data::When;
use parts::{Parts, address, named_by, number, parts};

/// Where the first half's script finds the function that brings the second half: the module and the name of the import.
pub const BRING: (&str, &str) = ("later", "bring");
/// The first half exports the table of functions under this name, its memory as `.m`, other tables as `.t1` and so on, globals as `.g0`
/// and so on. The second imports them from `""`, and functions by their places in the table, in base 36.
const TABLE: &str = ".t0";
/// The first half's global that is 1 as soon as the second is there.
const HERE: &str = ".here";
/// A function of so few bytes is no larger than its stub.
const SMALL: usize = 16;

type Outcome<T> = Result<T, Error<Infallible>>;

/// A module's two halves.
#[derive(Debug, PartialEq, Eq)]
pub struct Halves {
    /// What begins.
    pub first: Vec<u8>,
    /// What comes behind it.
    pub later: Vec<u8>,
}

/// Who goes where.
struct Plan<'a> {
    /// Whether a function, by its old number, comes later.
    later: &'a [bool],
    /// The functions of the second half, and those that have a stub, in order.
    moved: Vec<u32>,
    stubs: Vec<u32>,
    /// The functions of the first half that the second calls.
    shared: Vec<u32>,
    /// The place in the table of every function that the other half calls, and how long the table is.
    slots: BTreeMap<u32, u32>,
    places: u32,
}

/// A module, and where its functions go.
pub struct Split<'a> {
    module: &'a [u8],
    parts: Parts<'a>,
    /// The functions that each body calls.
    calls: Vec<BTreeSet<u32>>,
    /// Whether a function, by its number, comes later.
    later: Vec<bool>,
}

impl<'a> Split<'a> {
    /// Decides about the functions of a module. One comes later if `when` says so of its number and nothing binds it to the first half.
    pub fn new(module: &'a [u8], when: impl Fn(u32) -> When) -> Result<Split<'a>, String> {
        let parts = parts(module).map_err(said)?;
        if let Some(why) = parts.refused {
            return Err(format!("the module cannot be split: {why}"));
        }
        let (calls, taken): (Vec<_>, Vec<_>) =
            parts.bodies.iter().map(named_by).collect::<Outcome<Vec<_>>>().map_err(said)?.into_iter().unzip();
        let taken: BTreeSet<u32> = taken.into_iter().flatten().collect();
        let moves = |function: u32| function >= parts.imported && !parts.bound.contains(&function) && !taken.contains(&function);
        let later = (0..number(parts.kinds.len())).map(|function| moves(function) && when(function) != When::First).collect();
        let mut split = Split { module, parts, calls, later };
        split.keep_small(when);
        Ok(split)
    }

    /// Has functions come first that are no larger than the stubs that they would have.
    fn keep_small(&mut self, when: impl Fn(u32) -> When) {
        let in_table = self.parts.slots.values().copied().filter(|function| when(*function) == When::Named);
        for function in self.called(false).into_iter().chain(in_table) {
            let small = function >= self.parts.imported && self.parts.body(function).as_bytes().len() <= SMALL;
            self.later[function as usize] &= !small;
        }
    }

    /// The functions that one of the halves calls.
    fn called(&self, later: bool) -> BTreeSet<u32> {
        let callers = (self.parts.imported..).zip(&self.calls).filter(|(caller, _)| self.later[*caller as usize] == later);
        callers.flat_map(|(_, called)| called).copied().collect()
    }

    /// Whether a function, by its number in the whole module, comes later.
    pub fn comes_later(&self, function: u32) -> bool {
        self.later[function as usize]
    }

    /// The halves. Of what comes later, `named` says whether the first half names it, in its code or its data. What the memory has at the
    /// addresses `constants` comes later, too.
    pub fn halves(&self, named: impl Fn(u32) -> bool, constants: &[Range<u32>]) -> Result<Halves, String> {
        let Split { module, parts, .. } = self;
        let plan = self.plan(named);
        let first = First::new(parts, &plan, constants).written(module).map_err(said)?;
        let later = Later::new(parts, &plan, constants).written(module).map_err(said)?;
        Ok(Halves { first, later })
    }

    fn plan(&self, named: impl Fn(u32) -> bool) -> Plan<'_> {
        let Split { parts, later, .. } = self;
        let in_table: BTreeSet<u32> = parts.slots.values().copied().filter(|function| named(*function)).collect();
        let moved: Vec<u32> = (0..number(later.len())).filter(|function| later[*function as usize]).collect();
        let called = self.called(false);
        let stubs: Vec<u32> = moved.iter().copied().filter(|moved| called.contains(moved) || in_table.contains(moved)).collect();
        let shared: Vec<u32> = self.called(true).into_iter().filter(|called| !later[*called as usize]).collect();
        let mut slots: BTreeMap<u32, u32> = parts.slots.iter().rev().map(|(slot, function)| (*function, *slot)).collect();
        let length = |table: &wasmparser::TableType| u32::try_from(table.initial).unwrap_or(u32::MAX);
        let mut places = parts.tables.first().map_or(0, length);
        for function in shared.iter().chain(&stubs) {
            slots.entry(*function).or_insert_with(|| {
                places += 1;
                places - 1
            });
        }
        Plan { later, moved, stubs, shared, slots, places }
    }
}

fn said(why: impl std::fmt::Display) -> String {
    format!("the module: {why}")
}

/// Writes the first half.
struct First<'a> {
    parts: &'a Parts<'a>,
    plan: &'a Plan<'a>,
    /// The new number of each function; of one that comes later, its stub's, if it has one.
    functions: Vec<u32>,
    /// The type of the function that brings the second half, which comes after the module's own types.
    bring_type: u32,
    /// Addresses of what comes later.
    constants: &'a [Range<u32>],
}

impl<'a> First<'a> {
    fn new(parts: &'a Parts<'a>, plan: &'a Plan<'a>, constants: &'a [Range<u32>]) -> First<'a> {
        // One more is imported, and comes before the module's own.
        let mut functions: Vec<u32> = (0..parts.imported).collect();
        let mut next = parts.imported..;
        next.next();
        // Whom nothing in this half names has the number of what brings the second, until that fills its places in the table.
        functions.resize(parts.kinds.len(), parts.imported);
        let staying = (parts.imported..number(parts.kinds.len())).filter(|function| !plan.later[*function as usize]);
        for function in staying.chain(plan.stubs.iter().copied()) {
            functions[function as usize] = next.next().unwrap_or(u32::MAX);
        }
        First { parts, plan, functions, bring_type: number(parts.types.len()), constants }
    }

    fn written(mut self, module: &[u8]) -> Outcome<Vec<u8>> {
        let mut out = Module::new();
        self.parse_core_module(&mut out, Parser::new(0), module)?;
        Ok(out.finish())
    }

    /// The functions that are written with their bodies.
    fn staying(&self) -> impl Iterator<Item = u32> + use<'a> {
        let plan = self.plan;
        (self.parts.imported..number(self.parts.kinds.len())).filter(|function| !plan.later[*function as usize])
    }

    /// Calls a function of the second half through the table, and before that waits for it where it is not there.
    fn stub(&self, function: u32) -> Function {
        let of = self.parts.kinds[function as usize];
        let mut stub = Function::new([]);
        let here = number(self.parts.globals.len());
        stub.instructions().global_get(here).i32_eqz().if_(BlockType::Empty).call(self.parts.imported).end();
        for local in 0..number(self.parts.types[of as usize].params().len()) {
            stub.instructions().local_get(local);
        }
        let slot = self.plan.slots[&function];
        stub.instructions().i32_const(slot.cast_signed()).call_indirect(0, of).end();
        stub
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        Ok(self.functions[function as usize])
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: wasmparser::CustomSectionReader<'_>) -> Outcome<()> {
        Ok(())
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: wasmparser::TypeSectionReader<'_>) -> Outcome<()> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_import_section(&mut self, imports: &mut ImportSection, section: wasmparser::ImportSectionReader<'_>) -> Outcome<()> {
        utils::parse_import_section(self, imports, section)?;
        imports.import(BRING.0, BRING.1, EntityType::Function(self.bring_type));
        Ok(())
    }

    fn parse_function_section(&mut self, functions: &mut FunctionSection, _: wasmparser::FunctionSectionReader<'_>) -> Outcome<()> {
        for function in self.staying().chain(self.plan.stubs.iter().copied()) {
            functions.function(self.parts.kinds[function as usize]);
        }
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: wasmparser::TableSectionReader<'_>) -> Outcome<()> {
        for (at, table) in section.into_iter().enumerate() {
            let mut table = table?;
            if at == 0 {
                (table.ty.initial, table.ty.maximum) = (self.plan.places.into(), table.ty.maximum.map(|_| self.plan.places.into()));
            }
            self.parse_table(tables, table)?;
        }
        Ok(())
    }

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: wasmparser::GlobalSectionReader<'_>) -> Outcome<()> {
        utils::parse_global_section(self, globals, section)?;
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: wasmparser::ExportSectionReader<'_>) -> Outcome<()> {
        utils::parse_export_section(self, exports, section)?;
        for (kind, name, at) in shared_parts(self.parts) {
            exports.export(&name, kind, at);
        }
        exports.export(HERE, ExportKind::Global, number(self.parts.globals.len()));
        Ok(())
    }

    fn parse_element_section(&mut self, elements: &mut ElementSection, section: wasmparser::ElementSectionReader<'_>) -> Outcome<()> {
        utils::parse_element_section(self, elements, section)?;
        let new = self.parts.tables.first().map_or(0, |table| table.initial);
        let shared: Vec<u32> = self.plan.shared.iter().filter(|one| u64::from(self.plan.slots[one]) >= new).copied().collect();
        let numbers: Vec<u32> = shared.iter().map(|function| self.functions[*function as usize]).collect();
        if let Some(begin) = shared.first() {
            let begin = ConstExpr::i32_const(self.plan.slots[begin].cast_signed());
            elements.active(None, &begin, Elements::Functions(numbers.into()));
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: wasmparser::CodeSectionReader<'_>) -> Outcome<()> {
        for function in self.staying() {
            self.parse_function_body(code, self.parts.body(function).clone())?;
        }
        for function in &self.plan.stubs {
            code.function(&self.stub(*function));
        }
        Ok(())
    }

    fn parse_data(&mut self, data: &mut DataSection, datum: wasmparser::Data<'_>) -> Outcome<()> {
        let Some(begin) = address(&datum)? else { return utils::parse_data(self, data, datum) };
        // Zeros cost less than more segments.
        let mut bytes = datum.data.to_vec();
        for range in self.constants {
            if let Some(part) = within(range, begin, bytes.len()) {
                bytes[part].fill(0);
            }
        }
        data.active(0, &ConstExpr::i32_const(begin.cast_signed()), bytes);
        Ok(())
    }
}

/// The part of so many bytes from the address `begin` on that a range of addresses covers.
fn within(range: &Range<u32>, begin: u32, bytes: usize) -> Option<Range<usize>> {
    let from = range.start.checked_sub(begin)? as usize;
    let end = range.end.checked_sub(begin)? as usize;
    (end <= bytes).then_some(from..end)
}

/// What the halves share beside functions: of which kind, under which name, and its number.
fn shared_parts(parts: &Parts) -> Vec<(ExportKind, String, u32)> {
    let all = |kind, letter: char, count: usize| (0..number(count)).map(move |at| (kind, format!(".{letter}{at}"), at));
    let memories = all(ExportKind::Memory, 'm', parts.memories.len());
    memories.chain(all(ExportKind::Table, 't', parts.tables.len())).chain(all(ExportKind::Global, 'g', parts.globals.len())).collect()
}

/// Writes the second half.
struct Later<'a> {
    parts: &'a Parts<'a>,
    plan: &'a Plan<'a>,
    /// The new number of each function that this half knows.
    functions: Vec<u32>,
    /// Addresses of what comes later.
    constants: &'a [Range<u32>],
}

impl<'a> Later<'a> {
    fn new(parts: &'a Parts<'a>, plan: &'a Plan<'a>, constants: &'a [Range<u32>]) -> Later<'a> {
        let mut functions = vec![u32::MAX; parts.kinds.len()];
        for (new, old) in (0..).zip(plan.shared.iter().chain(&plan.moved)) {
            functions[*old as usize] = new;
        }
        Later { parts, plan, functions, constants }
    }

    fn written(mut self, module: &[u8]) -> Outcome<Vec<u8>> {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        let mut data = DataSection::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => self.parse_type_section(&mut types, section)?,
                Payload::DataSection(section) => {
                    for datum in section {
                        let datum = datum?;
                        let Some(begin) = address(&datum)? else { continue };
                        for range in self.constants {
                            if let Some(part) = within(range, begin, datum.data.len()) {
                                data.active(0, &ConstExpr::i32_const(range.start.cast_signed()), datum.data[part].iter().copied());
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let imports = self.imports()?;
        for function in &self.plan.moved {
            functions.function(self.parts.kinds[*function as usize]);
            self.parse_function_body(&mut code, self.parts.body(*function).clone())?;
        }
        let mut out = Module::new();
        out.section(&types).section(&imports).section(&functions).section(&self.elements()).section(&code).section(&data);
        Ok(out.finish())
    }

    fn imports(&mut self) -> Outcome<ImportSection> {
        let mut imports = ImportSection::new();
        for (kind, name, at) in shared_parts(self.parts) {
            let of = match kind {
                ExportKind::Memory => EntityType::Memory(self.memory_type(self.parts.memories[at as usize])?),
                ExportKind::Table => {
                    let mut of = self.table_type(self.parts.tables[at as usize])?;
                    if name == TABLE {
                        (of.minimum, of.maximum) = (self.plan.places.into(), of.maximum.map(|_| self.plan.places.into()));
                    }
                    EntityType::Table(of)
                }
                _ => EntityType::Global(self.global_type(self.parts.globals[at as usize])?),
            };
            imports.import("", &name, of);
        }
        for function in &self.plan.shared {
            let of = EntityType::Function(self.parts.kinds[*function as usize]);
            imports.import("", &base_36(self.plan.slots[function]), of);
        }
        Ok(imports)
    }

    /// Puts the functions of this half into their places in the table: one list for places beside each other.
    fn elements(&self) -> ElementSection {
        let own = self.parts.slots.iter().map(|(slot, function)| (*slot, *function));
        let new = self.plan.slots.iter().map(|(function, slot)| (*slot, *function));
        let places: BTreeMap<u32, u32> = own.chain(new).filter(|(_, function)| self.plan.later[*function as usize]).collect();
        let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
        for (slot, function) in places {
            let function = self.functions[function as usize];
            match runs.last_mut() {
                Some((begin, run)) if *begin + number(run.len()) == slot => run.push(function),
                _ => runs.push((slot, vec![function])),
            }
        }
        let mut elements = ElementSection::new();
        for (begin, run) in runs {
            elements.active(None, &ConstExpr::i32_const(begin.cast_signed()), Elements::Functions(run.into()));
        }
        elements
    }
}

impl Reencode for Later<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        Ok(self.functions[function as usize])
    }
}

fn base_36(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit(number % 36, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}
