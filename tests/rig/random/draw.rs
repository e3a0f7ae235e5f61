//! The random draws for one operation or one part of the world.

use api::release::Release;
use base::dice::{Dice, Purpose};

/// Draws for one subject. The same subject and place always give the same draw, whatever else is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw {
    /// The run's dice.
    pub dice: Dice,
    pub subject: u64,
    /// The release that is played on: what others refuse is not drawn for them.
    pub release: &'static Release,
}

impl Draw {
    /// A number below `sides`.
    pub fn below(self, place: u64, sides: u64) -> u64 {
        self.dice.below(Purpose::Operation, self.subject, place, sides)
    }

    /// One of these, uniformly.
    pub fn pick<T: Copy>(self, place: u64, of: &[T]) -> T {
        of[usize::try_from(self.below(place, of.len() as u64)).unwrap_or(0)]
    }

    /// One of these, by weight.
    pub fn weigh<T: Copy>(self, place: u64, of: &[(u64, T)]) -> T {
        let mut left = self.below(place, of.iter().map(|(weight, _)| weight).sum());
        for (weight, thing) in of {
            if left < *weight {
                return *thing;
            }
            left -= weight;
        }
        of[0].1
    }
}
