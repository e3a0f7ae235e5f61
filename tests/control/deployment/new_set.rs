//! The revision numbers that a ReplicaSet had before.

use std::rc::Rc;

use ordinal::api::well_known::{DEPLOYMENT_REVISION, DEPLOYMENT_REVISION_HISTORY};

use super::{BY, World, image};

/// The earlier numbers of a ReplicaSet that is rolled back to, which has this number and these earlier ones.
fn longer(history: &str, number: &str) -> String {
    let mut world = World::new(1, "");
    world.set_image("v2");
    world.settle();
    for (image_wanted, annotations) in
        [("v1", vec![(DEPLOYMENT_REVISION, number), (DEPLOYMENT_REVISION_HISTORY, history)]), ("v2", vec![(DEPLOYMENT_REVISION, "5000")])]
    {
        let mut set = (**world.server.tables().replica_sets().find(|s| *image(s) == *image_wanted).expect("it is there")).clone();
        let annotated = Rc::make_mut(&mut set.meta.annotations);
        annotated.extend(annotations.into_iter().map(|(key, text)| (key.into(), text.into())));
        world.server.update(set.into(), &BY).expect("updated");
    }
    world.set_image("v1");
    world.settle();
    let set = world.server.tables().replica_sets().find(|s| *image(s) == *"v1").expect("it is there");
    assert_eq!(set.meta.annotation(DEPLOYMENT_REVISION).map(|number| &**number), Some("5001"));
    set.meta.annotation(DEPLOYMENT_REVISION_HISTORY).expect("earlier numbers").to_string()
}

#[test]
fn the_list_of_earlier_numbers_grows_at_the_end_and_loses_its_front() {
    assert_eq!(longer("", "1"), "1");
    assert_eq!(longer("1,3", "5"), "1,3,5");
    let full = vec!["1234"; 400].join(",");
    assert_eq!(longer(&full, "9").len(), 1996);
}
