//! The names of images: completed with what they leave out, and what is wrong with one.
//!
//! Models github.com/distribution/reference, normalize.go and regexp.go.
//! Not modelled: which algorithms a digest may name, and how long each one's digests are.

/// The registry of images that name none.
const REGISTRY: &str = "docker.io";
/// The longest name of a repository. reference.go RepositoryNameTotalLengthMax.
const MAX_PATH: usize = 255;
/// The longest tag.
const MAX_TAG: usize = 128;
/// The shortest digest.
const MIN_DIGEST: usize = 32;
/// As many hexadecimal digits are an image's identifier.
const IDENTIFIER: usize = 64;

/// An image's registry, and the rest of its name. Models splitDockerDomain.
fn split(image: &str) -> (&str, String) {
    let names_registry = |first: &str| first == "localhost" || first.contains(['.', ':']) || first.to_ascii_lowercase() != first;
    let (registry, rest) = match image.split_once('/') {
        Some(("index.docker.io", rest)) => (REGISTRY, rest),
        Some((first, rest)) if names_registry(first) => (first, rest),
        _ => (REGISTRY, image),
    };
    let official = registry == REGISTRY && !rest.contains('/');
    (registry, format!("{}{rest}", if official { "library/" } else { "" }))
}

/// An image's name with its registry and a tag. Models ParseDockerRef.
pub fn full(image: &str) -> String {
    let (registry, rest) = split(image);
    let tagged = rest.rsplit('/').next().is_some_and(|name| name.contains([':', '@']));
    format!("{registry}/{rest}{}", if tagged { "" } else { ":latest" })
}

/// An image's name with its registry and path, and its tag, which is empty without one. A registry's port is none, and a digest tells
/// nothing.
pub fn without_tag(image: &str) -> (&str, &str) {
    let end = image.bytes().position(|byte| byte == b'@').unwrap_or(image.len());
    let named = &image[..end];
    let last = named.bytes().rposition(|byte| byte == b'/').map_or(0, |slash| slash + 1);
    let colon = named.bytes().skip(last).position(|byte| byte == b':').map(|at| last + at);
    colon.map_or((named, ""), |colon| (&named[..colon], &named[colon + 1..]))
}

/// The last word of an image's path, and its tag.
pub fn name_and_tag(image: &str) -> (&str, &str) {
    let (named, tag) = without_tag(image);
    (named.rsplit('/').next().unwrap_or_default(), tag)
}

/// What is wrong with an image's name, in the library's words. Models ParseNormalizedNamed.
pub fn fault(image: &str) -> Option<String> {
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if image.len() == IDENTIFIER && image.chars().all(is_hex) {
        return Some(format!("invalid repository name ({image}), cannot specify 64-byte hexadecimal strings"));
    }
    let (registry, rest) = split(image);
    let remote = rest.split(':').next().unwrap_or_default();
    if remote.to_ascii_lowercase() != remote {
        return Some(format!("invalid reference format: repository name ({remote}) must be lowercase"));
    }
    if !is_reference(registry, &rest) {
        let lower = is_reference(&registry.to_ascii_lowercase(), &rest.to_ascii_lowercase());
        return Some(if lower { "repository name must be lowercase" } else { "invalid reference format" }.to_owned());
    }
    let path = remote.split('@').next().unwrap_or_default();
    (path.len() > MAX_PATH).then(|| format!("repository name must not be more than {MAX_PATH} characters"))
}

/// Whether a text is a name as it stands: `[host[:port]/]path[:tag][@digest]`. Models ReferenceRegexp.
pub fn is_well_formed(text: &str) -> bool {
    is_reference(REGISTRY, text) || text.split_once('/').is_some_and(|(registry, rest)| is_reference(registry, rest))
}

fn is_reference(registry: &str, rest: &str) -> bool {
    let (named, digest) = rest.split_once('@').map_or((rest, None), |(named, digest)| (named, Some(digest)));
    let (path, tag) = named.split_once(':').map_or((named, None), |(path, tag)| (path, Some(tag)));
    (is_domain(registry) || is_component(registry))
        && path.split('/').all(is_component)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest)
}

/// `registry.k8s.io`, `localhost:5000`, `[::1]:5000`.
fn is_domain(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let is_part = |part: &str| {
        !part.is_empty() && !part.starts_with('-') && !part.ends_with('-') && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_address = |address: &str| !address.is_empty() && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':');
    port.is_none_or(|port| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()))
        && address.map_or_else(|| host.split('.').all(is_part), is_address)
}

/// A part of a path: words of lower-case letters and digits, with a separator between two.
fn is_component(part: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut separators = part.split(is_word).filter(|separator| !separator.is_empty());
    part.starts_with(is_word)
        && part.ends_with(is_word)
        && separators.all(|s| matches!(s, "." | "_" | "__") || s.trim_matches('-').is_empty())
}

fn is_tag(tag: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.starts_with(is_word) && tag.len() <= MAX_TAG && tag.chars().all(|c| is_word(c) || c == '.' || c == '-')
}

/// `sha256:` and so many hexadecimal digits.
fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let is_word = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(|c| c.is_ascii_alphanumeric());
    algorithm.split(['-', '_', '+', '.']).all(is_word) && hex.len() >= MIN_DIGEST && hex.chars().all(|c| c.is_ascii_hexdigit())
}
