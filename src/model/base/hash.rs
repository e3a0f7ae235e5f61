//! Hashes: those by which Kubernetes names things, and the digest by which runs are compared.

use std::hash::{Hash, Hasher};

/// FNV-1, 32 bit. Models Go's hash/fnv New32.
pub fn fnv1_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |h, b| h.wrapping_mul(0x0100_0193) ^ u32::from(*b))
}

/// FNV-1a, 32 bit. Models Go's hash/fnv New32a.
pub fn fnv1a_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |h, b| (h ^ u32::from(*b)).wrapping_mul(0x0100_0193))
}

/// FNV-1a, 128 bit. Models Go's hash/fnv New128a.
pub fn fnv1a_128(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |h, b| (h ^ u128::from(*b)).wrapping_mul(PRIME))
}

/// The alphabet of generated names, which spells no words. Models k8s.io/apimachinery/pkg/util/rand.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// How many random letters end a generated name.
pub const SUFFIX_LETTERS: usize = 5;

/// Replaces every character by one from that alphabet. Models k8s.io/apimachinery/pkg/util/rand SafeEncodeString.
pub fn safe_encode(text: &str) -> String {
    text.bytes().map(|b| letter(u64::from(b))).collect()
}

/// The random end of a generated name, five letters of that alphabet, from a random number. Models
/// k8s.io/apiserver/pkg/storage/names SimpleNameGenerator.
pub fn random_suffix(roll: u64) -> String {
    std::iter::successors(Some(roll), |roll| Some(roll / LETTERS.len() as u64)).take(SUFFIX_LETTERS).map(letter).collect()
}

fn letter(number: u64) -> char {
    usize::try_from(number % LETTERS.len() as u64).map_or(' ', |at| char::from(LETTERS[at]))
}

/// A running 64-bit digest of a run, for comparing runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub u64);

impl Default for Digest {
    fn default() -> Self {
        Digest(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Adds a number to the digest.
    pub fn word(&mut self, word: u64) {
        self.0 = crate::dice::mix(self.0 ^ word);
    }

    /// Adds a text to the digest: `"ab"` and `"c"` are not `"a"` and `"bc"`.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.word(0);
    }

    /// Adds bytes to the digest. Two calls are one with all of the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let mut h = self.0;
        for b in bytes {
            h = (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
        self.0 = h;
    }
}

/// A hash of contents. Cheap rather than strong: it tells runs apart, and nobody tries to deceive it. It does not depend on the width of
/// a machine's words.
struct Print(u64);

/// A hash of what something says.
pub fn print(of: &impl Hash) -> u64 {
    let mut print = Print(0);
    of.hash(&mut print);
    print.0
}

/// A hash by which a name in a namespace is found; `number` tells apart what else may have this name.
pub fn print_name(number: u64, namespace: &str, name: &str) -> u32 {
    let mut print = Print(number);
    for text in [namespace, name] {
        let bytes = text.as_bytes();
        for word in bytes.as_chunks::<8>().0 {
            print.write_u64(u64::from_le_bytes(*word));
        }
        let end = match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(word), ..) => u64::from_le_bytes(*word),
            (_, Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
            _ => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        print.write_u64(end ^ (bytes.len() as u64) << 56);
    }
    // Names that are alike, as those of numbered pods, end far from each other.
    print.write_u64(print.0 >> 32);
    u32::try_from(print.0 >> 32).unwrap_or_default()
}

impl Hasher for Print {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        // The length goes with the rest, so that one text does not run into the next.
        let (four, rest) = rest.as_chunks::<4>();
        let (two, rest) = rest.as_chunks::<2>();
        let mut word = bytes.len() as u64;
        for half in four {
            word = word << 32 | u64::from(u32::from_be_bytes(*half));
        }
        for pair in two {
            word = word << 16 | u64::from(u16::from_be_bytes(*pair));
        }
        self.write_u64(rest.iter().fold(word, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        /// An odd number whose bits are well mixed: 2 to the 64th, divided by the golden ratio.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(SPREAD);
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(byte.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}
