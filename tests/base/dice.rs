//! Keyed chance.

use ordinal::base::dice::{Dice, Purpose};

#[test]
fn a_draw_depends_on_its_key_alone() {
    let d = Dice { seed: 7 };
    assert_eq!(d.roll(Purpose::Uid, 1, 0), d.roll(Purpose::Uid, 1, 0));
    assert_ne!(d.roll(Purpose::Uid, 1, 0), d.roll(Purpose::NameSuffix, 1, 0));
    assert!(d.below(Purpose::NodeTie, 3, 0, 3) < 3);
}
