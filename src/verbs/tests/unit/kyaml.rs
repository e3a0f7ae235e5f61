//! `-o kyaml`.

use crate::sessions::run;
use plugged::fake::Fake;

#[test]
fn a_value_is_braces_and_quotes_and_reads_back_as_itself() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    app: nginx\n    \"on\": \"1\"\n  name: web\n  namespace: \
                default\n  uid: u\nspec:\n  empty: []\n  modes:\n  - a\n  none: null\n  ports:\n  - port: 80\n  - port: 81\n  script: \
                |\n    one\n     two\n  tab: \"a\\tb\"\n  told: |-\n    one\n\n    two\n";
    let value = yaml::parse(text).remove(0).value.expect("a value");
    let printed = run(&mut Fake::with(text), "get cm web -o kyaml");
    let want = "---\n{\n  apiVersion: \"v1\",\n  kind: \"ConfigMap\",\n  metadata: {\n    labels: {\n      app: \"nginx\",\n      \"on\": \
                \"1\",\n    },\n    name: \"web\",\n    namespace: \"default\",\n    uid: \"u\",\n  },\n  spec: {\n    empty: [],\n    \
                modes: [\n      \"a\",\n    ],\n    none: null,\n    ports: [{\n      port: 80,\n    }, {\n      port: 81,\n    \
                }],\n    script: \"\\\n       one\\n\\\n      \\ two\\n\\\n      \",\n    tab: \"a\tb\",\n    told: \"\\\n       \
                one\\n\\\n       \\n\\\n       two\\\n      \",\n  },\n}\n";
    assert_eq!(printed, want);
    assert_eq!(yaml::parse(&printed).remove(0).value, Some(value));
}
