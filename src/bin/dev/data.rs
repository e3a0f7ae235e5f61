//! What the code that a first visit begins with can reach, and what only code reaches that comes later.
//!
//! The linker says which place in the code or in a constant names which function or which other constant (`src/bin/app/build.rs`). What is
//! exported is reached, and so is what data names that is no constant. What a reached function or constant names is reached, too. Only from
//! a function that comes later nobody goes on: what it names waits as long as it does.
//! Promises: what is not known counts as reached. Such are functions that the linker has no name for, data that no symbol stands for, and
//! data in other segments than `.rodata`.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    DataKind, ExternalKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry, RelocationType, SymbolInfo,
};

type Outcome<T> = Result<T, wasmparser::Error>;

/// The module as the linker left it, and who names what in it. Functions have their numbers without the imported ones.
#[derive(Default)]
pub struct Linked<'a> {
    /// The place of every section in the file.
    sections: Vec<Range<u64>>,
    /// How many functions are imported.
    imported: u32,
    /// The place of every function's body in the file, and its type.
    pub(crate) bodies: Vec<Range<u64>>,
    pub(crate) types: Vec<u32>,
    pub(crate) names: Vec<(usize, &'a str)>,
    pub(crate) segments: Vec<Segment>,
    /// The linker's, and behind them one for each exported function.
    pub(crate) symbols: Vec<Symbol>,
    exported: Vec<u32>,
    /// For each section that has them.
    relocations: Vec<(u32, Vec<RelocationEntry>)>,
    /// Every place in the file that the linker has filled with a symbol's number or address, in order.
    pub(crate) filled: Vec<Filled>,
    /// The symbols that each function names.
    by_functions: Vec<Vec<u32>>,
    /// The symbols that constants name: the segment, the place in it, the symbol.
    by_constants: Vec<(usize, u32, u32)>,
    /// The symbols that are reached whatever comes later.
    roots: Vec<u32>,
}

/// A place in the file that names a symbol.
pub(crate) struct Filled {
    /// Where.
    pub place: Range<u64>,
    pub symbol: u32,
    /// How far behind the symbol's beginning.
    pub addend: i64,
}

/// A part of the memory at the beginning.
#[derive(Default)]
pub(crate) struct Segment {
    /// The address of its first byte.
    address: u32,
    /// The place of its bytes in the file.
    pub place: Range<u64>,
    pub is_constant: bool,
}

/// What the linker has a name for.
pub(crate) enum Symbol {
    Function(usize),
    /// The segment, and the bytes, counted from its beginning; whether the sources name it.
    Data(usize, Range<u32>, bool),
    Other,
}

/// When a function comes, by who names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// It is reached, and nobody says that it comes later.
    First,
    /// It comes later, and something names it that comes first.
    Named,
    /// It comes later, as does all that names it.
    Later,
}

/// What is reached without going on from functions that come later.
pub struct Reached<'a> {
    functions: BTreeMap<&'a str, When>,
    /// The addresses of the constants that are not.
    pub constants: Vec<Range<u32>>,
}

impl Reached<'_> {
    /// When a function comes, by its symbol: one that the linker does not know comes first.
    pub fn when(&self, symbol: &str) -> When {
        self.functions.get(symbol).copied().unwrap_or(When::First)
    }
}

/// What one has come by: functions, and symbols.
#[derive(Clone, PartialEq, Eq)]
struct Met {
    functions: Vec<bool>,
    symbols: Vec<bool>,
}

impl<'a> Linked<'a> {
    /// Reads a module.
    pub fn read(module: &'a [u8]) -> Result<Linked<'a>, String> {
        let mut linked = Linked::default();
        linked.take(module).map_err(|why| format!("the linked module: {why}"))?;
        if linked.relocations.is_empty() || linked.symbols.is_empty() || !linked.segments.iter().any(|segment| segment.is_constant) {
            return Err("the linked module does not tell who names what".to_owned());
        }
        linked.sort_out();
        Ok(linked)
    }

    /// The symbols of the functions.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().map(|(_, name)| *name)
    }

