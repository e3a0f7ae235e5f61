//! What splitting needs to know of a module.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{CompositeInnerType, ElementItems, ElementKind, FuncType, FunctionBody, Operator, Parser, Payload, TypeRef};

use super::Outcome;

/// What is known of a module before it is written anew.
#[derive(Default)]
pub struct Parts<'a> {
    pub types: Vec<FuncType>,
    /// How many functions are imported: theirs are the first numbers.
    pub imported: u32,
    /// The type of each function, imported ones included.
    pub kinds: Vec<u32>,
    pub bodies: Vec<FunctionBody<'a>>,
    pub tables: Vec<wasmparser::TableType>,
    pub memories: Vec<wasmparser::MemoryType>,
    pub globals: Vec<wasmparser::GlobalType>,
    /// The places in the table of functions, and who stands there.
    pub slots: BTreeMap<u32, u32>,
    /// Functions that cannot leave the first half: exported ones, the one that starts, and those whose references are values.
    pub bound: BTreeSet<u32>,
    /// Why the module cannot be split.
    pub refused: Option<&'static str>,
}

/// Reads a module.
pub fn parts(module: &[u8]) -> Outcome<Parts<'_>> {
    let mut parts = Parts::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    for of in group?.types() {
                        match &of.composite_type.inner {
                            CompositeInnerType::Func(of) => parts.types.push(of.clone()),
                            _ => parts.refused = Some("it has types that are not functions'"),
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(of) => parts.kinds.push(of),
                        _ => parts.refused = Some("it imports more than functions"),
                    }
                }
                parts.imported = number(parts.kinds.len());
            }
            Payload::FunctionSection(section) => parts.kinds.extend(section.into_iter().collect::<Result<Vec<_>, _>>()?),
            Payload::TableSection(section) => {
                for table in section {
                    parts.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => parts.memories = section.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(section) => {
                for global in section {
                    parts.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    parts.bound.extend((export.kind == wasmparser::ExternalKind::Func).then_some(export.index));
                }
            }
            Payload::StartSection { func, .. } => drop(parts.bound.insert(func)),
            Payload::ElementSection(section) => {
                for element in section {
                    parts.take_elements(element?)?;
                }
            }
            Payload::CodeSectionEntry(body) => parts.bodies.push(body),
            _ => {}
        }
    }
    Ok(parts)
}

impl Parts<'_> {
    fn take_elements(&mut self, element: wasmparser::Element<'_>) -> Outcome<()> {
        let ElementItems::Functions(functions) = element.items else {
            self.refused = Some("a table is filled by expressions");
            return Ok(());
        };
        let functions = functions.into_iter().collect::<Result<Vec<u32>, _>>()?;
        match element.kind {
            ElementKind::Active { table_index: None | Some(0), offset_expr } => {
                let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                    self.refused = Some("the table is filled from a place that is not known");
                    return Ok(());
                };
                self.slots.extend((value.cast_unsigned()..).zip(functions));
            }
            _ => self.bound.extend(functions),
        }
        Ok(())
    }

    /// The body of a function that is not imported.
    pub fn body(&self, function: u32) -> &FunctionBody<'_> {
        &self.bodies[(function - self.imported) as usize]
    }
}

/// The functions that a body calls, and those whose references it takes.
pub fn named_by(body: &FunctionBody) -> Outcome<(BTreeSet<u32>, BTreeSet<u32>)> {
    let (mut called, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => drop(called.insert(function_index)),
            Operator::RefFunc { function_index } => drop(taken.insert(function_index)),
            _ => {}
        }
    }
    Ok((called, taken))
}

/// The address of what is put into the memory at the beginning, where it is known.
pub fn address(datum: &wasmparser::Data) -> Outcome<Option<u32>> {
    let wasmparser::DataKind::Active { memory_index: 0, offset_expr } = &datum.kind else { return Ok(None) };
    Ok(match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
}

/// The number of something that is counted; a module has fewer than 2³² of anything.
pub fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
