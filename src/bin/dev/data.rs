//! Which constants only later code reaches: they come with it.
//!
//! The linker says which place in the code or in another constant holds the address of which constant (`src/app/build.rs`). A constant is
//! reached if a function that comes first names it, or another constant that is reached.
//! Promises: only constants are told, in segments called `.rodata`; of all else it is taken that the first code reaches it.

use std::ops::Range;

use wasmparser::{DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry, SymbolInfo};

type Outcome<T> = Result<T, wasmparser::Error>;

/// What the linker tells of its module.
#[derive(Default)]
struct Linked<'a> {
    /// The place of every section in the file.
    sections: Vec<Range<u64>>,
    /// The first function's number, and where the body of each ends, in the file.
    imported: u32,
    bodies: Vec<u64>,
    names: Vec<(u32, &'a str)>,
    segments: Vec<Segment>,
    symbols: Vec<Option<Constant>>,
    /// For each section that has them.
    relocations: Vec<(u32, Vec<RelocationEntry>)>,
}

/// A part of the memory at the beginning.
#[derive(Default)]
struct Segment {
    /// The address of its first byte.
    address: u32,
    /// The place of its bytes in the file.
    place: Range<u64>,
    is_constant: bool,
}

/// A symbol that is data.
struct Constant {
    segment: usize,
    /// Its bytes, counted from the beginning of the segment.
    bytes: Range<u32>,
    reached: bool,
}

/// The addresses of the constants that are reached from no function but those that come later: `later` says so by their symbols.
pub fn only_later(module: &[u8], later: impl Fn(&str) -> bool) -> Result<Vec<Range<u32>>, String> {
    let mut linked = linked(module).map_err(|why| format!("the linked module: {why}"))?;
    if linked.relocations.is_empty() || linked.symbols.is_empty() || !linked.segments.iter().any(|segment| segment.is_constant) {
        return Err("the linked module does not tell who names which constant".to_owned());
    }
    linked.reach(later);
    Ok(linked.not_reached())
}

fn linked(module: &[u8]) -> Outcome<Linked<'_>> {
    let mut linked = Linked::default();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        linked.sections.extend(payload.as_section().map(|(_, place)| place));
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    linked.imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => linked.bodies.push(body.range().end),
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
                    linked.segments.push(Segment { address, place, is_constant: false });
                }
            }
            Payload::CustomSection(section) => linked.take(section.as_known())?,
            _ => {}
        }
    }
    Ok(linked)
}

