//! What there is to say where a document cannot be read.

use crate::documents::place;
use crate::yaml_fixes::{Suspect, YamlFixes};
use crate::{pasted_chars, printed};
use causes::command::MANIFEST;
use kubectl::failure::Failure;
use text::Prose;
use view::manifest::{Fix, LineSpan, Refusal};
use yaml::{self, Problem};

/// Where reading a document failed, and what of it a tool is to fill in.
pub(super) fn unreadable(yaml_fixes: &YamlFixes, found: &yaml::Diagnostic) -> (Refusal, Option<String>) {
    let YamlFixes { text, document, words, .. } = *yaml_fixes;
    let (mut place, mut open) = (place(text, found.span), None);
    let (said, plain, fix) = match &found.problem {
        // Our own limits are told in our own voice.
        Problem::TooLong => (String::new(), words.manifest.too_many_mib(yaml::MAX_BYTES >> 20), None),
        Problem::TooDeep => (String::new(), words.manifest.too_many_levels(yaml::MAX_DEPTH), None),
        Problem::TooManyNodes => (String::new(), words.manifest.too_many_values(yaml::MAX_NODES), None),
        problem => {
            let said = format!("error: {}", Failure::Unreadable(MANIFEST.to_owned(), problem.clone()).words());
            let hole = printed::hole_above(text, document, &place);
            let hint = hole.map(|(line, hole)| words.manifest.template(hole, line)).unwrap_or_default();
            open = hole.map(|(_, hole)| hole.to_owned());
            let stray = pasted_chars::find(text, document, place.line, words);
            if let Some(stray) = stray.as_ref().filter(|stray| stray.line != place.line) {
                place = LineSpan { line: stray.line, columns: 0..0 };
            }
            let (stray, fix) = stray
                .map(|stray| {
                    let fix = if let Fix::Indentation(_) = stray.fix { yaml_fixes.tabs(place.line) } else { stray.fix };
                    (stray.words.to_owned(), Some(fix))
                })
                .or_else(|| {
                    let yaml_fix = yaml_fixes.find(place.line, Suspect::of(problem)).filter(|_| hole.is_none())?;
                    if yaml_fix.line != place.line {
                        place = LineSpan { line: yaml_fix.line, columns: 0..0 };
                    }
                    Some((yaml_fix.words, yaml_fix.fix))
                })
                .unwrap_or_default();
            let names_line = matches!(problem, Problem::NotYaml(_, 1..));
            let counted = if document.line > 1 && names_line { words.manifest.counted() } else { "" };
            let plain = format!("{hint} {stray} {} {counted}", words.manifest.not_yaml());
            (said, plain, fix)
        }
    };
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (Refusal { place: Some(place), whole: said.as_str().into(), words: said, plain: Prose::read(&plain), fix, help: None }, open)
}
