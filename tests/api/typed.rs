//! Objects with the members that Go always writes.

use ordinal::api::kind::Kind;
use ordinal::api::typed::with_empty_members;
use ordinal::yaml;

#[test]
fn empty_members_are_those_of_the_structs() {
    for (kind, text, want) in [
        (Kind::Namespace, "metadata: {name: x}", "metadata:\n  name: x\nspec: {}\nstatus: {}\n"),
        (
            Kind::Deployment,
            "metadata: {name: x}\nspec: {template: {spec: {containers: [{name: a}]}}}",
            "metadata:\n  name: x\nspec:\n  selector: null\n  strategy: {}\n  template:\n    metadata: {}\n    spec:\n      containers:\n      - name: a\n        resources: {}\nstatus: {}\n",
        ),
        (
            Kind::Service,
            "spec: {ports: [{port: 80}]}",
            "metadata: {}\nspec:\n  ports:\n  - port: 80\n    targetPort: 0\nstatus:\n  loadBalancer: {}\n",
        ),
    ] {
        let object = yaml::parse(text).remove(0).value.expect("a value");
        assert_eq!(yaml::print(&with_empty_members(kind, &object)), want);
    }
}
