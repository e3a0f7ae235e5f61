//! Which version of its program an image has, as far as its tag tells.

use crate::programs::{Sets, app_of, filled, is_official};
use base::image_name::name_and_tag;

/// The numbers of a version at the beginning of an image's tag.
pub(super) fn version(image: &str) -> Option<(u32, Option<u32>)> {
    let (_, tag) = name_and_tag(image);
    let mut numbers = tag.trim_start_matches('v').split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    Some((numbers.next()?.ok()?, numbers.next().and_then(Result::ok)))
}

/// Whether the version in an image's tag is surely older than this one. A tag that leaves out the second number means the newest.
pub(super) fn is_before(image: &str, major: u32, minor: u32) -> bool {
    version(image).is_some_and(|(first, second)| first < major || first == major && second.is_some_and(|second| second < minor))
}

/// The variables that an image sets, as far as its tag tells them.
pub(super) fn variables(image: &str) -> impl Iterator<Item = (&'static str, String)> {
    let rows: &[Sets] = if is_official(image) { app_of(image).sets } else { &[] };
    let is_of = |row: &&Sets| row.since.iter().all(|(holds, (major, minor))| is_before(image, *major, *minor) != *holds);
    rows.iter().filter(is_of).filter_map(|row| Some((row.name, value(row, image)?)))
}

/// The value of a variable that an image sets; `None` if its tag does not tell it.
fn value(row: &Sets, image: &str) -> Option<String> {
    let (first, second) = version(image).unzip();
    let (major, second) = (first.map(|first| first.to_string()), second.flatten());
    let series = major.clone().zip(second).map(|(major, second)| format!("{major}.{second}"));
    let mut given = Vec::new();
    for (name, known) in [("major", &major), ("series", &series)] {
        let is_named = row.value.contains(&format!("{{{name}}}"));
        match known {
            Some(known) => given.push((name, &**known)),
            None if is_named => return None,
            None => {}
        }
    }
    Some(filled(row.value, &given))
}
