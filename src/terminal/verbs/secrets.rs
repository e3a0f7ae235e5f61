//! `create secret tls` and `create secret docker-registry`.
//!
//! Models k8s.io/kubectl/pkg/cmd/create/create_secret_tls.go and create_secret_docker.go.
//! Not modelled: what is inside certificates and keys, and whether they belong together.

use crate::generate::{create, name_of, object};
use crate::work::Step;
use api::kind::Kind;
use base::base64;
use base::value::{Map, Value, write_json_text};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;

/// The registry of images that name none.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";
/// The key that holds the registries' credentials in such a Secret.
const DOCKER_CONFIG: &str = ".dockerconfigjson";

/// `create secret tls`
pub(crate) fn tls(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let name = name_of(call)?;
    let given = |flag: &str| call.flags.text(flag).filter(|path| !path.is_empty());
    let (Some(cert), Some(key)) = (given("cert"), given("key")) else {
        return Err(Failure::client("key and cert must be specified"));
    };
    let missing = |path: &str| Failure::client(format!("Cannot read file {path}, open {path}: no such file or directory"));
    let read = |path: &str| session.around.files.get(path).map(str::to_owned).ok_or_else(|| missing(path));
    let (cert, key) = (read(cert)?, read(key)?);
    check_pair(&blocks(&cert), &blocks(&key))?;
    let data = [("tls.crt", &cert), ("tls.key", &key)];
    made(call, session, name, "kubernetes.io/tls", data.into_iter().map(|(name, text)| (name.to_owned(), text.clone())))
}

/// The block types of a PEM text.
fn blocks(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let Some((kind, body)) = after.split_once("-----\n") else { break };
        let end = format!("-----END {kind}-----");
        rest = after;
        if let Some((inside, after)) = body.split_once(end.as_str()).filter(|_| !kind.contains('\n')) {
            let letters: String = inside.split_whitespace().collect();
            if base64::decode(&letters).is_ok() {
                found.push(kind);
                rest = after;
            }
        }
    }
    found
}

/// Models crypto/tls X509KeyPair, as far as it checks block types.
fn check_pair(cert: &[&str], key: &[&str]) -> Result<(), Failure> {
    let fail = |why: String| Err(Failure::client(format!("tls: {why}")));
    let is_key = |kind: &str| kind == "PRIVATE KEY" || kind.ends_with(" PRIVATE KEY");
    if !cert.contains(&"CERTIFICATE") {
        return fail(match cert {
            [] => "failed to find any PEM data in certificate input".to_owned(),
            [one] if one.ends_with("PRIVATE KEY") => {
                "failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
                    .to_owned()
            }
            many => format!(
                "failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [{}]",
                many.join(" ")
            ),
        });
    }
    if !key.iter().any(|kind| is_key(kind)) {
        return fail(match key {
            [] => "failed to find any PEM data in key input".to_owned(),
            ["CERTIFICATE"] => "found a certificate rather than a key in the PEM for the private key".to_owned(),
            many => format!(
                "failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: [{}]",
                many.join(" ")
            ),
        });
    }
    Ok(())
}

/// `create secret docker-registry`
pub(crate) fn docker_registry(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let name = name_of(call)?;
    let given = |flag: &str| call.flags.text(flag).unwrap_or_default();
    let (user, password, email) = (given("docker-username"), given("docker-password"), given("docker-email"));
    let server = call.flags.text("docker-server").unwrap_or(DOCKER_HUB);
    let sources = call.flags.list("from-file");
    if sources.is_empty() && [user, password, server].contains(&"") {
        return Err(Failure::client(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
        ));
    }
    let mut data = Vec::new();
    for source in sources {
        let (key, path) = source.split_once('=').unwrap_or((DOCKER_CONFIG, source));
        let missing = || Failure::client(format!("error reading {path}: no such file or directory"));
        data.push((key.to_owned(), session.around.files.get(path).ok_or_else(missing)?.to_string()));
    }
    if data.is_empty() {
        let auth = base64::encode(format!("{user}:{password}").as_bytes());
        let known = [("username", user), ("password", password), ("email", email), ("auth", &auth)];
        let mut text = "{\"auths\":{".to_owned();
        write_json_text(server, &mut text);
        for (i, (field, value)) in known.into_iter().filter(|(_, value)| !value.is_empty()).enumerate() {
            text.push_str(if i == 0 { ":{" } else { "," });
            write_json_text(field, &mut text);
            text.push(':');
            write_json_text(value, &mut text);
        }
        data.push((DOCKER_CONFIG.to_owned(), text + "}}}"));
    }
    made(call, session, name, "kubernetes.io/dockerconfigjson", data.into_iter())
}

fn made(call: &Call, session: &mut Session, name: &str, kind: &str, data: impl Iterator<Item = (String, String)>) -> Result<Step, Failure> {
    let mut secret = object(Kind::Secret, name);
    let data: Map = data.map(|(key, text)| (key, Value::from(base64::encode(text.as_bytes())))).collect();
    secret.set(&["data"], data);
    secret.set(&["type"], kind);
    create(call, session, Kind::Secret, secret)
}
