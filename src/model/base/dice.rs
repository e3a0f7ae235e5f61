//! Keyed randomness: a draw is a function of seed, purpose, subject and attempt, so that adding one leaves all others unchanged.

/// Scrambles a word. SplitMix64's finaliser.
pub fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The purpose of a draw. The numbers are part of the contract: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An object's uid.
    Uid = 1,
    /// The random suffix after a `generateName`.
    NameSuffix = 2,
    /// The scheduler's choice among equally good nodes.
    NodeTie = 3,
    /// The deviation of a delay from its mean.
    Jitter = 4,
    /// The next operation of a random run.
    Operation = 5,
    /// The order in which the node lifecycle controller processes nodes.
    NodeOrder = 6,
    /// The phase at which a run starts within the components' periods.
    Beginning = 7,
}

/// The source of all randomness in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dice {
    /// The seed of the run.
    pub seed: u64,
}

impl Dice {
    /// The same seed, purpose, subject and attempt always roll the same number.
    pub fn roll(self, purpose: Purpose, subject: u64, attempt: u64) -> u64 {
        [self.seed, purpose as u64, subject, attempt].into_iter().fold(0, |acc, word| mix(acc ^ word))
    }

    /// A number below `sides`; zero if there are no sides.
    pub fn below(self, purpose: Purpose, subject: u64, attempt: u64, sides: u64) -> u64 {
        if sides == 0 { 0 } else { self.roll(purpose, subject, attempt) % sides }
    }
}
