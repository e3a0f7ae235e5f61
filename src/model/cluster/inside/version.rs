//! Which version of its program an image has, as far as its tag tells.

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
