//! Which constants only later code reaches: they come with it.
//!
//! The linker says which place in the code or in another constant holds the address of which constant (`--emit-relocs`). A constant is
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

/// The addresses of the constants that are reached from no function but those of which `later` says, by their symbols, that they come later.
pub fn only_later(module: &[u8], later: impl Fn(&str) -> bool) -> Result<Vec<Range<u32>>, String> {
    let mut linked = linked(module).map_err(|why| format!("the linked module: {why}"))?;
    if linked.relocations.is_empty() || linked.symbols.is_empty() {
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
        let mut comes_later = vec![false; self.bodies.len()];
        for (number, name) in &self.names {
            if let Some(at) = number.checked_sub(self.imported)
                && let Some(function) = comes_later.get_mut(at as usize)
            {
                *function = later(name);
            }
        }
        // Names of constants in constants: the segment, where in it, and the symbol.
        let (mut within, mut reached): (Vec<(usize, u32, u32)>, Vec<u32>) = (Vec::new(), Vec::new());
        for (section, entries) in &self.relocations {
            let begin = self.sections.get(*section as usize).map_or(0, |place| place.start);
            for entry in entries {
                let at = begin + u64::from(entry.offset);
                let segment = self.segments.iter().position(|segment| segment.is_constant && segment.place.contains(&at));
                match segment {
                    Some(segment) => within.push((segment, (at - self.segments[segment].place.start) as u32, entry.index)),
                    None => {
                        let body = self.bodies.partition_point(|end| *end <= at);
                        let code = self.bodies.last().is_some_and(|end| at < *end);
                        reached.extend((!code || !comes_later[body]).then_some(entry.index));
                    }
                }
            }
        }
        within.sort_unstable();
        while let Some(symbol) = reached.pop() {
            let Some(Some(constant)) = self.symbols.get_mut(symbol as usize) else { continue };
            if !std::mem::replace(&mut constant.reached, true) {
                let from = |at| within.partition_point(|(segment, place, _)| (*segment, *place) < (constant.segment, at));
                reached.extend(within[from(constant.bytes.start)..from(constant.bytes.end)].iter().map(|(.., symbol)| *symbol));
            }
        }
    }

    /// The addresses of constants of which no byte belongs to one that is reached.
    fn not_reached(&self) -> Vec<Range<u32>> {
        let mut ranges = Vec::new();
        for (at, segment) in self.segments.iter().enumerate().filter(|(_, segment)| segment.is_constant) {
            let mut late = vec![false; (segment.place.end - segment.place.start) as usize];
            for wanted in [false, true] {
                for constant in self.symbols.iter().flatten().filter(|of| of.segment == at && of.reached == wanted) {
                    late[constant.bytes.start as usize..constant.bytes.end as usize].fill(!wanted);
                }
            }
            let mut begin = 0;
            for run in late.chunk_by(|a, b| a == b) {
                let end = begin + run.len() as u32;
                ranges.extend(run[0].then_some(segment.address + begin..segment.address + end));
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
