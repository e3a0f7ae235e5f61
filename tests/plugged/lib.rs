//! What test programs share. They have no `main` of ours: `use plugged as _` plugs in rules, verbs and tools before the first test.

pub mod fake;

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn plug() {
        rules::plug();
        verbs::plug();
        tools::plug();
    }
}
