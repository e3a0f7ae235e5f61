//! What the API server fills in and refuses: the rules that concern single objects, by kind.
//!
//! Promises: everything here is a pure function of its arguments; nothing panics on any input.
//! Must not know: the store, admission, allocation of addresses and ports, who asks. Nothing but programs and tests depends on this crate,
//! so that a changed rule compiles little again: others ask [`api::rules::rules`].

mod default;
mod validate;

use api::rules::Rules;

/// The rules of Kubernetes' API server.
static RULES: Rules = Rules {
    fill_in: default::apply,
    prepare_new: default::create,
    prepare_update: default::update,
    judge_new: validate::create,
    judge_update: validate::update,
    judge_status: validate::status,
    status_warnings: validate::status_warnings,
    stateful_set_counts: validate::stateful_set_counts,
    ephemeral_containers: validate::ephemeral_containers,
    addresses: validate::addresses,
    owner_references: validate::owner_references,
    derived: validate::derived,
    can_be_driver: validate::can_be_driver,
};

/// Lets the whole program go by these rules. Each program and test program begins with it.
pub fn plug() {
    api::rules::plug(&RULES);
}
