//! For test programs, which have no `main` of ours: `use plugged as _` plugs in rules and verbs before the first test.

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn plug() {
        rules::plug();
        verbs::plug();
    }
}
