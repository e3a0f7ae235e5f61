//! The recorded changes that go otherwise than planned, and why.

/// Of a scenario: how the line begins, and why it goes otherwise.
const STANDS: &[(&str, &str, &str)] = &[];

/// What goes otherwise and is not listed, and what is listed and goes as planned.
pub fn news(wrong: &[(String, String, String)]) -> (Vec<String>, Vec<&'static str>) {
    let is_it = |(scenario, line, _): &(&str, &str, &str), one: &(String, String, String)| one.0 == *scenario && one.1.starts_with(line);
    let new = wrong.iter().filter(|one| !STANDS.iter().any(|known| is_it(known, one)));
    let new = new.map(|(scenario, line, why)| format!("{scenario}: {line}\n    {why}")).collect();
    let gone = STANDS.iter().filter(|known| !wrong.iter().any(|one| is_it(known, one))).map(|(scenario, ..)| *scenario).collect();
    (new, gone)
}
