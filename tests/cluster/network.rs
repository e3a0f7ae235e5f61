//! Addresses of pods.

use ordinal::api::object::pod::Ip;
use ordinal::cluster::network::PodAddresses;

#[test]
fn an_address_is_not_given_again_at_once() {
    let mut addresses = PodAddresses::new(2);
    let first = addresses.take().unwrap();
    assert_eq!(first.to_string(), "10.244.2.2");
    addresses.free(first);
    assert_eq!(addresses.take().unwrap().to_string(), "10.244.2.3");
    addresses.free(Ip([172, 18, 0, 3]));
    assert_eq!((0..251).filter_map(|_| addresses.take()).count(), 251);
    assert_eq!(addresses.take().unwrap().to_string(), "10.244.2.2");
    assert_eq!(addresses.take(), None);
}
