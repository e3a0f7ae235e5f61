//! For test programs, which have no `main` of ours: `use plugged as _` plugs in the rules before the first test.

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn plug() {
        rules::plug();
    }
}