impl<'a> Linked<'a> {
    fn take(&mut self, section: KnownCustom<'a>) -> Outcome<()> {
        match section {
            KnownCustom::Linking(section) => {
                for part in section.subsections() {
                    if let Linking::SymbolTable(symbols) = part? {
                        self.symbols = symbols.into_iter().map(|symbol| Ok(constant(&symbol?))).collect::<Outcome<_>>()?;
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
                                self.names.push((function.index, function.name));
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

    /// Marks what is reached.
    fn reach(&mut self, later: impl Fn(&str) -> bool) {
        let (mut reached, within) = self.named(&self.coming_later(later));
        while let Some(symbol) = reached.pop() {
            let Some(Some(constant)) = self.symbols.get_mut(symbol as usize) else { continue };
            if !std::mem::replace(&mut constant.reached, true) {
                let from = |at| within.partition_point(|(segment, place, _)| (*segment, *place) < (constant.segment, at));
                reached.extend(within[from(constant.bytes.start)..from(constant.bytes.end)].iter().map(|(.., symbol)| *symbol));
            }
        }
    }

    /// Whether each function that is not imported comes later; one without a name does not.
    fn coming_later(&self, later: impl Fn(&str) -> bool) -> Vec<bool> {
        let mut answers = vec![false; self.bodies.len()];
        for (number, name) in &self.names {
            if let Some(answer) = number.checked_sub(self.imported).and_then(|at| answers.get_mut(at as usize)) {
                *answer = later(name);
            }
        }
        answers
    }

    /// The symbols that are named by code that comes first, or by data that is no constant; and those within constants: the segment, the
    /// place in it, the symbol.
    fn named(&self, later: &[bool]) -> (Vec<u32>, Vec<(usize, u32, u32)>) {
        let (mut reached, mut within) = (Vec::new(), Vec::new());
        for (section, entries) in &self.relocations {
            let begin = self.sections.get(*section as usize).map_or(0, |place| place.start);
            for entry in entries {
                let at = begin + u64::from(entry.offset);
                if let Some(segment) = self.segments.iter().position(|segment| segment.is_constant && segment.place.contains(&at)) {
                    within.push((segment, narrow(at - self.segments[segment].place.start), entry.index));
                } else {
                    let in_code = self.bodies.last().is_some_and(|end| at < *end);
                    let comes_later = in_code && later[self.bodies.partition_point(|end| *end <= at)];
                    reached.extend((!comes_later).then_some(entry.index));
                }
            }
        }
        within.sort_unstable();
        (reached, within)
    }

    /// The addresses of constants of which no byte belongs to one that is reached.
    fn not_reached(&self) -> Vec<Range<u32>> {
        let mut ranges = Vec::new();
        for (at, segment) in self.segments.iter().enumerate().filter(|(_, segment)| segment.is_constant) {
            let mut late = vec![false; narrow(segment.place.end - segment.place.start) as usize];
            for wanted in [false, true] {
                for constant in self.symbols.iter().flatten().filter(|of| of.segment == at && of.reached == wanted) {
                    late[constant.bytes.start as usize..constant.bytes.end as usize].fill(!wanted);
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

fn constant(symbol: &SymbolInfo) -> Option<Constant> {
    let SymbolInfo::Data { symbol: Some(of), .. } = symbol else { return None };
    Some(Constant { segment: of.index as usize, bytes: of.offset..of.offset + of.size, reached: false })
}

/// A place in a module, which is smaller than 4 GiB.
fn narrow(place: u64) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Encode, Function, FunctionSection, LinkingSection,
        Module, NameMap, NameSection, SymbolTable, TypeSection,
    };

    use super::*;

    /// A module of two functions, `a` and `b`, and of 40 bytes of constants from address 100 on, which are four symbols of 10 bytes each.
    /// `code` has who of the functions names which symbol, `data` has where in the constants a symbol is named, and which.
    fn module(code: &[(u32, u32)], data: &[(u32, u32)]) -> Vec<u8> {
        let (mut types, mut functions, mut bodies) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        for _ in 0..2 {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().i32_const(1 << 20).drop().end();
            bodies.function(&body);
        }
        let (mut constants, mut symbols, mut linking) = (DataSection::new(), SymbolTable::new(), LinkingSection::new());
        constants.active(0, &ConstExpr::i32_const(100), [7; 40]);
        for at in 0..4 {
            symbols.data(0, &format!("s{at}"), Some(DataSymbolDefinition { index: 0, offset: at * 10, size: 10 }));
        }
        let (mut names, mut known, mut segments) = (NameSection::new(), NameMap::new(), NameMap::new());
        for (at, name) in (0..).zip(["a", "b"]) {
            known.append(at, name);
        }
        segments.append(0, ".rodata");
        names.functions(&known);
        names.data(&segments);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&bodies).section(&constants).section(linking.symbol_table(&symbols));
        // A body has 8 bytes, after one for its size; the constants begin after their number, flags, address (5) and size.
        let code: Vec<_> = code.iter().map(|(function, symbol)| (1 + function * 9 + 4, *symbol)).collect();
        let data: Vec<_> = data.iter().map(|(place, symbol)| (7 + place, *symbol)).collect();
        for (name, section, entries, kind) in [("reloc.CODE", 2_u32, code, 4), ("reloc.DATA", 3, data, 5)] {
            let mut bytes = Vec::new();
            section.encode(&mut bytes);
            entries.len().encode(&mut bytes);
            for (offset, symbol) in entries {
                bytes.push(kind);
                offset.encode(&mut bytes);
                symbol.encode(&mut bytes);
                0_i32.encode(&mut bytes);
            }
            module.section(&CustomSection { name: name.into(), data: bytes.into() });
        }
        module.section(&names).clone().finish()
    }

    fn later(code: &[(u32, u32)], data: &[(u32, u32)]) -> Vec<Range<u32>> {
        only_later(&module(code, data), |name| name == "b").unwrap()
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
    fn a_module_that_does_not_tell_is_refused() {
        assert!(only_later(&Module::new().finish(), |_| true).is_err());
    }
}
