//! Secrets of type kubernetes.io/service-account-token.

use crate::more::play;

fn secret(name: &str, account: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, annotations: {{kubernetes.io/service-account.name: {account}}}}}\ntype: \
         kubernetes.io/service-account-token\n"
    )
}

#[test]
fn a_secret_gets_the_token_of_its_account_and_goes_with_it() {
    const UID: &str = "get sa robot -o jsonpath={.metadata.uid}";
    const ITS_UID: &str = r"get secret token -o jsonpath='{.metadata.annotations.kubernetes\.io/service-account\.uid}'";
    let lines = [
        "create sa robot",
        "apply -f token.yaml",
        r#"{"sleep": 1}"#,
        "get secret token --no-headers",
        "get secret token -o jsonpath={.data.namespace}",
        "get secret token -o jsonpath={.data.token}",
        UID,
        ITS_UID,
        "describe secret token",
        "apply -f token.yaml",
        "delete sa robot",
        r#"{"sleep": 1}"#,
        "get secret token",
    ];
    let printed = play(&[("token.yaml", &secret("token", "robot"))], &lines);
    assert_eq!(printed[2].split_whitespace().collect::<Vec<_>>()[..3], ["token", "kubernetes.io/service-account-token", "3"]);
    assert_eq!(printed[3], "ZGVmYXVsdA==");
    // `{"alg":"RS256",` in the base64 of a base64.
    assert!(printed[4].starts_with("ZXlKaGJHY2lPaUpTVXpJMU5pSXNJ"), "{}", printed[4]);
    assert_eq!(printed[5], printed[6]);
    assert!(printed[7].contains("\nnamespace:  7 bytes\ntoken:      ey"), "{}", printed[7]);
    assert_eq!(printed[8], "secret/token unchanged\n");
    assert_eq!(printed[10], "! Error from server (NotFound): secrets \"token\" not found\n? 1\n");
}

#[test]
fn a_secret_of_an_account_that_never_was_is_deleted() {
    let lines =
        ["apply -f token.yaml", r#"{"sleep": 1}"#, "get secret token", "create sa robot", "apply -f token.yaml", "get secrets -o name"];
    let printed = play(&[("token.yaml", &secret("token", "robot"))], &lines);
    assert_eq!(printed[1], "! Error from server (NotFound): secrets \"token\" not found\n? 1\n");
    assert_eq!(printed[3..], ["secret/token created\n", "secret/token\n"]);
}