    /// What is reached if those functions come later of whose symbols `later` says so, and those are reached in any case of whose symbols
    /// `anyway` says so.
    pub fn reached(&self, later: impl Fn(&str) -> bool, anyway: impl Fn(&str) -> bool) -> Reached<'a> {
        let (late, anyway) = (self.of_functions(later), self.of_functions(anyway));
        let mut met = self.met(&late);
        let is_anyway = |symbol: &Symbol| matches!(symbol, Symbol::Function(at) if anyway[*at]);
        self.go_on((0..).zip(&self.symbols).filter(|(_, symbol)| is_anyway(symbol)).map(|(at, _)| at).collect(), &late, &mut met);
        let mut functions = BTreeMap::new();
        for (at, name) in &self.names {
            let when = match (met.functions[*at], late[*at]) {
                (true, false) => When::First,
                (true, true) => When::Named,
                (false, _) => When::Later,
            };
            // Of functions with the same name, none comes too late.
            functions.entry(*name).and_modify(|old: &mut When| *old = when.min(*old)).or_insert(when);
        }
        Reached { functions, constants: self.not_reached(&met) }
    }

    /// Which groups of functions are worth saying of them that they come later: those without which at least so many bytes more would come
    /// first. `group` has the number of a function's group, by its symbol.
    pub fn worth(&self, groups: usize, group: impl Fn(&str) -> Option<usize>, least: usize) -> Vec<bool> {
        let mut members = vec![Vec::new(); groups];
        let mut late = vec![false; self.bodies.len()];
        for (at, name) in &self.names {
            if let Some(group) = group(name) {
                members[group].push(*at);
                late[*at] = true;
            }
        }
        let mut worth = vec![true; groups];
        let mut met = self.met(&late);
        loop {
            let mut costs: Vec<(usize, usize)> = (0..groups)
                .filter(|group| worth[*group])
                .map(|group| (self.bytes_with(&members[group], &mut late, &met).0, group))
                .collect();
            costs.sort_unstable();
            let before = met.clone();
            for (cost, group) in costs {
                if cost >= least {
                    break;
                }
                let (cost, with) = self.bytes_with(&members[group], &mut late, &met);
                if cost < least {
                    worth[group] = false;
                    members[group].iter().for_each(|at| late[*at] = false);
                    met = with;
                }
            }
            if before == met {
                return worth;
            }
        }
    }

    /// How many bytes more come first if these functions do not come later, and what is met then.
    fn bytes_with(&self, functions: &[usize], late: &mut [bool], met: &Met) -> (usize, Met) {
        let mut with = met.clone();
        functions.iter().for_each(|at| late[*at] = false);
        let reached: Vec<usize> = functions.iter().copied().filter(|at| met.functions[*at]).collect();
        self.go_on(reached.iter().flat_map(|at| self.by_functions[*at].clone()).collect(), late, &mut with);
        let new = (0..late.len()).filter(|at| with.functions[*at] && !met.functions[*at] && !late[*at]);
        let code: usize = new.chain(reached).map(|at| length(&self.bodies[at])).sum();
        let new = self.symbols.iter().zip(with.symbols.iter().zip(&met.symbols)).filter(|(_, (now, before))| **now && !**before);
        let constants = new.map(|(symbol, _)| match symbol {
            Symbol::Data(segment, bytes, _) if self.segments.get(*segment).is_some_and(|of| of.is_constant) => bytes.len(),
            _ => 0,
        });
        let bytes = code + constants.sum::<usize>();
        functions.iter().for_each(|at| late[*at] = true);
        (bytes, with)
    }

    fn take(&mut self, module: &'a [u8]) -> Outcome<()> {
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            self.sections.extend(payload.as_section().map(|(_, place)| place));
            match payload {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        self.imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        self.exported.extend((export.kind == ExternalKind::Func).then_some(export.index));
                    }
                }
                Payload::StartSection { func, .. } => self.exported.push(func),
                Payload::FunctionSection(section) => self.types = section.into_iter().collect::<Outcome<_>>()?,
                Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
                Payload::DataSection(section) => {
                    for data in section {
                        let data = data?;
                        let address = match data.kind {
                            DataKind::Active { offset_expr, .. } => match offset_expr.get_operators_reader().read()? {
                                Operator::I32Const { value } => value.cast_unsigned(),
                                _ => u32::MAX,
                            },
                            DataKind::Passive => u32::MAX,
                        };
                        let place = data.range.end - data.data.len() as u64..data.range.end;
                        self.segments.push(Segment { address, place, is_constant: false });
                    }
                }
                Payload::CustomSection(section) => self.take_custom(section.as_known())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn take_custom(&mut self, section: KnownCustom<'a>) -> Outcome<()> {
        match section {
            KnownCustom::Linking(section) => {
                for part in section.subsections() {
                    if let Linking::SymbolTable(symbols) = part? {
                        for symbol in symbols {
                            let symbol = self.symbol(&symbol?);
                            self.symbols.push(symbol);
                        }
                    }
                }
            }
            KnownCustom::Reloc(section) => {
                self.relocations.push((section.section_index(), section.entries().into_iter().collect::<Outcome<_>>()?));
            }
            KnownCustom::Name(section) => {
                for part in section {
                    match part? {
                        Name::Function(functions) => {
                            for function in functions {
                                let function = function?;
                                self.names.extend(self.own(function.index).map(|at| (at, function.name)));
                            }
                        }
                        Name::Data(segments) => {
                            for segment in segments {
                                let segment = segment?;
                                if let Some(named) = self.segments.get_mut(segment.index as usize) {
                                    named.is_constant = segment.name.starts_with(".rodata");
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn symbol(&self, symbol: &SymbolInfo) -> Symbol {
        match symbol {
            SymbolInfo::Func { index, .. } => self.own(*index).map_or(Symbol::Other, Symbol::Function),
            SymbolInfo::Data { name, symbol: Some(of), .. } => {
                Symbol::Data(of.index as usize, of.offset..of.offset + of.size, name.starts_with("_R") || name.starts_with("_ZN"))
            }
            _ => Symbol::Other,
        }
    }

    /// The number of a function without the imported ones; `None` for an imported one.
    fn own(&self, function: u32) -> Option<usize> {
        function.checked_sub(self.imported).map(|at| at as usize).filter(|at| *at < self.bodies.len())
    }

    /// Finds for all that names a symbol whether that is a function, a constant, or reached in any case.
    fn sort_out(&mut self) {
        for function in std::mem::take(&mut self.exported) {
            self.roots.push(narrow(self.symbols.len() as u64));
            self.symbols.push(self.own(function).map_or(Symbol::Other, Symbol::Function));
        }
        let mut known: Vec<_> = self.segments.iter().map(|segment| vec![false; length(&segment.place)]).collect();
        for symbol in &self.symbols {
            if let Symbol::Data(segment, bytes, _) = symbol
                && let Some(part) = known.get_mut(*segment).and_then(|known| known.get_mut(bytes.start as usize..bytes.end as usize))
            {
                part.fill(true);
            }
        }
        self.by_functions = vec![Vec::new(); self.bodies.len()];
        for (section, entries) in std::mem::take(&mut self.relocations) {
            let begin = self.sections.get(section as usize).map_or(0, |place| place.start);
            // A type is no symbol.
            for entry in entries.iter().filter(|entry| entry.ty != RelocationType::TypeIndexLeb) {
                let at = begin + u64::from(entry.offset);
                let place = at..at + entry.ty.extent() as u64;
                self.filled.push(Filled { place, symbol: entry.index, addend: entry.addend });
                let function = self.bodies.partition_point(|body| body.end <= at);
                let segment = self.segments.iter().position(|segment| segment.is_constant && segment.place.contains(&at));
                let within = segment.map(|segment| (segment, narrow(at - self.segments[segment].place.start)));
                match within.filter(|(segment, place)| known[*segment][*place as usize]) {
                    Some((segment, place)) => self.by_constants.push((segment, place, entry.index)),
                    None if self.bodies.get(function).is_some_and(|body| body.contains(&at)) => {
                        self.by_functions[function].push(entry.index);
                    }
                    None => self.roots.push(entry.index),
                }
            }
        }
        self.by_constants.sort_unstable();
        self.filled.sort_unstable_by_key(|filled| filled.place.start);
    }

    /// The answer for each function; one without a name has none, which is no.
    fn of_functions(&self, answer: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut answers = vec![false; self.bodies.len()];
        for (at, name) in &self.names {
            answers[*at] = answer(name);
        }
        answers
    }

    /// What is met from the roots on.
    fn met(&self, late: &[bool]) -> Met {
        let mut met = Met { functions: vec![false; self.bodies.len()], symbols: vec![false; self.symbols.len()] };
        self.go_on(self.roots.clone(), late, &mut met);
        met
    }

    /// Goes from symbols to all that they name, but not on from functions that come later or that were met before.
    fn go_on(&self, mut open: Vec<u32>, late: &[bool], met: &mut Met) {
        while let Some(symbol) = open.pop() {
            let Some(symbol) = Some(symbol as usize).filter(|at| met.symbols.get(*at) == Some(&false)) else { continue };
            met.symbols[symbol] = true;
            match &self.symbols[symbol] {
                Symbol::Function(at) => {
                    let before = std::mem::replace(&mut met.functions[*at], true);
                    if !before && !late[*at] {
                        open.extend(&self.by_functions[*at]);
                    }
                }
                Symbol::Data(segment, bytes, _) => {
                    let from = |end: u32| self.by_constants.partition_point(|(of, place, _)| (*of, *place) < (*segment, end));
                    open.extend(self.by_constants[from(bytes.start)..from(bytes.end)].iter().map(|(.., symbol)| *symbol));
                }
                Symbol::Other => {}
            }
        }
    }

    /// The addresses of constants of which no byte belongs to one that is reached.
    fn not_reached(&self, met: &Met) -> Vec<Range<u32>> {
        let mut ranges = Vec::new();
        for (at, segment) in self.segments.iter().enumerate().filter(|(_, segment)| segment.is_constant) {
            let mut late = vec![false; length(&segment.place)];
            for wanted in [false, true] {
                for (symbol, _) in self.symbols.iter().zip(&met.symbols).filter(|(_, met)| **met == wanted) {
                    if let Symbol::Data(of, bytes, _) = symbol
                        && *of == at
                    {
                        late[bytes.start as usize..bytes.end as usize].fill(!wanted);
                    }
                }
            }
            let mut begin = segment.address;
            for run in late.chunk_by(|a, b| a == b) {
                let end = begin + narrow(run.len() as u64);
                ranges.extend(run[0].then_some(begin..end));
                begin = end;
            }
        }
        ranges
    }
}

fn length(place: &Range<u64>) -> usize {
    narrow(place.end - place.start) as usize
}

/// A place in a module, which is smaller than 4 GiB.
fn narrow(place: u64) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Encode, ExportKind, ExportSection, Function,
        FunctionSection, LinkingSection, Module, NameMap, NameSection, SymbolTable, TypeSection,
    };

    use super::*;

    /// The functions of the module, of which `a` is exported and `b` comes later.
    const FUNCTIONS: [&str; 4] = ["a", "b", "c", "d"];
    /// The symbols of three of them, behind those of four constants.
    pub const B: u32 = 5;
    pub const C: u32 = 6;
    pub const D: u32 = 7;

    /// A module of these functions and of 40 bytes of constants from address 100 on, which are four symbols of 10 bytes each. `code` has
    /// who of the functions names which symbol, `data` has where in the constants a symbol is named, and which.
    pub fn module(code: &[(u32, u32)], data: &[(u32, u32)]) -> Vec<u8> {
        let kind_of = |symbol: u32, [constant, function]: [u8; 2]| if symbol < 4 { constant } else { function };
        // A body has 8 bytes, after one for its size; the constants begin after their number, flags, address (5) and size.
        let code = code.iter().map(|(function, symbol)| (kind_of(*symbol, [4, 0]), 1 + function * 9 + 4, *symbol)).collect();
        let data = data.iter().map(|(place, symbol)| (kind_of(*symbol, [5, 2]), 7 + place, *symbol)).collect();
        with_relocations([code, data])
    }

    /// The module; what names something in the code and in the data is of a kind, at an offset, and names a symbol.
    fn with_relocations([code, data]: [Vec<(u8, u32, u32)>; 2]) -> Vec<u8> {
        let (mut types, mut functions, mut bodies) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        let (mut symbols, mut linking, mut exports) = (SymbolTable::new(), LinkingSection::new(), ExportSection::new());
        let (mut constants, mut names) = (DataSection::new(), NameSection::new());
        let (mut known, mut segments) = (NameMap::new(), NameMap::new());
        types.ty().function([], []);
        for at in 0..4 {
            symbols.data(0, &format!("s{at}"), Some(DataSymbolDefinition { index: 0, offset: at * 10, size: 10 }));
        }
        for (at, name) in (0..).zip(FUNCTIONS) {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().i32_const(1 << 20).drop().end();
            bodies.function(&body);
            known.append(at, name);
            symbols.function(0, at, Some(name));
        }
        exports.export("a", ExportKind::Func, 0);
        constants.active(0, &ConstExpr::i32_const(100), [7; 40]);
        segments.append(0, ".rodata");
        names.functions(&known);
        names.data(&segments);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&bodies).section(&constants);
        module.section(linking.symbol_table(&symbols));
        for (name, section, entries) in [("reloc.CODE", 3_u32, code), ("reloc.DATA", 4, data)] {
            let mut bytes = Vec::new();
            section.encode(&mut bytes);
            entries.len().encode(&mut bytes);
            for (kind, offset, symbol) in entries {
                bytes.push(kind);
                offset.encode(&mut bytes);
                symbol.encode(&mut bytes);
                if [4, 5].contains(&kind) {
                    0_i32.encode(&mut bytes);
                }
            }
            module.section(&CustomSection { name: name.into(), data: bytes.into() });
        }
        module.section(&names).clone().finish()
    }

    fn later(code: &[(u32, u32)], data: &[(u32, u32)]) -> Vec<Range<u32>> {
        Linked::read(&module(code, data)).unwrap().reached(|name| name == "b", |_| false).constants
    }

    /// When the functions come.
    fn when(module: &[u8]) -> [When; 4] {
        let linked = Linked::read(module).unwrap();
        let reached = linked.reached(|name| name == "b", |_| false);
        assert_eq!(reached.when("f"), When::First, "nothing is known of it");
        FUNCTIONS.map(|name| reached.when(name))
    }

    #[test]
    fn what_the_first_code_names_comes_first() {
        assert_eq!(later(&[(0, 0), (1, 0), (1, 1), (0, 2), (1, 3)], &[]), [110..120, 130..140]);
    }

    #[test]
    fn a_constant_that_another_names_comes_with_it() {
        assert_eq!(later(&[(0, 0), (1, 3)], &[(4, 1), (10, 2), (30, 3)]).as_slice(), std::slice::from_ref(&(130..140)));
    }

    #[test]
    fn what_only_a_later_function_reaches_comes_later() {
        assert_eq!(when(&module(&[(0, B), (1, C), (2, D), (0, 0)], &[])), [When::First, When::Named, When::Later, When::Later]);
        // The constant that `c` names is needed as late.
        assert_eq!(later(&[(0, B), (1, C), (2, 0), (0, 1), (0, 2), (0, 3)], &[]).as_slice(), std::slice::from_ref(&(100..110)));
    }

    #[test]
    fn what_another_way_leads_to_comes_first() {
        assert_eq!(when(&module(&[(0, B), (1, C), (0, C)], &[])), [When::First, When::Named, When::First, When::Later]);
    }

    #[test]
    fn a_constant_leads_to_the_functions_that_it_names() {
        assert_eq!(when(&module(&[(0, 0)], &[(4, B), (0, 1), (10, C), (20, D)])), [When::First, When::Named, When::First, When::Later]);
    }

    #[test]
    fn what_is_reached_anyway_leads_on() {
        let module = module(&[(2, D)], &[]);
        let linked = Linked::read(&module).unwrap();
        let when = |anyway: &str| FUNCTIONS.map(|name| linked.reached(|name| name == "b", |of| of == anyway).when(name));
        assert_eq!(when("a"), [When::First, When::Later, When::Later, When::Later]);
        assert_eq!(when("c"), [When::First, When::Later, When::First, When::First]);
    }

    #[test]
    fn a_type_is_no_symbol() {
        let types = [(6, 1 + 4, C), (0, 1 + 4, B)].to_vec();
        assert_eq!(when(&with_relocations([types, Vec::new()])), [When::First, When::Named, When::Later, When::Later]);
    }

    #[test]
    fn worth_a_line_is_what_keeps_enough_from_coming_first() {
        // Both `b` and `c` name `d`, and each has constants of its own; a body has 8 bytes.
        let module = module(&[(0, B), (0, C), (1, D), (2, D), (1, 0), (2, 1), (0, 2), (1, 2)], &[(0, 3)]);
        let linked = Linked::read(&module).unwrap();
        let worth = |least| linked.worth(3, |name| ["b", "c", "d"].iter().position(|of| *of == name), least);
        assert_eq!(worth(8 + 8 + 10), [true, true, false], "nothing first names `d`");
        assert_eq!(worth(8 + 8 + 10 + 1), [true, false, false], "`c` comes first, with `d`");
        assert_eq!(worth(8 + 20), [true, false, false], "`d` is there with `c`");
        assert_eq!(worth(8 + 20 + 1), [false; 3]);
    }

    #[test]
    fn a_module_that_does_not_tell_is_refused() {
        assert!(Linked::read(&Module::new().finish()).is_err());
    }
}
