//! Why a text makes no world: what of it is no YAML, or is no object.

/// Why a text makes no world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line and the column, counted from 1, where one is to blame.
    pub place: Option<(usize, usize)>,
    pub words: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.words)
    }
}

/// What of a text is no YAML, or is no object.
pub fn faults(text: &str) -> Vec<Fault> {
    let documents = yaml::parse(text);
    let errors = documents.iter().filter_map(|document| document.error());
    let mut found: Vec<Fault> =
        errors.map(|error| Fault { place: Some((error.span.line, error.span.column)), words: error.problem.to_string() }).collect();
    if found.is_empty() && !has_object(text) {
        found.push(Fault { place: None, words: "no object".to_owned() });
    }
    found
}

/// Whether a text has an object, whatever else of it is no YAML.
pub fn has_object(text: &str) -> bool {
    yaml::parse(text)
        .iter()
        .any(|document| document.error().is_none() && document.value.as_ref().is_some_and(|value| value.text_at(&["kind"]).is_some()))
}
