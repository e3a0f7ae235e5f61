//! `-o custom-columns`: a heading and a path per column.
//!
//! Models k8s.io/kubectl/pkg/cmd/get/customcolumn.go.

use crate::print::golang;
use crate::print::jsonpath::Template;
use api::view::NONE;
use base::value::Value;

/// The columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custom {
    columns: Vec<(String, Result<Template, String>)>,
    has_headings: bool,
}

impl Custom {
    /// Parses `NAME:.metadata.name,IMAGE:…`. The error is the message after `error: `.
    pub fn parse(spec: &str) -> Result<Custom, String> {
        if spec.is_empty() {
            return Err("custom-columns format specified but no custom columns given".to_owned());
        }
        let columns = spec.split(',').map(|part| {
            let (heading, path) = part
                .split_once(':')
                .ok_or_else(|| format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"))?;
            Ok((heading.to_owned(), Template::parse(&Template::relaxed(path)?)))
        });
        Ok(Custom { columns: columns.collect::<Result<_, String>>()?, has_headings: true })
    }

    /// These columns, without headings if `without`.
    #[must_use]
    pub fn without_headings(self, without: bool) -> Custom {
        Custom { has_headings: !without, ..self }
    }

    /// The headings; `None` if they are suppressed.
    pub fn headings(&self) -> Option<Vec<String>> {
        self.has_headings.then(|| self.columns.iter().map(|(heading, _)| heading.clone()).collect())
    }

    /// The cells of an object, or why a path cannot be read or followed.
    pub fn row(&self, object: &Value) -> Result<Vec<String>, String> {
        self.columns.iter().map(|(_, path)| cell(path.as_ref()?, object)).collect()
    }
}

fn cell(path: &Template, object: &Value) -> Result<String, String> {
    let values = path.results(object)?;
    if values.first().is_none_or(Vec::is_empty) {
        return Ok(NONE.to_owned());
    }
    Ok(values.concat().iter().map(golang::plain).collect::<Vec<_>>().join(","))
}
