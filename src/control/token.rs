//! Fills the Secrets that hold a ServiceAccount's token, and deletes them with their ServiceAccount.
//!
//! Models pkg/controller/serviceaccount/tokens_controller.go syncSecret, generateTokenIfNeeded and syncServiceAccount, and
//! pkg/serviceaccount/legacy.go.
//! Not modelled: the key that signs tokens. The signature has the length of a real one; nobody checks it.

use std::rc::Rc;

use super::namespace_objects::CERTIFICATE;
use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::{Meta, Object, ObjectKey, Plain};
use base::base64;
use base::hash::fnv1a_128;
use base::value::Value;
use server::request::Request;
use server::tables::Tables;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration =
    Registration::new(&[(Kind::Secret, own_key), (Kind::ServiceAccount, watch_account)], |view, key, _| plan(view, key));
/// The type of these Secrets.
const TYPE: &str = "kubernetes.io/service-account-token";
/// The annotation that names the ServiceAccount, and the one with its uid.
const ACCOUNT: [&str; 2] = ["kubernetes.io/service-account.name", "kubernetes.io/service-account.uid"];
/// The header of a token. The key's name is 43 letters long, as a digest of 32 bytes is.
const HEADER: &str = r#"{"alg":"RS256","kid":"AnImaginaryKeyThatSignsTokensOfThisCluster-0"}"#;
/// The length of a signature with a key of 2,048 bits.
const SIGNATURE_BYTES: usize = 256;

/// Queues the Secrets of a ServiceAccount that is gone.
fn watch_account(watch: &mut Watch) {
    if watch.change.after.is_none() {
        let of = Some(&*watch.change.key.name);
        let holds = |secret: &&Object| secret.as_plain().is_some_and(|secret| account_of(secret).as_deref() == of);
        let secrets = watch.view.cache.tables.within(Kind::Secret, &watch.change.key.namespace);
        watch.enqueue_all(secrets.filter(holds).map(Object::key));
    }
}

/// Plans one sync of a Secret.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let Some(Object::Plain(secret)) = view.cache.tables.get(key) else { return Plan::default() };
    let Some(account) = account_of(secret) else { return Plan::default() };
    let decided = |because| Plan::nothing(Decision::new(Component::Tokens, key.clone(), Verdict::Acts, Reason::Maintenance(because)));
    // The cache may not show the account yet.
    let accounts = [&view.cache.tables, view.live];
    let Some(found) = accounts.into_iter().find_map(|tables| live_account(secret, &account, tables)) else {
        let options = DeleteOptions { uid: Some(secret.meta.uid.to_string().into()), ..DeleteOptions::default() };
        let mut plan = decided(Maintenance::AccountIsGone { account });
        plan.then(Step::new(Request::Delete(key.clone(), options)).on_error(OnError::IgnoreNotFound));
        return plan;
    };
    let filled = filled(secret, found);
    if filled == **secret {
        return Plan::default();
    }
    let mut plan = decided(Maintenance::TokenIsMade { account });
    plan.then(Step::new(Request::Update(filled.into())).on_error(OnError::IgnoreNotFound));
    plan
}

/// The name of the ServiceAccount whose token a Secret holds.
fn account_of(secret: &Plain) -> Option<Rc<str>> {
    let named = secret.meta.annotations.get(ACCOUNT[0]).filter(|name| !name.is_empty())?;
    (secret.kind == Kind::Secret && secret.raw.text_at(&["type"]) == Some(TYPE)).then(|| named.as_ref().into())
}

/// The ServiceAccount of a Secret, if it is the one for which the Secret was made.
fn live_account<'a>(secret: &Plain, account: &str, tables: &'a Tables) -> Option<&'a Meta> {
    let found = tables.find(Kind::ServiceAccount, &secret.meta.namespace, account)?.meta();
    secret.meta.annotations.get(ACCOUNT[1]).is_none_or(|uid| uid.is_empty() || **uid == *found.uid.to_string()).then_some(found)
}

/// The Secret with what it lacks.
fn filled(secret: &Plain, account: &Meta) -> Plain {
    let mut filled = secret.clone();
    Rc::make_mut(&mut filled.meta.annotations).insert(ACCOUNT[1].into(), account.uid.to_string().into());
    let mut give = |key: &str, text: &str, overwrite: bool| {
        let has = filled.raw.text_at(&["data", key]).is_some_and(|text| !text.is_empty());
        if overwrite || !has {
            filled.raw.set(&["data", key], base64::encode(text.as_bytes()));
        }
    };
    give("ca.crt", CERTIFICATE, true);
    give("namespace", &secret.meta.namespace, false);
    give("token", &token(&secret.meta, account), false);
    filled
}

/// A token, the same for the same objects.
fn token(secret: &Meta, account: &Meta) -> String {
    let mut claims = Value::map();
    let mut claim = |key: &str, text: &str| claims.set(&[key], text);
    claim("iss", "kubernetes/serviceaccount");
    claim("kubernetes.io/serviceaccount/namespace", &secret.namespace);
    claim("kubernetes.io/serviceaccount/secret.name", &secret.name);
    claim("kubernetes.io/serviceaccount/service-account.name", &account.name);
    claim("kubernetes.io/serviceaccount/service-account.uid", &account.uid.to_string());
    claim("sub", &format!("system:serviceaccount:{}:{}", secret.namespace, account.name));
    let head = format!("{}.{}", web(HEADER.as_bytes()), web(claims.to_json().as_bytes()));
    let links = std::iter::successors(Some(fnv1a_128(head.as_bytes())), |last| Some(fnv1a_128(&last.to_be_bytes())));
    let signature: Vec<u8> = links.flat_map(u128::to_be_bytes).take(SIGNATURE_BYTES).collect();
    format!("{head}.{}", web(&signature))
}

/// Base64 as it stands in addresses.
fn web(bytes: &[u8]) -> String {
    base64::encode(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}
