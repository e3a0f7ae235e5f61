//! What `apply` remembers.

use kubectl::Files;

use crate::sessions::run_with;
use plugged::fake::Fake;

#[test]
fn a_configuration_is_remembered_without_its_own_memory() {
    let memory =
        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"annotations\":{},\"name\":\"nginx\",\"namespace\":\"default\"}}\n";
    let plain = "apiVersion: v1\nkind: Service\nmetadata:\n  name: nginx\n".to_owned();
    let with_memory = format!("{plain}  annotations: {{kubectl.kubernetes.io/last-applied-configuration: {memory:?}}}\n");
    for text in [plain, with_memory] {
        let files: Files = [("a.yaml", text)].into_iter().collect();
        let mut fake = Fake::default();
        for (line, want) in [
            ("apply -f a.yaml", "service/nginx created\n"),
            (r"get svc nginx -o 'jsonpath={.metadata.annotations.kubectl\.kubernetes\.io/last-applied-configuration}'", memory),
        ] {
            assert_eq!(run_with(&mut fake, line, &files), want, "{line}");
        }
    }
}
